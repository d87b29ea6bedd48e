/**
 * Pools that fill up as time passes, as a value: what hot/memory does in the process and a Lua script does in Redis. Pure, but
 * for `createPools`, which keeps some of its own.
 */
import type { Clock } from "./clock.ts";
import type { Hot, Level, Want } from "./hot.ts";

type Pool = { readonly limit: number; readonly left: number; readonly perMs: number; readonly atMs: number };

export type Pools = { readonly pausedUntilMs: number; readonly pools: Readonly<Record<string, Pool>> };

export const NO_POOLS: Pools = { pausedUntilMs: 0, pools: {} };

/** See `Hot.draw`; the pools as they are afterwards. */
export function draw(
  state: Pools,
  wants: readonly Want[],
  nowMs: number,
): { readonly wait: number; readonly state: Pools } {
  let wait = Math.max(0, state.pausedUntilMs - nowMs);
  const pools: Record<string, Pool> = { ...state.pools };
  for (const { pool, amount, floor } of wants) {
    const known = pools[pool];
    if (known === undefined) continue;
    const now = filled(known, nowMs);
    pools[pool] = now;
    const needed = Math.min(now.limit, amount + now.limit * floor);
    if (now.left < needed) wait = Math.max(wait, Math.ceil((needed - now.left) / now.perMs));
  }
  if (wait > 0) return { wait, state: { ...state, pools } };
  for (const { pool, amount } of wants) {
    const known = pools[pool];
    if (known !== undefined) pools[pool] = { ...known, left: known.left - amount };
  }
  return { wait: 0, state: { ...state, pools } };
}

/** See `Hot.fill`. */
export function fill(state: Pools, levels: readonly Level[], pauseMs: number, nowMs: number): Pools {
  const pools: Record<string, Pool> = { ...state.pools };
  for (const { pool, limit, left, perMs, back } of levels) {
    const known = pools[pool];
    const had = known === undefined ? left : Math.min(left, filled(known, nowMs).left + back);
    pools[pool] = { limit, left: Math.min(limit, had), perMs, atMs: nowMs };
  }
  return { pausedUntilMs: Math.max(state.pausedUntilMs, pauseMs > 0 ? nowMs + pauseMs : 0), pools };
}

/** How full each pool is, with nothing drawn. */
export function levelsIn(state: Pools, nowMs: number): readonly { readonly of: string; limit: number; left: number }[] {
  return Object.entries(state.pools).map(([of, pool]) => {
    const { limit, left } = filled(pool, nowMs);
    return { of, limit, left };
  });
}

/** One process's pools, where there is no hot state to draw from. */
export function createPools(clock: Clock): Pick<Hot, "draw" | "fill"> {
  const held = new Map<string, Pools>();
  return {
    async draw(key, wants) {
      const known = held.get(key);
      if (known === undefined) return -1;
      const { wait, state } = draw(known, wants, clock.now());
      held.set(key, state);
      return wait;
    },
    async fill(key, levels, pauseMs) {
      held.set(key, fill(held.get(key) ?? NO_POOLS, levels, pauseMs, clock.now()));
    },
  };
}

function filled(pool: Pool, nowMs: number): Pool {
  const left = Math.min(pool.limit, pool.left + Math.max(0, nowMs - pool.atMs) * pool.perMs);
  return { ...pool, left, atMs: nowMs };
}
