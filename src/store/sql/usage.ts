/** An account's usage by day (in its time zone), guild and kind. Written with the exchange that used it, in its transaction. */
import { and, asc, eq, gte, lt, sql, sum } from "drizzle-orm";
import { accounts, guilds, usage } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import { dayIn } from "../../time-zone.ts";
import type { Contact, UsageEntry, UsageKind, UsageStore } from "../ports/usage.ts";
import type { Db } from "./connection.ts";
import { DEFAULT_ACCOUNT } from "./guilds.ts";
import type { Pool } from "./pool.ts";

/** A year of an account with some hundred guilds; a page shows a month. */
const ROWS_MAX = 200_000;

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
      return rows.map((row) => ({ ...row, ...readKind(row.kind) }));
    },

    async rows(account, from, until) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(usage)
          .where(and(eq(usage.accountId, account), gte(usage.day, from), lt(usage.day, until)))
          .orderBy(asc(usage.day), asc(usage.guildId), asc(usage.kind))
          .limit(ROWS_MAX),
      );
      return rows.map(({ guildId, day, count, tokensIn, tokensOut, costUsd, kind }) => {
        return { guild: guildId as GuildId, day, ...readKind(kind), count, tokensIn, tokensOut, costUsd };
      });
    },

    async costOn(guild, day) {
      const [row] = await pool.read((db) =>
        db
          .select({ cost: sum(usage.costUsd).mapWith(Number) })
          .from(usage)
          .where(and(eq(usage.guildId, guild), eq(usage.day, day))),
      );
      return row?.cost ?? 0;
    },
  };
}

/** Adds to the day's row of the guild's account. Within the caller's transaction. */
export async function addUsage(db: Db, guild: GuildId, entry: UsageEntry, nowMs: number): Promise<void> {
  const [owner] = await db
    .select({ account: accounts.id, timeZone: accounts.timeZone })
    .from(guilds)
    .innerJoin(accounts, eq(accounts.id, guilds.accountId))
    .where(eq(guilds.guildId, guild));
  const contact = entry.contact ?? "discord";
  await db
    .insert(usage)
    .values({
      accountId: owner?.account ?? DEFAULT_ACCOUNT,
      guildId: guild,
      day: dayIn(nowMs, owner?.timeZone ?? "UTC"),
      kind: contact === "discord" ? entry.kind : `${entry.kind}@${contact}`,
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

/** `answer@widget` → an answer that was asked for in the widget. */
function readKind(stored: string): { readonly kind: UsageKind; readonly contact: Contact } {
  const [kind, contact] = stored.split("@");
  return { kind: kind as UsageKind, contact: (contact ?? "discord") as Contact };
}

function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
