/**
 * A large knowledge base in a database: the shared sets' own documents, and copies of them in which every thirtieth word is another one, so
 * that the vocabulary grows as it does where people write.
 */
import { join } from "node:path";
import type { Sql } from "postgres";
import type { PassageRow } from "../../src/knowledge.ts";
import { sharedData } from "../data.ts";
import { loadCorpus } from "../retrieval.ts";

/** English, as the questions that are asked. */
const SETS = ["ray_docs", "stackfaq", "pyfaq_en"] as const;
const OTHER_WORD_EVERY = 30;
const ROWS_AT_ONCE = 2_000;
export const SOURCE = "bench-source";

export async function loadSets(): Promise<{ passages: readonly PassageRow[]; questions: readonly string[] }> {
  const root = sharedData("retrieval");
  if (root === null) throw new Error("the shared data is not there");
  const corpora = await Promise.all(SETS.map((name) => loadCorpus(join(root, name))));
  return {
    passages: corpora.flatMap(({ passages }) => passages),
    questions: corpora.flatMap(({ questions }) => questions.map(({ text }) => text)),
  };
}

/** `count` passages and those that complete the last document; how many. Ids begin with `prefix`. */
export async function fillKnowledge(
  sql: Sql,
  guild: string,
  own: readonly PassageRow[],
  count: number,
  prefix: string,
): Promise<number> {
  await sql`insert into knowledge (guild_id, version) values (${guild}, 1)`;
  await sql`insert into sources (id, guild_id, kind, name, config, state, progress, updated_at)
    values (${prefix + SOURCE}, ${guild}, 'files', 'Bench', '{}', 'idle', '{"done":0,"total":0,"failures":[]}', now())`;
  const rows: PassageRow[] = [];
  for (let copy = 0; rows.length < count; copy++) {
    for (const row of own) {
      const document = `${prefix}${copy}-${row.document}`;
      if (rows.length >= count && rows.at(-1)?.document !== document) break;
      rows.push({ ...row, document, text: copy === 0 ? row.text : altered(row.text, copy) });
    }
  }
  const sizes = new Map<string, number>();
  for (const { document } of rows) sizes.set(document, (sizes.get(document) ?? 0) + 1);
  const documents = [...sizes].map(([id, passages]) => ({
    ...{ id, guild_id: guild, source_id: prefix + SOURCE, key: id, title: id, language: "en", hash: id, passages },
    ...{ bytes: 0, updated_at: new Date() },
  }));
  for (let at = 0; at < documents.length; at += ROWS_AT_ONCE) {
    await sql`insert into documents ${sql(documents.slice(at, at + ROWS_AT_ONCE))}`;
  }
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows
      .slice(at, at + ROWS_AT_ONCE)
      .map(({ document, position, title, headings, url, language, text }) => ({
        ...{ guild_id: guild, document_id: document, position, title, url, language, text },
        headings: sql.json([...headings]),
      }));
    await sql`insert into passages ${sql(some)}`;
  }
  await sql`analyze`;
  return rows.length;
}

/** Words of its own in each copy: the old one with two letters of the copy's and its place's. */
function altered(text: string, copy: number): string {
  let word = 0;
  return text.replace(/\p{L}{4,}/gu, (found) => {
    if (++word % OTHER_WORD_EVERY !== copy % OTHER_WORD_EVERY) return found;
    return found + String.fromCharCode(97 + (copy % 26), 97 + (word % 26));
  });
}
