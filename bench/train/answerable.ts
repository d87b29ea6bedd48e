/**
 * Trains `src/knowledge/search/answerable.weights.json`: `bun bench/train/answerable.ts [FOLDER…]`. The questions of each corpus count as
 * answerable at home and as not answerable everywhere else; the demo's knowledge base, with questions that it answers and
 * some that it does not, is always one of them. Only the even half is looked at; the odd half is reported by
 * `bun run bench retrieval`. Logistic regression, L2, full-batch gradient descent: seconds.
 */
import { basename, join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { ANSWERABLE_FEATURES, features } from "../../src/knowledge/search/answerable.ts";
import { buildIndex } from "../../src/knowledge/search/build.ts";
import type { PassageIndex } from "../../src/knowledge/search/index.ts";
import { rank } from "../../src/knowledge/search/rank.ts";
import { importFiles } from "../../src/knowledge.ts";
import { createKnowledgeStore, loadAll } from "../../test/support/knowledge-store.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { auroc, isTuned, loadCorpus } from "../retrieval.ts";
import { chanceOf, fitLogistic } from "./logistic.ts";

/** Documentation, chat, a FAQ and another language; the other shared sets stay unseen. */
const TRAINED_ON = ["ray_docs", "ubuntu_factoids", "pyfaq_en", "xquad_tr"] as const;
/** Of each corpus, evenly taken: more teach nothing and take minutes. */
const QUESTIONS_MAX = 150;
const RIDGE = 0.01;
const OUT = join(import.meta.dir, "..", "..", "src", "knowledge", "search", "answerable.weights.json");
const DEMO = join(import.meta.dir, "..", "demo");

type Home = {
  readonly name: string;
  readonly index: PassageIndex;
  readonly questions: readonly string[];
  /** Asked of this corpus in its own words, and not answered by it. */
  readonly unanswered: readonly string[];
};
type Row = { readonly x: readonly number[]; readonly y: 0 | 1; readonly corpus: string };

const shared = TRAINED_ON.map((name) => sharedData("retrieval", name));
const folders = process.argv.length > 2 ? process.argv.slice(2) : shared.filter((folder) => folder !== null);
if (folders.length === 0) throw new Error("the shared data is not there: give BEIR-style folders");
const homes = [...(await Promise.all(folders.map(loadFolder))), await loadDemo()];

const rows = homes.flatMap((home) => [
  ...rowsOf(home, home.questions, 1),
  ...rowsOf(home, home.unanswered, 0),
  ...homes.flatMap((other) => (other === home ? [] : rowsOf(home, other.questions, 0))),
]);
const weights = train(rows);
const scoresOf = (name: string, y: 0 | 1) =>
  rows.flatMap((r) => (r.corpus === name && r.y === y ? [chanceOf(r.x, weights)] : [])).sort((a, b) => a - b);
for (const { name } of homes) {
  const can = scoresOf(name, 1);
  const fifth = can[Math.floor(0.05 * can.length)] ?? 0;
  const area = auroc(can, scoresOf(name, 0));
  process.stdout.write(`${name}: AUROC on what it was trained on ${area.toFixed(3)}, 95 % above ${fifth.toFixed(3)}\n`);
}
for (const [i, name] of ANSWERABLE_FEATURES.entries()) process.stdout.write(`  ${name} ${weights[i]?.toFixed(3)}\n`);
const round = (value: number) => Number(value.toPrecision(5));
const trained = { features: ANSWERABLE_FEATURES, weights: weights.map(round) };
await Bun.write(OUT, `${JSON.stringify(trained, null, 2)}\n`);
process.stdout.write(`written: ${OUT}\n`);

async function loadFolder(folder: string): Promise<Home> {
  const corpus = await loadCorpus(folder);
  const even = corpus.questions.filter(isTuned).map((q) => q.text);
  const step = Math.max(1, Math.floor(even.length / QUESTIONS_MAX));
  const questions = even.filter((_, i) => i % step === 0);
  return { name: basename(folder), index: await buildIndex(corpus.passages), questions, unanswered: [] };
}

async function loadDemo(): Promise<Home> {
  const store = createKnowledgeStore();
  const guild = "1" as GuildId;
  const bus = { publish: async () => undefined };
  await importFiles({ guild, name: "demo", paths: [join(DEMO, "knowledge")] }, { store, bus, clock: systemClock });
  const asked = await readJsonLines<{ id: string; question: string; page?: string | null }>(
    join(DEMO, "questions.jsonl"),
  );
  const even = asked.filter(isTuned);
  return {
    name: "demo",
    index: await buildIndex((await loadAll(store, guild)).passages),
    questions: even.filter((q) => q.page).map((q) => q.question),
    unanswered: even.filter((q) => !q.page).map((q) => q.question),
  };
}

function rowsOf({ name, index }: Home, questions: readonly string[], y: 0 | 1): Row[] {
  return questions.flatMap((question) => {
    const x = features(rank(index, question, 9));
    return x === null ? [] : [{ x, y, corpus: name }];
  });
}

/** Each corpus and each answer weighs the same, however many questions it has. */
function train(rows: readonly Row[]): number[] {
  const sizes = new Map<string, number>();
  const groupOf = (row: Row) => `${row.corpus} ${row.y}`;
  for (const row of rows) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
  return fitLogistic(
    rows.map((row) => ({ ...row, weight: 1 / (sizes.get(groupOf(row)) ?? 1) })),
    RIDGE,
  );
}
