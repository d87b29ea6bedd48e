/** Alerts for admins, and members' reports: rows whose keys keep each there once. */
import { and, asc, count, eq, gt, isNotNull, lte, sql } from "drizzle-orm";
import { moderationAlerts as alerts, moderationReports as reports } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId } from "../../ids.ts";
import type { AlertKind, AlertRow, AlertsStore, ReportsStore } from "../ports/moderation.ts";
import type { Pool } from "./pool.ts";

const OF_KIND_MAX = 1_000;
const DAY_MS = 24 * 3_600_000;

export function createAlerts(pool: Pool, clock: Clock): AlertsStore {
  return {
    async raise(guild, { kind, detail, untilMs }) {
      return await pool.transaction(async (db) => {
        const now = clock.now();
        const over = and(eq(alerts.guildId, guild), isNotNull(alerts.until), lte(alerts.until, now));
        await db.delete(alerts).where(over);
        const [row] = await db
          .insert(alerts)
          .values({ guildId: guild, kind, detail, at: now, until: untilMs })
          .onConflictDoNothing()
          .returning({ kind: alerts.kind });
        return row !== undefined;
      });
    },

    async open(guild) {
      const rows = await pool.read((db) => db.select().from(alerts).where(eq(alerts.guildId, guild)));
      const now = clock.now();
      return rows
        .filter(({ until }) => until === null || until > now)
        .map(({ kind, detail, at, until }) => ({
          kind: kind as AlertKind,
          detail: detail as AlertRow["detail"],
          atMs: at,
          untilMs: until,
        }));
    },

    async ofKind(kind) {
      const rows = await pool.read((db) =>
        db.select().from(alerts).where(eq(alerts.kind, kind)).orderBy(asc(alerts.at)).limit(OF_KIND_MAX),
      );
      return rows.map(({ guildId, detail, at, until }) => ({
        guild: guildId as GuildId,
        kind,
        detail: detail as AlertRow["detail"],
        atMs: at,
        untilMs: until,
      }));
    },

    async revise(guild, kind, detail) {
      const rows = await pool.write((db) =>
        db
          .update(alerts)
          .set({ detail })
          .where(and(eq(alerts.guildId, guild), eq(alerts.kind, kind)))
          .returning({ kind: alerts.kind }),
      );
      return rows.length > 0;
    },

    async resolve(guild, kind) {
      const rows = await pool.write((db) =>
        db
          .delete(alerts)
          .where(and(eq(alerts.guildId, guild), eq(alerts.kind, kind)))
          .returning({ kind: alerts.kind }),
      );
      return rows.length > 0;
    },
  };
}

export function createReports(pool: Pool, clock: Clock): ReportsStore {
  return {
    async add(guild, message, reporter) {
      return await pool.transaction(async (db) => {
        const now = clock.now();
        const [row] = await db
          .insert(reports)
          .values({ guildId: guild, messageId: message, reporterId: reporter, at: now, state: "open" })
          .onConflictDoNothing()
          .returning({ at: reports.at });
        const [counts] = await db
          .select({
            today: count(sql`case when ${gt(reports.at, now - DAY_MS)} then 1 end`),
            upheld: count(sql`case when ${reports.state} = 'upheld' then 1 end`),
            dismissed: count(sql`case when ${reports.state} = 'dismissed' then 1 end`),
          })
          .from(reports)
          .where(and(eq(reports.guildId, guild), eq(reports.reporterId, reporter)));
        const [all] = await db
          .select({ onMessage: count() })
          .from(reports)
          .where(and(eq(reports.guildId, guild), eq(reports.messageId, message)));
        return { fresh: row !== undefined, today: 0, upheld: 0, dismissed: 0, onMessage: 0, ...counts, ...all };
      });
    },

    async settle(guild, message, state) {
      await pool.write((db) =>
        db
          .update(reports)
          .set({ state })
          .where(and(eq(reports.guildId, guild), eq(reports.messageId, message))),
      );
    },
  };
}
