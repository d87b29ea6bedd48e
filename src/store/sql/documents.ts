/** Documents one by one. An answer's documents are read from its turn's sources, whose passages are called `document.position`. */
import { and, asc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import { documents, knowledge, passages, sources } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId } from "../../ids.ts";
import { soughtWords } from "../../sought.ts";
import { type DocumentRow, type DocumentsStore, USES_LOOKED_AT } from "../ports/documents.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";
import { nameHolds } from "./search.ts";

export function createDocuments(pool: Pool, clock: Clock): DocumentsStore {
  return {
    async list(guild, source, { text = "", excluded }, limit, after) {
      const name = sql`(${documents.title} || ' ' || ${documents.key})`;
      const rows = await pool.read((db) =>
        db
          .select()
          .from(documents)
          .where(
            and(
              eq(documents.guildId, guild),
              eq(documents.sourceId, source),
              after === undefined ? undefined : gt(documents.key, after),
              text === "" ? undefined : nameHolds(text, soughtWords(text), name),
              excluded === undefined
                ? undefined
                : excluded
                  ? isNotNull(documents.excludedAt)
                  : isNull(documents.excludedAt),
            ),
          )
          .orderBy(asc(documents.key))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(rowOf);
      return { items, cursor: rows.length > limit ? (items.at(-1)?.key ?? null) : null };
    },

    async get(guild, id) {
      const [document] = await pool.read((db) =>
        db
          .select()
          .from(documents)
          .where(and(eq(documents.guildId, guild), eq(documents.id, id))),
      );
      if (document === undefined) return null;
      const rows = await pool.read((db) =>
        db
          .select()
          .from(passages)
          .where(and(eq(passages.guildId, guild), eq(passages.documentId, id)))
          .orderBy(asc(passages.position)),
      );
      return {
        document: rowOf(document),
        passages: rows.map(({ position, title, headings, url, language, text }) => ({
          id: `${id}.${position}`,
          document: id,
          source: document.sourceId,
          ...{ title, url, language, text, position },
          headings: headings as readonly string[],
        })),
      };
    },

    setExcluded: (guild, id, excluded) =>
      pool.transaction(async (db) => {
        const changed = await db
          .update(documents)
          .set({ excludedAt: excluded ? clock.now() : null })
          .where(and(eq(documents.guildId, guild), eq(documents.id, id)))
          .returning({ id: documents.id });
        if (changed.length > 0) await growVersion(db, guild);
        return changed.length > 0;
      }),

    remove: (guild, id) =>
      pool.transaction(async (db) => {
        const removed = await db
          .delete(documents)
          .where(and(eq(documents.guildId, guild), eq(documents.id, id)))
          .returning({ id: documents.id });
        if (removed.length > 0) await growVersion(db, guild);
        return removed.length > 0;
      }),

    async uses(guild, id, limit) {
      const rows = await pool.read((db) =>
        db.execute<{ conversation: string; question: string | null; passages: string; at: string }>(sql`
          select used.conversation_id as conversation, used.passages, asked.text as question,
            (extract(epoch from used.at) * 1000)::bigint::text as at
          from (
            select newest.id, newest.conversation_id, newest.at, string_agg(distinct split_part(s->>'passage', '.', 2), ',') as passages
            from (${newestSourced(guild)}) newest, jsonb_array_elements(newest.sources) s
            where ${isPassageOf(sql`s->>'passage'`)} and split_part(s->>'passage', '.', 1) = ${id}
            group by newest.id, newest.conversation_id, newest.at
            order by newest.id desc limit ${limit}
          ) used
          left join lateral (
            select t.text from turns t
            where t.guild_id = ${guild} and t.conversation_id = used.conversation_id and t.role = 'member' and t.id < used.id
            order by t.id desc limit 1
          ) asked on true
          order by used.id desc`),
      );
      return rows.map((row) => ({
        conversation: row.conversation,
        question: row.question ?? "",
        passages: row.passages
          .split(",")
          .map(Number)
          .sort((a, b) => a - b),
        atMs: Number(row.at),
      }));
    },

    async useCounts(guild, ids) {
      if (ids.length === 0) return new Map();
      const rows = await pool.read((db) =>
        db.execute<{ document: string; count: string }>(sql`
          select split_part(s->>'passage', '.', 1) as document, count(distinct newest.id)::text as count
          from (${newestSourced(guild)}) newest, jsonb_array_elements(newest.sources) s
          where split_part(s->>'passage', '.', 1) in (select jsonb_array_elements_text(${sql.param(ids, sources.config)}::jsonb))
          group by 1`),
      );
      return new Map(rows.map(({ document, count }) => [document, Number(count)]));
    },
  };
}

/** The guild's newest answers that have sources. */
function newestSourced(guild: GuildId) {
  return sql`
    select id, conversation_id, at, sources from turns
    where guild_id = ${guild} and sources <> '[]'::jsonb
    order by id desc limit ${USES_LOOKED_AT}`;
}

/** Not every source of an answer is a passage of a document: a check's or a stored text's own words are not. */
function isPassageOf(passage: ReturnType<typeof sql>) {
  return sql`${passage} ~ '^[^.]+[.][0-9]{1,6}$'`;
}

function rowOf(row: typeof documents.$inferSelect): DocumentRow {
  const { id, key, title, url, language } = row;
  return {
    ...{ id, key, title, url, language, passages: row.passages },
    source: row.sourceId,
    updatedAtMs: row.updatedAt,
    excludedAtMs: row.excludedAt,
  };
}

/** Tells every index of the guild that it is out of date. */
export async function growVersion(db: Db, guild: GuildId): Promise<void> {
  await db
    .insert(knowledge)
    .values({ guildId: guild, version: 1 })
    .onConflictDoUpdate({ target: knowledge.guildId, set: { version: sql`${knowledge.version} + 1` } });
}
