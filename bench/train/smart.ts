/**
 * `bun bench/train/smart.ts`: trains the smart decision from `shared/data/smart-mode`, prints what cross-validation by community
 * says of it, and writes src/smart/{ask,smart}.weights.json. `--report` prints only.
 *
 * Two steps. The texts: words and phrases of requests against those of replies and of small talk (casual.ts). Then the talk: a forest over
 * the texts' held-out scores and the features of smart-features.ts, grown on the logs as they are and at other paces (vary.ts).
 * A request is found by any of its lines, so after a first forest each line of a request weighs by how much it looks like the
 * one that would be found.
 */
import { join } from "node:path";
import { BAR_SHAPE, type BarShape, barFor, createBar, moveBar } from "../../src/smart/bar.ts";
import { phrasesOf } from "../../src/smart/phrases.ts";
import { type Forest, forestScore, packForest } from "../../src/smart/trees.ts";
import { createSmartContext, readLine, type SmartLine, scoreOf } from "../../src/smart.ts";
import { fold } from "../../src/text/fold.ts";
import { type GramModel, type PackedGrams, sigmoid, unpackGrams } from "../../src/text/grams.ts";
import { linksOf, maskLinks } from "../../src/text/links.ts";
import { growForest } from "./boost.ts";
import { casualLog } from "./casual.ts";
import { scoreGrams, trainGrams } from "./linear.ts";
import {
  isMachine,
  type Log,
  type LogRow,
  readLogs,
  requestOf,
  type SmartFigures,
  scoreDecisions,
} from "./smart-data.ts";
import { variedLogs, withoutName } from "./vary.ts";

const ASK = { bits: 16, epochs: 4, rate: 0.07, decay: 1e-4, seed: 3 };
/** A phrase in fewer texts than this says more about them than about asking. */
const PHRASE_TEXTS_MIN = 4;
/** How much texts teach: lines after a request's first say less on their own; what is said to somebody by name reads like any reply. */
const CONTINUED_WEIGHT = 0.3;
const ADDRESSED_WEIGHT = 0.6;
const FOREST = { trees: 250, depth: 3, rate: 0.08, ridge: 10, leafMin: 4, rowShare: 0.7, columnShare: 0.5, seed: 5 };
const ROUNDS = 2;
const REQUEST_WEIGHT = 1.5;
const WITNESS_MIN = 0.1;
/** What was put together here counts less than what people said in help channels. */
const CASUAL_WEIGHT = 0.4;
const FOLDS = 5;
/** Folds that the bar is set on. */
const BAR_FOLDS = 2;
/** Lines that follow each other share a fold: neighbours must not teach about each other. */
const FOLD_LINES = 100;
/** The share of replies among people that may be taken for requests; the forest's bias is shifted to it. */
export const FALSE_TRIGGERS_MAX = 0.1;
/** The share of people's lines that may be asked about. */
const ASKED_MAX = 0.2;
/** Shapes of the bar that are tried on inner folds. */
const HELP_LEVELS = [0, -0.4, -0.8, -1.2, -1.6, -2];
const AGAINS = [2, 4, 6];

/** What a line asks by its words alone: the requests of logs and made-up ones against company. */
const MERIT = { trees: 120, depth: 3, rate: 0.1, ridge: 10, leafMin: 10, rowShare: 0.7, columnShare: 0.6, seed: 9 };
/** The share of made-up company that may still pass; of lines that people write it is more. */
const COMPANY_PASSES = 0.02;
/** Logits by which a line may fall short of that. */
const MERIT_SLACK = 0.3;

export type SmartModel = { readonly ask: PackedGrams; readonly forest: Forest; readonly merit: Forest };

/** Logits by log: −Infinity where a rule keeps silent, NaN where nothing is known. */
export type Scores = ReadonlyMap<Log, Float64Array>;

/** Which lines ask by their own words. */
type Asks = ReadonlyMap<Log, readonly boolean[]>;

if (import.meta.main) await main();

