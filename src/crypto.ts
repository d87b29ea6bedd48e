/**
 * Secrets at rest: AES-256-GCM, `v1.{key id}.{nonce}.{ciphertext and tag}` in base64url.
 *
 * The identity of the row is additional data, so that a sealed text copied into another row does not open. The first
 * key seals, all of them open: rotation is putting a new key in front, `reseal`ing what is `stale`, dropping the old one.
 * Source: NIST SP 800-38D; 96-bit random nonces are good for 2^32 texts a key.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { AppError } from "./errors.ts";

export type Key = { readonly id: string; readonly secret: Uint8Array };

export type Sealer = {
  /** `row` names what the secret belongs to, as `bots/{application}/token`. */
  seal(plain: string, row: string): string;
  /** Throws AppError `invalid` for a text that was changed, moved to another row, or sealed with a key that is gone. */
  open(sealed: string, row: string): string;
  /** Sealed with another key than the newest. */
  stale(sealed: string): boolean;
  /** Opened and sealed again with the newest key. */
  reseal(sealed: string, row: string): string;
};

/** HMAC-SHA-256 in hex. */
export function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** A secret of its own for each label, from the oldest key: it stays the same while keys are put in front. */
export function secretOf(keys: readonly Key[], label: string): string {
  const oldest = keys.at(-1);
  if (oldest === undefined) throw new Error("a secret needs a key");
  return createHmac("sha256", oldest.secret).update(`gatehouse/${label}`).digest("hex");
}

/** The context that a bot's token is sealed for. */
export function tokenRow(application: string): string {
  return `bots/${application}/token`;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Needs at least one key, newest first, 32 bytes each, ids without a dot and unlike each other. */
export function createSealer(keys: readonly Key[]): Sealer {
  const newest = keys[0];
  if (newest === undefined) throw new Error("a sealer needs a key");
  for (const key of keys) {
    if (key.secret.length !== 32) throw new Error(`key ${key.id} has ${key.secret.length} bytes, not 32`);
    if (!/^[\w-]{1,16}$/.test(key.id)) throw new Error(`"${key.id}" cannot be the id of a key`);
  }
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (byId.size !== keys.length) throw new Error("two keys have the same id");

  const seal = (plain: string, row: string): string => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", newest.secret, nonce);
    cipher.setAAD(additional(newest.id, row));
    const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1.${newest.id}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
  };

  const open = (sealed: string, row: string): string => {
    const { keyId, nonce, body } = parse(sealed);
    const key = byId.get(keyId);
    if (key === undefined) {
      throw new AppError("invalid", `sealed with key "${keyId}", which is not in GATEHOUSE_KEY any more`);
    }
    try {
      const decipher = createDecipheriv("aes-256-gcm", key.secret, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(additional(keyId, row));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new AppError("invalid", "a secret does not open: it was changed, moved, or sealed with another key", {
        cause,
      });
    }
  };

  return {
    seal,
    open,
    stale: (sealed) => parse(sealed).keyId !== newest.id,
    reseal: (sealed, row) => seal(open(sealed, row), row),
  };
}

function additional(keyId: string, row: string): Buffer {
  return Buffer.from(JSON.stringify(["gatehouse", "v1", keyId, row]), "utf8");
}

function parse(sealed: string): { keyId: string; nonce: Buffer; body: Buffer } {
  const [version, keyId, nonce, body, ...rest] = sealed.split(".");
  if (version === "v1" && keyId && nonce && body && rest.length === 0) {
    const parsed = { keyId, nonce: Buffer.from(nonce, "base64url"), body: Buffer.from(body, "base64url") };
    if (parsed.nonce.length === NONCE_BYTES && parsed.body.length >= TAG_BYTES) return parsed;
  }
  throw new AppError("invalid", "not a sealed text");
}
