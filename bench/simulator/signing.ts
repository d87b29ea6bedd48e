/**
 * Signs what Discord sends to an interactions endpoint: Ed25519 over timestamp + raw body.
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
 */
import { sign } from "node:crypto";
import type { Application } from "./world.ts";

export type Signature = "good" | "bad";

export function signedHeaders(
  application: Application,
  body: string,
  nowMs: number,
  kind: Signature,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = sign(null, Buffer.from(timestamp + body), application.privateKey);
  // One bit off: a signature of the right form that is wrong.
  if (kind === "bad") signature[0] = (signature[0] ?? 0) ^ 1;
  return {
    "content-type": "application/json",
    "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
    "x-signature-ed25519": signature.toString("hex"),
    "x-signature-timestamp": timestamp,
  };
}
