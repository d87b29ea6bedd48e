/**
 * An account's messages of the month: reserved before the call, counted with what it led to, given back where it led to nothing.
 *
 *   admit ── granted ──▶ (model call, send) ──▶ the exchange is recorded (counts, ends the reservation) | release
 *
 * Algorithm: PostgreSQL is the arbiter (store/sql/quota.ts: under the account's lock, what was used plus what is being made
 * never passes the limit). The counter in `hot` stands before it, so that an account without a message left costs the
 * database nothing: it is asked first, with the request's id, and believed only where it refuses and the database refused
 * within the last second as well. Lost, flushed or behind, it is put right by the next answer of the database; so losing
 * Redis costs speed, never a message. Without a limit nothing is counted beforehand.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type BudgetSpent, type Hot, hotKey } from "../hot.ts";
import type { ChannelId, GuildId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createReads } from "../reads.ts";
import { createRecent } from "../recent.ts";
import type { UsageEntry, UsageKind, UsageStore } from "../store/ports/usage.ts";
import { dayIn, type Month, monthIn } from "../time-zone.ts";
import type { Plans, Subscription } from "./plans.ts";

export type QuotaStore = {
  /** Takes `count`, if with all that is used or being made the limit is kept. The same request gets the same again. */
  reserve(
    guild: GuildId,
    wanted: {
      readonly request: string;
      readonly account: string;
      readonly kind: UsageKind;
      readonly count: number;
      readonly limit: number;
      /** How much of the limit this guild may use for this kind; null: all of it. */
      readonly kindLimit: number | null;
      readonly month: Pick<Month, "from" | "until">;
      readonly ttlMs: number;
    },
  ): Promise<
    | { readonly granted: true; readonly used: number }
    | { readonly granted: false; readonly used: number; readonly full: "month" | "kind" }
  >;
  /** Gives back what was not recorded; how much that was. */
  release(request: string): Promise<number>;
  /** Counts what no exchange records, once a request; false when it was counted before. */
  commit(
    guild: GuildId,
    reserved: { readonly request: string; readonly account: string },
    entry: UsageEntry,
  ): Promise<boolean>;
  /** Used or being made. */
  used(account: string, month: Pick<Month, "from" | "until">): Promise<number>;
  /** True for the first to say so. */
  warn(account: string, month: string, percent: number): Promise<boolean>;
  warnings(account: string, month: string): Promise<readonly { readonly percent: number; readonly atMs: number }[]>;
};

/** A guild's own limits beside the plan's. */
export type SoftLimits = {
  readonly memberHour: number;
  readonly channelMinute: number;
  /** Percent of the month that moderation may use. */
  readonly moderationShare: number;
  /** Null: none. */
  readonly costDayUsd: number | null;
};

export type Wish = {
  /** The trigger of the exchange that will record it. */
  readonly request: string;
  readonly kind: UsageKind;
  /** Default 1; a batch of verdicts asks for as many as it has. */
  readonly count?: number;
  readonly limits: SoftLimits;
  /** Of an answer: who asked and where. */
  readonly channel?: ChannelId;
  readonly member?: UserId;
  readonly contact?: UsageEntry["contact"];
};

export type RefusedReason =
  | "quota"
  | "moderation-share"
  | "plan-without-discord"
  | "member-limit"
  | "channel-limit"
  | "cost-limit";

export type Admission =
  | { readonly admitted: true; readonly account: string }
  /** `say`: nobody was told yet, in this channel today (or of a member's own limit, this hour). */
  | { readonly admitted: false; readonly reason: RefusedReason; readonly say: boolean };

export type QuotaWarning = {
  readonly subscription: Subscription;
  readonly guild: GuildId;
  readonly percent: number;
  readonly used: number;
  readonly limit: number;
  readonly month: Month;
};

export type Quota = {
  admit(guild: GuildId, wish: Wish): Promise<Admission>;
  /** Nothing was made of what was admitted. Where it cannot be said now, it comes back by itself. */
  release(guild: GuildId, wish: Wish): Promise<void>;
  /** Counts what has no exchange (a batch of verdicts, a post), once a request; `entry.count` less than reserved gives the rest back. */
  commit(guild: GuildId, request: string, entry: UsageEntry): Promise<void>;
};

