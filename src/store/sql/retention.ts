/**
 * Takes rows out in small bites, so that no statement holds a table for long. Which tables hold a guild's own things is read from
 * the schema: a table that is added later is erased without anybody having to remember it here.
 */
import {
  and,
  asc,
  eq,
  getTableColumns,
  gt,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId } from "../../ids.ts";
import { defaultSettings } from "../../settings/form.ts";
import type { RetentionStore } from "../ports/retention.ts";
import type { Pool } from "./pool.ts";

const { conversations, decisions, escalations, guilds, outbox, proactivePosts, turns } = schema;

/** Tables that stay: settings, the guild's bot, and usage of the plan. The rest of a guild goes with it. */
const STAYS: readonly PgTable[] = [schema.guilds, schema.bots, schema.usage];

/** Every table with a guild's rows that goes. */
const GUILD_TABLES: readonly PgTable[] = Object.values(schema)
  .flatMap((table: unknown) => (is(table, PgTable) ? [table] : []))
  .filter((table) => guildColumn(table) !== undefined && !STAYS.includes(table));

export function createRetention(pool: Pool, clock: Clock): RetentionStore {
  return {
    async guilds(after, limit) {
      const days = (name: keyof typeof defaultSettings.retention) =>
        sql<number>`coalesce((${guilds.settings}->'retention'->>${name})::int, ${defaultSettings.retention[name]})`;
      const rows = await pool.read((db) =>
        db
          .select({
            guild: guilds.guildId,
            leftAt: guilds.leftAt,
            turnsDays: days("turnsDays"),
            silencesDays: days("silencesDays"),
            leftDays: days("leftDays"),
          })
          .from(guilds)
          .where(after === null ? undefined : gt(guilds.guildId, after))
          .orderBy(asc(guilds.guildId))
          .limit(limit),
      );
      return rows.map(({ leftAt, guild, ...days }) => ({ ...days, guild: guild as GuildId, leftAtMs: leftAt }));
    },

    async expire(guild, { turnsMs, silencesMs }, limit) {
      const silent = and(eq(decisions.kind, "silent"), lt(decisions.at, silencesMs));
      return (
        (await removed(
          pool,
          conversations,
          and(eq(conversations.guildId, guild), lt(conversations.lastAt, turnsMs)),
          limit,
        )) +
        (await removed(
          pool,
          decisions,
          and(eq(decisions.guildId, guild), or(silent, lt(decisions.at, turnsMs))),
          limit,
        )) +
        // Finished tasks: messages and mails hold people's words. Open ones stay, even old ones.
        (await removed(
          pool,
          outbox,
          and(eq(outbox.guildId, guild), isNotNull(outbox.doneAt), lt(outbox.createdAt, turnsMs)),
          limit,
        )) +
        (await removed(
          pool,
          proactivePosts,
          and(eq(proactivePosts.guildId, guild), lt(proactivePosts.slot, turnsMs)),
          limit,
        ))
      );
    },

    async eraseLeft(guild, limit) {
      let count = 0;
      // It may have come back since the sweeper read its row.
      const away = sql`exists (select 1 from ${guilds} where ${guilds.guildId} = ${guild} and ${guilds.leftAt} is not null)`;
      for (const table of GUILD_TABLES)
        count += await removed(pool, table, and(sql`${guildColumn(table)} = ${guild}`, away), limit);
      return count;
    },

    async forgetMember(guild, member) {
      return pool.transaction(async (db) => {
        const theirs = and(eq(conversations.guildId, guild), eq(conversations.memberId, member));
        const ids = db.select({ id: conversations.id }).from(conversations).where(theirs);
        const emptied = await db
          .update(turns)
          .set({ text: "", files: [], sources: [], deletedAt: clock.now() })
          .where(and(eq(turns.guildId, guild), inArray(turns.conversationId, ids), ne(turns.text, "")))
          .returning({ id: turns.id });
        await db.update(conversations).set({ lastText: "" }).where(theirs);
        await db
          .update(escalations)
          .set({ summary: "" })
          .where(and(eq(escalations.guildId, guild), inArray(escalations.conversationId, ids)));
        return emptied.length;
      });
    },

    async emptyMessages(guild, messages) {
      if (messages.length === 0) return 0;
      return pool.transaction(async (db) => {
        const emptied = await db
          .update(turns)
          .set({ text: "", files: [], deletedAt: clock.now() })
          .where(and(eq(turns.guildId, guild), inArray(turns.messageId, [...messages]), isNull(turns.deletedAt)))
          .returning({ conversation: turns.conversationId });
        const ids = [...new Set(emptied.map(({ conversation }) => conversation))];
        // The list shows the last words: they may have been these.
        if (ids.length > 0) {
          await db
            .update(conversations)
            .set({ lastText: "" })
            .where(and(eq(conversations.guildId, guild), inArray(conversations.id, ids)));
        }
        return emptied.length;
      });
    },
  };
}

/** How many went: at most `limit`, found by their place on disk. */
async function removed(pool: Pool, table: PgTable, which: SQL | undefined, limit: number): Promise<number> {
  const rows = await pool.write((db) =>
    db.execute<{ gone: number }>(sql`
      with gone as (
        delete from ${table} where ctid = any(array(select ctid from ${table} where ${which} limit ${limit})) returning 1
      ) select count(*)::int as gone from gone`),
  );
  return rows[0]?.gone ?? 0;
}

function guildColumn(table: PgTable) {
  return Object.values(getTableColumns(table)).find((column) => column.name === "guild_id");
}
