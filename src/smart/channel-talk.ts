/**
 * Who speaks to whom in a channel, as far as its earlier lines tell: bounded memory of the last lines and of who spoke them.
 * A line is noted after it was judged, so that nothing looks ahead. Called by smart.ts, the same for a live channel and a log.
 */

import { TOPIC_WORDS, type Topic } from "./topic.ts";

/** Enough for a busy channel's last minutes; older lines say little about this one. */
const LINES_MAX = 64;
const SPEAKERS_MAX = 512;

export type Speaker = {
  /** Folded for finding it in texts. */
  readonly name: string;
  lines: number;
  /** Place of the last line in the channel's count, and its time. */
  lastPlace: number;
  lastAtMs: number;
  /** When and where somebody last spoke to them by name. */
  calledPlace: number;
  calledAtMs: number;
  /** How many of their lines spoke to somebody by name; the last such line. */
  calls: number;
  callPlace: number;
  callAtMs: number;
  /** Their best request lately: its score, place, time. */
  ask: number;
  askPlace: number;
  askAtMs: number;
  /** How many of their lines asked, and how many came right after somebody else's question: askers and helpers differ. */
  asks: number;
  helps: number;
};

export type SaidLine = {
  readonly speaker: Speaker;
  readonly atMs: number;
  /** How much the text alone looks like a request, 0…1. */
  readonly ask: number;
  readonly question: boolean;
  /** Whom it spoke to by name. */
  readonly to: Speaker | null;
  /** Its rarer words, as a Bloom filter of 128 bits (topic.ts). */
  readonly topic: Topic;
  /** Does it read like advice? */
  readonly advice: boolean;
};

/** The last lines, a column for each fact: every line walks them all, and as many objects would each cost a cache miss. */
export type Lines = {
  readonly speaker: Speaker[];
  readonly to: (Speaker | null)[];
  readonly atMs: Float64Array;
  readonly ask: Float64Array;
  /** TOPIC_WORDS of them a line. */
  readonly topic: Int32Array;
  /** 0 or 1. */
  readonly question: Uint8Array;
  readonly advice: Uint8Array;
};

export type ChannelTalk = {
  readonly speakers: Map<string, Speaker>;
  /** A ring: the line at place p is at p % LINES_MAX. */
  readonly lines: Lines;
  /** How many lines there were. */
  count: number;
  lastAtMs: number;
};

export function createChannelTalk(): ChannelTalk {
  const lines = {
    speaker: [],
    to: [],
    atMs: new Float64Array(LINES_MAX),
    ask: new Float64Array(LINES_MAX),
    topic: new Int32Array(LINES_MAX * TOPIC_WORDS),
    question: new Uint8Array(LINES_MAX),
    advice: new Uint8Array(LINES_MAX),
  };
  return { speakers: new Map(), lines, count: 0, lastAtMs: 0 };
}

/** Where the line `back` lines ago (1 = the last one) stands in each column; -1: there is none. */
export function lineBack({ count }: ChannelTalk, back: number): number {
  return back < 1 || back > LINES_MAX || back > count ? -1 : (count - back) % LINES_MAX;
}

export const BACK_MAX = LINES_MAX;

/** The speaker of that key, made new if need be; the one that was silent longest makes room. */
export function speakerOf(talk: ChannelTalk, key: string, name: string): Speaker {
  let speaker = talk.speakers.get(key);
  if (speaker === undefined) {
    if (talk.speakers.size >= SPEAKERS_MAX) {
      const [oldest] = talk.speakers.keys();
      if (oldest !== undefined) talk.speakers.delete(oldest);
    }
    speaker = {
      name,
      lines: 0,
      lastPlace: NEVER,
      lastAtMs: NEVER,
      calledPlace: NEVER,
      calledAtMs: NEVER,
      calls: 0,
      callPlace: NEVER,
      callAtMs: NEVER,
      ask: 0,
      askPlace: NEVER,
      askAtMs: NEVER,
      asks: 0,
      helps: 0,
    };
    talk.speakers.set(key, speaker);
  }
  return speaker;
}

const NEVER = Number.NEGATIVE_INFINITY;

export function noteLine(talk: ChannelTalk, said: SaidLine): void {
  const place = talk.count;
  const { speaker, atMs, to, ask } = said;
  if (to !== null) {
    to.calledPlace = place;
    to.calledAtMs = atMs;
    speaker.calls++;
    speaker.callPlace = place;
    speaker.callAtMs = atMs;
  }
  // A request fades: an old one does not outshine a new, weaker one for ever.
  if (ask >= speaker.ask || atMs - speaker.askAtMs > ASK_FADES_MS) {
    speaker.ask = ask;
    speaker.askPlace = place;
    speaker.askAtMs = atMs;
  }
  if (ask >= 0.5) speaker.asks++;
  const { lines } = talk;
  const last = lineBack(talk, 1);
  const afterQuestion = last >= 0 && lines.speaker[last] !== speaker && (lines.ask[last] as number) >= 0.5;
  if (ask < 0.5 && (to !== null || afterQuestion)) speaker.helps++;
  speaker.lines++;
  speaker.lastPlace = place;
  speaker.lastAtMs = atMs;
  const at = place % LINES_MAX;
  lines.speaker[at] = speaker;
  lines.to[at] = to;
  lines.atMs[at] = atMs;
  lines.ask[at] = ask;
  lines.topic.set(said.topic, at * TOPIC_WORDS);
  lines.question[at] = said.question ? 1 : 0;
  lines.advice[at] = said.advice ? 1 : 0;
  talk.count = place + 1;
  talk.lastAtMs = atMs;
}

const ASK_FADES_MS = 10 * 60_000;
