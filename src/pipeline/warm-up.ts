/**
 * Runs over made-up lines what every message's way runs (reading, prefilter, smart mode, the decision), so that a worker's first real
 * messages meet code that is compiled. All that it remembers is its own, and nothing of it leaves this file. Called by a worker
 * before it says that it is ready.
 */
import type { Message } from "../message.ts";
import { messageData, readMessage } from "../payload.ts";
import { createPrefilterMemory, lookAt, triageOf } from "../prefilter.ts";
import { defaultSettings } from "../settings/form.ts";
import { consider, createSmartContext } from "../smart.ts";
import { decideLine } from "./decide-line.ts";

/** Lines of a help channel: questions, answers, small talk, links, code. */
const LINES = [
  "does anybody know how to reset the hub after an update?",
  "hold the button for three seconds, then wait until it blinks",
  "thanks, that works now",
  "lol same here",
  "my sensor shows E-1042 since v2.3.1, what can I do about it",
  "see https://docs.example.com/hub/reset?step=2 and ```ls -la```",
  "Kapı sensörü çalışmıyor, ne yapmalıyım?",
  "good morning everyone 👋",
] as const;
const CHANNELS = 4;
const AUTHORS = 7;
/** Enough for the runtime to compile the code once. */
export const WARM_LINES = 320;

/** How many lines were read as messages: all of them. */
export function warmUp(lines = WARM_LINES): number {
  const memory = createPrefilterMemory();
  const context = createSmartContext();
  let read = 0;
  for (let n = 0; n < lines; n++) {
    const message = readMessage(messageData(frameOf(n)));
    if (message === null) continue;
    read++;
    const look = lookAt(message);
    const triage = triageOf(look, memory);
    const smart = consider(lineOf(message), context, look);
    decideLine({
      ...{ message, self: message.author.id, address: null, triage, smart, pending: false, answeredAgoMs: null },
      ...{ settings: { ...defaultSettings, mode: "all" }, staffAnswered: () => false, threadSolved: false },
    });
  }
  return read;
}

function lineOf({ channelId, author, createdAtMs, content }: Message) {
  const { id, name } = author;
  return { channel: channelId, author: id, name, atMs: createdAtMs, text: content, machine: false, to: null };
}

/** As Discord writes a message. */
function frameOf(n: number): Buffer {
  const author = String(n % AUTHORS);
  const d = {
    type: 0,
    tts: false,
    timestamp: new Date(Date.UTC(2026, 0, 1) + n * 3_000).toISOString(),
    mentions: [],
    mention_roles: [],
    member: { roles: ["1"], nick: null, joined_at: "2024-01-01T00:00:00.000Z" },
    id: String(1_000 + n),
    embeds: [],
    content: `${LINES[n % LINES.length]}${n % 3 === 0 ? ` ${n}` : ""}`,
    channel_id: String(100 + (n % CHANNELS)),
    author: { username: `member${author}`, id: `2${author}`, global_name: `Member ${author}`, avatar: null },
    attachments: [],
    guild_id: "10",
  };
  return Buffer.from(JSON.stringify({ t: "MESSAGE_CREATE", s: n, op: 0, d }));
}
