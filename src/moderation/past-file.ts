/** A rehearsal's past from a file: JSON lines of `{id?, channel?, author, ts?, text, roles?}`; a line that is none is refused by number. */
import { z } from "zod";
import { AppError } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { Message } from "../message.ts";
import { readMessage } from "../payload.ts";

const pastLine = z.object({
  id: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  channel: z.string().max(100).default("1"),
  author: z.string().min(1).max(100),
  ts: z.iso.datetime({ offset: true }).optional(),
  text: z.string(),
  roles: z.array(z.string()).default([]),
});

const LINES_MAX = 50_000;
const FILE_CHARS_MAX = 50_000_000;
const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Throws AppError "invalid" that names the line. */
export async function messagesIn(lines: AsyncIterable<Uint8Array>, guild: GuildId): Promise<readonly Message[]> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of lines) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > FILE_CHARS_MAX) throw new AppError("invalid", "the file is longer than 50 million characters");
  }
  const found: Message[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    if (found.length >= LINES_MAX) throw new AppError("invalid", `the file has more than ${LINES_MAX} lines`);
    found.push(messageOf(line, at + 1, guild));
  }
  return found;
}

function messageOf(line: string, n: number, guild: GuildId): Message {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AppError("invalid", `line ${n} is not JSON`);
  }
  const read = pastLine.safeParse(value);
  if (!read.success)
    throw new AppError("invalid", `line ${n}: ${read.error.issues[0]?.path.join(".")} is missing or wrong`);
  const { id, channel, author, ts, text, roles } = read.data;
  const atMs = ts === undefined ? DISCORD_EPOCH_MS + n * 1_000 : Date.parse(ts);
  const made = String((BigInt(Math.max(0, atMs - DISCORD_EPOCH_MS)) << 22n) + BigInt(n));
  const message = readMessage({
    ...{
      id: id ?? made,
      channel_id: idOf(channel),
      guild_id: guild,
      content: text,
      timestamp: new Date(atMs).toISOString(),
    },
    author: { id: idOf(author), username: author },
    member: { roles },
  });
  if (message === null) throw new AppError("invalid", `line ${n} is no message`);
  return message;
}

/** Names in a file stand for ids: the same name is the same one. */
function idOf(name: string): string {
  if (/^\d{1,20}$/.test(name)) return name;
  return (BigInt(`0x${new Bun.CryptoHasher("sha256").update(name).digest("hex").slice(0, 14)}`) + 1n).toString();
}
