/**
 * Would a bot that knows the channel's subject help here? Each line of a channel is judged from its own words and from the lines
 * before it: who asked, who answers whom, who is in the middle of a talk. A learned forest decides (bench/train/smart.ts);
 * hard rules come first: machines, commands, lines to somebody by name. Microseconds a line, bounded memory a channel.
 *
 * The live pipeline and `gatehouse probe smart` run this same code.
 */
import { createRecent, type Recent } from "./recent.ts";
import { addressedIn } from "./smart/addressing.ts";
import askWeights from "./smart/ask.weights.json" with { type: "json" };
import { type Bar, barFor, createBar, moveBar } from "./smart/bar.ts";
import { type ChannelTalk, createChannelTalk, noteLine, type Speaker, speakerOf } from "./smart/channel-talk.ts";
import { TALK_FEATURES, TEXT_FEATURES, talkFeatures, textFeatures } from "./smart/features.ts";
import { type KnownNames, putName } from "./smart/known-names.ts";
import meritWeights from "./smart/merit.weights.json" with { type: "json" };
import { phraseScore } from "./smart/phrases.ts";
import smartWeights from "./smart/smart.weights.json" with { type: "json" };
import { topicOf } from "./smart/topic.ts";
import { type Forest, forestScore, unpackForest } from "./smart/trees.ts";
import type { Hits } from "./text/automaton.ts";
import { type Folded, fold } from "./text/fold.ts";
import { type GramModel, sigmoid, unpackGrams } from "./text/grams.ts";
import { type Link, linksOf, maskLinks } from "./text/links.ts";
import { G, words } from "./text/words.ts";

/** One line of a channel, from a log or live. */
export type SmartLine = {
  readonly channel: string;
  /** Identifies the author: a nick or a user's id. */
  readonly author: string;
  /** The author's name as others write it. */
  readonly name: string;
  readonly atMs: number;
  readonly text: string;
  /** A bot's, a webhook's, a system's line: never answered, but remembered as said. */
  readonly machine: boolean;
  /** By mention or reply, where the platform says so: the bot, or the key of another author. */
  readonly to: "bot" | { readonly author: string } | null;
};

export type SmartReason =
  | "addressed-to-bot"
  | "addressed-to-another"
  | "machine"
  | "command"
  | "empty"
  | "request"
  | "talk";

export type Considered = {
  readonly decision: "silent" | "consider" | "must";
  readonly reason: SmartReason;
  /** 0…1; from 0.5 on it is worth a look at the knowledge base and a model's opinion. Below that it may be less than is told. */
  readonly score: number;
};

/** A text that the prefilter has read just now: folded, its words and links found. */
export type ReadText = {
  readonly text: string;
  readonly folded: Folded;
  readonly hits: Hits;
  readonly links: readonly Link[];
};

/** Memory of earlier lines, for every channel of a worker; bounded. */
export type SmartContext = {
  readonly channels: Recent<string, Channel>;
  /** Every line is held against its talk, also where its words alone keep it silent: for who reads scores. */
  readonly whole: boolean;
};

type Channel = {
  readonly talk: ChannelTalk;
  /** Lines "name: …" to somebody who spoke here. */
  colons: number;
  readonly names: KnownNames;
  readonly bar: Bar;
};

const CHANNELS_MAX = 2_000;
/** So many lines make "name: …" the channel's way to address. */
const COLONS_HABIT = 2;

export function createSmartContext({ whole = false }: { readonly whole?: boolean } = {}): SmartContext {
  return { channels: createRecent(CHANNELS_MAX), whole };
}

/** Forgets a channel: it is gone, or awareness of it was withdrawn. */
export function forgetChannel({ channels }: SmartContext, channel: string): void {
  channels.delete(channel);
}

const askModel = unpackGrams(askWeights);
const forest = unpackForest(smartWeights);
const merit = unpackForest(meritWeights);

/**
 * Judges `line` by what stands in `context`, then notes it there. Lines come in the channel's order. `known`: its text, read since
 * anything else was folded.
 */
export function consider(line: SmartLine, context: SmartContext, known: ReadText | null = null): Considered {
  const channel = channelOf(context, line.channel);
  const read = readIn(channel, line, askModel, known);
  const bar = barFor(channel.bar, line.author, line.atMs);
  const logit =
    read.fixed === null ? scoreOf(read, forest, merit, context.whole ? undefined : bar) : Number.NEGATIVE_INFINITY;
  const judged = read.fixed ?? byScore(logit - bar);
  read.note();
  if (!line.machine) {
    const passed = judged.decision === "consider";
    moveBar(channel.bar, { author: line.author, atMs: line.atMs, logit, passed, asks: read.asks });
  }
  return judged;
}

/**
 * A line must stand out in its talk, and ask something by its own words: the less of both. Where its words alone keep it below `bar`,
 * as most lines' do, its talk is not looked at.
 */
export function scoreOf(read: ReadLine, talk: Forest, words: Forest, bar = Number.NEGATIVE_INFINITY): number {
  const merit = forestScore(words, read.merit);
  return merit < bar ? merit : Math.min(merit, forestScore(talk, read.features()));
}

function byScore(logit: number): Considered {
  const score = sigmoid(logit);
  return score >= 0.5
    ? { decision: "consider", reason: "request", score }
    : { decision: "silent", reason: "talk", score };
}

