/**
 * Hot state inside the process, in place of Redis, with a bound on keys and bytes.
 *
 * Algorithm: a Map keeps the order of use, and the least recently used key is dropped first. An expired key is dropped when it is
 * touched, and each write checks two more keys, so no expired key stays for long. It lives in the main thread; workers reach it through
 * hot/worker-door.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { BudgetSpent, Hot } from "../hot.ts";
import { draw, fill, NO_POOLS, type Pools } from "../pools.ts";

export type MemoryHot = Hot & {
  stats(): {
    readonly keys: number;
    readonly bytes: number;
    /** Dropped before their time because the bounds were reached. */
    readonly evicted: number;
  };
};

const KEYS_MAX = 200_000;
const BYTES_MAX = 256 * 1024 * 1024;
/** The approximate cost of a key beside its text. */
const ENTRY_BYTES = 160;
const ITEM_BYTES = 24;
/** A caller repeats a request within this time, if at all. */
const REQUEST_MS_MAX = 10 * 60_000;
const LOOKS_A_WRITE = 2;

type Value = string | string[] | number | BudgetSpent;
type Entry = { readonly value: Value; readonly untilMs: number; readonly bytes: number };

export function createMemoryHot(options: {
  readonly clock: Clock;
  readonly keysMax?: number;
  readonly bytesMax?: number;
}): MemoryHot {
  const { clock, keysMax = KEYS_MAX, bytesMax = BYTES_MAX } = options;
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let evicted = 0;
  let sweep = entries.entries();

  function read(key: string): Entry | null {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    if (entry.untilMs <= clock.now()) {
      remove(key, entry);
      return null;
    }
    // To the young end.
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  }

  function write(key: string, value: Value, untilMs: number): void {
    const old = entries.get(key);
    if (old !== undefined) remove(key, old);
    const entry = { value, untilMs, bytes: ENTRY_BYTES + 2 * key.length + sizeOf(value) };
    entries.set(key, entry);
    bytes += entry.bytes;
    forgetExpired();
    while (entries.size > keysMax || bytes > bytesMax) {
      const [oldest] = entries;
      if (oldest === undefined) break;
      remove(oldest[0], oldest[1]);
      evicted++;
    }
  }

  function remove(key: string, entry: Entry): void {
    entries.delete(key);
    bytes -= entry.bytes;
  }

  function forgetExpired(): void {
    const now = clock.now();
    for (let looks = 0; looks < LOOKS_A_WRITE; looks++) {
      const next = sweep.next();
      if (next.done) {
        sweep = entries.entries();
        return;
      }
      const [key, entry] = next.value;
      if (entry.untilMs <= now) remove(key, entry);
    }
  }

  return {
    async get(key) {
      const value = read(key)?.value ?? null;
      if (value !== null && typeof value !== "string") throw wrongKind(key);
      return value;
    },

    async set(key, value, ttlMs) {
      write(key, value, clock.now() + ttlMs);
    },

    async claim(key, owner, ttlMs) {
      const held = read(key)?.value ?? null;
      if (held !== null && held !== owner) return false;
      write(key, owner, clock.now() + ttlMs);
      return true;
    },

    async push(key, item, itemsMax, ttlMs) {
      const items = read(key)?.value ?? [];
      if (!Array.isArray(items)) throw wrongKind(key);
      write(key, [...items, item].slice(-itemsMax), clock.now() + ttlMs);
    },

    async list(key) {
      const items = read(key)?.value ?? [];
      if (!Array.isArray(items)) throw wrongKind(key);
      return [...items];
    },

    async spend(key, requestId, amount, limit, ttlMs, base = 0) {
      const request = `${key}:request:${requestId}`;
      const answered = read(request)?.value;
      if (typeof answered === "object" && !Array.isArray(answered)) return answered;

      const counter = read(key);
      const total = counter?.value ?? base;
      if (typeof total !== "number") throw wrongKind(key);
      if (amount === 0) return { granted: total <= limit, total };

      const now = clock.now();
      const granted = amount < 0 || total + amount <= limit;
      const spent: BudgetSpent = { granted, total: granted ? total + amount : total };
      write(key, spent.total, counter?.untilMs ?? now + ttlMs);
      write(request, spent, now + Math.min(ttlMs, REQUEST_MS_MAX));
      return spent;
    },

    async draw(key, wants) {
      const entry = read(key);
      if (entry === null) return -1;
      const { wait, state } = draw(poolsOf(key, entry.value), wants, clock.now());
      write(key, JSON.stringify(state), entry.untilMs);
      return wait;
    },

    async fill(key, levels, pauseMs, ttlMs) {
      const now = clock.now();
      const entry = read(key);
      const state = entry === null ? NO_POOLS : poolsOf(key, entry.value);
      write(key, JSON.stringify(fill(state, levels, pauseMs, now)), now + ttlMs);
    },

    async remove(keys) {
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry !== undefined) remove(key, entry);
      }
    },

    async drop(prefix) {
      for (const [key, entry] of entries) if (key.startsWith(prefix)) remove(key, entry);
    },

    stats: () => ({ keys: entries.size, bytes, evicted }),
  };
}

function poolsOf(key: string, value: Value): Pools {
  if (typeof value !== "string") throw wrongKind(key);
  return JSON.parse(value) as Pools;
}

function sizeOf(value: Value): number {
  if (typeof value === "string") return 2 * value.length;
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + 2 * item.length + ITEM_BYTES, 0);
  return ITEM_BYTES;
}

function wrongKind(key: string): AppError {
  return new AppError("invalid", `${key} holds another kind of value`);
}
