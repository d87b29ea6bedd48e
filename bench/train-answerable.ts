/**
 * Trains `src/knowledge/answerable.weights.json`: `bun bench/train-answerable.ts [FOLDER FOLDER]`. Each of two BEIR-style folders'
 * questions count as answerable on their own corpus and as not answerable on the other's; only the even half is looked at, the
 * odd half is reported by `bun run bench retrieval`. Logistic regression, L2, full-batch gradient descent: seconds.
 */
import { join } from "node:path";
import { FEATURES, features, logistic } from "../src/knowledge/answerable.ts";
import { buildIndex, type PassageIndex } from "../src/knowledge/index.ts";
import { rank } from "../src/knowledge/rank.ts";
import { sharedData } from "./data.ts";
import { auroc, isTuned, loadCorpus, type Question } from "./retrieval.ts";

const STEPS = 4_000;
const RATE = 1;
const RIDGE = 0.01;
const OUT = join(import.meta.dir, "..", "src", "knowledge", "answerable.weights.json");

type Row = { readonly x: readonly number[]; readonly y: 0 | 1; readonly corpus: string };

const folders =
  process.argv.length > 3
    ? process.argv.slice(2, 4)
    : [sharedData("retrieval", "ray_docs"), sharedData("retrieval", "ubuntu_factoids")];
const [a, b] = await Promise.all(
  folders.map(async (folder) => {
    if (folder === null || folder === undefined) throw new Error("two BEIR-style folders are needed");
    const corpus = await loadCorpus(folder);
    return { folder, index: await buildIndex(corpus.passages), questions: corpus.questions.filter(isTuned) };
  }),
);
if (a === undefined || b === undefined) throw new Error("two BEIR-style folders are needed");

const rows = [
  ...rowsOf("first", a.index, a.questions, 1),
  ...rowsOf("first", a.index, b.questions, 0),
  ...rowsOf("second", b.index, b.questions, 1),
  ...rowsOf("second", b.index, a.questions, 0),
];
const weights = train(rows);
const scoreOf = (row: Row) => logistic(row.x, weights);
const positives = rows
  .filter((r) => r.corpus === "first" && r.y === 1)
  .map(scoreOf)
  .sort((x, y) => x - y);
const keeps95 = positives[Math.floor(0.05 * positives.length)] ?? 0;
for (const corpus of ["first", "second"]) {
  const of = (y: 0 | 1) => rows.filter((r) => r.corpus === corpus && r.y === y).map(scoreOf);
  process.stdout.write(`${corpus}: AUROC on what it was trained on ${auroc(of(1), of(0)).toFixed(3)}\n`);
}
for (const [i, name] of FEATURES.entries()) process.stdout.write(`  ${name} ${weights[i]?.toFixed(3)}\n`);
const round = (value: number) => Number(value.toPrecision(5));
await Bun.write(
  OUT,
  `${JSON.stringify({ features: FEATURES, weights: weights.map(round), keeps95: round(keeps95) }, null, 2)}\n`,
);
process.stdout.write(`keeps 95 %: ${keeps95.toFixed(3)}\nwritten: ${OUT}\n`);

function rowsOf(corpus: string, index: PassageIndex, questions: readonly Question[], y: 0 | 1): Row[] {
  return questions.flatMap((question) => {
    const x = features(rank(index, question.text, 9));
    return x === null ? [] : [{ x, y, corpus }];
  });
}

/** Each corpus and each answer weighs the same, however many questions it has. */
function train(rows: readonly Row[]): number[] {
  const n = rows.length;
  const columns = FEATURES.map((_, i) => rows.map((r) => r.x[i] ?? 0));
  const means = columns.map((c, i) => (i === 0 ? 0 : c.reduce((s, v) => s + v, 0) / n));
  const spreads = columns.map((c, i) =>
    i === 0 ? 1 : Math.sqrt(c.reduce((s, v) => s + (v - (means[i] ?? 0)) ** 2, 0) / n) || 1,
  );
  const scaled = rows.map((r) => r.x.map((v, i) => (v - (means[i] ?? 0)) / (spreads[i] ?? 1)));
  const share = rows.map((r) => 1 / (4 * rows.filter((o) => o.corpus === r.corpus && o.y === r.y).length));
  const w = FEATURES.map(() => 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = FEATURES.map(() => 0);
    for (const [r, x] of scaled.entries()) {
      const error = (share[r] ?? 0) * (logistic(x, w) - (rows[r]?.y ?? 0));
      for (const [i, v] of x.entries()) gradient[i] = (gradient[i] ?? 0) + error * v;
    }
    for (const i of w.keys()) w[i] = (w[i] ?? 0) - RATE * ((gradient[i] ?? 0) + (i === 0 ? 0 : RIDGE * (w[i] ?? 0)));
  }
  const unscaled = w.map((v, i) => v / (spreads[i] ?? 1));
  unscaled[0] = (w[0] ?? 0) - unscaled.reduce((s, v, i) => (i === 0 ? s : s + v * (means[i] ?? 0)), 0);
  return unscaled;
}
