/**
 * Whose knowledge a direct message is about: the guild where its author last spoke with the bot, as long as they are still a
 * member of it, or the only guild there is. Null where that cannot be told: then the bot asks to be asked there.
 */
import type { Clock } from "./clock.ts";
import type { Discord } from "./discord.ts";
import { AppError } from "./errors.ts";
import type { ApplicationId, GuildId, UserId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import { createReads } from "./reads.ts";
import { createRecent } from "./recent.ts";
import type { Settings } from "./settings/held.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { Store } from "./store.ts";

/** Membership is asked of Discord, and believed for so long. */
const MEMBER_MS = 10 * 60_000;
const MEMBERS_MAX = 5_000;

export type Home = { find(application: ApplicationId, member: UserId): Promise<GuildRow | null> };

export function createHome(services: {
  readonly store: Pick<Store, "conversations" | "guilds">;
  readonly settings: Settings;
  readonly discord: (application: ApplicationId) => Discord;
  readonly clock: Clock;
  readonly logger: Logger;
}): Home {
  const { store, settings, discord, clock, logger } = services;
  const members = createRecent<string, { readonly is: boolean; readonly atMs: number }>(MEMBERS_MAX);
  const reads = createReads<string, GuildRow | null>();

  async function isMember(application: ApplicationId, guild: GuildId, member: UserId): Promise<boolean> {
    const key = `${application}:${guild}:${member}`;
    const known = members.get(key);
    if (known !== undefined && clock.now() - known.atMs < MEMBER_MS) return known.is;
    const is = await asked(application, guild, member);
    members.set(key, { is, atMs: clock.now() });
    return is;
  }

  /** They spoke there with the bot: only a clear "no such member" takes it away. */
  async function asked(application: ApplicationId, guild: GuildId, member: UserId): Promise<boolean> {
    try {
      return (await discord(application).members.get(guild, member)) !== null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ guild, reason: error.kind }, "membership-unknown");
      return true;
    }
  }

  async function read(application: ApplicationId, member: UserId): Promise<GuildRow | null> {
    const last = await store.conversations.homeOf(application, member);
    const row = last === null ? null : await settings.load(last);
    if (row?.application === application && row.leftAtMs === null && (await isMember(application, row.guild, member)))
      return row;
    const guilds = (await store.guilds.list(application)).filter((guild) => guild.leftAtMs === null);
    const [only] = guilds;
    if (only === undefined || guilds.length > 1) return null;
    return (await isMember(application, only.guild, member)) ? only : null;
  }

  return { find: (application, member) => reads.once(`${application}:${member}`, () => read(application, member)) };
}
