/** Vectors of a guild's passages: read in pages, written a batch at a time. */
import { and, count, eq, sql } from "drizzle-orm";
import { meanings, passages, sources } from "../../../drizzle/schema.ts";
import type { MeaningsStore } from "../ports/meanings.ts";
import type { Pool } from "./pool.ts";

/** Some 2 MB at 1,536 dimensions. */
const ROWS_A_PAGE = 1_000;

export function createMeaningRows(pool: Pool): MeaningsStore {
  return {
    async *load(guild, model, documents) {
      for (let last: { document: string; position: number } | null = null; ; ) {
        const after = last;
        const rows: readonly { document: string; position: number; vector: string }[] = await pool.read((db) =>
          db.execute<{ document: string; position: number; vector: string }>(sql`
            select document_id as document, position, encode(vector, 'base64') as vector from ${meanings}
            where guild_id = ${guild} and model = ${model}
              and document_id in (select jsonb_array_elements_text(${sql.param(documents, sources.config)}::jsonb))
              and (document_id, position) > (${after?.document ?? ""}::text, ${after?.position ?? 0}::integer)
            order by document_id, position limit ${ROWS_A_PAGE}`),
        );
        yield rows.map(({ document, position, vector }) => ({
          passage: `${document}.${position}`,
          vector: new Int8Array(Buffer.from(vector, "base64")),
        }));
        last = rows.at(-1) ?? null;
        if (rows.length < ROWS_A_PAGE) return;
      }
    },

    async save(guild, model, rows) {
      if (rows.length === 0) return;
      const given = rows.map(({ passage, vector, text }) => {
        const dot = passage.lastIndexOf(".");
        const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
        return { document: passage.slice(0, dot), position: Number(passage.slice(dot + 1)), text, vector: bytes };
      });
      await pool.write((db) =>
        db.execute(sql`
          insert into ${meanings} (guild_id, document_id, position, model, vector)
          select ${guild}, p.document_id, p.position, ${model}, decode(given.vector, 'base64')
          from jsonb_to_recordset(${sql.param(given, sources.config)}::jsonb)
            as given (document text, position integer, text text, vector text)
          join ${passages} p on p.document_id = given.document and p.position = given.position
            and p.guild_id = ${guild} and p.text = given.text
          on conflict (document_id, position) do update set model = excluded.model, vector = excluded.vector`),
      );
    },

    async clear(guild) {
      await pool.write((db) => db.delete(meanings).where(eq(meanings.guildId, guild)));
    },

    async count(guild, model) {
      const [row] = await pool.read((db) =>
        db
          .select({ all: count() })
          .from(meanings)
          .where(and(eq(meanings.guildId, guild), eq(meanings.model, model))),
      );
      return row?.all ?? 0;
    },
  };
}
