/**
 * Who holds which shard: a lease in the store with a fence that grows with every change of holder.
 *
 * Taken shard by shard, renewed together four times in their life. A holder that cannot renew keeps its shards until it reads
 * another fence, so that an outage of the store is not an outage of the bot; what it then still writes under its old fence is
 * refused. After an outage each gateway first renews its own: leases that ran out meanwhile are left to their holders for a while.
 * A lease whose process is known to be dead (same machine, no such process) is freed at once instead of running out.
 *
 * Algorithm: every gateway says in each round that it is there, and learns how many there are. Its share is
 * ceil(shards / gateways): it takes free shards up to that, and hands over what it has above it, a few a round, once two rounds
 * saw the same number. Nobody is asked and nobody leads, so a gateway that freezes costs only its own share. Shards that stay
 * free although everybody has their share (a gateway that may hold fewer) are taken by whoever has room.
 */
import type { Clock, Timer } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import type { ShardRow, ShardsStore } from "../../src/store/ports/shards.ts";

/** A gateway that freezes is missed after this: its members wait as long for their answers. */
export const LEASE_MS = 7_000;
const ROUND_MS = LEASE_MS / 4;
/** Until the first lease is had, the store is asked more often. */
const FIRST_ROUND_MS = 1_000;
const LOOK_MS = 500;
const QUERIES_AT_ONCE_MAX = 8;
/** In one round, or half of what is above the share. */
const HANDED_OVER_MIN = 8;
/** Shards that nobody took for this long are somebody's all the same. */
const FREE_MS_MAX = 15_000;
/** How long after that nothing is handed over: the others have no room. */
const ALONE_MS = 10 * 60_000;

export type Leases = {
  /** Resolves after the first round, with or without a lease. */
  start(): Promise<void>;
  held(): ReadonlyMap<number, number>;
  /**
   * The next round comes soon: a connection ended, and it may be the next holder who resumed its session. Were it resumed here
   * again and again until the next renewal, two gateways would take it from each other.
   */
  look(): void;
  /** Takes and renews no more, gives everything back; a lease that cannot be given back runs out. */
  stop(): Promise<void>;
  /** No renewing and taking of this one any more (a shard that stopped for good). */
  giveUp(shard: number): Promise<void>;
};

export type LeasesOptions = {
  readonly application: ApplicationId;
  readonly shards: number;
  /** How many this process takes at most. */
  readonly shardsMax: number;
  /** Takes only shards that have a session of this number of shards, beyond any share; it has none itself. */
  readonly resumeOnly?: boolean;
  readonly holder: string;
  readonly store: Pick<ShardsStore, "lease" | "renew" | "release" | "list" | "present" | "absent">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the process that calls itself `holder` is known to be dead. */
  readonly isDead: (holder: string) => boolean;
  readonly taken: (row: ShardRow) => void;
  readonly lost: (shard: number) => void;
  /** Ends a shard here so that another gateway can resume it; false: not now. */
  readonly handOver: (shard: number) => Promise<boolean>;
};

