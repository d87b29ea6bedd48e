/** Features of the smart decision: a line's own form and words, and its place in the talk around it. Training calls this too. */
import type { Hits } from "../text/automaton.ts";
import type { Folded } from "../text/fold.ts";
import { G } from "../text/words.ts";
import { BACK_MAX, type ChannelTalk, lineBack, type Speaker } from "./channel-talk.ts";
import { shared, TOPIC_WORDS, type Topic } from "./topic.ts";

const GROUPS = [
  G.asks,
  G.help,
  G.trouble,
  G.own,
  G["all-of-you"],
  G.advice,
  G.thanks,
  G.greeting,
  G.reaction,
  G.you,
  G.leisure,
  G.matter,
] as const;

export const TEXT_FEATURES = 2 * GROUPS.length + 10;

/** Fills `into` from 0 with the text's own features. */
export function textFeatures(
  text: string,
  { length, letters, bytes }: Folded,
  hits: Hits,
  links: number,
  into: Float64Array,
): void {
  let n = 0;
  for (const group of GROUPS) {
    const count = hits.counts[group] ?? 0;
    into[n++] = Math.min(4, count);
    into[n++] = count > 0 && (hits.from[group] ?? 0) <= 2 ? 1 : 0;
  }
  let wordCount = letters > 0 ? 1 : 0;
  let marks = 0;
  let code = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 32) wordCount++;
    else if (byte === 63) marks++;
    else if (byte === 47 || byte === 95 || byte === 61 || byte === 123 || byte === 96) code++;
  }
  into[n++] = Math.log2(1 + length);
  into[n++] = Math.log2(1 + wordCount);
  into[n++] = Math.min(3, marks);
  into[n++] = endsAsking(bytes, length) ? 1 : 0;
  into[n++] = Math.min(8, code);
  into[n++] = Math.min(3, links);
  into[n++] = text.includes("```") ? 1 : 0;
  into[n++] = bytes[0] === 33 || bytes[0] === 47 ? 1 : 0;
  into[n++] = text.includes("...") ? 1 : 0;
  into[n++] = text.includes("!") ? 1 : 0;
}

export const TALK_FEATURES = 35;

const MINUTE_MS = 60_000;
/** Speakers of the last lines; filled anew for each line. */
const seen: Speaker[] = [];

/** Fills `into` from `n` with features of the earlier lines; the line itself is not noted yet. */
export function talkFeatures(
  talk: ChannelTalk,
  speaker: Speaker,
  atMs: number,
  ask: number,
  topic: Topic,
  into: Float64Array,
  start: number,
): void {
  let n = start;
  const place = talk.count;
  into[n++] = Math.min(20, speaker.lines);
  into[n++] = lag(atMs - speaker.lastAtMs);
  into[n++] = steps(place - speaker.lastPlace);
  into[n++] = lag(atMs - speaker.calledAtMs);
  into[n++] = steps(place - speaker.calledPlace);
  into[n++] = speaker.calledPlace > speaker.lastPlace ? 1 : 0;
  into[n++] = speaker.lines === 0 ? -1 : speaker.calls / speaker.lines;
  into[n++] = lag(atMs - speaker.callAtMs);
  into[n++] = speaker.callPlace === speaker.lastPlace && speaker.lines > 0 ? 1 : 0;
  into[n++] = speaker.lines === 0 ? -1 : speaker.ask;
  into[n++] = lag(atMs - speaker.askAtMs);
  into[n++] = steps(place - speaker.askPlace);
  into[n++] = speaker.calledPlace > speaker.askPlace ? 1 : 0;
  into[n++] = ask;

  // The lines before: who, how fast, and is one of them a request that this may answer?
  const { lines } = talk;
  const last = lineBack(talk, 1);
  const lastIsOwn = last >= 0 && lines.speaker[last] === speaker;
  into[n++] = last < 0 ? 20 : lag(atMs - (lines.atMs[last] as number));
  into[n++] = last < 0 ? -1 : lastIsOwn ? 1 : 0;
  into[n++] = last < 0 || lastIsOwn ? 0 : (lines.ask[last] as number);
  let own = 0;
  let ownRecent = 0;
  let others = 0;
  let unaddressed = 0;
  let bestAsk = 0;
  let bestBack = 0;
  let open = true;
  let sharedOther = 0;
  let sharedBack = 0;
  let sharedOwn = 0;
  let toMe = 0;
  let askers = 0;
  seen.length = 0;
  for (let back = 1; back <= BACK_MAX; back++) {
    const at = lineBack(talk, back);
    if (at < 0) break;
    const agoMs = atMs - (lines.atMs[at] as number);
    if (back > 12 && agoMs > 15 * MINUTE_MS) break;
    const who = lines.speaker[at] as Speaker;
    if (back <= 20 && !seen.includes(who)) seen.push(who);
    const common = back <= 24 ? shared(topic, lines.topic, at * TOPIC_WORDS) : 0;
    const to = lines.to[at] as Speaker | null;
    if (to === speaker) toMe++;
    if (who === speaker) {
      sharedOwn = Math.max(sharedOwn, common);
      open = false;
      own++;
      if (back <= 10) ownRecent++;
      continue;
    }
    if (common > sharedOther) {
      sharedOther = common;
      sharedBack = back;
    }
    const asked = lines.ask[at] as number;
    if (asked >= 0.5 && back <= 12) askers++;
    if (open) {
      others++;
      if (to === null) unaddressed++;
    }
    if (asked > bestAsk && back <= 15 && agoMs < 10 * MINUTE_MS) {
      bestAsk = asked;
      bestBack = back;
    }
  }
  into[n++] = own;
  into[n++] = ownRecent;
  into[n++] = others;
  into[n++] = unaddressed;
  into[n++] = bestAsk;
  into[n++] = bestBack;
  into[n++] = seen.length;
  into[n++] = sharedOther;
  into[n++] = sharedBack;
  into[n++] = sharedOwn;
  into[n++] = toMe;
  into[n++] = askers;
  into[n++] = speaker.lines === 0 ? -1 : speaker.asks / speaker.lines;
  into[n++] = speaker.lines === 0 ? -1 : speaker.helps / speaker.lines;
  const lastTo = last < 0 ? null : lines.to[last];
  into[n++] = last < 0 ? 0 : (lines.advice[last] as number);
  into[n++] = lastTo === null ? 0 : lastTo === speaker ? 2 : 1;
  into[n++] = last < 0 ? 0 : (lines.question[last] as number);
  const twenty = lineBack(talk, 20);
  into[n++] = twenty < 0 ? 20 : lag(atMs - (lines.atMs[twenty] as number));
}

/** Seconds on a logarithmic scale, 20 for never. */
function lag(ms: number): number {
  return Number.isFinite(ms) ? Math.min(18, Math.log2(1 + Math.max(0, ms) / 1_000)) : 20;
}

function steps(lines: number): number {
  return Number.isFinite(lines) ? Math.min(12, Math.log2(1 + lines)) : 13;
}

/** A question mark at the end, behind smileys and marks at most. */
function endsAsking(bytes: Uint8Array, length: number): boolean {
  for (let i = length - 1, skipped = 0; i >= 0 && skipped < 6; i--, skipped++) {
    const byte = bytes[i] ?? 0;
    if (byte === 63) return true;
    if (byte >= 97 && byte <= 122) return false;
  }
  return false;
}