const SMART_FEATURES = TEXT_FEATURES + TALK_FEATURES;
/** From here on the phrases of a text alone say that it asks: one in four lines of a help channel, one in a hundred posts. */
const ASKS_MIN = 0.45;

export type ReadLine = {
  /** Set where a rule decides. */
  readonly fixed: Considered | null;
  /** By its own words, without regard to the addressee: a question mark, or the phrases of a request. */
  readonly asks: boolean;
  /** Of what no rule decides, the talk before it included. Reused: valid until the next line is read. */
  readonly features: () => Float64Array;
  /** The text's own features and how much it asks. Reused too. */
  readonly merit: Float64Array;
  note(): void;
};

const features = new Float64Array(SMART_FEATURES);
const meritFeatures = new Float64Array(TEXT_FEATURES + 1);

/** Rules and features of a line; `ask` in place of a model where training has scored the texts already. */
export function readLine(line: SmartLine, context: SmartContext, ask: GramModel | number): ReadLine {
  return readIn(channelOf(context, line.channel), line, ask, null);
}

function readIn(channel: Channel, line: SmartLine, ask: GramModel | number, known: ReadText | null): ReadLine {
  const { talk, names } = channel;
  // A new speaker's name is folded in the same buffers, and the prefilter has masked the links.
  const readBefore =
    known !== null && known.links.length === 0 && known.text === line.text && talk.speakers.has(line.author);
  const speaker = speakerNamed(talk, names, line.author, line.name);
  const target = typeof line.to === "object" && line.to !== null ? speakerNamed(talk, names, line.to.author, "") : null;
  const folded = readBefore ? known.folded : fold(line.text);
  const hits = readBefore ? known.hits : words.scan(folded);
  const links = readBefore ? known.links : linksOf(line.text, folded);
  const addressed = addressedIn(folded, names, speaker, channel.colons >= COLONS_HABIT);
  if (addressed.byColon && channel.colons < COLONS_HABIT) channel.colons++;
  const to = target ?? addressed.to;
  const toBot = (hits.counts[G.bot] ?? 0) > 0 && (hits.from[G.bot] ?? 0) < 4;

  textFeatures(line.text, folded, hits, links.length, features);
  const command = folded.bytes[0] === 33 && folded.length > 1 && folded.bytes[1] !== 32;
  const letters = folded.letters;
  maskLinks(folded, links);
  const asks = line.machine
    ? 0
    : typeof ask === "number"
      ? ask
      : sigmoid(phraseScore(ask, folded.bytes, folded.length));
  for (let i = 0; i < TEXT_FEATURES; i++) meritFeatures[i] = features[i] ?? 0;
  meritFeatures[TEXT_FEATURES] = asks;
  const topic = topicOf(folded);
  const advice = (hits.counts[G.advice] ?? 0) > 0;

  let fixed: Considered | null = null;
  if (line.machine) fixed = silent("machine");
  else if (line.to === "bot" || toBot) fixed = { decision: "must", reason: "addressed-to-bot", score: 1 };
  else if (to !== null || addressed.somebody) fixed = silent("addressed-to-another");
  else if (command) fixed = silent("command");
  else if (letters === 0 && links.length === 0) fixed = silent("empty");
  else if (isSmall(line.text, folded.length, hits)) fixed = silent("talk");
  const question = line.text.includes("?") || line.text.includes("？");
  return {
    fixed,
    features() {
      talkFeatures(talk, speaker, line.atMs, asks, topic, features, TEXT_FEATURES);
      return features;
    },
    asks: question || asks >= ASKS_MIN,
    merit: meritFeatures,
    note() {
      noteLine(talk, { speaker, atMs: line.atMs, ask: to === null ? asks : 0, question, to, topic, advice });
    },
  };
}

/** A greeting, a thank-you, a yes: nothing that a talk around it makes a request of. */
const SMALL_BYTES_MAX = 24;

function isSmall(text: string, length: number, { counts }: Hits): boolean {
  if (length > SMALL_BYTES_MAX || text.includes("?")) return false;
  const of = (group: number) => counts[group] ?? 0;
  return (
    of(G.greeting) + of(G.thanks) + of(G.reaction) > 0 && of(G.asks) + of(G.help) + of(G.trouble) + of(G.matter) === 0
  );
}

function silent(reason: SmartReason): Considered {
  return { decision: "silent", reason, score: 0 };
}

function channelOf({ channels }: SmartContext, key: string): Channel {
  const fresh = () => ({ talk: createChannelTalk(), colons: 0, names: new Map(), bar: createBar() });
  const channel = channels.get(key) ?? fresh();
  // Set at each line, so that the channel gives way that was silent longest.
  channels.set(key, channel);
  return channel;
}

function speakerNamed(talk: ChannelTalk, names: KnownNames, key: string, name: string): Speaker {
  const known = talk.speakers.get(key);
  if (known !== undefined) return known;
  const folded = name === "" ? "" : foldedName(name);
  const speaker = speakerOf(talk, key, folded);
  if (folded !== "") putName(names, speaker);
  return speaker;
}

/** Folds on its own: a name is folded once, when its speaker first speaks, before the line itself is. */
function foldedName(name: string): string {
  const { bytes, length } = fold(name.slice(0, 64));
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
}
