/** What an account used, by UTC day, guild and kind. Written with the exchange that used it, in its transaction. */
import { and, asc, eq, gte, lt, sql, sum } from "drizzle-orm";
import { guilds, usage } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../message.ts";
import type { UsageEntry, UsageKind, UsageStore } from "../../store.ts";
import type { Db } from "./connection.ts";
import { DEFAULT_ACCOUNT } from "./guilds.ts";
import type { Pool } from "./pool.ts";

export function createUsage(pool: Pool): UsageStore {
  return {
    async days(guild, sinceMs) {
      const rows = await pool.read((db) =>
        db
          .select({
            day: usage.day,
            kind: usage.kind,
            count: sum(usage.count).mapWith(Number),
            tokensIn: sum(usage.tokensIn).mapWith(Number),
            tokensOut: sum(usage.tokensOut).mapWith(Number),
            costUsd: sum(usage.costUsd).mapWith(Number),
          })
          .from(usage)
          .where(and(eq(usage.guildId, guild), gte(usage.day, utcDay(sinceMs))))
          .groupBy(usage.day, usage.kind)
          .orderBy(asc(usage.day), asc(usage.kind)),
      );
      return rows.map((row) => ({ ...row, kind: row.kind as UsageKind }));
    },

    async month(account, atMs) {
      const at = new Date(atMs);
      const first = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
      const next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
      const [row] = await pool.read((db) =>
        db
          .select({ used: sum(usage.count).mapWith(Number) })
          .from(usage)
          .where(and(eq(usage.accountId, account), gte(usage.day, utcDay(first)), lt(usage.day, utcDay(next)))),
      );
      return row?.used ?? 0;
    },
  };
}

/** Adds to the day's row of the guild's account. Within the caller's transaction. */
export async function addUsage(db: Db, guild: GuildId, entry: UsageEntry, nowMs: number): Promise<void> {
  const [owner] = await db.select({ account: guilds.accountId }).from(guilds).where(eq(guilds.guildId, guild));
  await db
    .insert(usage)
    .values({
      accountId: owner?.account ?? DEFAULT_ACCOUNT,
      guildId: guild,
      day: utcDay(nowMs),
      kind: entry.kind,
      count: entry.count,
      tokensIn: Math.round(entry.tokensIn),
      tokensOut: Math.round(entry.tokensOut),
      costUsd: entry.costUsd,
    })
    .onConflictDoUpdate({
      target: [usage.guildId, usage.day, usage.kind, usage.accountId],
      set: {
        count: sql`${usage.count} + excluded.count`,
        tokensIn: sql`${usage.tokensIn} + excluded.tokens_in`,
        tokensOut: sql`${usage.tokensOut} + excluded.tokens_out`,
        costUsd: sql`${usage.costUsd} + excluded.cost_usd`,
      },
    });
}

function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
