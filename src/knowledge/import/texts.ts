/**
 * What an admin types instead of importing: question-and-answer pairs, which stand first when they match, and plain text.
 * Saving replaces the whole of it, unless somebody else changed it since it was read; what did not change is left alone.
 */
import { createHash } from "node:crypto";
import type { Bus } from "../../bus.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { DocumentInput, KnowledgeStore, SourceKind, SourceRow } from "../../store/ports/knowledge.ts";
import { cleanFileText, publicLink, type Uncut } from "../extract.ts";
import type { Cutter } from "./cutter.ts";
import type { ImportReport } from "./import-files.ts";

const PAIRS_MAX = 5_000;
const QUESTION_CHARS_MAX = 500;
const ANSWER_CHARS_MAX = 10_000;
/** Of all pairs of a source, which are kept beside their passages as they were typed. */
const PAIRS_CHARS_MAX = 2_000_000;
const TEXT_CHARS_MAX = 200_000;

export type Pair = { readonly question: string; readonly answer: string; readonly url?: string | null };

type Ports = {
  readonly store: KnowledgeStore;
  readonly bus: Pick<Bus, "publish">;
  readonly cutter: Pick<Cutter, "cut">;
};
type Typed = {
  readonly guild: GuildId;
  readonly name: string;
  /** `versionOf` the text that the writer saw, "" for none. Left out: any existing text is replaced. */
  readonly over?: string;
};

/** Somebody else who saves all the time is let go first so often. */
const TRIES_MAX = 5;

/** A version of typed text, to tell two states apart. */
export function versionOf(source: { readonly config: unknown } | undefined): string {
  if (source === undefined) return "";
  return createHash("sha256").update(JSON.stringify(source.config)).digest("hex").slice(0, 32);
}

/** Throws `AppError` "invalid" for an empty or overlong pair, with its number; "conflict" where it is no longer `over`. */
export async function savePairs(
  order: Typed & { readonly pairs: readonly Pair[] },
  ports: Ports,
): Promise<ImportReport> {
  const pairs = order.pairs.map(({ question, answer, url }) => ({ question, answer, url: url ?? null }));
  return replace(order, "pairs", { pairs }, ports);
}

/** Adds pairs, also while another person adds some. A pair replaces an older one with the same question. */
export async function addPairs(
  order: Omit<Typed, "over"> & { readonly pairs: readonly Pair[] },
  ports: Ports,
): Promise<ImportReport> {
  const added = new Set(order.pairs.map(({ question }) => sameQuestion(question)));
  for (let tries = 1; ; tries++) {
    const known = await sourceOf(order, "pairs", ports);
    const others = pairsIn(known?.config).filter(({ question }) => !added.has(sameQuestion(question)));
    try {
      return await savePairs({ ...order, over: versionOf(known), pairs: [...others, ...order.pairs] }, ports);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== "conflict" || tries === TRIES_MAX) throw error;
    }
  }
}

/** Markdown is welcome. Throws `AppError` "invalid" for an empty or overlong text, "conflict" where it is no longer `over`. */
export async function saveText(
  order: Typed & { readonly text: string; readonly url?: string | null },
  ports: Ports,
): Promise<ImportReport> {
  const config = { text: cleanFileText(order.text).trim(), url: publicLink(order.url ?? null) };
  return replace(order, "text", config, ports);
}

function textsOfPairs(pairs: readonly Pair[]): Uncut[] {
  if (pairs.length > PAIRS_MAX) throw new AppError("invalid", `There are more than ${PAIRS_MAX} pairs.`);
  const chars = pairs.reduce((sum, { question, answer }) => sum + question.length + answer.length, 0);
  if (chars > PAIRS_CHARS_MAX) {
    throw new AppError(
      "invalid",
      "The pairs are longer than 2 million characters together: keep some under another name.",
    );
  }
  const texts = new Map<string, Uncut>();
  for (const [i, pair] of pairs.entries()) {
    const question = cleanFileText(pair.question).trim();
    const answer = cleanFileText(pair.answer).trim();
    if (question === "" || answer === "")
      throw new AppError("invalid", `Pair ${i + 1} needs a question and an answer.`);
    if (question.length > QUESTION_CHARS_MAX || answer.length > ANSWER_CHARS_MAX) {
      throw new AppError(
        "invalid",
        `Pair ${i + 1} is longer than ${QUESTION_CHARS_MAX} and ${ANSWER_CHARS_MAX} characters.`,
      );
    }
    // Two answers to one question are two pairs only if they differ in the question's words; the later one counts.
    const key = createHash("sha256").update(sameQuestion(question)).digest("hex").slice(0, 32);
    const url = publicLink(pair.url ?? null);
    const extracted = { text: answer, title: question, url, language: null };
    texts.set(key, { extracted, place: { key, title: question, url, anchored: false } });
  }
  return [...texts.values()];
}

