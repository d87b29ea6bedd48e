/** Accounts, plans, and each guild's account. */
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { accounts, audit, guilds, plans } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import {
  type Account,
  type AccountsStore,
  FEATURES,
  FIRST_ACCOUNT,
  type Plan,
  type Subscription,
} from "../../plans/plans.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";

/** A self-hoster's account and plan before the operator changes them. */
const DEFAULT_PLAN = "unlimited";
/** A person's accounts that a page offers. */
const OWNED_MAX = 50;
const UNASSIGNED: Subscription = {
  account: {
    ...FIRST_ACCOUNT,
    plan: DEFAULT_PLAN,
    timeZone: "UTC",
    owner: null,
    mail: null,
  },
  plan: { id: DEFAULT_PLAN, name: "Unlimited", priceUsd: 0, messages: null, features: FEATURES, position: 0 },
};

export function createAccounts(pool: Pool, clock: Clock): AccountsStore {
  return {
    async plans() {
      const rows = await pool.read((db) => db.select().from(plans).orderBy(asc(plans.position), asc(plans.id)));
      return rows.map(toPlan);
    },

    async savePlan(plan, over) {
      const { id, ...rest } = plan;
      const values = { ...rest, features: [...plan.features], updatedAt: clock.now() };
      await pool.transaction(async (db) => {
        await alone(db, `plan:${id}`);
        const [there] = await db.select().from(plans).where(eq(plans.id, id));
        refuseChanged(there === undefined ? null : toPlan(there), over, plan);
        await db
          .insert(plans)
          .values({ id, ...values })
          .onConflictDoUpdate({ target: plans.id, set: values });
      });
    },

    async removePlan(id) {
      if (id === DEFAULT_PLAN) return false;
      return await pool.transaction(async (db) => {
        // An account that is just given this plan waits here, and then does not find it.
        await db.select({ id: plans.id }).from(plans).where(eq(plans.id, id)).for("update");
        const [user] = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.plan, id)).limit(1);
        if (user !== undefined) return false;
        await db.delete(plans).where(eq(plans.id, id));
        return true;
      });
    },

    async list(limit, before) {
      const rows = await pool.read((db) =>
        db
          .select({
            account: accounts,
            guilds: sql<number>`(select count(*)::int from ${guilds} where ${guilds.accountId} = ${accounts.id} and ${guilds.leftAt} is null)`,
          })
          .from(accounts)
          .where(before === undefined ? undefined : gt(accounts.id, before))
          .orderBy(asc(accounts.id))
          .limit(limit),
      );
      return rows.map((row) => ({ ...toAccount(row.account), guilds: row.guilds }));
    },

    async get(account) {
      const [row] = await pool.read((db) =>
        db.select().from(accounts).innerJoin(plans, eq(plans.id, accounts.plan)).where(eq(accounts.id, account)),
      );
      if (row !== undefined) return toSubscription({ account: row.accounts, plan: row.plans });
      return account === FIRST_ACCOUNT.id ? UNASSIGNED : null;
    },

    async of(guild) {
      const [row] = await pool.read((db) =>
        db
          .select({ account: accounts, plan: plans })
          .from(guilds)
          .innerJoin(accounts, eq(accounts.id, guilds.accountId))
          .innerJoin(plans, eq(plans.id, accounts.plan))
          .where(eq(guilds.guildId, guild)),
      );
      if (row !== undefined) return toSubscription(row);
      // A direct message's guild, or one that speaks before it was recorded: usage needs a row to be written to.
      return (await this.get(FIRST_ACCOUNT.id)) ?? UNASSIGNED;
    },

    async save(account, over) {
      const { id, name, plan, timeZone, owner, mail } = account;
      const set = { name, plan, timeZone, ownerId: owner, mail };
      await pool.transaction(async (db) => {
        const [known] = await db.select({ id: plans.id }).from(plans).where(eq(plans.id, plan)).for("share");
        if (known === undefined)
          throw new AppError(
            "not-found",
            `There is no plan ${plan}: see "gatehouse account plans", or the page Accounts.`,
          );
        await alone(db, `account:${id}`);
        const [there] = await db.select().from(accounts).where(eq(accounts.id, id));
        refuseChanged(there === undefined ? null : toAccount(there), over, account);
        await db
          .insert(accounts)
          .values({ id, ...set, createdAt: clock.now() })
          .onConflictDoUpdate({ target: accounts.id, set });
      });
    },

    move(guild, account, by) {
      return pool.transaction(async (db, attempt) => {
        const [to] = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, account)).for("share");
        const [row] = await db
          .select({ account: guilds.accountId })
          .from(guilds)
          .where(eq(guilds.guildId, guild))
          .for("update");
        if (to === undefined || row === undefined) return false;
        if (row.account === account) return true;
        await db.update(guilds).set({ accountId: account }).where(eq(guilds.guildId, guild));
        await db
          .insert(audit)
          .values({
            ...{ guildId: guild, at: clock.now(), by, what: "account" },
            ...{ before: row.account, after: account, attempt },
          })
          .onConflictDoNothing();
        return true;
      });
    },

    async owned(person) {
      const rows = await pool.read((db) =>
        db.select().from(accounts).where(eq(accounts.ownerId, person)).orderBy(asc(accounts.name)).limit(OWNED_MAX),
      );
      return rows.map(toAccount);
    },

    async guilds(account, among) {
      const rows = await pool.read((db) =>
        db
          .select({ guild: guilds.guildId, name: guilds.name })
          .from(guilds)
          .where(
            and(eq(guilds.accountId, account), among === undefined ? undefined : inArray(guilds.guildId, [...among])),
          )
          .orderBy(asc(guilds.name), asc(guilds.guildId)),
      );
      return rows.map((row) => ({ guild: row.guild as GuildId, name: row.name }));
    },
  };
}

/** Until the transaction ends, nobody else writes what has this name, whether or not it is there yet. */
async function alone(db: Db, name: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** Our own write whose answer was lost is no change by another person. */
function refuseChanged<T extends { readonly id: string }>(there: T | null, over: T | null | undefined, mine: T): void {
  if (over === undefined || Bun.deepEquals(there, over) || Bun.deepEquals(there, mine)) return;
  throw new AppError("conflict", `somebody else changed ${mine.id}`);
}

export function toSubscription(row: {
  readonly account: typeof accounts.$inferSelect;
  readonly plan: typeof plans.$inferSelect;
}): Subscription {
  return { account: toAccount(row.account), plan: toPlan(row.plan) };
}

function toPlan(row: typeof plans.$inferSelect): Plan {
  const { id, name, priceUsd, messages, features, position } = row;
  return {
    ...{ id, name, priceUsd, messages, position },
    features: FEATURES.filter((feature) => features.includes(feature)),
  };
}

function toAccount(row: typeof accounts.$inferSelect): Account {
  const { id, name, plan, timeZone, ownerId, mail } = row;
  return { id, name, plan, timeZone, owner: ownerId, mail };
}
