/** The bots: the shared one, and those that admins brought with their own application. */
import { and, asc, eq, gt, isNotNull, isNull, or } from "drizzle-orm";
import { bots } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ApplicationId, GuildId } from "../../ids.ts";
import type { BotRow, BotsStore } from "../ports/bots.ts";
import type { Pool } from "./pool.ts";

export function createBots(pool: Pool, clock: Clock): BotsStore {
  return {
    async save(bot) {
      const { application, guild, ...values } = bot;
      const row = { ...values, guildId: guild, updatedAt: clock.now() };
      const mine = guild === null ? undefined : or(isNull(bots.guildId), eq(bots.guildId, guild));
      const written = await pool.write((db) =>
        db
          .insert(bots)
          .values({ applicationId: application, ...row })
          .onConflictDoUpdate({
            target: bots.applicationId,
            set: row,
            ...(mine === undefined ? {} : { setWhere: mine }),
          })
          .returning({ application: bots.applicationId }),
      );
      return written.length > 0;
    },

    async get(application) {
      const rows = await pool.read((db) => db.select().from(bots).where(eq(bots.applicationId, application)));
      return rows[0] === undefined ? null : toBot(rows[0]);
    },

    async list() {
      const rows = await pool.read((db) => db.select().from(bots).orderBy(bots.applicationId));
      return rows.map(toBot);
    },

    async ofGuild(guild) {
      const rows = await pool.read((db) =>
        db.select().from(bots).where(eq(bots.guildId, guild)).orderBy(asc(bots.applicationId)).limit(1),
      );
      return rows[0] === undefined ? null : toBot(rows[0]);
    },

    async remove(guild, application) {
      const removed = await pool.write((db) =>
        db
          .delete(bots)
          .where(and(eq(bots.applicationId, application), eq(bots.guildId, guild)))
          .returning({ application: bots.applicationId }),
      );
      return removed.length > 0;
    },

    async sealed(after, limit) {
      const rows = await pool.read((db) =>
        db
          .select({ application: bots.applicationId, tokenSealed: bots.tokenSealed })
          .from(bots)
          .where(and(gt(bots.applicationId, after), isNotNull(bots.tokenSealed)))
          .orderBy(asc(bots.applicationId))
          .limit(limit),
      );
      return rows.map((row) => ({
        application: row.application as ApplicationId,
        tokenSealed: row.tokenSealed ?? "",
      }));
    },

    async reseal(application, before, after) {
      const written = await pool.write((db) =>
        db
          .update(bots)
          .set({ tokenSealed: after, updatedAt: clock.now() })
          .where(and(eq(bots.applicationId, application), eq(bots.tokenSealed, before)))
          .returning({ application: bots.applicationId }),
      );
      return written.length > 0;
    },

    async setCommandsHash(application, hash) {
      await pool.write((db) =>
        db
          .update(bots)
          .set({ commandsHash: hash, commandsRefused: null, updatedAt: clock.now() })
          .where(eq(bots.applicationId, application)),
      );
    },

    async setCommandsRefused(application, why) {
      await pool.write((db) =>
        db
          .update(bots)
          .set({ commandsHash: null, commandsRefused: why, updatedAt: clock.now() })
          .where(eq(bots.applicationId, application)),
      );
    },
  };
}

function toBot(row: typeof bots.$inferSelect): BotRow {
  const { applicationId, guildId, updatedAt: _, ...bot } = row;
  return { application: applicationId as ApplicationId, guild: guildId as GuildId | null, ...bot };
}
