/**
 * How many questions of a labelled set smart mode would answer without a model, at any bar of trust: its own by a quote from the right page or
 * from another one, and other sets' questions, which it should leave alone. A label names one right page, others may answer too; so "another
 * page" is the most that can be wrong.
 */
import { ANSWERABLE_MIN, fixedKnowledge } from "../../src/knowledge.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import { languageOf } from "../../src/text/language.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { loadCorpus } from "../retrieval.ts";

const OWN_MAX = 400;
const FOREIGN_MAX = 40;
const PASSAGES_MAX = 8;

export const TRUST_SETS: Readonly<Record<string, string>> = {
  ...{ pyfaq_en: "en", pyfaq_es: "es", pyfaq_ja: "ja", stackfaq: "en", ray_docs: "en", ubuntu_factoids: "en" },
  ...{ xquad_tr: "tr", xquad_zh: "zh", jsquad_ja: "ja" },
};

/** `trust`: 0 where nothing would be looked at. `right`: null of a foreign question. */
export type Trusted = { readonly trust: number; readonly right: boolean | null };

type Right = { has(document: string): boolean };
type Document = { readonly _id: string; readonly title?: string; readonly text: string };

/** Null where the shared data is not there. */
export async function trustOfSet(set: string): Promise<readonly Trusted[] | null> {
  const folder = sharedData("retrieval", set);
  if (folder === null) return null;
  const documents = await readJsonLines<Document>(`${folder}/corpus.jsonl`);
  const pages = await fixedKnowledge(
    documents.map(({ _id, title = "", text }) => ({ id: _id, title, text, url: null })),
  );
  const extractive = createExtractive();
  const judge = async (question: string, fallback: string, right: Right | null): Promise<Trusted> => {
    const found = pages.retrieve(question, PASSAGES_MAX);
    const own = languageOf(question);
    const passages = found.passages.map(({ passage }) => passage);
    const { result } = await extractive.complete(
      {
        ...{ task: "answer", question, passages, found, language: own === "und" ? fallback : own },
        ...{ history: [], channel: [], instructions: "", botName: "" },
      },
      { deadlineMs: 60_000 },
    );
    const quoted = passages[(result.used[0] ?? 1) - 1]?.document ?? "";
    const trust = result.known && found.answerable >= ANSWERABLE_MIN ? (result.trust ?? 0) : 0;
    return { trust, right: right === null ? null : right.has(quoted) };
  };
  const all: Trusted[] = [];
  for (const { text, right } of evenly(await questionsOf(set), OWN_MAX))
    all.push(await judge(text, TRUST_SETS[set] ?? "en", right));
  for (const [other, language] of Object.entries(TRUST_SETS)) {
    // The same pages in another language are not foreign.
    if (other.split("_")[0] === set.split("_")[0]) continue;
    for (const { text } of evenly(await questionsOf(other), FOREIGN_MAX)) all.push(await judge(text, language, null));
  }
  return all;
}

async function questionsOf(set: string) {
  const folder = sharedData("retrieval", set);
  return folder === null ? [] : (await loadCorpus(folder)).questions;
}

function evenly<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, at) => at % step === 0);
}
