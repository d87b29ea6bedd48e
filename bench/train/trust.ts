/**
 * Trains `src/llm/trust.weights.json`: `bun bench/train/trust.ts`. What is quoted for each of the questions written for tuning (bench/answers)
 * counts as right where it holds what a right answer must hold. Where a set of labelled questions only says which page is right, its even
 * half counts a little: a quote from that page is mostly right, and one for another set's question is wrong. Then each tenth of the questions
 * written by hand is judged by what the other nine teach, which shows where to cut.
 */
import { join } from "node:path";
import { buildIndex } from "../../src/knowledge/search/build.ts";
import { calibrate } from "../../src/knowledge/search/calibrate.ts";
import { retrieveFrom } from "../../src/knowledge/search/rank.ts";
import { type FixedDocument, fixedKnowledge, type PassageRow, type Retrieval } from "../../src/knowledge.ts";
import { quotesFor } from "../../src/llm/extractive.ts";
import { TRUST_FEATURES, trustFeatures } from "../../src/llm/trust.ts";
import { coreOf } from "../../src/text/asking.ts";
import { languageOf } from "../../src/text/language.ts";
import { BASES, documentsOf, LANGUAGES, questionsIn, TUNED_FILES } from "../answers/ask.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { isTuned, loadCorpus } from "../retrieval.ts";
import { chanceOf, fitLogistic, type Labelled } from "./logistic.ts";

const SETS: Readonly<Record<string, string>> = {
  ...{ pyfaq_en: "en", pyfaq_es: "es", pyfaq_ja: "ja", stackfaq: "en", ray_docs: "en", ubuntu_factoids: "en" },
  ...{ xquad_tr: "tr", xquad_zh: "zh", jsquad_ja: "ja" },
};
/** What one of a set's questions counts beside one that was judged by hand. */
const SET_WEIGHT = 0.05;
const QUESTIONS_MAX = 150;
const FOREIGN_MAX = 12;
const RIDGE = 0.01;
const PASSAGES_MAX = 8;
const FOLDS = 10;
const OUT = join(import.meta.dir, "..", "..", "src", "llm", "trust.weights.json");

type Retrieve = (question: string, limit: number) => Retrieval;
type Judged = Labelled & { readonly absent: boolean };

const byHand = [...(await Promise.all(BASES.map(judgedByHand))).flat(), ...(await judgedDemo())];
const bySets = await judgedBySets();
const weights = fitLogistic([...byHand, ...bySets], RIDGE);
for (const [i, name] of TRUST_FEATURES.entries()) process.stdout.write(`  ${name} ${weights[i]?.toFixed(3)}\n`);
printCuts();
const trained = { features: TRUST_FEATURES, weights: weights.map((value) => Number(value.toPrecision(5))) };
await Bun.write(OUT, `${JSON.stringify(trained, null, 2)}\n`);
process.stdout.write(`written: ${OUT}\n`);

async function judgedByHand(base: (typeof BASES)[number]): Promise<readonly Judged[]> {
  const { retrieve } = await fixedKnowledge(await existing(base));
  const files = await Promise.all(TUNED_FILES.map((file) => questionsIn(file, base)));
  return files.flatMap(({ asked, absent }) => [
    ...asked.map(([question, right]) => {
      const pattern = new RegExp(right, "iu");
      return judge(question, LANGUAGES[base] ?? "en", retrieve, (text) => pattern.test(text));
    }),
    ...absent.map((question) => judge(question, LANGUAGES[base] ?? "en", retrieve, null)),
  ]);
}

/** The demo's own questions, over its pages in both languages. */
async function judgedDemo(): Promise<readonly Judged[]> {
  const { retrieve } = await fixedKnowledge([...(await existing("demo")), ...(await existing("demo_tr"))]);
  type DemoQuestion = { readonly language: string; readonly question: string; readonly mustContain: readonly string[] };
  const asked = await readJsonLines<DemoQuestion>(join(import.meta.dir, "..", "demo", "questions.jsonl"));
  return asked.map(({ question, language, mustContain }) => {
    const isRight = (text: string) => mustContain.every((part) => text.includes(part));
    return judge(question, language, retrieve, mustContain.length === 0 ? null : isRight);
  });
}