async function main(): Promise<void> {
  const logs = await readLogs();
  if (logs === null) {
    process.stdout.write(
      "The shared data is not there (GATEHOUSE_SHARED, or ../shared beside the checkout): nothing trained.\n",
    );
    return;
  }
  const casual = await casualLog();
  for (const { name, figures, atLimit } of crossValidate(logs, casual))
    process.stdout.write(`${name}: ${describe(figures)}; at the limit: ${atLimit.blockRecall.toFixed(3)}\n`);
  if (process.argv.includes("--report")) return;
  const { ask, forest, merit } = trainSmart(logs, casual);
  const out = join(import.meta.dir, "..", "..", "src", "smart");
  await Bun.write(join(out, "ask.weights.json"), `${JSON.stringify(ask)}\n`);
  await Bun.write(join(out, "smart.weights.json"), `${JSON.stringify(packForest(forest))}\n`);
  await Bun.write(join(out, "merit.weights.json"), `${JSON.stringify(packForest(merit))}\n`);
}

export type Validated = {
  readonly name: string;
  readonly atLimit: SmartFigures;
  readonly figures: SmartFigures;
  /** The same with a bar whose shape was chosen on inner folds of the training part alone. */
  readonly nested: { readonly shape: BarShape; readonly figures: SmartFigures };
  /** Block recall if every line were considered that is not spoken to somebody by name: the rest is never butted in on. */
  readonly reachable: number;
};

/**
 * Trained on one community, tried on the other, both ways; then, unless `quick`, each Gitter channel, and one IRC log, left out. `figures`
 * as it runs, the bar set on the training part and moved by the channel's own lines; `atLimit` with a fixed bar where false
 * triggers on the tried part are the agreed share, which says how well the ranking carries over.
 */
export function* crossValidate(logs: readonly Log[], casual: Log | null, quick = false): Generator<Validated> {
  const of = (community: Log["community"]) => logs.filter((log) => log.community === community);
  yield validate("irc → gitter", of("irc"), of("gitter"), casual);
  yield validate("gitter → irc", of("gitter"), of("irc"), casual);
  if (quick) return;
  for (const left of logs) {
    if (left.name === "ubuntu_irc_train") continue;
    yield validate(
      `rest → ${left.name}`,
      logs.filter((log) => log !== left),
      [left],
      casual,
    );
  }
}

function validate(name: string, training: readonly Log[], tried: readonly Log[], casual: Log | null): Validated {
  const { scores, asks } = scoreLogs(trainSmart(training, casual), tried);
  const shape = chooseShape(training, casual);
  return {
    name,
    figures: figuresLive(tried, scores, asks),
    nested: { shape, figures: figuresLive(tried, scores, asks, shape) },
    atLimit: figuresAt(tried, scores, barAt(tried, scores)),
    reachable: figuresAt(tried, scores, -Number.MAX_VALUE).openingRecall,
  };
}

/**
 * The shape of the bar that finds most requests of logs the model did not learn from, within the goals for false triggers and for
 * what is asked about: of each inner fold, on its own part of the training logs. The tried logs have no say.
 */
function chooseShape(training: readonly Log[], casual: Log | null): BarShape {
  const folds = innerFolds(training).map(({ rest, held }) => ({ held, ...scoreLogs(trainSmart(rest, casual), held) }));
  let best: { readonly shape: BarShape; readonly worth: number } = {
    shape: BAR_SHAPE,
    worth: Number.NEGATIVE_INFINITY,
  };
  for (const helpLevel of HELP_LEVELS) {
    for (const again of AGAINS) {
      const shape = { helpLevel, again };
      const worth = folds.reduce(
        (sum, { held, scores, asks }) => sum + worthOf(figuresLive(held, scores, asks, shape)),
        0,
      );
      if (worth > best.worth) best = { shape, worth };
    }
  }
  return best.shape;
}

/** Requests found, less what goes beyond the goals, weighed so that a point of either costs more than a point of requests. */
function worthOf({ blockRecall, falseTriggers, asked }: SmartFigures): number {
  return blockRecall - 3 * Math.max(0, falseTriggers - FALSE_TRIGGERS_MAX) - 3 * Math.max(0, asked - ASKED_MAX);
}

