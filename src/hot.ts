/**
 * Port: what may vanish. Context windows, rate and quota counters, caches, short claims.
 *
 * Keys are built by `hotKey`: `gh1:{guild}:noun:…`, so that one guild's keys share a Redis slot and can be dropped
 * together. Every call has a deadline of 250 ms and throws `AppError` past it; callers go on without.
 * Implementations: hot/redis, hot/memory, hot/thread (a worker's door to the main thread's memory).
 */
import type { GuildId } from "./ids.ts";

export type Spent = { readonly granted: boolean; readonly total: number };

export type Hot = {
  get(key: string): Promise<string | null>;
  /** Keeps `value` for `ttlMs`. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** True for the first caller until `ttlMs` has passed or the key is dropped; the same `owner` may claim again, with 0 to give it back. */
  claim(key: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Appends to a list, keeps the newest `itemsMax`, renews its `ttlMs`. Order of calls is order in the list. */
  push(key: string, item: string, itemsMax: number, ttlMs: number): Promise<void>;
  /** The list, oldest first; empty when it is not there. */
  list(key: string): Promise<readonly string[]>;
  /**
   * Adds `amount` to a counter if the sum stays within `limit`; refuses otherwise. The same `requestId` counts once,
   * and gets the same answer. `amount` may be negative (a refund), or 0 (a look). The counter starts at `base` if absent.
   */
  spend(key: string, requestId: string, amount: number, limit: number, ttlMs: number, base?: number): Promise<Spent>;
  /** Drops every key that starts with `prefix`. */
  drop(prefix: string): Promise<void>;
};

/** `gh1:{guild}:part:part`. Parts are ids or fixed words, never user text. */
export function hotKey(guild: GuildId | "global", ...parts: readonly string[]): string {
  return `gh1:{${guild}}:${parts.join(":")}`;
}

/** Everything of one guild, for `drop`. */
export function hotPrefix(guild: GuildId): string {
  return `gh1:{${guild}}:`;
}
