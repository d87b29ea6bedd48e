/**
 * What makes a frame of a guild worth parsing. In a `mention` guild without moderation a message that holds none of `needles`
 * in its bytes, in a channel that is not `active`, is proven silent. Asked by a worker's intake at every frame, so the last
 * answer holds while settings and ids are the same objects. Of a guild that speaks often the board is told, so that main
 * proves the next silences itself.
 */
import type { Clock } from "../clock.ts";
import type { Directory } from "../directory.ts";
import type { ApplicationId, ChannelId, GuildId } from "../ids.ts";
import { createRecent } from "../recent.ts";
import type { Settings } from "../settings/held.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Discovery, KnownBot } from "./discovery.ts";
import type { OwnWords } from "./own-words.ts";
import type { QuietBoard } from "./quiet-board.ts";

export type Interest = {
  readonly everything: boolean;
  /** With `everything`: false when no moderation reads along, so that these messages give way first under load. */
  readonly moderated?: boolean;
  /** Ids of the bot's user and its managed role. */
  readonly needles: readonly string[];
  readonly active: (channel: ChannelId) => boolean;
};

const GUILDS_MAX = 20_000;
/** Telling main of a guild costs about as much as a few messages: one that rarely speaks is not told of. */
const ASKED_BEFORE_TOLD = 3;
const EVERYTHING: Interest = { everything: true, needles: [], active: () => true };
const UNPROVEN: Interest = { ...EVERYTHING, moderated: false };
const NOTHING: Interest = { everything: false, needles: [], active: () => false };

type Known = {
  readonly row: GuildRow;
  readonly needles: readonly string[];
  readonly interest: Interest;
  /** The board's version and the time for which main is told, and how often was asked within them. */
  version: number;
  untilMs: number;
  asked: number;
};

export function createInterest(services: {
  readonly settings: Settings;
  readonly discovery: Discovery;
  readonly ownWords: OwnWords;
  /** An agent holds a conversation there, so its member's messages are read. */
  readonly holds: (guild: GuildId, channel: ChannelId, nowMs: number) => boolean;
  /** Whether `holds` knows of all agents. */
  readonly holdsKnown: () => boolean;
  readonly board: QuietBoard;
  readonly clock: Clock;
  readonly botOf: (application: ApplicationId) => KnownBot;
  /** For what is worth knowing soon, and nobody waits for. Never throws. */
  readonly behind: (work: Promise<unknown>) => void;
}): (application: ApplicationId, guild: GuildId | null) => Interest {
  const { settings, discovery, ownWords, holds, holdsKnown, board, clock, botOf, behind } = services;
  const known = createRecent<GuildId, Known>(GUILDS_MAX);

  /** Tells main of a guild, once for each version and time that it holds for. */
  function tell(application: ApplicationId, guild: GuildId, told: Known): void {
    const nowMs = clock.now();
    const version = board.version(guild);
    if (told.version !== version || nowMs >= told.untilMs) {
      told.version = version;
      told.untilMs = settings.freshUntilMs(guild);
      told.asked = 0;
    }
    if (nowMs >= told.untilMs || told.asked >= ASKED_BEFORE_TOLD || !holdsKnown()) return;
    told.asked++;
    if (told.asked === ASKED_BEFORE_TOLD) board.publish(application, guild, told.interest.needles, told.untilMs);
  }

  function inGuild(row: GuildRow, directory: Directory, needles: readonly string[]): Interest {
    const { mode, channels } = row.settings;
    const modes = [mode, ...Object.values(channels).map((channel) => channel.mode ?? mode)];
    if (modes.includes("all")) return { everything: true, moderated: false, needles, active: () => true };
    const held = (channel: ChannelId) => holds(row.guild, channel, clock.now());
    if (!modes.includes("mention")) return { ...NOTHING, active: held };
    const active = (channel: ChannelId) =>
      directory.ownThread(channel) || ownWords.lately(channel, clock.now()) || held(channel);
    return { everything: false, needles, active };
  }

  return (application, guild) => {
    if (guild === null) return EVERYTHING;
    const bot = botOf(application);
    const { directory } = bot;
    const row = settings.peek(guild);
    const self = directory.self();
    if (row === undefined && self !== null) behind(settings.load(guild));
    // The bot that the guild's admins brought hears it; this one need not.
    if (row && row.application !== application) return NOTHING;
    if (row === undefined || row === null || self === null || row.settings.moderation.on) return EVERYTHING;

    let needles = directory.needles(guild);
    const before = known.get(guild);
    if (before?.row === row && before.needles === needles) {
      if (!before.interest.everything) tell(application, guild, before);
      return before.interest;
    }
    if (!directory.knows(guild)) {
      directory.recall(guild, row.addressing);
      // Nothing is proven by the absence of a role that nobody knows.
      if (row.addressing.botRole === null) {
        behind(discovery.meet(bot, guild));
        return UNPROVEN;
      }
      needles = directory.needles(guild);
    }
    const interest = inGuild(row, directory, needles);
    known.set(guild, { row, needles, interest, version: board.version(guild), untilMs: 0, asked: 0 });
    return interest;
  };
}
