/**
 * Raid mode: one text by many members, or many joins, within seconds is held off for a set time: channels go into slow mode,
 * newcomers are timed out, whichever the admin switched on. The prefilter's `raid` sign says that a text may be such a flood; here
 * its members, and joins, are counted within the admin's own limits. The raid's alert holds what is to be restored and when, and
 * is raised once a guild: so a job ends the raid in any process, after a restart too (moderation/raid-end.ts). A time-out ends at
 * Discord by itself; each is a case.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { ChannelId, GuildId, MessageId, RoleId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { channelPermissions, missingPermissions } from "../permissions.ts";
import { createRecent } from "../recent.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { AlertRow, RaidDetail } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { moderationWords } from "./words.ts";

/** One message that may belong to a flood. `text`: the hash of its folded text. */
export type FloodMessage = {
  readonly guild: GuildId;
  readonly channel: ChannelId;
  readonly message: MessageId;
  readonly author: Newcomer;
  readonly text: number;
  readonly atMs: number;
  /** The prefilter saw this text by several members. */
  readonly suspicious: boolean;
};

export type Newcomer = {
  readonly id: UserId;
  readonly name: string;
  readonly roles: readonly RoleId[];
  /** Null: Discord did not say. */
  readonly joinedAtMs: number | null;
};

export type RaidPlace = { readonly discord: Discord; readonly row: GuildRow; readonly self: UserId };

export type Raids = {
  /** Null: this message makes no raid. Otherwise settles when the raid has begun, or another process has it; never throws AppError. */
  note(message: FloodMessage, place: RaidPlace): Promise<void> | null;
  /** The same for a member who joined. */
  joined(guild: GuildId, newcomer: Newcomer, place: RaidPlace): Promise<void> | null;
};

/** Holds off one newcomer of a raid: a case, made once. */
export type TimeOut = (newcomer: Newcomer, raid: RaidDetail, place: RaidPlace) => Promise<void>;

const GUILDS_MAX = 2_000;
/** Of one guild; the oldest give way. */
const MESSAGES_MAX = 256;
const JOINS_MAX = 256;
const CHANNELS_MAX = 10;
/** So long ago at most somebody joined who is timed out for taking part in a flood. */
const NEW_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** A raid that a person ends is over for newcomers within this. */
const LOOK_MS = 3_000;
const TEXT_TYPES = [0, 5];
/** Errors of calls that Discord may have carried out all the same. */
const UNSURE: ReadonlySet<ErrorKind> = new Set(["timeout", "unavailable", "unknown-outcome"]);
const NOBODY = "0" as UserId;

type Cause = Pick<RaidDetail, "cause" | "members" | "seconds">;

