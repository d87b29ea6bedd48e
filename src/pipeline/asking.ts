/** A message that the bot is to answer, or to consider, as answering takes it: its channel is the venue. */
import type { Asking } from "../answering.ts";
import type { Decision } from "../decision.ts";
import type { ApplicationId, MessageId, UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import type { Patience } from "../patience.ts";
import type { Services } from "../services.ts";
import { type ChannelSettings, settingsIn } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import { createChannelVenue } from "../venue.ts";
import type { KnownBot } from "./discovery.ts";
import type { OwnWords } from "./own-words.ts";
import { questionIn } from "./question.ts";

/** All that one message's way needs; built once it is known that somebody may answer. */
export type Work = {
  readonly application: ApplicationId;
  /** The trigger: the message that the answer replies to. */
  readonly message: Message;
  readonly receivedAtMs: number;
  readonly bot: KnownBot;
  readonly self: { readonly userId: UserId; readonly name: string };
  readonly decision: Exclude<Decision, { speak: "silent" }>;
  /** The messages that make up the question, oldest first; the trigger is the last. */
  readonly said: readonly Message[];
};

/** Announcement, public and private threads; posts of forums are public ones. */
const THREAD_TYPES: readonly number[] = [10, 11, 12];

export function askingByMessage(
  work: Work,
  row: GuildRow | null,
  services: Pick<Services, "store" | "clock" | "logger" | "optOuts">,
  talk: {
    readonly patience: Patience;
    readonly ownWords: OwnWords;
    /** Deleted while an answer was being made. */
    readonly gone: (message: MessageId) => boolean;
  },
): Asking {
  const { application, message, bot, self, decision, receivedAtMs } = work;
  const { id: trigger, channelId: channel, author, guildId } = message;
  const { clock, logger, optOuts } = services;
  const { ownWords, patience, gone } = talk;
  const posted = (messages: readonly MessageId[]) => ownWords.note(channel, messages, clock.now());
  const standing = guildId === null ? undefined : bot.directory.channel(guildId, channel);
  const thread = standing != null && THREAD_TYPES.includes(standing.type) ? standing : null;
  let unread = false;
  const place = { ...{ application, channel, trigger, patience, posted }, self: self.userId, discord: bot.discord };
  return {
    ...{ application, trigger, row, channel, patience, receivedAtMs, asker: author, message: trigger },
    venue: createChannelVenue(place, services),
    channelName: guildId === null ? "" : (bot.directory.channel(guildId, channel)?.name ?? ""),
    text: message.content,
    atMs: message.createdAtMs,
    question: async () => {
      const said = work.said.filter(({ id }) => id === trigger || !gone(id));
      const question = await questionIn(
        { ...work, said, needles: needlesOf(work), thread },
        { discord: bot.discord, logger, optOuts },
      );
      unread = question.unread;
      return question.text;
    },
    unread: () => unread,
    said: work.said.map(({ id }) => id),
    botName: self.name,
    reason: decision.reason,
    unasked: decision.speak === "consider",
    awareness: guildId !== null && row !== null && inForceFor(bot, message, row).awareness,
    private: false,
    withdrawn: () => gone(trigger),
  };
}

/** Ids that name the bot in a text. */
export function needlesOf({ self, message, bot }: Pick<Work, "self" | "message" | "bot">): readonly string[] {
  return [self.userId, ...(message.guildId === null ? [] : bot.directory.needles(message.guildId))];
}

/** Settings in force in the channel of this guild's message. */
export function inForceFor({ directory }: KnownBot, message: Message, row: GuildRow): ChannelSettings {
  const { settings } = row;
  // Which channel a thread belongs to matters only where single channels are set.
  if (isEmpty(settings.channels)) return settings;
  const parent = directory.channel(row.guild, message.channelId)?.parentId;
  return settingsIn(settings, message.channelId, parent ?? null);
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}
