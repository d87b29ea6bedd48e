/**
 * Port: state that may be lost at any time: context windows, rate and quota counters, caches, short claims.
 *
 * Keys are built by `hotKey`: `gh1:{guild}:noun:…`, so that one guild's keys share a Redis slot and can be dropped
 * together. Every call has a deadline of 250 ms and throws `AppError` past it; callers go on without.
 * Implementations: hot/redis, hot/memory, hot/worker-door (a worker's way to the main thread's memory).
 */
import type { GuildId } from "./ids.ts";

export type BudgetSpent = { readonly granted: boolean; readonly total: number };

/** An amount to draw from a pool, leaving `floor` (a share of its limit) to others. */
export type Want = { readonly pool: string; readonly amount: number; readonly floor: number };

/** A provider's report about a pool: its limit, the rest, its refill rate; and the excess of a draw. */
export type Level = {
  readonly pool: string;
  readonly limit: number;
  readonly left: number;
  readonly perMs: number;
  readonly back: number;
};

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
  spend(
    key: string,
    requestId: string,
    amount: number,
    limit: number,
    ttlMs: number,
    base?: number,
  ): Promise<BudgetSpent>;
  /**
   * Takes from pools that fill up as time passes: 0 when all of it was there and is taken, else the milliseconds until it
   * may be, with nothing taken; −1 where nobody knows the pools yet. A want larger than its pool waits for a full one.
   */
  draw(key: string, wants: readonly Want[]): Promise<number>;
  /** Corrects pools by a provider's report: downwards only, except for an unknown pool. Nothing is drawn for `pauseMs`. */
  fill(key: string, levels: readonly Level[], pauseMs: number, ttlMs: number): Promise<void>;
  /** Drops these keys, of one guild, and looks at no other. */
  remove(keys: readonly string[]): Promise<void>;
  /** Drops every key that starts with `prefix`; walks through all there are. */
  drop(prefix: string): Promise<void>;
};

/** A key with its value, for a search of Redis; not a part of the port. */
export type HotEntry = { readonly key: string; readonly text: string };

/** `gh1:{guild}:part:part`. Parts are ids or fixed words, never user text. */
export function hotKey(guild: GuildId | "global", ...parts: readonly string[]): string {
  return `gh1:{${guild}}:${parts.join(":")}`;
}

/** Everything of one guild, for `drop`. */
export function hotPrefix(guild: GuildId): string {
  return `gh1:{${guild}}:`;
}