export function createRaids(services: {
  readonly store: Pick<Store, "alerts">;
  readonly hot: Hot;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeOut: TimeOut;
  /** The moderators hear of it, once a raid. */
  readonly tell: (raid: RaidDetail, place: RaidPlace) => Promise<void>;
}): Raids {
  const { store, hot, clock, logger, timeOut, tell } = services;
  const floods = createRecent<GuildId, readonly FloodMessage[]>(GUILDS_MAX);
  const joins = createRecent<GuildId, readonly Newcomer[]>(GUILDS_MAX);
  /** Until when this process need not try again to begin one. */
  const running = createRecent<string, number>(GUILDS_MAX);
  /** Raids that are being begun: members who join meanwhile belong to them. */
  const beginnings = new Map<string, Promise<void>>();
  const looks = createRecent<GuildId, { readonly atMs: number; readonly raid: Promise<RaidDetail | null> }>(GUILDS_MAX);

  async function begin(
    cause: Cause,
    owner: string,
    channels: () => Promise<readonly ChannelId[]>,
    newcomers: readonly Newcomer[],
    place: RaidPlace,
  ): Promise<void> {
    const { guild } = place.row;
    const { raid } = place.row.settings.moderation;
    const live = isLive(place);
    const beganAtMs = clock.now();
    const endsAtMs = beganAtMs + raid.minutes * 60_000;
    if (!(await claimed(guild, live, owner, endsAtMs - beganAtMs))) return;
    const places = raid.slow ? await channels() : [];
    const about = { ...cause, beganAtMs, endsAtMs, slowS: raid.slowS, timesOut: raid.timeout, dryRun: !live };
    const detail: RaidDetail = { ...about, channels: await slowable(places, place) };
    // A dry run's alert is no raid that is held off.
    if (live && (await store.alerts.open(guild)).some((one) => one.kind === "raid" && raidOf(one)?.dryRun))
      await store.alerts.resolve(guild, "raid");
    // Written before anything happens: the process that ends the raid must know the earlier slow modes.
    if (!(await store.alerts.raise(guild, { kind: "raid", detail, untilMs: live ? null : endsAtMs }))) return;
    looks.set(guild, { atMs: clock.now(), raid: Promise.resolve(detail) });
    const held = live ? { ...detail, channels: await slow(detail, place, owner) } : detail;
    // Nothing holds this raid off, so nobody may be told that something does.
    if (live && detail.channels.length > 0 && held.channels.length === 0 && !raid.timeout) {
      looks.delete(guild);
      await store.alerts.resolve(guild, "raid");
      return;
    }
    if (held.channels.length < detail.channels.length) await store.alerts.revise(guild, "raid", held);
    logger.info({ guild, cause: cause.cause, members: cause.members, dryRun: !live }, "raid-began");
    // Moderators hear of it first: the members are many, and Discord takes about one time-out a second.
    await tell(held, place);
    if (raid.timeout) await Promise.all(newcomers.map((one) => timeOut(one, held, place)));
  }

  /** With what was there before; where members already wait longer, nothing is changed. */
  async function slowable(
    channels: readonly ChannelId[],
    { discord, row }: RaidPlace,
  ): Promise<RaidDetail["channels"]> {
    const { slowS } = row.settings.moderation.raid;
    const look = async (id: ChannelId) => {
      try {
        return { id, before: await discord.channels.slowness(id) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // The bot cannot slow a channel that it may not view; the other channels are slowed all the same.
        logger.warn({ guild: row.guild, channel: id, error }, "channel-not-read");
        return { id, before: null };
      }
    };
    const found = await Promise.all(channels.map(look));
    return found.flatMap(({ id, before }) => (before !== null && before < slowS ? [{ id, before }] : []));
  }

  /** The channels that Discord did not refuse: one whose call got no answer may be slow now, and must go back with the others. */
  async function slow(detail: RaidDetail, { discord, row }: RaidPlace, owner: string): Promise<RaidDetail["channels"]> {
    const { channels, slowS } = detail;
    const { guild, settings } = row;
    const { minutes } = settings.moderation.raid;
    const reason = moderationWords(settings.language).raidBegins(detail.cause, detail.members, minutes);
    const done = await Promise.allSettled(channels.map(({ id }) => discord.channels.slow(id, slowS, reason)));
    const failures = done.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    for (const error of failures) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, error }, "channel-not-slowed");
    }
    if (failures.some((error) => error instanceof AppError && error.kind === "forbidden"))
      await store.alerts.raise(guild, {
        kind: "missing-permission",
        detail: { action: "slow", message: owner },
        untilMs: clock.now() + DAY_MS,
      });
    return channels.filter((_, index) => {
      const one = done[index];
      return one?.status === "fulfilled" || (one?.reason instanceof AppError && UNSURE.has(one.reason.kind));
    });
  }

  /** The alert alone makes it once; the claim keeps a flood from the store. While hot state is away, the alert decides. */
  async function claimed(guild: GuildId, live: boolean, owner: string, ttlMs: number): Promise<boolean> {
    try {
      return await hot.claim(hotKey(guild, "moderation", "raid", live ? "act" : "dry"), owner, ttlMs);
    } catch (error) {
      if (error instanceof AppError) return true;
      throw error;
    }
  }

  /** The raid that is held off now, whichever process began it; at most 3 s old. */
  async function current(place: RaidPlace): Promise<RaidDetail | null> {
    const { guild } = place.row;
    const before = looks.get(guild);
    const young = before !== undefined && clock.now() - before.atMs < LOOK_MS;
    const found = young ? before.raid : store.alerts.open(guild).then(openRaid);
    if (!young) {
      looks.set(guild, { atMs: clock.now(), raid: found });
      found.catch(() => looks.delete(guild));
    }
    const raid = await found;
    return raid !== null && raid.endsAtMs > clock.now() && raid.dryRun === !isLive(place) ? raid : null;
  }

  /** A newcomer while a raid is held off goes the way of those before. */
  async function follow(newcomer: Newcomer, place: RaidPlace): Promise<void> {
    await beginnings.get(keyOf(place));
    const raid = await current(place);
    if (raid?.timesOut) await timeOut(newcomer, raid, place);
  }

  function beginOnce(...by: Parameters<typeof begin>): Promise<void> {
    const place = by[4];
    const begun = quietly(begin(...by), place).finally(() => beginnings.delete(keyOf(place)));
    beginnings.set(keyOf(place), begun);
    return begun;
  }

  /** Whether this process began one lately; the raid itself may be another process's. */
  function isRunning({ row }: Pick<RaidPlace, "row">, live: boolean): boolean {
    return clock.now() < (running.get(`${row.guild}:${live}`) ?? 0);
  }

  function quietly(work: Promise<void>, { row }: RaidPlace): Promise<void> {
    return work.catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      running.delete(keyOf({ row }));
      logger.warn({ guild: row.guild, error }, "raid-not-begun");
    });
  }

  return {
    note(message, place) {
      const { raid } = place.row.settings.moderation;
      const live = isLive(place);
      if (!raid.on || !raid.floods) return null;
      const takesPart = raid.timeout && message.suspicious && isNew(message.author, message.atMs);
      if (isRunning(place, live)) return takesPart ? quietly(follow(message.author, place), place) : null;
      const sinceMs = message.atMs - raid.windowS * 1_000;
      const before = floods.get(message.guild) ?? [];
      const now = [...before, message].filter(({ atMs }) => atMs > sinceMs).slice(-MESSAGES_MAX);
      floods.set(message.guild, now);
      if (!message.suspicious) return null;
      const same = now.filter(({ text }) => text === message.text);
      const members = new Map(same.map(({ author }) => [author.id, author]));
      if (members.size < raid.membersMin) return null;
      running.set(keyOf(place), clock.now() + raid.minutes * 60_000);
      floods.delete(message.guild);
      const channels = [...new Set(same.map(({ channel }) => channel).reverse())].slice(0, CHANNELS_MAX);
      const cause: Cause = { cause: "flood", members: members.size, seconds: raid.windowS };
      const newcomers = [...members.values()].filter((one) => isNew(one, message.atMs));
      return beginOnce(cause, message.message, async () => channels, newcomers, place);
    },

    joined(guild, newcomer, place) {
      const { raid } = place.row.settings.moderation;
      const live = isLive(place);
      if (!raid.on || !(raid.joins || raid.timeout)) return null;
      if (!raid.joins || isRunning(place, live)) return raid.timeout ? quietly(follow(newcomer, place), place) : null;
      const atMs = newcomer.joinedAtMs ?? clock.now();
      const before = joins.get(guild) ?? [];
      const now = [...before.filter(({ id }) => id !== newcomer.id), { ...newcomer, joinedAtMs: atMs }]
        .filter(({ joinedAtMs }) => (joinedAtMs ?? 0) > atMs - raid.joinsWindowS * 1_000)
        .slice(-JOINS_MAX);
      joins.set(guild, now);
      if (now.length < raid.joinsMin) return raid.timeout ? quietly(follow(newcomer, place), place) : null;
      running.set(keyOf(place), clock.now() + raid.minutes * 60_000);
      joins.delete(guild);
      const cause: Cause = { cause: "joins", members: now.length, seconds: raid.joinsWindowS };
      return beginOnce(cause, newcomer.id, () => openToAll(place), now, place);
    },
  };
}

