/**
 * What a message asks: its own words, and what they point at. A reply that says "can you help him?" asks what was replied to; a
 * forum post asks in its title, a thread in the message it was opened on; a text that was too long is in `message.txt`.
 */
import { gistOf, pointsAtOthers, pointsElsewhere, QUESTION_CHARS_MAX, questionOf } from "../answering.ts";
import type { Directory } from "../directory.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ChannelId, MessageId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Attachment, Message } from "../message.ts";
import type { OptOuts } from "../opt-outs.ts";

type Pieces = {
  readonly message: Message;
  /** The messages that make up the question, oldest first. */
  readonly said: readonly Message[];
  readonly needles: readonly string[];
  readonly self: { readonly userId: UserId };
  /** The thread or forum post that it stands in; null elsewhere. */
  readonly thread: { readonly name: string; readonly parentId: ChannelId | null } | null;
};

/** `unread`: it points at a message that the bot may not read. */
export type AskedQuestion = { readonly text: string; readonly unread: boolean };

type Ports = { readonly discord: Discord; readonly logger: Logger; readonly optOuts: Pick<OptOuts, "has"> };

/** Lines above a message that "^" may mean. */
const ABOVE_MAX = 5;
const FILE_BYTES_MAX = 100_000;
const ABOVE_MS_MAX = 15 * 60_000;

/** Empty where nothing is asked. A message that cannot be read is taken for nothing. */
export async function questionIn(pieces: Pieces, ports: Ports): Promise<AskedQuestion> {
  const { message, said, needles, thread } = pieces;
  const own = joined([
    ...said.map((part) => questionOf(part, needles)),
    await fileText(message.attachments, needles, ports),
  ]);
  // A starter's title is in its text already.
  if (own !== "" && (!pointsElsewhere(own) || isStarter(message))) return { text: own, unread: false };

  const pointed = await pointedAt(pieces, own, ports);
  if (pointed === "forbidden") return { text: own, unread: true };
  const shown =
    pointed === null ? "" : joined([questionOf(pointed, needles), await fileText(pointed.attachments, needles, ports)]);
  // Inside a thread its name says what it is about.
  const about = thread === null || message.replyTo !== null ? "" : thread.name;
  return { text: joined([about, shown, own]), unread: false };
}

/** A forum post's first message has the post's own id. */
function isStarter(message: Pick<Message, "id" | "channelId">): boolean {
  return (message.id as string) === message.channelId;
}

/** A forum post asks in its title as well: its first message is read with it. */
export function withTitle(message: Message, directory: Directory): Message {
  if (message.guildId === null || !isStarter(message)) return message;
  const title = directory.channel(message.guildId, message.channelId)?.name ?? "";
  return title === "" ? message : { ...message, content: `${title}\n${message.content}` };
}

function joined(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .join("\n")
    .slice(-QUESTION_CHARS_MAX);
}

async function pointedAt(
  { message, self, thread }: Pieces,
  own: string,
  { discord, logger, optOuts }: Ports,
): Promise<Message | "forbidden" | null> {
  const { replyTo, channelId } = message;
  const readable = (found: Message | null) => {
    if (found === null || found.author.bot || found.webhook) return null;
    return optOuts.has(discord.application, found.author.id) === false ? found : null;
  };
  try {
    if (replyTo !== null) {
      if (replyTo.authorId === self.userId) return null;
      return readable(await discord.messages.get(replyTo.channelId, replyTo.messageId));
    }
    if (thread !== null) {
      // A thread has the id of the message it was opened on; of a forum post that message is in the thread itself.
      const id = channelId as string as MessageId;
      const above = thread.parentId === null ? null : await discord.messages.get(thread.parentId, id);
      return readable(above ?? (await discord.messages.get(channelId, id)));
    }
    // "^" means the line above, "it doesn't work" only one's own; nothing at all is a greeting.
    if (own === "" || message.guildId === null) return null;
    const lines = await discord.messages.recent(channelId, ABOVE_MAX, message.id);
    const lately = lines.filter((line) => message.createdAtMs - line.createdAtMs < ABOVE_MS_MAX);
    const anybodys = pointsAtOthers(own);
    const meant = (line: Message) => anybodys || line.author.id === message.author.id;
    return lately.findLast((line) => meant(line) && readable(line) !== null && line.content !== "") ?? null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.debug({ message: message.id, error }, "reply-unread");
    return error.kind === "forbidden" ? "forbidden" : null;
  }
}

/** Discord's client sends a text that is too long as `message.txt`. */
async function fileText(files: readonly Attachment[], needles: readonly string[], ports: Ports): Promise<string> {
  const file = files.find(
    ({ name, type, bytes }) =>
      /\.txt$/i.test(name) && /^text\/plain/.test(type ?? "text/plain") && bytes <= FILE_BYTES_MAX,
  );
  if (file === undefined || file.url === null) return "";
  try {
    const content = await ports.discord.messages.file(file.url);
    return content === null ? "" : questionOf({ content: gistOf(content) }, needles);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ports.logger.debug({ error }, "file-unread");
    return "";
  }
}
