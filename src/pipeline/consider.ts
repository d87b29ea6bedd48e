/** Smart mode's part of a message's way. */

import type { UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import type { SmartLine } from "../smart.ts";

/** A message as smart mode reads a line of a channel's talk. */
export function smartLineOf(message: Message, self: UserId, machine: boolean): SmartLine {
  const [mentioned] = message.mentions.users;
  const to = message.replyTo?.authorId ?? mentioned ?? null;
  return {
    channel: message.channelId,
    author: message.author.id,
    name: message.author.name,
    atMs: message.createdAtMs,
    text: message.content,
    machine,
    to: to === null || to === message.author.id ? null : to === self ? "bot" : { author: to },
  };
}
