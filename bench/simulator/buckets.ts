/**
 * REST rate limits: a bucket per route and top-level resource, 50 requests a second per bot, and the ban of an address
 * that makes 10,000 invalid requests in ten minutes.
 * https://discord.com/developers/docs/topics/rate-limits
 */
import { createHash } from "node:crypto";
import type { Route } from "./route.ts";

export type LimitOptions = {
  /** `false` turns buckets and the global limit off (headers stay); for benches of the product, not of its patience. */
  readonly enforced: boolean;
  readonly globalPerSecond: number;
  /** Every window is so many times shorter than Discord's: the same limits are met, and waited out in less time. */
  readonly timesFaster: number;
  readonly invalidMax: number;
  readonly invalidWindowMs: number;
};

type Window = { startMs: number; used: number };

type Limited = {
  readonly headers: Record<string, string>;
  /** Present when the request is refused. */
  readonly refused?: { readonly retryAfterMs: number; readonly scope: "user" | "global" | "shared" };
};

export type Buckets = {
  readonly take: (route: Route, params: Record<string, string>, credential: string) => Limited;
  /** Whether this address is banned, and until when. */
  readonly bannedUntilMs: () => number | undefined;
  readonly countInvalid: () => void;
  readonly invalidCount: () => number;
  readonly reset: () => void;
};

/** What most routes allow. Discord publishes no numbers, only that they must be read from the headers. */
const DEFAULT_LIMIT = { requests: 30, perMs: 10_000 } as const;

export function createBuckets(options: LimitOptions, now: () => number): Buckets {
  let windows = new Map<string, Window>();
  let globals = new Map<string, Window>();
  let invalid: number[] = [];

  const secondMs = 1_000 / options.timesFaster;
  const window = (map: Map<string, Window>, key: string, perMs: number): Window => {
    let entry = map.get(key);
    if (!entry || now() - entry.startMs >= perMs) {
      entry = { startMs: now(), used: 0 };
      map.set(key, entry);
    }
    return entry;
  };

  return {
    take(route, params, credential) {
      const limit: NonNullable<Route["limit"]> = route.limit ?? DEFAULT_LIMIT;
      const perMs = limit.perMs / options.timesFaster;
      const hash = createHash("sha1")
        .update(limit.shared ?? `${route.method} ${route.path}`)
        .digest("hex")
        .slice(0, 32);
      const major = params.channel ?? params.guild ?? (params.webhook ? `${params.webhook}/${params.token ?? ""}` : "");
      if (!route.notGlobal && options.enforced) {
        const global = window(globals, credential, secondMs);
        if (global.used >= options.globalPerSecond) {
          return {
            headers: { "x-ratelimit-global": "true", "x-ratelimit-scope": "global" },
            refused: { retryAfterMs: Math.max(1, global.startMs + secondMs - now()), scope: "global" },
          };
        }
        global.used += 1;
      }
      const bucket = window(windows, `${hash}:${major}:${credential}`, perMs);
      const resetAfterMs = Math.max(1, bucket.startMs + perMs - now());
      const over = options.enforced && bucket.used >= limit.requests;
      if (!over) bucket.used += 1;
      const headers: Record<string, string> = {
        "x-ratelimit-bucket": hash,
        "x-ratelimit-limit": String(limit.requests),
        "x-ratelimit-remaining": String(Math.max(0, limit.requests - bucket.used)),
        "x-ratelimit-reset": ((now() + resetAfterMs) / 1000).toFixed(3),
        "x-ratelimit-reset-after": (resetAfterMs / 1000).toFixed(3),
      };
      if (!over) return { headers };
      return {
        headers: { ...headers, "x-ratelimit-scope": "user" },
        refused: { retryAfterMs: resetAfterMs, scope: "user" },
      };
    },
    bannedUntilMs() {
      const since = now() - options.invalidWindowMs;
      invalid = invalid.filter((at) => at > since);
      const first = invalid[0];
      return invalid.length >= options.invalidMax && first !== undefined ? first + options.invalidWindowMs : undefined;
    },
    countInvalid() {
      invalid.push(now());
    },
    invalidCount: () => invalid.length,
    reset() {
      windows = new Map();
      globals = new Map();
      invalid = [];
    },
  };
}
