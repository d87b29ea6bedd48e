/** What a message asks, where it may be the last of several, or only point at somebody else's: "@bot" under a question. */

import { QUESTION_CHARS_MAX, questionOf } from "../answering.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Message } from "../message.ts";

type Pieces = {
  readonly message: Message;
  /** The messages that make up the question, oldest first. */
  readonly said: readonly Message[];
  readonly needles: readonly string[];
  readonly self: { readonly userId: UserId };
};

/** Empty where nothing is asked. A message that cannot be read is taken for nothing. */
export async function questionIn(
  { message, said, needles, self }: Pieces,
  { discord, logger }: { readonly discord: Discord; readonly logger: Logger },
): Promise<string> {
  const asked = said
    .map((part) => questionOf(part, needles))
    .filter((part) => part !== "")
    .join("\n")
    .slice(-QUESTION_CHARS_MAX);
  const { replyTo } = message;
  if (asked !== "" || replyTo === null || replyTo.authorId === self.userId) return asked;
  try {
    const pointedAt = await discord.messages.get(replyTo.channelId, replyTo.messageId);
    return pointedAt === null || pointedAt.author.bot ? "" : questionOf(pointedAt, needles);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.debug({ message: message.id, error }, "reply-unread");
    return "";
  }
}
