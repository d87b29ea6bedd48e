/**
 * Accounts and their plans: what a month may hold, which features a guild has. Rows in the database that the operator edits;
 * a process holds what was read for at most 30 s, and forgets it at once when `account-changed` says so. Where a guild's settings are held
 * (settings/held.ts) it is read together with them.
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
  /** It is being read with something else: who finds none that is fresh waits for it. Null: it has to be asked for all the same. May reject. */
  come(guild: GuildId, read: Promise<Subscription | null>): void;
  close(): void;
};

type Held = { readonly atMs: number; readonly read: Promise<Subscription> };

const FRESH_MS = 30_000;
const GUILDS_MAX = 20_000;

export function createPlans(services: {
  readonly store: { readonly accounts: Pick<AccountsStore, "of"> };
  readonly bus: Bus;
  readonly clock: Clock;
}): Plans {
  const { store, bus, clock } = services;
  const held = new Map<GuildId, Held>();
  const close = bus.subscribe((news) => {
    if (news.type === "account-changed") held.clear();
    if (news.type === "guild-changed") held.delete(news.guild);
  });

  function fresh(guild: GuildId): Held | null {
    const known = held.get(guild);
    return known !== undefined && clock.now() - known.atMs < FRESH_MS ? known : null;
  }

  function of(guild: GuildId): Promise<Subscription> {
    return (fresh(guild) ?? hold(guild, store.accounts.of(guild))).read;
  }

  function hold(guild: GuildId, read: Promise<Subscription>): Held {
    const entry = { atMs: clock.now(), read };
    read.catch(() => {
      if (held.get(guild) === entry) held.delete(guild);
    });
    held.delete(guild);
    held.set(guild, entry);
    for (const oldest of held.keys()) {
      if (held.size <= GUILDS_MAX) break;
      held.delete(oldest);
    }
    return entry;
  }

  async function orAsked(guild: GuildId, read: Promise<Subscription | null>): Promise<Subscription> {
    return (await read) ?? (await store.accounts.of(guild));
  }

  /** Serves until the next one has come; news that come before it make it old. */
  async function replace(guild: GuildId, known: Held, read: Promise<Subscription | null>): Promise<void> {
    const next = await read.catch(() => null);
    if (next !== null && held.get(guild) === known) hold(guild, Promise.resolve(next));
  }

  return {
    of,
    features: async (guild) => new Set((await of(guild)).plan.features),
    come(guild, read) {
      const known = fresh(guild);
      if (known === null) hold(guild, orAsked(guild, read));
      else void replace(guild, known, read);
    },
    close,
  };
}
