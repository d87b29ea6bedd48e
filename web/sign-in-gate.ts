/**
 * What stands before a stranger's sign-in by Discord, since each return costs a call there: the way-cookie is signed by us, works
 * once and for ten minutes, and returns are counted for each address and for all (token buckets).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../src/clock.ts";
import { AppError } from "../src/errors.ts";
import { type Hot, hotKey } from "../src/hot.ts";
import { createRecent } from "../src/recent.ts";
import { hashOf, newSecret } from "./auth.ts";

export type Way = { readonly state: string; readonly verifier: string; readonly next: string };

export type SignInGate = {
  /** A new way out to Discord, and the cookie that proves it on the way back. */
  open(next: string): Way & { readonly cookie: string };
  /** Null for a cookie that is none of ours, too old, or used already. */
  close(cookie: string): Promise<Way | null>;
  /** False when this address, or everybody together, came back too often. */
  admit(address: string): boolean;
};

export const WAY_MS = 10 * 60_000;
const NEXT_CHARS_MAX = 500;
/** SHA-256 in base64url. */
const PROOF_CHARS = 43;
const USED_MAX = 10_000;

/** Returns at once, and a minute after that. An office or a proxy is one address; a script tries thousands. */
const EACH = { burst: 30, perMinute: 30 };
/** For the whole process: far below Discord's 10,000 refusals in 10 minutes. */
const ALL = { burst: 120, perMinute: 120 };
const ADDRESSES_MAX = 10_000;

type Bucket = { readonly tokens: number; readonly atMs: number };

/** `secret`: the same in every process, so that the way back may lead to another one. */
export function createSignInGate(deps: { readonly clock: Clock; readonly hot: Hot }, secret: string): SignInGate {
  const { clock, hot } = deps;
  const used = createRecent<string, true>(USED_MAX);
  const addresses = createRecent<string, Bucket>(ADDRESSES_MAX);
  let all: Bucket = { tokens: ALL.burst, atMs: clock.now() };

  const signed = (payload: string): string => createHmac("sha256", secret).update(payload).digest("base64url");

  return {
    open(next) {
      const way = { state: newSecret(), verifier: newSecret(), next: next.slice(0, NEXT_CHARS_MAX) };
      const payload = Buffer.from(JSON.stringify({ ...way, untilMs: clock.now() + WAY_MS })).toString("base64url");
      return { ...way, cookie: payload + signed(payload) };
    },

    async close(cookie) {
      const payload = cookie.slice(0, -PROOF_CHARS);
      const proof = cookie.slice(-PROOF_CHARS);
      if (!same(proof, signed(payload))) return null;
      const way = JSON.parse(Buffer.from(payload, "base64url").toString()) as Way & { readonly untilMs: number };
      if (way.untilMs <= clock.now()) return null;
      const once = hashOf(way.state);
      if (used.has(once)) return null;
      used.set(once, true);
      try {
        if (!(await hot.claim(hotKey("global", "sign-in", once), clock.id(), WAY_MS))) return null;
      } catch (error) {
        // Without hot state this process still takes it once, and Discord's code works once.
        if (!(error instanceof AppError)) throw error;
      }
      return way;
    },

    admit(address) {
      const now = clock.now();
      const own = filled(addresses.get(address) ?? { tokens: EACH.burst, atMs: now }, EACH, now);
      all = filled(all, ALL, now);
      const admitted = own.tokens >= 1 && all.tokens >= 1;
      addresses.set(address, admitted ? { ...own, tokens: own.tokens - 1 } : own);
      if (admitted) all = { ...all, tokens: all.tokens - 1 };
      return admitted;
    },
  };
}

function filled({ tokens, atMs }: Bucket, { burst, perMinute }: typeof EACH, nowMs: number): Bucket {
  return { tokens: Math.min(burst, tokens + ((nowMs - atMs) * perMinute) / 60_000), atMs: nowMs };
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