const WARN_PERCENTS = [80, 95, 100] as const;

/** Longer than anything takes that is still sent: waiting for the store ends after 10 minutes. */
const RESERVED_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** So long a refusal of the database is believed without asking again. */
const REFUSED_MS = 1_000;
/** A guild's cost of the day is looked at so often. */
const COST_MS = 15_000;
const ACCOUNTS_MAX = 10_000;
const ANYTHING = Number.MAX_SAFE_INTEGER;

export function createQuota(services: {
  readonly store: { readonly quota: QuotaStore; readonly usage: Pick<UsageStore, "costOn"> };
  readonly hot: Hot;
  readonly plans: Pick<Plans, "of">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told once a month and level, by whichever process came first. */
  readonly warn?: (warning: QuotaWarning) => Promise<void>;
}): Quota {
  const { store, hot, plans, clock, logger, warn } = services;
  /** What the database said last, by account and month. */
  const last = createRecent<string, { total: number; refusedAtMs: number; warned: number }>(ACCOUNTS_MAX);
  const costs = createRecent<string, { usd: number; atMs: number }>(ACCOUNTS_MAX);
  const costReads = createReads<string, number>();

  /** The counter, if it answers; it is never what decides alone. */
  async function mirror(
    key: string,
    request: string,
    amount: number,
    limit: number,
    base: number,
    ttlMs = 40 * DAY_MS,
  ): Promise<BudgetSpent | null> {
    try {
      return await hot.spend(key, request, amount, limit, ttlMs, base);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ reason: error.kind }, "quota-counter-away");
      return null;
    }
  }

  async function count(guild: GuildId, wish: Wish, of: Subscription, limit: number): Promise<RefusedReason | null> {
    const { account } = of;
    const month = monthIn(clock.now(), account.timeZone);
    const wanted = wish.count ?? 1;
    const key = counterKey(account.id, month);
    const known = last.get(key) ?? { total: 0, refusedAtMs: Number.NEGATIVE_INFINITY, warned: 0 };
    last.set(key, known);
    const seen = await mirror(key, wish.request, wanted, limit, known.total);
    if (seen?.granted === false && clock.now() - known.refusedAtMs < REFUSED_MS) return "quota";

    const kindLimit =
      wish.kind === "moderation" ? Math.floor((limit * Math.min(100, wish.limits.moderationShare)) / 100) : null;
    const { request, kind } = wish;
    const answer = await store.quota.reserve(guild, {
      ...{ request, account: account.id, kind, count: wanted, limit, kindLimit, month, ttlMs: RESERVED_MS },
    });
    known.total = answer.used;
    const full = !answer.granted && answer.full === "month";
    known.refusedAtMs = full ? clock.now() : Number.NEGATIVE_INFINITY;
    // The counter lost what was counted before it was flushed, or kept what was given back.
    const behind = full && seen?.granted === true;
    const ahead = answer.granted && seen?.granted === false;
    if (seen !== null && (behind || ahead)) {
      await mirror(key, clock.id(), answer.used - seen.total, ANYTHING, answer.used);
    }
    if (answer.granted) {
      void warnOf(guild, of, answer.used, limit, month, known);
      return null;
    }
    return answer.full === "kind" ? "moderation-share" : "quota";
  }

  async function warnOf(
    guild: GuildId,
    subscription: Subscription,
    used: number,
    limit: number,
    month: Month,
    known: { warned: number },
  ): Promise<void> {
    const percent = WARN_PERCENTS.findLast((level) => used * 100 >= limit * level) ?? 0;
    if (percent <= known.warned) return;
    known.warned = percent;
    try {
      if (!(await store.quota.warn(subscription.account.id, month.name, percent))) return;
      logger.warn({ account: subscription.account.id, percent, used, limit }, "quota-warning");
      await warn?.({ subscription, guild, percent, used, limit, month });
    } catch (error) {
      known.warned = 0;
      logger.warn({ error }, "quota-warning-failed");
    }
  }

  /** A guild's own limits. They are courtesy, not money: where hot state is away they are not kept. */
  async function soft(guild: GuildId, wish: Wish, timeZone: string): Promise<RefusedReason | null> {
    const { limits, request } = wish;
    if (limits.costDayUsd !== null && (await costToday(guild, timeZone)) >= limits.costDayUsd) return "cost-limit";
    for (const [key, ttlMs, limit, reason] of softKeys(guild, wish, clock.now())) {
      const spent = await mirror(key, request, 1, limit, 0, ttlMs);
      if (spent?.granted === false) return reason;
    }
    return null;
  }

  async function costToday(guild: GuildId, timeZone: string): Promise<number> {
    const day = dayIn(clock.now(), timeZone);
    const key = `${guild}:${day}`;
    const known = costs.get(key);
    if (known !== undefined && clock.now() - known.atMs < COST_MS) return known.usd;
    const usd = await costReads.once(key, () => store.usage.costOn(guild, day));
    costs.set(key, { usd, atMs: clock.now() });
    return usd;
  }

  async function refused(guild: GuildId, wish: Wish, reason: RefusedReason, timeZone: string): Promise<Admission> {
    return {
      admitted: false,
      reason,
      say: wish.kind === "answer" && (await firstToSay(guild, wish, reason, timeZone)),
    };
  }

  /** Where nobody can tell whether it was said, it is not said: a channel full of notices is worse than none. */
  async function firstToSay(guild: GuildId, wish: Wish, reason: RefusedReason, timeZone: string): Promise<boolean> {
    const { channel = "none", member = "none", request } = wish;
    const now = clock.now();
    const [whose, when, ttlMs] =
      reason === "member-limit"
        ? ([member, String(Math.floor(now / HOUR_MS)), HOUR_MS] as const)
        : reason === "channel-limit"
          ? ([channel, String(Math.floor(now / HOUR_MS)), HOUR_MS] as const)
          : ([channel, dayIn(now, timeZone), DAY_MS] as const);
    try {
      return await hot.claim(hotKey(guild, "notice", reason, whose, when), request, ttlMs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return false;
    }
  }

  return {
    async admit(guild, wish) {
      const of = await plans.of(guild);
      const { timeZone } = of.account;
      const inDiscord = (wish.contact ?? "discord") === "discord";
      if (inDiscord && !of.plan.features.includes("discord")) {
        return await refused(guild, wish, "plan-without-discord", timeZone);
      }
      const limited = await soft(guild, wish, timeZone);
      if (limited !== null) return await refused(guild, wish, limited, timeZone);
      const limit = of.plan.messages;
      const full = limit === null ? null : await count(guild, wish, of, limit);
      if (full !== null) return await refused(guild, wish, full, timeZone);
      return { admitted: true, account: of.account.id };
    },

    async release(guild, wish) {
      const { request } = wish;
      for (const [key, ttlMs] of softKeys(guild, wish, clock.now()))
        await mirror(key, `${request}:back`, -1, ANYTHING, 1, ttlMs);
      try {
        const { account, plan } = await plans.of(guild);
        if (plan.messages === null) return;
        const given = await store.quota.release(request);
        if (given === 0) return;
        const key = counterKey(account.id, monthIn(clock.now(), account.timeZone));
        const known = last.get(key);
        if (known !== undefined) known.refusedAtMs = Number.NEGATIVE_INFINITY;
        await mirror(key, `${request}:back`, -given, ANYTHING, known?.total ?? 0);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        logger.warn({ guild, request, reason: error.kind }, "quota-not-released");
      }
    },

    async commit(guild, request, entry) {
      const { account } = await plans.of(guild);
      await store.quota.commit(guild, { request, account: account.id }, entry);
    },
  };
}

function softKeys(guild: GuildId, { kind, limits, member, channel }: Wish, nowMs: number) {
  const keys: (readonly [string, number, number, "member-limit" | "channel-limit"])[] = [];
  if (kind !== "answer") return keys;
  if (member !== undefined) {
    const key = hotKey(guild, "soft", "member", member, String(Math.floor(nowMs / HOUR_MS)));
    keys.push([key, HOUR_MS, limits.memberHour, "member-limit"]);
  }
  if (channel !== undefined) {
    const key = hotKey(guild, "soft", "channel", channel, String(Math.floor(nowMs / MINUTE_MS)));
    keys.push([key, MINUTE_MS, limits.channelMinute, "channel-limit"]);
  }
  return keys;
}

function counterKey(account: string, month: Month): string {
  return hotKey("global", "quota", account, month.name);
}
