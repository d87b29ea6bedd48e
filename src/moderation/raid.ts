/**
 * Raid mode: one text by many members within seconds slows down the channels it was written in, for a set time. The prefilter's
 * `raid` sign says that a text may be such a flood; here its members are counted within the admin's own limits. The raid's alert
 * holds what is to be restored and when, and is raised once a guild: so a job ends the raid in any process, after a restart too.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createRecent } from "../recent.ts";
import type { ModerationSettings } from "../settings/form.ts";
import type { AlertRow, RaidDetail } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { moderationWords } from "./words.ts";

/** One message that may belong to a flood. `text`: the hash of its folded text. */
export type FloodMessage = {
  readonly guild: GuildId;
  readonly channel: ChannelId;
  readonly message: MessageId;
  readonly author: UserId;
  readonly text: number;
  readonly atMs: number;
  /** The prefilter saw this text by several members. */
  readonly suspicious: boolean;
};

export type RaidPlace = {
  readonly discord: Discord;
  readonly settings: ModerationSettings;
  readonly language: "en" | "tr";
};

export type Raids = {
  /** Null: this message makes no raid. Otherwise settles when the raid has begun, or another process has it; never throws AppError. */
  note(message: FloodMessage, place: RaidPlace): Promise<void> | null;
};

const GUILDS_MAX = 2_000;
/** Of one guild; the oldest give way. */
const MESSAGES_MAX = 256;
const CHANNELS_MAX = 10;
const DAY_MS = 24 * 3_600_000;

export function createRaids(services: {
  readonly store: Pick<Store, "alerts">;
  readonly hot: Hot;
  readonly clock: Clock;
  readonly logger: Logger;
}): Raids {
  const { store, hot, clock, logger } = services;
  const floods = createRecent<GuildId, FloodMessage[]>(GUILDS_MAX);
  /** Until when this process need not try again. */
  const running = createRecent<string, number>(GUILDS_MAX);

  async function begin(flood: FloodMessage, members: number, channels: readonly ChannelId[], place: RaidPlace) {
    const { discord, settings } = place;
    const { guild } = flood;
    const { raid, live } = settings;
    const endsAtMs = clock.now() + raid.minutes * 60_000;
    if (!(await claimed(guild, live, flood.message, raid.minutes * 60_000))) return;
    const about = { members, endsAtMs, slowS: raid.slowS, dryRun: !live };
    if (!live) {
      const would = channels.map((id) => ({ id, before: 0 }));
      await store.alerts.raise(guild, { kind: "raid", detail: { ...about, channels: would }, untilMs: endsAtMs });
      return;
    }
    const found = await Promise.all(channels.map(async (id) => ({ id, before: await discord.channels.slowness(id) })));
    // Where members already wait longer, nothing is changed.
    const slowed = found.flatMap(({ id, before }) => (before !== null && before < raid.slowS ? [{ id, before }] : []));
    // What a dry run said is no raid that is held off.
    if ((await store.alerts.open(guild)).some((one) => one.kind === "raid" && raidOf(one)?.dryRun))
      await store.alerts.resolve(guild, "raid");
    // Written before anything happens: whoever ends the raid must know what was there before.
    const detail: RaidDetail = { ...about, channels: slowed };
    if (!(await store.alerts.raise(guild, { kind: "raid", detail, untilMs: null }))) return;
    const reason = moderationWords(place.language).raidBegins(members, raid.minutes);
    const done = await Promise.allSettled(slowed.map(({ id }) => discord.channels.slow(id, raid.slowS, reason)));
    const failures = done.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    for (const error of failures) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, error }, "channel-not-slowed");
    }
    logger.info({ guild, members, channels: slowed.length - failures.length }, "raid-began");
    if (!failures.some((error) => error instanceof AppError && error.kind === "forbidden")) return;
    await store.alerts.raise(guild, {
      kind: "missing-permission",
      detail: { action: "slow", message: flood.message },
      untilMs: clock.now() + DAY_MS,
    });
    // Nothing holds this raid off, so nobody may be told that something does.
    if (failures.length === slowed.length) await store.alerts.resolve(guild, "raid");
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

  return {
    note(message, place) {
      const { raid, live } = place.settings;
      const key = `${message.guild}:${live}`;
      if (!raid.on || clock.now() < (running.get(key) ?? 0)) return null;
      const sinceMs = message.atMs - raid.windowS * 1_000;
      const before = floods.get(message.guild) ?? [];
      const now = [...before, message].filter(({ atMs }) => atMs > sinceMs).slice(-MESSAGES_MAX);
      floods.set(message.guild, now);
      if (!message.suspicious) return null;
      const same = now.filter(({ text }) => text === message.text);
      const members = new Set(same.map(({ author }) => author)).size;
      if (members < raid.membersMin) return null;
      running.set(key, clock.now() + raid.minutes * 60_000);
      floods.delete(message.guild);
      const channels = [...new Set(same.map(({ channel }) => channel).reverse())].slice(0, CHANNELS_MAX);
      return begin(message, members, channels, place).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
        running.delete(key);
        logger.warn({ guild: message.guild, error }, "raid-not-begun");
      });
    },
  };
}

/** What a raid's alert holds; null for one that was not written here. */
export function raidOf({ kind, detail }: Pick<AlertRow, "kind" | "detail">): RaidDetail | null {
  return kind === "raid" && Array.isArray(detail.channels) ? (detail as RaidDetail) : null;
}

export type RaidEnds = {
  /** Ends the raids whose time is over; says how many. */
  due(): Promise<number>;
  /** A person ends it now. False: Discord did not let the slow mode be taken back, so the raid goes on. */
  now(guild: GuildId): Promise<boolean>;
};

/** After so long past its end nobody tries any more to take the slow mode back: Discord does not let the bot. */
const TRIES_MS = DAY_MS;

export function createRaidEnds(services: {
  readonly store: Pick<Store, "alerts" | "guilds">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discord: (application: ApplicationId) => Discord;
}): RaidEnds {
  const { store, clock, logger } = services;

  async function end(guild: GuildId, { channels, slowS, dryRun, endsAtMs }: RaidDetail): Promise<boolean> {
    const row = await store.guilds.get(guild);
    if (!dryRun && row !== null && row.leftAtMs === null) {
      const discord = services.discord(row.application);
      const reason = moderationWords(row.settings.language).raidEnds;
      for (const { id, before } of channels) {
        try {
          // A moderator who set another slow mode meanwhile keeps it.
          if ((await discord.channels.slowness(id)) === slowS) await discord.channels.slow(id, before, reason);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          logger.warn({ guild, channel: id, error }, "raid-not-ended");
          if (error.kind !== "not-found" && clock.now() < endsAtMs + TRIES_MS) return false;
        }
      }
    }
    await store.alerts.resolve(guild, "raid");
    logger.info({ guild }, "raid-ended");
    return true;
  }

  return {
    async due() {
      let ended = 0;
      for (const { guild, ...alert } of await store.alerts.ofKind("raid")) {
        const raid = raidOf(alert);
        if (raid === null || raid.endsAtMs > clock.now()) continue;
        if (await end(guild, raid)) ended++;
      }
      return ended;
    },
    async now(guild) {
      const alert = (await store.alerts.open(guild)).find(({ kind }) => kind === "raid");
      const raid = alert === undefined ? null : raidOf(alert);
      if (raid !== null) return await end(guild, raid);
      await store.alerts.resolve(guild, "raid");
      return true;
    },
  };
}
