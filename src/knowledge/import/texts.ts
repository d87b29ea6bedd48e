/**
 * What an admin types instead of importing: question-and-answer pairs, which stand first when they match, and plain text.
 * Saving replaces the whole of it; what did not change is left alone.
 */
import { createHash } from "node:crypto";
import type { Bus } from "../../bus.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { DocumentInput, KnowledgeStore, SourceKind } from "../../store/ports/knowledge.ts";
import { cleanText, publicLink } from "../extract.ts";
import { documentOf } from "./document.ts";
import type { ImportReport } from "./import-files.ts";

const PAIRS_MAX = 5_000;
const QUESTION_CHARS_MAX = 500;
const ANSWER_CHARS_MAX = 10_000;
const TEXT_CHARS_MAX = 200_000;

export type Pair = { readonly question: string; readonly answer: string; readonly url?: string | null };

type Ports = { readonly store: KnowledgeStore; readonly bus: Pick<Bus, "publish"> };

/** Throws `AppError` "invalid" for an empty or overlong pair, with its number. */
export async function savePairs(
  order: { readonly guild: GuildId; readonly name: string; readonly pairs: readonly Pair[] },
  ports: Ports,
): Promise<ImportReport> {
  if (order.pairs.length > PAIRS_MAX) throw new AppError("invalid", `There are more than ${PAIRS_MAX} pairs.`);
  const documents = new Map<string, DocumentInput>();
  for (const [i, pair] of order.pairs.entries()) {
    const question = cleanText(pair.question).trim();
    const answer = cleanText(pair.answer).trim();
    if (question === "" || answer === "")
      throw new AppError("invalid", `Pair ${i + 1} needs a question and an answer.`);
    if (question.length > QUESTION_CHARS_MAX || answer.length > ANSWER_CHARS_MAX) {
      throw new AppError(
        "invalid",
        `Pair ${i + 1} is longer than ${QUESTION_CHARS_MAX} and ${ANSWER_CHARS_MAX} characters.`,
      );
    }
    // Two answers to one question are two pairs only if they differ in the question's words; the later one counts.
    const key = createHash("sha256").update(question.toLowerCase()).digest("hex").slice(0, 32);
    const url = publicLink(pair.url ?? null);
    const extracted = { text: answer, title: question, url, language: null };
    documents.set(key, documentOf(extracted, { key, title: question, url, anchored: false }));
  }
  const config = { pairs: order.pairs.map(({ question, answer, url }) => ({ question, answer, url: url ?? null })) };
  return replace(order.guild, order.name, "pairs", config, [...documents.values()], ports);
}

/** Markdown is welcome. Throws `AppError` "invalid" for an empty or overlong text. */
export async function saveText(
  order: { readonly guild: GuildId; readonly name: string; readonly text: string; readonly url?: string | null },
  ports: Ports,
): Promise<ImportReport> {
  const text = cleanText(order.text).trim();
  if (text === "") throw new AppError("invalid", "The text is empty.");
  if (text.length > TEXT_CHARS_MAX)
    throw new AppError("invalid", `The text is longer than ${TEXT_CHARS_MAX} characters.`);
  const url = publicLink(order.url ?? null);
  const extracted = { text, title: order.name, url, language: null };
  const document = documentOf(extracted, { key: "text", title: order.name, url, anchored: false });
  return replace(order.guild, order.name, "text", { text, url }, [document], ports);
}

async function replace(
  guild: GuildId,
  name: string,
  kind: SourceKind,
  config: unknown,
  documents: readonly DocumentInput[],
  { store, bus }: Ports,
): Promise<ImportReport> {
  const found = (await store.sources(guild)).find((s) => s.kind === kind && s.name === name);
  const { id } = await store.saveSource(guild, {
    ...(found === undefined ? {} : { id: found.id }),
    kind,
    name,
    config,
  });
  const known = await store.hashes(guild, id);
  const changed = documents.filter((document) => known.get(document.key) !== document.hash);
  for (const document of changed) await store.putDocument(guild, id, document);
  const keys = new Set(documents.map(({ key }) => key));
  const removed = await store.removeDocuments(
    guild,
    id,
    [...known.keys()].filter((key) => !keys.has(key)),
  );
  await store.setProgress(guild, id, "idle", { done: documents.length, total: documents.length, failures: [] });
  if (changed.length + removed > 0) await bus.publish({ type: "knowledge-changed", guild });
  return {
    source: id,
    imported: changed.length,
    unchanged: documents.length - changed.length,
    removed,
    passages: changed.reduce((sum, document) => sum + document.passages.length, 0),
    failures: [],
    cancelled: false,
  };
}
