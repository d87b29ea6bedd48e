/** Guilds' rows, their accounts' plans and their knowledge's versions, which a process reads again by age. */
import { eq } from "drizzle-orm";
import { accounts, guilds, knowledge, plans } from "../../../drizzle/schema.ts";
import type { Logger } from "../../logger.ts";
import type { StatesStore } from "../ports/states.ts";
import { toSubscription } from "./accounts.ts";
import { toGuildRow } from "./guilds.ts";
import { oneOf } from "./one-of.ts";
import type { Pool } from "./pool.ts";

export function createStates(pool: Pool, logger: Logger): StatesStore {
  return {
    async of(wanted) {
      const found = await pool.read((db) =>
        db
          .select({ guild: guilds, account: accounts, plan: plans, version: knowledge.version })
          .from(guilds)
          .innerJoin(accounts, eq(accounts.id, guilds.accountId))
          .leftJoin(plans, eq(plans.id, accounts.plan))
          .leftJoin(knowledge, eq(knowledge.guildId, guilds.guildId))
          .where(oneOf(guilds.guildId, wanted)),
      );
      return new Map(
        found.map(({ guild, account, plan, version }) => {
          const row = toGuildRow(guild, logger);
          const subscription = plan === null ? null : toSubscription({ account, plan });
          return [row.guild, { row, subscription, knowledge: version ?? 0 }];
        }),
      );
    },
  };
}
