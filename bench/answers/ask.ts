/**
 * Questions written by hand over seven knowledge bases in five languages, each with what a right answer must say or the knowledge that no
 * page holds it, asked as members ask, without a model: by the code that answers them in a server.
 */
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { createExtractor, type FixedDocument, fixedKnowledge } from "../../src/knowledge.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import { createLogger } from "../../src/logger.ts";
import { FEATURES } from "../../src/plans/plans.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { attempt } from "../../src/trial.ts";
import { readJsonLines, sharedData } from "../data.ts";

export const BASES = ["demo", "demo_tr", "guide", "pyfaq_en", "pyfaq_es", "pyfaq_ja", "leihladen"] as const;
/** Quotes and the trust in them were tuned on these. */
export const TUNED_FILES = ["questions.json", "questions-tuning.json"] as const;
/** The others were written before that and asked once after it. */
export const QUESTION_FILES = [...TUNED_FILES, "questions-later.json", "questions-held.json"] as const;
export type QuestionFile = (typeof QUESTION_FILES)[number];
export type Base = (typeof BASES)[number];

type Questions = {
  readonly asked: readonly (readonly [text: string, right: string])[];
  readonly absent: readonly string[];
};

/** `said`: what the bot says; null: that it does not know, or nothing. `right`: null where no page answers. */
export type Asked = { readonly question: string; readonly right: RegExp | null; readonly said: string | null };

/** Empty where a file asks nothing of a base, null where the shared data is not there. `unasked`: as smart mode hears it. */
export async function askAll(
  base: Base,
  unasked: boolean,
  file: QuestionFile = "questions.json",
): Promise<readonly Asked[] | null> {
  const questions = await questionsIn(file, base);
  if (questions.asked.length === 0) return [];
  const documents = await documentsOf(base);
  if (documents === null) return null;
  const knowledge = await fixedKnowledge(documents);
  const sources = {
    ...{ llm: null, extractive: createExtractive(), clock: systemClock },
    logger: createLogger({ level: "silent", format: "json" }),
    plans: { features: async () => new Set(FEATURES) },
    knowledge: {
      retrieve: async (_guild: GuildId, question: string, limit: number) => knowledge.retrieve(question, limit),
      empty: async () => false,
    },
  };
  const language = LANGUAGES[base] ?? "en";
  const ask = async (question: string, right: RegExp | null): Promise<Asked> => {
    const settings = { ...defaultSettings, mode: "all" as const };
    const tried = { guild: "1" as GuildId, question, settings, unasked, locale: language };
    const { answered } = await attempt(tried, sources as never);
    return { question, right, said: answered.kind === "known" ? answered.parts.join("\n") : null };
  };
  const found: Asked[] = [];
  for (const [text, right] of questions.asked) found.push(await ask(text, new RegExp(right, "iu")));
  for (const text of questions.absent) found.push(await ask(text, null));
  return found;
}

export async function questionsIn(file: QuestionFile, base: Base): Promise<Questions> {
  const all = (await Bun.file(join(import.meta.dir, file)).json()) as Partial<Record<Base, Questions>>;
  return all[base] ?? { asked: [], absent: [] };
}

export const LANGUAGES: { readonly [Name in Base]?: string } = {
  ...{ demo_tr: "tr", pyfaq_es: "es", pyfaq_ja: "ja", leihladen: "de" },
};

export async function documentsOf(base: Base): Promise<readonly FixedDocument[] | null> {
  if (base === "demo") return await filesIn(join(import.meta.dir, "../demo/knowledge/en"));
  if (base === "demo_tr") return await filesIn(join(import.meta.dir, "../demo/knowledge/tr"));
  if (base === "leihladen") return await filesIn(join(import.meta.dir, "leihladen"));
  const folder = base === "guide" ? sharedData("kb", "discordjs_guide") : sharedData("retrieval", base);
  if (folder === null) return null;
  if (base === "guide") return await filesIn(join(folder, "guide"));
  const lines = await readJsonLines<{ _id: string; title?: string; text: string }>(join(folder, "corpus.jsonl"));
  return lines.map(({ _id, title = "", text }) => ({ id: _id, title, text, url: null }));
}

async function filesIn(folder: string): Promise<readonly FixedDocument[]> {
  const extractor = createExtractor(systemClock);
  const documents: FixedDocument[] = [];
  try {
    for (const path of new Bun.Glob("**/*.{md,txt,html}").scanSync(folder)) {
      const bytes = new Uint8Array(await Bun.file(join(folder, path)).arrayBuffer());
      const extracted = await extractor.extract(bytes, { path });
      if ("refused" in extracted) throw new Error(`${path}: ${extracted.refused}`);
      documents.push({ id: path, title: extracted.title || path, text: extracted.text, url: null });
    }
  } finally {
    extractor.close();
  }
  return documents.toSorted((a, b) => a.id.localeCompare(b.id));
}