/** Halves of each log by time: either learns, the other is tried. */
function innerFolds(logs: readonly Log[]): readonly { readonly rest: readonly Log[]; readonly held: readonly Log[] }[] {
  const halves = [0, 1].map((half) => logs.map((log) => partOf(log, half)));
  return [0, 1].map((half) => ({ rest: halves[1 - half] ?? [], held: halves[half] ?? [] }));
}

function partOf(log: Log, half: number): Log {
  const middle = Math.floor(log.rows.length / 2);
  const [from, to] = half === 0 ? [0, middle] : [middle, log.rows.length];
  return { ...log, rows: log.rows.slice(from, to), lines: log.lines.slice(from, to) };
}

export function describe(f: SmartFigures): string {
  return `block recall ${f.blockRecall.toFixed(3)}, false triggers ${f.falseTriggers.toFixed(3)}, precision ${f.precision.toFixed(2)}, recall ${f.recall.toFixed(2)}, asked ${f.asked.toFixed(3)}`;
}

export function trainSmart(logs: readonly Log[], casual: Log | null): SmartModel {
  const texts = casual === null ? logs : [...logs, casual];
  const held = heldOutAsks(texts);
  const samples = [
    ...logs.flatMap((log) => samplesOf(log, held.get(log) ?? new Float64Array())),
    ...variedLogs(logs).flatMap(({ log, origins }) => {
      const asks = Float64Array.from(origins, (origin) => held.get(origin.log)?.[origin.place] ?? 0);
      return samplesOf(log, asks).map((sample) => ({ ...sample, place: origins[sample.place]?.place ?? 0 }));
    }),
  ];
  // The bar is set on lines that the forest did not grow from.
  const scores = new Map(
    logs.map((log) => [
      log,
      Float64Array.from(log.rows, (_, place) => (foldOf(place) < BAR_FOLDS ? Number.NEGATIVE_INFINITY : Number.NaN)),
    ]),
  );
  for (let k = 0; k < BAR_FOLDS; k++) {
    const forest = grow(samples.filter((sample) => foldOf(sample.place) !== k));
    for (const { log, place, features } of samples) {
      const of = scores.get(log);
      if (of !== undefined && foldOf(place) === k) of[place] = forestScore(forest, features);
    }
  }
  const bars = (["irc", "gitter"] as const).flatMap((community) => {
    const of = logs.filter((log) => log.community === community);
    return of.length === 0 ? [] : [barAt(of, scores)];
  });
  const bar = bars.reduce((sum, value) => sum + value, 0) / bars.length;
  const forest = grow(samples);
  return {
    ask: trainAsks(texts, () => true),
    forest: { ...forest, bias: Number((forest.bias - bar).toFixed(4)) },
    merit: growMerit(logs, casual, held),
  };
}

function growMerit(logs: readonly Log[], casual: Log | null, held: ReadonlyMap<Log, Float64Array>): Forest {
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  const company: number[] = [];
  const all = casual === null ? logs : [...logs, casual];
  for (const log of all) {
    log.rows.forEach((row, place) => {
      const made = log.community === "casual";
      const request = row.expected === "answer_candidate" && row.label !== "help_request_cont" && !isMachine(row);
      if (!request && !(made && row.expected === "silent")) return;
      const line = log.lines[place];
      if (line === undefined) return;
      if (!request) company.push(rows.length);
      rows.push(meritOf(line, held.get(log)?.[place] ?? 0));
      labels.push(request ? 1 : 0);
    });
  }
  if (company.length === 0)
    return { ...growForest(rows, Uint8Array.from(labels), new Float64Array(rows.length).fill(1), MERIT), bias: 99 };
  // Half of the weight to either side, so that the score does not depend on how many lines were made up.
  const share = company.length / rows.length;
  const even = Float64Array.from(labels, (label) => (label === 1 ? 0.5 / (1 - share) : 0.5 / share));
  const forest = growForest(rows, Uint8Array.from(labels), even, MERIT);
  const scores = company.map((i) => forestScore(forest, rows[i] ?? new Float64Array())).sort((a, b) => b - a);
  const bar = scores[Math.floor(scores.length * COMPANY_PASSES)] ?? 0;
  return { ...forest, bias: Number((forest.bias - bar + MERIT_SLACK).toFixed(4)) };
}

