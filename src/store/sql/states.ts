/** A guild's row, its account's plan and its knowledge's version, which a process reads again by age. */
import { eq, inArray } from "drizzle-orm";
import { accounts, guilds, knowledge, plans } from "../../../drizzle/schema.ts";
import type { Logger } from "../../logger.ts";
import type { StatesStore } from "../ports/states.ts";
import { toSubscription } from "./accounts.ts";
import { toGuildRow } from "./guilds.ts";
import type { Pool } from "./pool.ts";

export function createStates(pool: Pool, logger: Logger): StatesStore {
  return {
    async of(guild) {
      const [found] = await pool.read((db) =>
        db
          .select({ guild: guilds, account: accounts, plan: plans, version: knowledge.version })
          .from(guilds)
          .innerJoin(accounts, eq(accounts.id, guilds.accountId))
          .leftJoin(plans, eq(plans.id, accounts.plan))
          .leftJoin(knowledge, eq(knowledge.guildId, guilds.guildId))
          .where(eq(guilds.guildId, guild)),
      );
      if (found === undefined) return null;
      const { account, plan, version } = found;
      return {
        row: toGuildRow(found.guild, logger),
        subscription: plan === null ? null : toSubscription({ account, plan }),
        knowledge: version ?? 0,
      };
    },

    async rows(wanted) {
      const found = await pool.read((db) =>
        db
          .select()
          .from(guilds)
          .where(inArray(guilds.guildId, [...wanted])),
      );
      return found.map((row) => toGuildRow(row, logger));
    },
  };
}
