/**
 * What each response mode would do with lines that were just said in a guild's own channels: a question and some talk, judged as
 * the pipeline judges them. Posts nothing, counts nothing, asks no model. Shown by the setup page beside each mode.
 *
 * Only channels that everybody in the guild can see are read: whoever sets the bot up may not see the others on Discord.
 */
import type { Decision } from "../decision.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { GuildId, UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import { channelPermissions, missingPermissions } from "../permissions.ts";
import { decideLine } from "../pipeline.ts";
import { createPrefilterMemory, prefilter } from "../prefilter.ts";
import { RESPONSE_MODES, type ResponseMode } from "../settings/form.ts";
import { consider, createSmartContext } from "../smart.ts";
import { askedInFirst } from "./asked-in.ts";

export type ModeExample = {
  readonly channel: string;
  readonly author: { readonly id: UserId; readonly name: string };
  readonly text: string;
  readonly fate: Readonly<Record<ResponseMode, Decision>>;
};

export type ModeExamples = {
  /** A line that mentions the bot. */
  readonly mention: ModeExample | null;
  /** A line that smart mode would look up. */
  readonly question: ModeExample | null;
  /** A line that smart mode leaves alone. */
  readonly talk: ModeExample | null;
};

/** Text and announcements. */
const READ_TYPES: readonly number[] = [0, 5];
const CHANNELS_READ = 4;
const LINES_READ = 40;
const CHARS_MIN = 8;
const NONE: ModeExamples = { mention: null, question: null, talk: null };

/** Of each kind the newest of a few channels that everybody sees, those that members ask in first; none where Discord tells nothing. */
export async function modeExamples(
  { directory, messages }: Pick<Discord, "directory" | "messages">,
  guild: GuildId,
): Promise<ModeExamples> {
  const [self, view, channels] = await Promise.all([
    directory.self(),
    directory.guild(guild),
    directory.channels(guild),
  ]);
  if (view === null) return NONE;
  const facts = { guild, ownerId: null, roles: new Map(view.roles.map((role) => [role.id, role])) };
  // Nobody's id: what @everyone sees.
  const anybody = { id: "0" as UserId, roles: [] };
  const open = channels.filter(
    ({ type, overwrites }) =>
      READ_TYPES.includes(type) &&
      missingPermissions(channelPermissions(facts, anybody, overwrites), ["viewChannel"]).length === 0,
  );
  const said = await Promise.all(
    askedInFirst(open)
      .slice(0, CHANNELS_READ)
      .map(async ({ id, name }) => {
        const lines = await messages.recent(id, LINES_READ).catch((error: unknown) => {
          if (error instanceof AppError) return [];
          throw error;
        });
        return lines.length === 0 ? [] : judged(name, lines, self.userId);
      }),
  );
  const newest = said.flat().toSorted((a, b) => b.atMs - a.atMs);
  const first = (is: (example: Judged) => boolean) => newest.find(is)?.example ?? null;
  return {
    mention: first(({ example }) => example.fate.mention.speak === "must"),
    question: first(({ example }) => example.fate.all.speak !== "silent" && example.fate.mention.speak === "silent"),
    talk: first(({ example }) => example.fate.all.speak === "silent"),
  };
}

type Judged = { readonly atMs: number; readonly example: ModeExample };

/** A channel's lines, oldest first, each with those before it in mind. */
function judged(channel: string, lines: readonly Message[], self: UserId): readonly Judged[] {
  const context = createSmartContext();
  const memory = createPrefilterMemory();
  return lines.flatMap((message) => {
    const { author, channelId, createdAtMs: atMs, content: text, webhook, system } = message;
    const machine = author.bot || webhook || system;
    const named = message.mentions.users.includes(self) || message.replyTo?.authorId === self;
    const line = { channel: channelId, author: author.id, name: author.name, atMs, text, machine };
    const smart = consider({ ...line, to: named ? "bot" : null }, context);
    if (machine || text.trim().length < CHARS_MIN) return [];
    const triage = prefilter(message, memory);
    // What moderation would look at is no example of talk.
    if (triage.moderation !== "clear") return [];
    const fate = Object.fromEntries(
      RESPONSE_MODES.map((mode) => [
        mode,
        decideLine({
          ...{ message, self, triage, pending: false, threadSolved: false, answeredAgoMs: null },
          ...{ address: named ? "mentioned" : null, settings: { mode, smart: true, awareness: false }, smart },
          staffAnswered: () => false,
        }),
      ]),
    ) as Record<ResponseMode, Decision>;
    return [{ atMs, example: { channel, author: { id: author.id, name: author.name }, text, fate } }];
  });
}