function meritOf(line: SmartLine, ask: number): Float64Array {
  const read = readLine(line, createSmartContext(), ask);
  return read.merit.slice();
}

/** What the model says of every line, rules first. */
export function scoreLogs({ ask, forest, merit }: SmartModel, logs: readonly Log[]): { scores: Scores; asks: Asks } {
  const model = unpackGrams(ask);
  const scores = new Map<Log, Float64Array>();
  const asks = new Map<Log, boolean[]>();
  for (const log of logs) {
    const context = createSmartContext();
    const asking: boolean[] = [];
    const of = Float64Array.from(log.lines, (line) => {
      const read = readLine(line, context, model);
      const score = read.fixed === null ? scoreOf(read, forest, merit) : Number.NEGATIVE_INFINITY;
      asking.push(read.asks);
      read.note();
      return score;
    });
    scores.set(log, of);
    asks.set(log, asking);
  }
  return { scores, asks };
}

/** As it runs: each channel's bar moves with what passed it. */
function figuresLive(logs: readonly Log[], scores: Scores, asks: Asks, shape = BAR_SHAPE): SmartFigures {
  const triggered = logs.flatMap((log) => {
    const bar = createBar();
    return log.lines.map(({ author, atMs, machine }, i) => {
      const logit = scores.get(log)?.[i] ?? Number.NEGATIVE_INFINITY;
      const passed = logit >= barFor(bar, author, atMs, shape);
      if (!machine) moveBar(bar, { author, atMs, logit, passed, asks: asks.get(log)?.[i] ?? false });
      return passed;
    });
  });
  return scoreDecisions(named(logs), triggered);
}

export function figuresAt(logs: readonly Log[], scores: Scores, bar: number): SmartFigures {
  return scoreDecisions(
    named(logs),
    logs.flatMap((log) => [...(scores.get(log) ?? [])].map((score) => score >= bar)),
  );
}

function named(logs: readonly Log[]): LogRow[] {
  return logs.flatMap((log) => log.rows.map((row) => ({ ...row, log: log.name })));
}

/** The lowest bar at which false triggers stay within the limit. */
function barAt(logs: readonly Log[], scores: Scores): number {
  const quiet = logs.flatMap((log) =>
    log.rows.flatMap((row, i) => {
      const score = scores.get(log)?.[i] ?? Number.NaN;
      return isQuiet(row) && !Number.isNaN(score) ? [score] : [];
    }),
  );
  quiet.sort((a, b) => b - a);
  const above = quiet[Math.floor(quiet.length * FALSE_TRIGGERS_MAX)] ?? 0;
  return above + 1e-6;
}

type Sample = {
  readonly log: Log;
  readonly place: number;
  readonly features: Float64Array;
  /** The request that the line belongs to; null for anything else. */
  readonly request: string | null;
};

function samplesOf(log: Log, asks: Float64Array): Sample[] {
  const context = createSmartContext();
  return log.lines.flatMap((line, place) => {
    const row = log.rows[place];
    const read = readLine(line, context, asks[place] ?? 0);
    const features = read.fixed === null ? read.features().slice() : null;
    read.note();
    if (row === undefined || features === null) return [];
    const request = row.expected === "answer_candidate" && !isMachine(row) ? requestOf(row) : null;
    if (request === null && !isQuiet(row) && !isWaiting(row)) return [];
    return [{ log, place, features, request: request === null ? null : `${log.name}:${request}` }];
  });
}