async function existing(base: (typeof BASES)[number]): Promise<readonly FixedDocument[]> {
  const documents = await documentsOf(base);
  if (documents === null) throw new Error("the shared data is not there");
  return documents;
}

/** `isRight`: null where no page answers. Where nothing is quoted there is nothing to trust; it still counts for the shares. */
function judge(question: string, language: string, retrieve: Retrieve, isRight: ((text: string) => boolean) | null) {
  const quoted = quotedFor(question, language, retrieve);
  const right = quoted !== null && isRight?.(quoted.text) === true;
  return {
    ...{ x: quoted?.x ?? [], weight: quoted === null ? 0 : 1, absent: isRight === null },
    y: right ? (1 as const) : (0 as const),
  };
}

async function judgedBySets(): Promise<readonly Labelled[]> {
  const corpora = await Promise.all(
    Object.entries(SETS).map(async ([name, language]) => {
      const folder = sharedData("retrieval", name);
      if (folder === null) throw new Error("the shared data is not there");
      const { passages, questions } = await loadCorpus(folder);
      return { name, language, passages, questions: questions.filter(isTuned) };
    }),
  );
  const rows: Labelled[] = [];
  for (const { name, language, passages, questions } of corpora) {
    const index = await buildIndex(passages);
    const cuts = await calibrate(index);
    const retrieve: Retrieve = (question, limit) => retrieveFrom(index, question, limit, cuts);
    const put = (question: string, own: string, isRight: (passage: PassageRow | undefined) => boolean) => {
      const quoted = quotedFor(question, own, retrieve);
      if (quoted !== null) rows.push({ x: quoted.x, y: isRight(quoted.best) ? 1 : 0, weight: SET_WEIGHT });
    };
    for (const { text, right } of evenly(questions, QUESTIONS_MAX)) {
      put(text, language, (passage) => right.has(passage?.document ?? ""));
    }
    // The Python FAQ in another language is not foreign to itself.
    const foreign = corpora.filter((other) => other.name.split("_")[0] !== name.split("_")[0]);
    for (const other of foreign) {
      for (const { text } of evenly(other.questions, FOREIGN_MAX)) put(text, other.language, () => false);
    }
  }
  return rows;
}

function quotedFor(question: string, fallback: string, retrieve: Retrieve) {
  const found = retrieve(question, PASSAGES_MAX);
  const own = languageOf(question);
  const language = own === "und" ? fallback : own;
  const passages = found.passages.map(({ passage }) => passage);
  const task = { task: "answer", question: coreOf(question), passages, language, found } as const;
  const quoted = quotesFor({ ...task, history: [], channel: [], instructions: "", botName: "" });
  if (quoted === null) return null;
  return { text: quoted.text, x: trustFeatures({ ...quoted, found }), best: passages[(quoted.used[0] ?? 1) - 1] };
}

function evenly<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, i) => i % step === 0);
}

/** For each cut: shares of questions answered right and wrong, of absent ones told so, and what smart mode would say that it must not. */
function printCuts(): void {
  const chances = byHand.map(() => 0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const own = fitLogistic([...byHand.filter((_, i) => i % FOLDS !== fold && byHand[i]?.weight), ...bySets], RIDGE);
    for (const [i, { x, weight }] of byHand.entries()) {
      if (i % FOLDS === fold && weight > 0) chances[i] = chanceOf(x, own);
    }
  }
  const asked = byHand.filter(({ absent }) => !absent).length;
  const absents = byHand.length - asked;
  for (let cut = 0.3; cut < 0.96; cut += 0.05) {
    const said = byHand.filter((_, i) => (chances[i] ?? 0) >= cut);
    const right = said.filter(({ y }) => y === 1).length;
    const absent = said.filter((one) => one.absent).length;
    const wrong = said.length - right - absent;
    const shares = [right / asked, wrong / asked, 1 - absent / absents, (wrong + absent) / byHand.length];
    const [a, b, c, d] = shares.map((share) => share.toFixed(3));
    process.stdout.write(`  from ${cut.toFixed(2)}: right ${a}, wrong ${b}, absent told ${c}; unasked wrong ${d}\n`);
  }
}
