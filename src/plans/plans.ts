/**
 * Accounts and their plans: what a month may hold, which features a guild has. Rows in the database that the operator edits;
 * a process holds what it read for at most 30 s, and forgets it at once when `account-changed` says so.
 */
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { GuildId } from "../ids.ts";

/** Every server's to begin with; the operator may give it another name. */
export const FIRST_ACCOUNT = { id: "default", name: "This deployment" } as const;

export const FEATURES = ["discord", "live", "takeover", "escalation"] as const;
export type Feature = (typeof FEATURES)[number];

export type Plan = {
  readonly id: string;
  readonly name: string;
  readonly priceUsd: number;
  /** A month; null: no limit. */
  readonly messages: number | null;
  readonly features: readonly Feature[];
  readonly position: number;
};

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
  /** An IANA name: whose days and months are counted. */
  readonly timeZone: string;
  /** Whose dashboard joins guilds to it. */
  readonly owner: string | null;
  /** Where warnings go. */
  readonly mail: string | null;
};

export type Subscription = { readonly account: Account; readonly plan: Plan };

export type AccountsStore = {
  plans(): Promise<readonly Plan[]>;
  /** "conflict" where the row is no longer `over`; with null, where the id is taken. Without `over`, an existing row is overwritten. */
  savePlan(plan: Plan, over?: Plan | null): Promise<void>;
  /** False while an account has it, and for the default one. */
  removePlan(id: string): Promise<boolean>;
  /** By name. */
  list(limit: number, before?: string): Promise<readonly (Account & { readonly guilds: number })[]>;
  get(account: string): Promise<Subscription | null>;
  /** Of the guild, or of the default account where nobody knows it. */
  of(guild: GuildId): Promise<Subscription>;
  /** Makes or changes one; "not-found" for a plan that is not there; "conflict" as with plans. */
  save(account: Account, over?: Account | null): Promise<void>;
  /** False where there is no such guild or account. */
  move(guild: GuildId, account: string, by: string): Promise<boolean>;
  /** What this person may join guilds to. */
  owned(person: string): Promise<readonly Account[]>;
  guilds(
    account: string,
    among?: readonly GuildId[],
  ): Promise<readonly { readonly guild: GuildId; readonly name: string }[]>;
};

export type Plans = {
  of(guild: GuildId): Promise<Subscription>;
  features(guild: GuildId): Promise<ReadonlySet<Feature>>;
  close(): void;
};

const FRESH_MS = 30_000;
const GUILDS_MAX = 20_000;

export function createPlans(services: {
  readonly store: { readonly accounts: Pick<AccountsStore, "of"> };
  readonly bus: Bus;
  readonly clock: Clock;
}): Plans {
  const { store, bus, clock } = services;
  const held = new Map<GuildId, { readonly atMs: number; readonly read: Promise<Subscription> }>();
  const close = bus.subscribe((news) => {
    if (news.type === "account-changed") held.clear();
    if (news.type === "guild-changed") held.delete(news.guild);
  });

  async function of(guild: GuildId): Promise<Subscription> {
    const known = held.get(guild);
    if (known !== undefined && clock.now() - known.atMs < FRESH_MS) return await known.read;
    const read = store.accounts.of(guild);
    const entry = { atMs: clock.now(), read };
    held.delete(guild);
    held.set(guild, entry);
    for (const oldest of held.keys()) {
      if (held.size <= GUILDS_MAX) break;
      held.delete(oldest);
    }
    try {
      return await read;
    } catch (error) {
      if (held.get(guild) === entry) held.delete(guild);
      throw error;
    }
  }

  return { of, features: async (guild) => new Set((await of(guild)).plan.features), close };
}
