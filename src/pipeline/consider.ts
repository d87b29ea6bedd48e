/**
 * ⑥ Smart mode's part of a message's way: what the channel's lines say about this one, who is being helped already, and what a
 * member said just before. Synchronous, but for `noteInWindow`, which nobody waits for.
 */
import { questionOf } from "../answering.ts";
import type { MessageId } from "../ids.ts";
import type { Exchanged } from "../llm.ts";
import type { Message } from "../message.ts";
import type { ChannelSettings } from "../settings/form.ts";
import { type Considered, consider, type ReadText, type SmartLine } from "../smart.ts";
import type { Address } from "./address.ts";
import { linesOfQuestion } from "./decide-line.ts";
import type { KnownBot } from "./discovery.ts";
import type { Spine } from "./spine.ts";

/** A member's lines within this time before a question belong to it. */
const BEFORE_MS = 60_000;
const BEFORE_MAX = 3;

/** One member's talk in one channel: their messages are answered in turn. */
export function turnOf({ channelId, author }: Message): string {
  return `${channelId}:${author.id}`;
}

/** Notes a line that may be answered, and judges it where smart mode is on. `read`: its text as the prefilter has just read it. */
export function considerLine(
  message: Message,
  inForce: ChannelSettings,
  address: Address | null,
  spine: Spine,
  read: ReadText | null,
): Considered | null {
  if (message.guildId === null || inForce.mode !== "all") return null;
  noteInWindow(message, inForce, "member", spine);
  spine.speakers.note(message);
  return inForce.smart ? consider(smartLineOf(message, address, false), spine.smart, read) : null;
}

/** A line that is never answered is part of the talk all the same. */
export function overhear(message: Message, inForce: ChannelSettings, own: boolean, spine: Spine): void {
  if (message.guildId === null || inForce.mode !== "all") return;
  if (own) noteInWindow(message, inForce, "bot", spine);
  if (inForce.smart) consider(smartLineOf(message, null, true), spine.smart);
}

function noteInWindow(message: Message, inForce: ChannelSettings, role: Exchanged["role"], spine: Spine): void {
  if (!inForce.awareness || message.guildId === null || message.content === "") return;
  void spine.track(spine.memory.noteMessage(message.guildId, message, role));
}

/** A message as smart mode reads a line of a channel's talk. */
function smartLineOf(message: Message, address: Address | null, machine: boolean): SmartLine {
  const [mentioned] = message.mentions.users;
  const other = message.replyTo?.authorId ?? mentioned ?? null;
  const toBot = address === "replied-to-bot" || address === "mentioned";
  return {
    channel: message.channelId,
    author: message.author.id,
    name: message.author.name,
    atMs: message.createdAtMs,
    text: message.content,
    machine,
    to: toBot ? "bot" : other === null || other === message.author.id ? null : { author: other },
  };
}

/** Staff is in a talk with its author, or spoke after `since`. */
export function staffWith(
  { directory }: KnownBot,
  message: Message,
  nowMs: number,
  since: MessageId | null,
  { speakers }: Spine,
): boolean {
  const { guildId, channelId, author } = message;
  if (guildId === null) return false;
  return speakers.staffWith(channelId, author.id, nowMs, since, (user, roles) => directory.staff(guildId, user, roles));
}

/** Kept for a question that may follow. */
export function keepBefore(message: Message, spine: Spine): void {
  const turn = turnOf(message);
  spine.saidBefore.set(turn, [...before(message, turn, spine), message].slice(-BEFORE_MAX));
}

/**
 * What the same member said shortly before without asking: half of the question where it points back or asks nothing by itself,
 * no part of it otherwise. Handed out once. `said` is the question, oldest first.
 */
export function takeBefore(said: readonly Message[], needles: readonly string[], spine: Spine): readonly Message[] {
  const [first] = said;
  if (first === undefined) return [];
  const turn = turnOf(first);
  const earlier = before(first, turn, spine);
  spine.saidBefore.delete(turn);
  if (earlier.length === 0) return [];
  return linesOfQuestion(earlier, said.map((part) => questionOf(part, needles)).join("\n"));
}

function before(message: Message, turn: string, { saidBefore }: Spine): readonly Message[] {
  const said = saidBefore.get(turn);
  if (said === undefined) return NOTHING_SAID;
  return said.filter((earlier) => message.createdAtMs - earlier.createdAtMs <= BEFORE_MS);
}

const NOTHING_SAID: readonly Message[] = [];

/** How long ago the bot answered who has this turn. */
export function answeredAgoMs(turn: string, { answeredAtMs, services }: Spine): number | null {
  const atMs = answeredAtMs.get(turn);
  return atMs === undefined ? null : services.clock.now() - atMs;
}
