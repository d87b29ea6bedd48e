/** The bots: the shared one, and those that admins brought with their own application. */
import { eq } from "drizzle-orm";
import { bots } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ApplicationId } from "../../ids.ts";
import type { BotRow, BotsStore } from "../ports/bots.ts";
import type { Pool } from "./pool.ts";

export function createBots(pool: Pool, clock: Clock): BotsStore {
  return {
    async save(bot) {
      const { application, ...values } = bot;
      const row = { ...values, updatedAt: clock.now() };
      await pool.write((db) =>
        db
          .insert(bots)
          .values({ applicationId: application, ...row })
          .onConflictDoUpdate({ target: bots.applicationId, set: row }),
      );
    },

    async get(application) {
      const rows = await pool.read((db) => db.select().from(bots).where(eq(bots.applicationId, application)));
      return rows[0] === undefined ? null : toBot(rows[0]);
    },

    async list() {
      const rows = await pool.read((db) => db.select().from(bots).orderBy(bots.applicationId));
      return rows.map(toBot);
    },

    async setCommandsHash(application, hash) {
      await pool.write((db) =>
        db.update(bots).set({ commandsHash: hash, updatedAt: clock.now() }).where(eq(bots.applicationId, application)),
      );
    },
  };
}

function toBot(row: typeof bots.$inferSelect): BotRow {
  const { applicationId, updatedAt: _, ...bot } = row;
  return { application: applicationId as ApplicationId, ...bot };
}
