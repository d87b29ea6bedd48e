/**
 * Who holds which shard, with a fence that grows at every change of holder, the session to resume, and the ledger of
 * IDENTIFYs. Leases run by the database's clock: those of two machines may differ by more than a lease is long.
 */
import { and, asc, count, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { gateways, identifies, identifyTurns, shards } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ApplicationId } from "../../ids.ts";
import type { ShardRow, ShardsStore } from "../ports/shards.ts";
import type { Pool } from "./pool.ts";

/** Discord counts identifies by the day; twice that is plenty. */
const LEDGER_MS_MAX = 48 * 3_600_000;
/** Processes that may wait for the same key's turn. */
const TURNS_MAX = 100;

export function createShards(pool: Pool, clock: Clock): ShardsStore {
  return {
    async lease(application, shard, total, holder, ttlMs) {
      const until = sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;
      const same = sql`${shards.shards} = excluded.shards`;
      const [row] = await pool.write((db) =>
        db
          .insert(shards)
          .values({ applicationId: application, shard, shards: total, holder, fence: 1, until })
          .onConflictDoUpdate({
            target: [shards.applicationId, shards.shard],
            set: {
              shards: total,
              holder,
              until,
              fence: sql`${shards.fence} + case when ${shards.holder} = excluded.holder and ${same} then 0 else 1 end`,
              // Another number of shards is another split of the guilds: the old session cannot be resumed.
              sessionId: sql`case when ${same} then ${shards.sessionId} end`,
              resumeUrl: sql`case when ${same} then ${shards.resumeUrl} end`,
              settled: sql`case when ${same} then ${shards.settled} end`,
            },
            setWhere: sql`${shards.holder} is null or ${shards.holder} = excluded.holder or ${shards.until} <= clock_timestamp()`,
          })
          .returning(),
      );
      return row === undefined ? null : toShard(row);
    },

    async renew(application, mine, total, holder, ttlMs) {
      const rows = await pool.write((db) =>
        db
          .update(shards)
          .set({ until: sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'` })
          .where(
            and(
              eq(shards.applicationId, application),
              inArray(shards.shard, [...mine]),
              eq(shards.shards, total),
              eq(shards.holder, holder),
            ),
          )
          .returning({ shard: shards.shard }),
      );
      return new Set(rows.map(({ shard }) => shard));
    },

    async release(application, shard, holder, fence) {
      await pool.write((db) =>
        db
          .update(shards)
          .set({ holder: null })
          .where(and(isShard(application, shard), eq(shards.holder, holder), eq(shards.fence, fence))),
      );
    },

    async saveSession(application, shard, fence, session) {
      const rows = await pool.write((db) =>
        db
          .update(shards)
          .set({
            sessionId: session?.id ?? null,
            resumeUrl: session?.resumeUrl ?? null,
            settled: session?.settled ?? null,
            intents: session?.intents ?? null,
          })
          .where(and(isShard(application, shard), eq(shards.fence, fence)))
          .returning({ fence: shards.fence }),
      );
      return rows.length > 0;
    },

    present(application, holder, ttlMs) {
      const until = sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;
      return pool.transaction(async (db) => {
        await db
          .insert(gateways)
          .values({ applicationId: application, holder, until })
          .onConflictDoUpdate({ target: [gateways.applicationId, gateways.holder], set: { until } });
        await db
          .delete(gateways)
          .where(and(eq(gateways.applicationId, application), sql`${gateways.until} <= clock_timestamp()`));
        const [row] = await db.select({ live: count() }).from(gateways).where(eq(gateways.applicationId, application));
        return row?.live ?? 1;
      });
    },

    async absent(application, holder) {
      await pool.write((db) =>
        db.delete(gateways).where(and(eq(gateways.applicationId, application), eq(gateways.holder, holder))),
      );
    },

    countIdentify(application, shard, sinceMs, max) {
      const now = clock.now();
      return pool.transaction(async (db) => {
        await db
          .delete(identifies)
          .where(and(eq(identifies.applicationId, application), lt(identifies.at, now - LEDGER_MS_MAX)));
        const last = await db
          .select({ at: identifies.at })
          .from(identifies)
          .where(
            and(eq(identifies.applicationId, application), eq(identifies.shard, shard), gte(identifies.at, sinceMs)),
          )
          .orderBy(desc(identifies.at))
          .limit(max);
        const oldest = last[max - 1];
        if (oldest !== undefined) return oldest.at;
        await db.insert(identifies).values({ applicationId: application, shard, at: now });
        return null;
      });
    },

    async takeIdentifyTurn(application, key, paceMs) {
      const pace = sql`${paceMs} * interval '1 millisecond'`;
      const [row] = await pool.write((db) =>
        db
          .insert(identifyTurns)
          .values({ applicationId: application, key, freeAt: sql`statement_timestamp() + ${pace}` })
          .onConflictDoUpdate({
            target: [identifyTurns.applicationId, identifyTurns.key],
            // So many cannot wait: the server's clock was set back.
            set: {
              freeAt: sql`case when ${identifyTurns.freeAt} between statement_timestamp() and statement_timestamp() + ${TURNS_MAX}::int * ${pace}
                then ${identifyTurns.freeAt} else statement_timestamp() end + ${pace}`,
            },
          })
          .returning({
            waitMs: sql<number>`extract(epoch from ${identifyTurns.freeAt} - ${pace} - statement_timestamp()) * 1000`,
          }),
      );
      const waitMs = Number(row?.waitMs ?? 0);
      // The table keeps whole milliseconds: less than one is what rounding made of "now".
      return waitMs < 1 ? 0 : Math.round(waitMs);
    },

    async forget(application) {
      await pool.transaction(async (db) => {
        await db.delete(shards).where(eq(shards.applicationId, application));
        await db.delete(gateways).where(eq(gateways.applicationId, application));
        await db.delete(identifies).where(eq(identifies.applicationId, application));
        await db.delete(identifyTurns).where(eq(identifyTurns.applicationId, application));
      });
    },

    async list(application) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(shards)
          .where(application === undefined ? undefined : eq(shards.applicationId, application))
          .orderBy(asc(shards.applicationId), asc(shards.shard)),
      );
      return rows.map(toShard);
    },
  };
}

function isShard(application: ApplicationId, shard: number) {
  return and(eq(shards.applicationId, application), eq(shards.shard, shard));
}

function toShard(row: typeof shards.$inferSelect): ShardRow {
  return {
    application: row.applicationId as ApplicationId,
    shard: row.shard,
    shards: row.shards,
    holder: row.holder,
    fence: row.fence,
    untilMs: row.until,
    session:
      row.sessionId === null || row.resumeUrl === null || row.settled === null
        ? null
        : { id: row.sessionId, resumeUrl: row.resumeUrl, settled: row.settled, intents: row.intents },
  };
}
