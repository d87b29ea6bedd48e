/**
 * A knowledge base over a given list of documents. It uses the same chunking, index and ranking that serve guilds. Used by the `retrieve`
 * probe and the bench.
 */
import type { PassageRow, Retrieval } from "../../knowledge.ts";
import { chunk } from "../import/chunk.ts";
import { buildIndex } from "./build.ts";
import { calibrate } from "./calibrate.ts";
import type { PassageIndex } from "./index.ts";
import { documentLanguage } from "./languages.ts";
import { retrieveFrom } from "./rank.ts";

export type FixedDocument = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
};

export type FixedKnowledge = {
  readonly index: PassageIndex;
  /** At most `limit` (≤ 20) passages; `document` of each is the id it was given under. */
  retrieve(question: string, limit: number): Retrieval;
};

export async function fixedKnowledge(documents: readonly FixedDocument[]): Promise<FixedKnowledge> {
  const index = await buildIndex(documents.flatMap(passagesOf));
  const cuts = await calibrate(index);
  return { index, retrieve: (question, limit) => retrieveFrom(index, question, limit, cuts) };
}

export function passagesOf(document: FixedDocument): PassageRow[] {
  const language = documentLanguage(document.text);
  return chunk(document.text, document.title).map((part, position) => ({
    id: `${document.id}#${position}`,
    document: document.id,
    source: "fixed",
    kind: "text",
    title: document.title,
    headings: part.headings,
    url: document.url,
    language,
    text: part.text,
    position,
  }));
}