export function createLeases(options: LeasesOptions): Leases {
  const { application, shards, holder, store, clock, logger } = options;
  const held = new Map<number, number>();
  const abandoned = new Set<number>();
  let timer: Timer | null = null;
  let stopped = false;
  let failing = false;
  let asking = 0;
  let looking = false;
  let rounds: Promise<void> = Promise.resolve();
  let live = 0;
  /** Until then the store was away a moment ago, and whoever holds a lease that ran out may not have renewed it yet. */
  let sparesUntilMs = 0;
  const freeSinceMs = new Map<number, number>();
  /** With this many gateways, the others did not take what is above this one's share. */
  let aloneAmong: { readonly live: number; readonly atMs: number } | null = null;

  async function round(): Promise<void> {
    try {
      const before = live;
      live = options.resumeOnly ? 1 : await store.present(application, holder, LEASE_MS);
      const rows = await store.list(application);
      if (failing) sparesUntilMs = clock.now() + LEASE_MS;
      await freeTheDead(rows);
      await renew();
      const share = Math.min(options.shardsMax, Math.ceil(shards / Math.max(1, live)));
      const left = leftOver(rows);
      const rowOf = new Map(rows.map((row) => [row.shard, row]));
      const busy = new Set(rows.filter((r) => r.holder !== null && r.untilMs > clock.now()).map((r) => r.shard));
      // Free ones first: by a clock that differs from the store's, even a busy one may be free.
      const others = Array.from({ length: shards }, (_, shard) => shard)
        .filter((shard) => !held.has(shard) && !abandoned.has(shard) && mayTake(rowOf.get(shard)))
        .sort((a, b) => Number(busy.has(a)) - Number(busy.has(b)));
      await inParallel(others, async (shard) => {
        if (held.size + asking >= (left.has(shard) ? options.shardsMax : share)) return;
        asking += 1;
        await take(shard).finally(() => {
          asking -= 1;
        });
      });
      const alone = aloneAmong?.live === live && clock.now() - aloneAmong.atMs < ALONE_MS;
      if (live === before && !alone) await giveAway(held.size - share);
      if (failing) logger.info({ held: held.size }, "leases-renewed-again");
      failing = false;
    } catch (error) {
      // Kept: nobody said that another one holds them.
      if (!failing) logger.warn({ error, held: held.size }, "leases-unrenewed");
      failing = true;
    }
  }

  function mayTake(row: ShardRow | undefined): boolean {
    if (options.resumeOnly && (row === undefined || row.shards !== shards || row.session === null)) return false;
    return clock.now() >= sparesUntilMs || row === undefined || row.holder === null || row.holder === holder;
  }

  async function renew(): Promise<void> {
    if (stopped || held.size === 0) return;
    const mine = [...held.keys()];
    const renewed = await store.renew(application, mine, shards, holder, LEASE_MS);
    for (const shard of mine) {
      const fence = held.get(shard);
      if (renewed.has(shard) || fence === undefined) continue;
      held.delete(shard);
      logger.warn({ shard, fence }, "lease-lost");
      options.lost(shard);
    }
  }

  async function take(shard: number): Promise<void> {
    if (stopped) return;
    const row = await store.lease(application, shard, shards, holder, LEASE_MS);
    if (row === null) return;
    if (stopped) return release(shard, row.fence);
    held.set(shard, row.fence);
    options.taken(row);
  }

  async function freeTheDead(rows: readonly ShardRow[]): Promise<void> {
    const dead = new Set<string>();
    for (const row of rows) {
      if (row.holder === null || row.holder === holder || !options.isDead(row.holder)) continue;
      logger.info({ shard: row.shard }, "lease-of-the-dead-freed");
      dead.add(row.holder);
      await store.release(application, row.shard, row.holder, row.fence);
    }
    for (const gone of dead) {
      await store.absent(application, gone);
      live -= 1;
    }
  }

  /** Shards that have had no holder for so long that shares do not matter. */
  function leftOver(rows: readonly ShardRow[]): ReadonlySet<number> {
    const nowMs = clock.now();
    const taken = new Set(rows.filter((row) => row.holder !== null && row.untilMs > nowMs).map((row) => row.shard));
    const left = new Set<number>();
    for (let shard = 0; shard < shards; shard++) {
      if (taken.has(shard) || abandoned.has(shard)) freeSinceMs.delete(shard);
      else if (!freeSinceMs.has(shard)) freeSinceMs.set(shard, nowMs);
      else if (nowMs - (freeSinceMs.get(shard) ?? nowMs) > FREE_MS_MAX) left.add(shard);
    }
    if (left.size > 0) aloneAmong = { live, atMs: nowMs };
    return left;
  }

  async function giveAway(surplus: number): Promise<void> {
    if (surplus <= 0) return;
    const most = Math.max(HANDED_OVER_MIN, Math.ceil(surplus / 2));
    const going = [...held.keys()].slice(-Math.min(surplus, most));
    await Promise.all(
      going.map(async (shard) => {
        if (!(await options.handOver(shard))) return;
        const fence = held.get(shard);
        held.delete(shard);
        if (fence !== undefined) await release(shard, fence);
      }),
    );
    logger.info({ shards: going.length, held: held.size, gateways: live }, "shards-handed-over");
  }

  async function release(shard: number, fence: number): Promise<void> {
    try {
      await store.release(application, shard, holder, fence);
    } catch (error) {
      logger.warn({ shard, error }, "lease-unreleased");
    }
  }

  function next(): void {
    if (stopped) return;
    nextIn(looking ? LOOK_MS : held.size === 0 ? FIRST_ROUND_MS : ROUND_MS);
  }

  function nextIn(pauseMs: number): void {
    timer = clock.after(pauseMs * (0.9 + 0.2 * clock.chance()), () => {
      timer = null;
      looking = false;
      rounds = round().then(next);
    });
  }

  return {
    start() {
      rounds = round();
      return rounds.then(next);
    },
    held: () => held,
    look() {
      if (stopped || looking) return;
      looking = true;
      if (timer === null) return;
      timer.cancel();
      nextIn(LOOK_MS);
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await rounds;
      const mine = [...held];
      held.clear();
      await inParallel(mine, ([shard, fence]) => release(shard, fence));
      await store
        .absent(application, holder)
        .catch((error: unknown) => logger.debug({ error }, "gateway-still-listed"));
    },
    async giveUp(shard) {
      abandoned.add(shard);
      const fence = held.get(shard);
      held.delete(shard);
      if (fence !== undefined) await release(shard, fence);
    },
  };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: Math.min(QUERIES_AT_ONCE_MAX, items.length) }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
