/** Is the bot addressed, and how? Computed once a message; pure. Whether it then speaks is decision.ts's. */
import type { ChannelId, MessageId, UserId } from "../ids.ts";
import type { Message } from "../message.ts";

export type Address = "direct-message" | "replied-to-bot" | "mentioned" | "own-thread";

/** Signs that a message is addressed to the bot. */
export type AddressFacts = {
  readonly self: UserId;
  /** The bot's user and the role that Discord made for it. */
  readonly needles: readonly string[];
  /** A thread that the bot opened. */
  readonly ownThread: (channel: ChannelId) => boolean;
  /** A message known to be the bot's own: Discord sometimes leaves out the author of a replied-to message. */
  readonly ownMessage: (message: MessageId) => boolean;
};

export function addressOf(message: Message, facts: AddressFacts): Address | null {
  const { guildId, channelId, replyTo, mentions } = message;
  if (guildId === null) return "direct-message";
  if (replyTo !== null && (replyTo.authorId === facts.self || facts.ownMessage(replyTo.messageId))) {
    return "replied-to-bot";
  }
  const named = (id: string) => id === facts.self || facts.needles.includes(id);
  if (mentions.users.some(named) || mentions.roles.some(named)) return "mentioned";
  return facts.ownThread(channelId) ? "own-thread" : null;
}