function textsOfText(name: string, { text, url }: { readonly text: string; readonly url: string | null }): Uncut[] {
  if (text === "") throw new AppError("invalid", "The text is empty.");
  if (text.length > TEXT_CHARS_MAX)
    throw new AppError("invalid", `The text is longer than ${TEXT_CHARS_MAX} characters.`);
  const extracted = { text, title: name, url, language: null };
  return [{ extracted, place: { key: "text", title: name, url, anchored: false } }];
}

type Kind = Extract<SourceKind, "pairs" | "text">;

function textsOf(name: string, kind: Kind, config: unknown): Uncut[] {
  if (kind === "pairs") return textsOfPairs(pairsIn(config));
  return textsOfText(name, config as { readonly text: string; readonly url: string | null });
}

function pairsIn(config: unknown): readonly Pair[] {
  return (config as { readonly pairs?: readonly Pair[] } | undefined)?.pairs ?? [];
}

function sameQuestion(question: string): string {
  return cleanFileText(question).trim().toLowerCase();
}

async function sourceOf(order: Typed, kind: Kind, { store }: Ports): Promise<SourceRow | undefined> {
  return (await store.sources(order.guild)).find((one) => one.kind === kind && one.name === order.name);
}

async function replace(order: Typed, kind: Kind, config: unknown, ports: Ports): Promise<ImportReport> {
  const { guild, name } = order;
  const { store, bus, cutter } = ports;
  const documents = await cutter.cut(guild, textsOf(name, kind, config));
  const found = await sourceOf(order, kind, ports);
  if (order.over !== undefined && order.over !== versionOf(found)) throw changed(name);
  const over = order.over === undefined ? {} : { over: found?.config };
  const saved = await store.saveSource(guild, {
    ...(found === undefined ? {} : { id: found.id, ...over }),
    ...{ kind, name, config },
  });
  const report = await settle(guild, saved.id, documents, ports);
  // A later save that finished earlier may have lost documents to this one: write the last saved version again.
  let settled = saved;
  for (let tries = 1; tries < TRIES_MAX; tries++) {
    const now = await sourceOf(order, kind, ports);
    if (now === undefined || now.id !== settled.id || versionOf(now) === versionOf(settled)) break;
    await settle(guild, now.id, await cutter.cut(guild, textsOf(name, kind, now.config)), ports);
    settled = now;
  }
  if (report.imported + report.removed > 0) await bus.publish({ type: "knowledge-changed", guild });
  return report;
}

/** Makes the source's documents these, and leaves alone what did not change. */
async function settle(
  guild: GuildId,
  source: string,
  documents: readonly DocumentInput[],
  { store }: Ports,
): Promise<ImportReport> {
  const known = await store.hashes(guild, source);
  const changed = documents.filter((document) => known.get(document.key) !== document.hash);
  for (const document of changed) await store.putDocument(guild, source, document);
  const keys = new Set(documents.map(({ key }) => key));
  const gone = [...known.keys()].filter((key) => !keys.has(key));
  const removed = await store.removeDocuments(guild, source, gone);
  const progress = { done: documents.length, total: documents.length, failures: [] };
  await store.setProgress(guild, source, "idle", progress);
  return {
    source,
    imported: changed.length,
    unchanged: documents.length - changed.length,
    removed,
    passages: changed.reduce((sum, document) => sum + document.passages.length, 0),
    failures: [],
    cancelled: false,
  };
}

function changed(name: string): AppError {
  return new AppError("conflict", `somebody else changed ${name}`);
}