function keyOf(place: Pick<RaidPlace, "row">): string {
  return `${place.row.guild}:${isLive(place)}`;
}

function isLive({ row }: Pick<RaidPlace, "row">): boolean {
  const { live, raid } = row.settings.moderation;
  return live && raid.live;
}

function isNew({ joinedAtMs }: Newcomer, nowMs: number): boolean {
  return joinedAtMs !== null && nowMs - joinedAtMs < NEW_MS;
}

/** Where somebody who has just joined may write: the first channels of the server. */
async function openToAll({ discord, row }: RaidPlace): Promise<readonly ChannelId[]> {
  const { guild } = row;
  const [view, channels] = await Promise.all([discord.directory.guild(guild), discord.directory.channels(guild)]);
  if (view === null) return [];
  const facts = { guild, ownerId: view.ownerId, roles: new Map(view.roles.map((role) => [role.id, role])) };
  const open = channels.filter(({ type, overwrites }) => {
    const bits = channelPermissions(facts, { id: NOBODY, roles: [] }, overwrites);
    return TEXT_TYPES.includes(type) && missingPermissions(bits, ["viewChannel", "sendMessages"]).length === 0;
  });
  return open.slice(0, CHANNELS_MAX).map(({ id }) => id);
}

function openRaid(alerts: readonly AlertRow[]): RaidDetail | null {
  const alert = alerts.find(({ kind }) => kind === "raid");
  return alert === undefined ? null : raidOf(alert);
}

/** The detail of a raid's alert; null for another alert. */
export function raidOf({ kind, detail }: Pick<AlertRow, "kind" | "detail">): RaidDetail | null {
  return kind === "raid" && Array.isArray(detail.channels) ? (detail as RaidDetail) : null;
}
