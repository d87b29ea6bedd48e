/** Sums over days, straight from the rows: each query reads one guild's rows of the last days by an index. */
import { and, asc, count, desc, eq, gte, isNotNull, lt, notInArray, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { decisions, guilds, moderationCases, turns } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import type { OutcomeKind } from "../../record.ts";
import type { FiguresStore } from "../ports/figures.ts";
import type { Pool } from "./pool.ts";

/** These kinds are no question that somebody put to the bot. */
const NO_QUESTION = ["silent", "cleared", "merged", "dropped", "moderated"];
const ROWS_MAX = 10_000;

export function createFigures(pool: Pool): FiguresStore {
  return {
    async outcomes(guild, sinceMs, zone, untilMs) {
      const day = dayOf(decisions.at, zone);
      const rows = await pool.read((db) =>
        db
          .select({ day, kind: decisions.kind, reason: decisions.reason, count: count() })
          .from(decisions)
          .where(and(eq(decisions.guildId, guild), ...within(decisions.at, sinceMs, untilMs)))
          .groupBy(sql`1`, decisions.kind, decisions.reason)
          .orderBy(sql`1`, asc(decisions.kind), asc(decisions.reason))
          .limit(ROWS_MAX),
      );
      return rows.map((row) => ({ ...row, kind: row.kind as OutcomeKind }));
    },

    async feedback(guild, sinceMs, zone, untilMs) {
      return await pool.read((db) =>
        db
          .select({
            day: dayOf(turns.at, zone),
            up: sql<number>`count(*) filter (where ${turns.feedback} = 'up')`.mapWith(Number),
            down: sql<number>`count(*) filter (where ${turns.feedback} = 'down')`.mapWith(Number),
          })
          .from(turns)
          .where(and(eq(turns.guildId, guild), ...within(turns.at, sinceMs, untilMs), isNotNull(turns.feedback)))
          .groupBy(sql`1`)
          .orderBy(sql`1`),
      );
    },

    async cases(guild, sinceMs, zone, untilMs) {
      return await pool.read((db) =>
        db
          .select({ day: dayOf(moderationCases.at, zone), rule: moderationCases.rule, count: count() })
          .from(moderationCases)
          .where(and(eq(moderationCases.guildId, guild), ...within(moderationCases.at, sinceMs, untilMs)))
          .groupBy(sql`1`, moderationCases.rule)
          .orderBy(sql`1`, asc(moderationCases.rule))
          .limit(ROWS_MAX),
      );
    },

    async deployment(sinceMs, limit) {
      const questions = count();
      const rows = await pool.read((db) =>
        db
          .select({
            guild: guilds.guildId,
            name: guilds.name,
            questions,
            answered:
              sql<number>`count(*) filter (where ${decisions.kind} = 'answered' and ${decisions.reason} not in ('not-in-knowledge', 'no-knowledge'))`.mapWith(
                Number,
              ),
            costUsd: sql<number>`coalesce(sum(${decisions.costUsd}), 0)`.mapWith(Number),
          })
          .from(decisions)
          .innerJoin(guilds, eq(guilds.guildId, decisions.guildId))
          .where(and(gte(decisions.at, sinceMs), notInArray(decisions.kind, NO_QUESTION)))
          .groupBy(guilds.guildId, guilds.name)
          .orderBy(desc(questions), asc(guilds.guildId))
          .limit(limit),
      );
      return rows.map((row) => ({ ...row, guild: row.guild as GuildId }));
    },
  };
}

function within(at: AnyPgColumn, sinceMs: number, untilMs: number | undefined): readonly (SQL | undefined)[] {
  return [gte(at, sinceMs), untilMs === undefined ? undefined : lt(at, untilMs)];
}

function dayOf(at: AnyPgColumn, zone: string): SQL<string> {
  return sql<string>`to_char(${at} at time zone ${zone}, 'YYYY-MM-DD')`;
}
