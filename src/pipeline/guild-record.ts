/**
 * A server as the synchronous part of a message's way reads it: looked up once for a message. Its settings, what names the bot in it,
 * the filter of its admins, compiled, and what the prefilter remembers of it.
 *
 * A record is made again once its settings or what names the bot are others; who holds those says `changed` in the same turn. A filter
 * is compiled again only where the admin wrote another one, and the prefilter goes on with what it remembers. The server that was
 * silent longest gives way, with what the prefilter remembers of it and with its compiled filter before the rest.
 */
import type { Clock } from "../clock.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import {
  compileFilter,
  createPrefilterMemory,
  type GuildFilter,
  NO_FILTER,
  type PrefilterMemory,
} from "../prefilter.ts";
import { createRecent } from "../recent.ts";
import type { ModerationSettings } from "../settings/form.ts";
import type { Settings } from "../settings/held.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { KnownBot } from "./discovery.ts";

export type GuildRecord = {
  readonly row: GuildRow;
  /** The gateway has told this process of the guild. */
  readonly known: boolean;
  /** Ids that name the bot: its user and the role that Discord made for it. */
  readonly needles: readonly string[];
  /** Nothing in it where moderation is off. */
  readonly filter: GuildFilter;
  /** Made when it is first asked for: 14 kB. */
  readonly memory: () => PrefilterMemory;
};

/** As `Settings.peek` tells it, or the guild is another bot's. */
type Found = GuildRecord | "another-bots" | null | undefined;

export type GuildRecords = {
  /** What is held of the guild. May start a refresh of its settings in the background. */
  find(application: ApplicationId, guild: GuildId): Found;
  /** Its settings or what names the bot in it may be others now. */
  changed(guild: GuildId): void;
  allChanged(): void;
};

type Held = {
  record: GuildRecord | null;
  /** Then the settings are asked again whether they are due to be read. */
  askUntilMs: number;
  memory: PrefilterMemory | null;
  written: ModerationSettings["filter"] | null;
  filter: GuildFilter;
};

/** As many as settings are held of. */
const GUILDS_MAX = 20_000;
/** Of 14 kB each; a server that was silent for a minute loses nothing with its own. */
const MEMORIES_MAX = 4_000;
/** Some 60 MB of compiled words. */
const WORDS_MAX = 200_000;
/** Of one pattern. */
const PATTERN_WORDS = 100;
/** Settings in use are read ahead by seconds, so it need not be asked at each message whether they are due. */
const ASK_MS = 1_000;

export function createGuildRecords(
  services: {
    readonly settings: Pick<Settings, "peek">;
    readonly botOf: (application: ApplicationId) => Pick<KnownBot, "directory">;
    readonly clock: Pick<Clock, "now">;
  },
  { guildsMax = GUILDS_MAX, memoriesMax = MEMORIES_MAX, wordsMax = WORDS_MAX } = {},
): GuildRecords {
  const { settings, botOf, clock } = services;
  const guilds = createRecent<GuildId, Held>(guildsMax, null, forgetFilter);
  const remembered = createRecent<GuildId, Held>(memoriesMax, null, (held) => {
    held.memory = null;
  });
  let heldWords = 0;

  function filterOf(held: Held, { on, filter: written }: ModerationSettings): GuildFilter {
    if (!on) return NO_FILTER;
    if (held.written !== written && !Bun.deepEquals(held.written, written)) {
      heldWords -= wordsOf(held.filter);
      held.filter = compileFilter(written);
      heldWords += wordsOf(held.filter);
    }
    held.written = written;
    return held.filter;
  }

  function forgetFilter(held: Held): void {
    heldWords -= wordsOf(held.filter);
    held.filter = NO_FILTER;
    held.written = null;
    held.record = null;
  }

  /** Of those that were silent longest, until a quarter of the room is free: a sweep is then paid by many words. */
  function makeRoom(): void {
    for (const guild of guilds.keys()) {
      if (heldWords <= wordsMax * 0.75) return;
      const held = guilds.get(guild);
      if (held !== undefined && held.filter !== NO_FILTER) forgetFilter(held);
    }
  }

  function keep(guild: GuildId, held: Held): void {
    // Set each time, so that the guild gives way that was silent longest, never one in a raid.
    guilds.set(guild, held);
    if (heldWords > wordsMax) makeRoom();
    if (held.memory !== null) remembered.set(guild, held);
  }

  function made(held: Held, row: GuildRow): GuildRecord {
    const { directory } = botOf(row.application);
    if (!directory.knows(row.guild)) directory.recall(row.guild, row.addressing);
    return {
      row,
      known: directory.knows(row.guild),
      needles: directory.needles(row.guild),
      filter: filterOf(held, row.settings.moderation),
      memory() {
        if (held.memory !== null) return held.memory;
        held.memory = createPrefilterMemory();
        remembered.set(row.guild, held);
        return held.memory;
      },
    };
  }

  return {
    find(application, guild) {
      const known = guilds.get(guild);
      const nowMs = clock.now();
      if (known?.record != null && nowMs < known.askUntilMs) {
        return known.record.row.application === application ? known.record : "another-bots";
      }
      const row = settings.peek(guild);
      if (row == null) return row;
      if (row.application !== application) return "another-bots";
      const held = known ?? { record: null, askUntilMs: 0, memory: null, written: null, filter: NO_FILTER };
      held.record ??= made(held, row);
      held.askUntilMs = nowMs + ASK_MS;
      const { record } = held;
      keep(guild, held);
      return record;
    },
    changed(guild) {
      const held = guilds.get(guild);
      if (held !== undefined) held.record = null;
    },
    allChanged() {
      for (const guild of guilds.keys()) this.changed(guild);
    },
  };
}

function wordsOf({ words, patterns }: GuildFilter): number {
  return words.length + PATTERN_WORDS * patterns.length;
}
