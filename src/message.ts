/** ① A Discord message as the rest of the house sees it; `readMessage` (payload.ts) makes it of what Discord sends. */
import type { ChannelId, GuildId, MessageId, RoleId, UserId } from "./ids.ts";

export type Attachment = {
  readonly name: string;
  readonly bytes: number;
  readonly type: string | null;
  readonly url: string | null;
};

export type Message = {
  readonly id: MessageId;
  readonly channelId: ChannelId;
  /** Null in a direct message. */
  readonly guildId: GuildId | null;
  readonly author: { readonly id: UserId; readonly name: string; readonly bot: boolean };
  /** Posted by a webhook (or by an interaction of another application): never answered. */
  readonly webhook: boolean;
  /** Anything but an ordinary message or a reply: joins, boosts, pins… */
  readonly system: boolean;
  /**
   * Cleaned: no NUL, no lone surrogate, at most `CONTENT_CHARS_MAX` UTF-16 units. Empty without the content intent. Of a
   * forwarded message: the text that it hands on.
   */
  readonly content: string;
  readonly mentions: {
    readonly users: readonly UserId[];
    readonly roles: readonly RoleId[];
    readonly everyone: boolean;
  };
  readonly replyTo: {
    readonly messageId: MessageId;
    readonly channelId: ChannelId;
    readonly authorId: UserId | null;
  } | null;
  /** Roles of the author in this guild; null where Discord did not say. */
  readonly member: {
    readonly roles: readonly RoleId[];
    readonly nick: string | null;
    readonly joinedAtMs: number | null;
  } | null;
  readonly attachments: readonly Attachment[];
  /** Text of embeds and polls, joined by newlines; moderation reads it beside the content. */
  readonly embedText: string;
  /** Names of stickers; left out where there are none. */
  readonly stickers?: readonly string[];
  /** How many there are, of all emojis; left out where there are none. */
  readonly reactions?: number;
  readonly createdAtMs: number;
};

/** Discord allows 4,000 characters to some senders; anything longer is hostile or not Discord, and is cut. */
export const CONTENT_CHARS_MAX = 8_000;

/** All that a message says: its text, embeds, polls and forwards, the names of its files and stickers. */
export function wholeTextOf({ content, embedText, attachments, stickers = NO_STICKERS }: Message): string {
  if (embedText === "" && attachments.length === 0 && stickers.length === 0) return content;
  const names = attachments.map(({ name }) => name);
  return [content, embedText, ...names, ...stickers].filter((piece) => piece !== "").join("\n");
}

const NO_STICKERS: readonly string[] = [];
