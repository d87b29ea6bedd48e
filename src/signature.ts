/**
 * Is this interaction from Discord? Ed25519 over timestamp + raw body, as strictly as it can be read.
 *
 * Exactly 128 hex digits, a timestamp of 1 to 11 digits within 300 s of now, verified over the bytes that came in. Before the
 * library is asked: S below the group's order, R and the key in their one canonical form, the key not of small order (with
 * such a key anybody can sign). Pure; that an interaction comes only once is the endpoint's to see.
 * Source: https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers,
 * RFC 8032 §5.1, "Taming the many EdDSAs" (eprint 2020/1244)
 */
import { createPublicKey, verify } from "node:crypto";

export type SignatureVerdict = { readonly accepted: boolean; readonly reason: VerdictReason };

type VerdictReason = "signed" | "public-key" | "signature-form" | "timestamp-form" | "timestamp-age" | "signature";

export type SignedRequest = {
  readonly publicKey: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Uint8Array;
  readonly nowMs: number;
};

const AGE_S_MAX = 300;
/** The field's prime 2^255 − 19 and the group's order L. */
const PRIME = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
/** y of the eight points of small order; two of them share each y but for ±1, which stand alone. */
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  PRIME - 1n,
  littleEndian("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
  littleEndian("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
];
/** DER's frame of an Ed25519 public key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export function verifyInteraction(request: SignedRequest): SignatureVerdict {
  const { publicKey, timestamp, signature, body, nowMs } = request;
  if (!/^[0-9a-f]{128}$/i.test(signature)) return { accepted: false, reason: "signature-form" };
  if (!/^\d{1,11}$/.test(timestamp)) return { accepted: false, reason: "timestamp-form" };
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > AGE_S_MAX) return { accepted: false, reason: "timestamp-age" };
  if (!isUsableKey(publicKey)) return { accepted: false, reason: "public-key" };
  const message = Buffer.concat([Buffer.from(timestamp, "latin1"), body]);
  const accepted = verifyEd25519(publicKey, message, signature);
  return { accepted, reason: accepted ? "signed" : "signature" };
}

/** Whether a bot's public key may be saved: 64 hex digits of a canonical point that is not of small order. */
export function isUsableKey(publicKey: string): boolean {
  if (!/^[0-9a-f]{64}$/i.test(publicKey)) return false;
  const y = littleEndian(publicKey) & ((1n << 255n) - 1n);
  return y < PRIME && !SMALL_ORDER_Y.includes(y);
}

/** `publicKey` and `signature` in hex. Stricter than the library: one signature has one form. */
export function verifyEd25519(publicKey: string, message: Uint8Array, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/i.test(signature) || !isUsableKey(publicKey)) return false;
  const rY = littleEndian(signature.slice(0, 64)) & ((1n << 255n) - 1n);
  if (rY >= PRIME || littleEndian(signature.slice(64)) >= ORDER) return false;
  try {
    const key = createPublicKey({
      key: Buffer.concat([SPKI, Buffer.from(publicKey, "hex")]),
      format: "der",
      type: "spki",
    });
    return verify(null, message, key, Buffer.from(signature, "hex"));
  } catch {
    // Not a point of the curve.
    return false;
  }
}

function littleEndian(hex: string): bigint {
  return BigInt(`0x${Buffer.from(hex, "hex").reverse().toString("hex")}`);
}
