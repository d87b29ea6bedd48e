/** `gatehouse probe interaction`: {publicKey, timestamp, signature, body, now} → {accepted, reason}; `now` in seconds or milliseconds. */
import { AppError } from "../errors.ts";
import type { Probe } from "../probe.ts";
import { verifyInteraction } from "../signature.ts";

/** Below it a number is seconds: as milliseconds it would be January 1970. */
const SECONDS_MAX = 100_000_000_000;

export const interactionProbe: Probe = () => {
  /** What was accepted by this run: the same signed request a second time is a replay. */
  const seen = new Set<string>();
  return {
    async handle(row) {
      const { publicKey, timestamp, signature, body, now } = row as Readonly<Record<string, unknown>>;
      if (typeof publicKey !== "string" || typeof signature !== "string" || typeof body !== "string") {
        throw new AppError("invalid", "publicKey, timestamp, signature and body are needed, as texts");
      }
      if (typeof now !== "number" || !Number.isFinite(now)) throw new AppError("invalid", "now is needed, as a number");
      const nowMs = Math.abs(now) < SECONDS_MAX ? now * 1_000 : now;
      const bytes = new TextEncoder().encode(body);
      const stamp = typeof timestamp === "number" ? String(timestamp) : typeof timestamp === "string" ? timestamp : "";
      const verdict = verifyInteraction({ publicKey, timestamp: stamp, signature, body: bytes, nowMs });
      const id = verdict.accepted ? interactionId(body) : null;
      if (id === null) return verdict;
      if (seen.has(id)) return { accepted: false, reason: "replayed" };
      seen.add(id);
      return verdict;
    },
  };
};

/** Null for a PING, which changes nothing, and for what has no id. */
function interactionId(body: string): string | null {
  try {
    const { id, type } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return typeof id === "string" && type !== 1 ? id : null;
  } catch {
    return null;
  }
}
