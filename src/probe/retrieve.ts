/**
 * `gatehouse probe retrieve --corpus FILE`: `{_id, text}` → `{_id, answerable, ranked: [{id, passage, chars, score}]}`, at most
 * 20, over a corpus of JSON lines `{_id, title?, text}`; `id` is the corpus's. The link of a document, where the corpus knows it,
 * is read from `url` or `metadata.url`.
 */
import { createReadStream } from "node:fs";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { type FixedDocument, fixedKnowledge } from "../knowledge.ts";
import type { Probe } from "../probe.ts";
import { readArguments } from "./arguments.ts";
import { linesOf } from "./lines.ts";

const RANKED_MAX = 20;

const documentRow = z.object({
  _id: z.union([z.string(), z.number()]).transform(String),
  title: z.string().nullish(),
  text: z.string(),
  url: z.string().nullish(),
  metadata: z.object({ url: z.string().nullish() }).nullish(),
});

const questionRow = z.object({ _id: z.union([z.string(), z.number()]), text: z.string() });

export const retrieveProbe: Probe = async ({ args }) => {
  const { corpus } = readArguments(args, ["corpus"]);
  if (corpus === null) throw new AppError("invalid", "retrieve needs --corpus FILE: JSON lines {_id, title?, text}.");
  const knowledge = await fixedKnowledge(await readCorpus(corpus));

  return {
    async handle(row) {
      const question = questionRow.parse(row);
      const { passages, answerable } = knowledge.retrieve(question.text, RANKED_MAX);
      return {
        _id: question._id,
        answerable,
        ranked: passages.map(({ passage, score }) => ({
          id: passage.document,
          passage: passage.text,
          chars: passage.text.length,
          score,
        })),
      };
    },
  };
};

/** Throws with the line's number: a corpus with a hole would answer questions with "not known" and nobody would see why. */
async function readCorpus(path: string): Promise<FixedDocument[]> {
  const documents: FixedDocument[] = [];
  let number = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const line of linesOf(createReadStream(path))) {
    number++;
    const text = line === null ? "" : decoder.decode(line);
    if (text.trim() === "") continue;
    documents.push(documentOf(text, `${path}:${number}`));
  }
  return documents;
}

function documentOf(line: string, where: string): FixedDocument {
  try {
    const row = documentRow.parse(JSON.parse(line));
    return { id: row._id, title: row.title ?? "", text: row.text, url: row.url ?? row.metadata?.url ?? null };
  } catch (cause) {
    throw new AppError("invalid", `${where} is not a document {_id, title?, text}.`, { cause });
  }
}
