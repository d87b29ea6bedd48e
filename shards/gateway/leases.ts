/**
 * Who holds which shard: a lease in the store with a fence that grows with every change of holder.
 *
 * Taken shard by shard, renewed three times in its life. A holder that cannot renew keeps its shard until it reads another
 * fence, so that an outage of the store is not an outage of the bot; what it then still writes under its old fence is refused.
 * A lease whose process is known to be dead (same machine, no such process) is freed at once instead of running out.
 */
import type { Clock, Timer } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import type { ShardRow, ShardsStore } from "../../src/store/ports/shards.ts";

export const LEASE_MS = 15_000;
const ROUND_MS = LEASE_MS / 3;
/** Until the first lease is had, the store is asked more often. */
const FIRST_ROUND_MS = 1_000;
const QUERIES_AT_ONCE_MAX = 8;

export type Leases = {
  /** Resolves after the first round, whatever it brought. */
  start(): Promise<void>;
  held(): ReadonlyMap<number, number>;
  /** Takes and renews no more, gives everything back; what cannot be given back runs out. */
  stop(): Promise<void>;
  /** No renewing and taking of this one any more (a shard that stopped for good). */
  giveUp(shard: number): Promise<void>;
};

export type LeasesOptions = {
  readonly application: ApplicationId;
  readonly shards: number;
  /** How many this process takes at most. */
  readonly shardsMax: number;
  readonly holder: string;
  readonly store: Pick<ShardsStore, "lease" | "release" | "list">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the process that calls itself `holder` is known to be dead. */
  readonly isDead: (holder: string) => boolean;
  readonly taken: (row: ShardRow) => void;
  readonly lost: (shard: number) => void;
};

export function createLeases(options: LeasesOptions): Leases {
  const { application, shards, holder, store, clock, logger } = options;
  const held = new Map<number, number>();
  const abandoned = new Set<number>();
  let timer: Timer | null = null;
  let stopped = false;
  let failing = false;
  let asking = 0;
  let rounds: Promise<void> = Promise.resolve();

  async function round(): Promise<void> {
    try {
      await freeTheDead();
      const wanted = Array.from({ length: shards }, (_, shard) => shard).filter((shard) => !abandoned.has(shard));
      const mine = wanted.filter((shard) => held.has(shard));
      const others = wanted.filter((shard) => !held.has(shard));
      await inParallel(mine, lease);
      await inParallel(others, async (shard) => {
        if (held.size + asking >= options.shardsMax) return;
        asking += 1;
        await lease(shard).finally(() => {
          asking -= 1;
        });
      });
      if (failing) logger.info({ held: held.size }, "leases-renewed-again");
      failing = false;
    } catch (error) {
      // Kept: nobody said that another one holds them.
      if (!failing) logger.warn({ error, held: held.size }, "leases-unrenewed");
      failing = true;
    }
  }

  async function lease(shard: number): Promise<void> {
    if (stopped) return;
    const row = await store.lease(application, shard, shards, holder, LEASE_MS);
    const fence = held.get(shard);
    if (row !== null && stopped) return release(shard, row.fence);
    if (row?.fence === fence) return;
    if (fence !== undefined) {
      held.delete(shard);
      logger.warn({ shard, fence, now: row?.fence ?? null }, "lease-lost");
      options.lost(shard);
    }
    if (row === null) return;
    held.set(shard, row.fence);
    options.taken(row);
  }

  async function freeTheDead(): Promise<void> {
    if (held.size >= Math.min(shards, options.shardsMax)) return;
    for (const row of await store.list(application)) {
      if (row.holder === null || row.holder === holder || !options.isDead(row.holder)) continue;
      logger.info({ shard: row.shard }, "lease-of-the-dead-freed");
      await store.release(application, row.shard, row.holder, row.fence);
    }
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
    const pauseMs = held.size === 0 ? FIRST_ROUND_MS : ROUND_MS;
    timer = clock.after(pauseMs * (0.9 + 0.2 * clock.chance()), () => {
      rounds = round().then(next);
    });
  }

  return {
    start() {
      rounds = round();
      return rounds.then(next);
    },
    held: () => held,
    async stop() {
      stopped = true;
      timer?.cancel();
      await rounds;
      const mine = [...held];
      held.clear();
      await inParallel(mine, ([shard, fence]) => release(shard, fence));
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