function grow(samples: readonly Sample[]): Forest {
  const rows = samples.map(({ features }) => features);
  const labels = Uint8Array.from(samples, ({ request }) => (request === null ? 0 : 1));
  const weights = Float64Array.from(samples, ({ request }) => (request === null ? 1 : REQUEST_WEIGHT));
  let forest = growForest(rows, labels, weights, FOREST);
  for (let round = 0; round < ROUNDS; round++) {
    const scores = rows.map((row) => forestScore(forest, row));
    const best = new Map<string, number>();
    samples.forEach(({ request }, i) => {
      if (request !== null) best.set(request, Math.max(best.get(request) ?? Number.NEGATIVE_INFINITY, scores[i] ?? 0));
    });
    samples.forEach(({ request }, i) => {
      if (request === null) return;
      const likeness = Math.exp(1.5 * ((scores[i] ?? 0) - (best.get(request) ?? 0)));
      weights[i] = REQUEST_WEIGHT * Math.max(WITNESS_MIN, likeness);
    });
    forest = growForest(rows, labels, weights, FOREST);
  }
  return forest;
}

/** Each text's score by a model that did not see it. */
function heldOutAsks(logs: readonly Log[]): Map<Log, Float64Array> {
  const held = new Map(logs.map((log) => [log, new Float64Array(log.rows.length)]));
  for (let k = 0; k < FOLDS; k++) {
    const model: GramModel = unpackGrams(trainAsks(logs, (place) => foldOf(place) !== k));
    for (const log of logs) {
      log.rows.forEach(({ text }, place) => {
        const of = held.get(log);
        if (of !== undefined && foldOf(place) === k) of[place] = sigmoid(scoreGrams(model, textGrams(text)));
      });
    }
  }
  return held;
}

function trainAsks(logs: readonly Log[], used: (place: number) => boolean): PackedGrams {
  const texts = logs.flatMap((log) =>
    log.rows.flatMap((row, place) => {
      const weight = used(place) ? textWeight(row) * (log.name === "casual" ? CASUAL_WEIGHT : 1) : 0;
      if (weight === 0) return [];
      const asks = row.expected === "answer_candidate" || row.expected === "ambiguous";
      return [{ grams: textGrams(asks ? row.text : withoutName(row.text)), label: asks ? 1 : 0, weight } as const];
    }),
  );
  const weigh = (label: 0 | 1) => texts.reduce((sum, text) => sum + (text.label === label ? text.weight : 0), 0);
  const more = Math.min(3, (0.5 * weigh(0)) / Math.max(1, weigh(1)));
  const among = new Map<number, number>();
  for (const { grams } of texts) for (const gram of new Set(grams)) among.set(gram, (among.get(gram) ?? 0) + 1);
  return trainGrams(
    texts.map(({ grams, label, weight }) => ({
      grams: grams.filter((gram) => (among.get(gram) ?? 0) >= PHRASE_TEXTS_MIN),
      size: grams.length,
      label,
      weight: label === 1 ? weight * more : weight,
    })),
    ASK,
  );
}

/** Requests that nobody answered are requests as well; only as texts, since they count nowhere as decisions. */
function textWeight(row: LogRow): number {
  if (isMachine(row)) return 0;
  if (row.expected === "answer_candidate") return row.label === "help_request_cont" ? CONTINUED_WEIGHT : 1;
  if (row.expected === "ambiguous") return row.label === "start_unanswered" ? 1 : 0;
  if (row.expected === "silent") return isQuiet(row) ? 1 : ADDRESSED_WEIGHT;
  return row.expected === "wait" ? 1 : 0;
}

function textGrams(text: string): Int32Array {
  const folded = fold(text);
  maskLinks(folded, linksOf(text, folded));
  return phrasesOf(folded.bytes, folded.length);
}

function isQuiet(row: LogRow): boolean {
  return row.expected === "silent" && !isMachine(row) && (row.addressed_to ?? null) === null;
}

/** "hello?": a question will follow. Measured nowhere, but not to be answered. */
function isWaiting(row: LogRow): boolean {
  return row.expected === "wait" && !isMachine(row);
}

function foldOf(place: number): number {
  return Math.floor(place / FOLD_LINES) % FOLDS;
}
