/** Sources, documents and passages of a guild, and the version that tells an index that it is out of date. */
import { and, asc, count, eq, gt, isNull, or, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { documents, guilds, knowledge, passages, sources } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { PassageRow } from "../../knowledge.ts";
import type { DocumentInput, KnowledgeLimits, KnowledgeStore, SourceKind, SourceRow } from "../ports/knowledge.ts";
import type { Db } from "./connection.ts";
import { growVersion } from "./documents.ts";
import type { Pool } from "./pool.ts";

/** Rows of a page are made objects in one go, so a page is a few milliseconds of the thread. */
const PASSAGES_A_PAGE = 500;
const DOCUMENTS_A_PAGE = 1_000;
/** Documents that one query looks up. */
const DOCUMENTS_READ_AT_ONCE = 100;
/** Of the hash: enough to tell two texts of one document apart. */
const MARK_CHARS = 16;
/** Of one guild at a time: one with 200 websites leaves room for others'. So many times as many are looked at. */
const DUE_OF_GUILD_MAX = 5;
const LOOKED_AT = 20;
const progressSchema = z.object({
  done: z.number(),
  total: z.number(),
  failures: z.array(z.object({ what: z.string(), reason: z.string() })),
  report: z
    .object({
      read: z.number(),
      unchanged: z.number(),
      keptChars: z.number(),
      leftOutChars: z.number(),
      samples: z.array(z.object({ title: z.string(), url: z.string().nullable(), text: z.string() })),
    })
    .exactOptional(),
});

const NOTHING_DONE: z.infer<typeof progressSchema> = { done: 0, total: 0, failures: [] };

/** 100,000 passages take about 200 MB of a worker's memory. */
export const KNOWLEDGE_LIMITS: KnowledgeLimits = { passages: 100_000, sources: 200, bytes: 150_000_000 };

/** Known by their name: an admin types them, and finds them by it. */
const TYPED: readonly SourceKind[] = ["pairs", "text"];

export function createKnowledgeRows(pool: Pool, clock: Clock, limits: KnowledgeLimits): KnowledgeStore {
  async function version(guild: GuildId): Promise<number> {
    const rows = await pool.read((db) => db.select().from(knowledge).where(eq(knowledge.guildId, guild)));
    return rows[0]?.version ?? 0;
  }

  /** Asked in the writing transaction, which holds the guild's lock, after what it wrote. */
  async function refuseTooMuch(db: Db, guild: GuildId): Promise<void> {
    const [read] = await db
      .select({ passages: sum(documents.passages).mapWith(Number), bytes: sum(documents.bytes).mapWith(Number) })
      .from(documents)
      .where(eq(documents.guildId, guild));
    const [typed] = await db
      .select({ bytes: sum(sources.bytes).mapWith(Number) })
      .from(sources)
      .where(eq(sources.guildId, guild));
    if ((read?.passages ?? 0) > limits.passages) throw full(limits.passages, "passages");
    const bytes = (read?.bytes ?? 0) + (typed?.bytes ?? 0);
    if (bytes > limits.bytes) throw full(Math.round(limits.bytes / 1e6), "MB of text");
  }

  async function listSources(db: Db, guild: GuildId, id?: string): Promise<readonly SourceRow[]> {
    const rows = await db
      .select({
        source: sources,
        documents: sql<number>`count(${documents.id}) filter (where ${documents.excludedAt} is null)`.mapWith(Number),
        excluded: count(documents.excludedAt),
        passages: sql<number>`sum(${documents.passages}) filter (where ${documents.excludedAt} is null)`.mapWith(
          Number,
        ),
      })
      .from(sources)
      .leftJoin(documents, eq(documents.sourceId, sources.id))
      .where(and(eq(sources.guildId, guild), id === undefined ? undefined : eq(sources.id, id)))
      .groupBy(sources.id)
      .orderBy(asc(sources.name), asc(sources.id));
    return rows.map(({ source, documents, passages, excluded }) => ({
      id: source.id,
      kind: source.kind as SourceKind,
      name: source.name,
      config: source.config,
      state: source.state as SourceRow["state"],
      progress: progressSchema.catch(NOTHING_DONE).parse(source.progress),
      documents,
      excluded,
      passages: passages ?? 0,
      updatedAtMs: source.updatedAt,
    }));
  }

  return {
    version,
    sources: (guild) => pool.read((db) => listSources(db, guild)),

    async websitesDue(limit) {
      const { config } = sources;
      const everyMs = sql`(${config}->>'everyHours')::numeric * 3600000`;
      const due = sql`${config}->>'job' is null and ${clock.now()}::numeric - (${config}->>'crawledAtMs')::numeric >= ${everyMs}`;
      const rows = await pool.read((db) =>
        db
          .select({ guild: sources.guildId, source: sources.id })
          .from(sources)
          .innerJoin(guilds, and(eq(guilds.guildId, sources.guildId), isNull(guilds.leftAt)))
          .where(and(eq(sources.kind, "website"), or(eq(sources.state, "running"), due)))
          .orderBy(asc(sources.updatedAt))
          .limit(limit * LOOKED_AT),
      );
      const ofGuild = new Map<string, number>();
      const fair = rows.filter(({ guild }) => {
        const before = ofGuild.get(guild) ?? 0;
        ofGuild.set(guild, before + 1);
        return before < DUE_OF_GUILD_MAX;
      });
      return fair.slice(0, limit).map(({ guild, source }) => ({ guild: guild as GuildId, source }));
    },

    async saveSource(guild, source) {
      const id = source.id ?? clock.id();
      const bytes = bytesOf(source.config);
      const values = { kind: source.kind, name: source.name, config: source.config, bytes, updatedAt: clock.now() };
      const [row] = await pool.transaction(async (db) => {
        // The version's row is the guild's lock: two that come at once count each other.
        await db
          .insert(knowledge)
          .values({ guildId: guild, version: 0 })
          .onConflictDoUpdate({ target: knowledge.guildId, set: { version: sql`${knowledge.version}` } });
        if (source.id === undefined) {
          const [there] = await db.select({ count: count() }).from(sources).where(eq(sources.guildId, guild));
          if ((there?.count ?? 0) >= limits.sources) throw full(limits.sources, "sources");
          if (TYPED.includes(source.kind)) {
            const same = and(eq(sources.guildId, guild), eq(sources.kind, source.kind), eq(sources.name, source.name));
            const [twin] = await db.select({ id: sources.id }).from(sources).where(same);
            if (twin !== undefined && twin.id !== id) throw changed(source.name);
          }
          await db.insert(sources).values({ id, guildId: guild, progress: NOTHING_DONE, ...values });
          await refuseTooMuch(db, guild);
          return listSources(db, guild, id);
        }
        const which = and(eq(sources.guildId, guild), eq(sources.id, id));
        const [before] = await db.select({ config: sources.config }).from(sources).where(which).for("update");
        // Written by this call already, whose answer was lost: that is no change by somebody else.
        const known = [source.over, source.config].some((config) => sameJson(before?.config, config));
        if (before !== undefined && source.over !== undefined && !known) throw changed(source.name);
        await db.update(sources).set(values).where(which);
        await refuseTooMuch(db, guild);
        return listSources(db, guild, id);
      });
      if (row === undefined) throw new AppError("not-found", `this guild has no source ${id}`);
      return row;
    },

    async setProgress(guild, source, state, progress) {
      await pool.write((db) =>
        db
          .update(sources)
          .set({ state, progress, updatedAt: clock.now() })
          .where(and(eq(sources.guildId, guild), eq(sources.id, source))),
      );
    },

    async hashes(guild, source) {
      const rows = await pool.read((db) =>
        db
          .select({ key: documents.key, hash: documents.hash })
          .from(documents)
          .where(and(eq(documents.guildId, guild), eq(documents.sourceId, source))),
      );
      return new Map(rows.map(({ key, hash }) => [key, hash]));
    },

    async putDocument(guild, source, document) {
      await pool.transaction(async (db) => {
        const [owner] = await db
          .select({ id: sources.id })
          .from(sources)
          .where(and(eq(sources.guildId, guild), eq(sources.id, source)));
        if (owner === undefined) throw new AppError("not-found", `this guild has no source ${source}`);
        const values = {
          title: document.title,
          url: document.url,
          language: document.language,
          hash: document.hash,
          passages: document.passages.length,
          bytes: document.passages.reduce((sum, passage) => sum + bytesOf(passage), 0),
          updatedAt: clock.now(),
        };
        await growVersion(db, guild);
        const [row] = await db
          .insert(documents)
          .values({ id: clock.id(), guildId: guild, sourceId: source, key: document.key, ...values })
          .onConflictDoUpdate({ target: [documents.sourceId, documents.key], set: values })
          .returning({ id: documents.id });
        if (row === undefined) throw new Error("a document was neither inserted nor updated");
        await db.delete(passages).where(eq(passages.documentId, row.id));
        await refuseTooMuch(db, guild);
        await insertPassages(db, guild, row.id, document.passages);
      });
    },

    async removeDocuments(guild, source, keys) {
      if (keys.length === 0) return 0;
      return pool.transaction(async (db) => {
        const removed = await db
          .delete(documents)
          .where(
            and(
              eq(documents.guildId, guild),
              eq(documents.sourceId, source),
              // A page that comes back later is still left out.
              sql`(${documents.excludedAt} is null or not exists (select from ${sources} where ${sources.id} = ${source} and ${sources.kind} = 'website'))`,
              sql`${documents.key} in (select jsonb_array_elements_text(${sql.param(keys, sources.config)}::jsonb))`,
            ),
          )
          .returning({ id: documents.id });
        if (removed.length > 0) await growVersion(db, guild);
        return removed.length;
      });
    },

    async removeSource(guild, source) {
      return pool.transaction(async (db) => {
        const removed = await db
          .delete(sources)
          .where(and(eq(sources.guildId, guild), eq(sources.id, source)))
          .returning({ id: sources.id });
        if (removed.length > 0) await growVersion(db, guild);
        return removed.length > 0;
      });
    },

    async marks(guild) {
      const before = await version(guild);
      const marks = new Map<string, string>();
      let left = limits.passages;
      for (let last = ""; ; ) {
        const page = await pool.read((db) =>
          db
            .select({
              id: documents.id,
              mark: sql<string>`left(${documents.hash}, ${MARK_CHARS}) || '.' || extract(epoch from ${documents.updatedAt})`,
              passages: documents.passages,
            })
            .from(documents)
            .where(and(eq(documents.guildId, guild), isNull(documents.excludedAt), gt(documents.id, last)))
            .orderBy(asc(documents.id))
            .limit(DOCUMENTS_A_PAGE),
        );
        for (const { id, mark, passages } of page) {
          left -= passages;
          // More than a guild may have are from before there was a limit.
          if (left >= 0) marks.set(id, mark);
        }
        if (page.length < DOCUMENTS_A_PAGE || left < 0) return { version: before, marks };
        last = page.at(-1)?.id ?? "";
      }
    },

    async *read(guild, ids) {
      for (let at = 0; at < ids.length; at += DOCUMENTS_READ_AT_ONCE) {
        const some = ids.slice(at, at + DOCUMENTS_READ_AT_ONCE);
        for (let last: PassagePlace | null = null; ; ) {
          const page: readonly PassageRow[] = await pagePassages(pool, guild, some, last);
          if (page.length > 0) yield page;
          if (page.length < PASSAGES_A_PAGE) break;
          last = page.at(-1) ?? null;
        }
      }
    },
  };
}

type PassagePlace = Pick<PassageRow, "document" | "position">;

/** As PostgreSQL gives them: drizzle's mapping of so many rows costs as much as reading their words. */
async function pagePassages(pool: Pool, guild: GuildId, ids: readonly string[], after: PassagePlace | null) {
  const rest =
    after === null ? sql`` : sql`and (p.document_id, p.position) > (${after.document}, ${after.position}::int)`;
  const rows = await pool.read((db) =>
    db.execute<Omit<PassageRow, "id" | "headings" | "kind"> & { headings: string; pair: boolean }>(sql`
      select p.document_id as document, d.source_id as source, s.kind = 'pairs' as pair, p.title, p.headings::text as headings, p.url,
        p.language, p.text, p.position
      from ${passages} p join ${documents} d on d.id = p.document_id join ${sources} s on s.id = d.source_id
      where p.guild_id = ${guild}
        and p.document_id in (select jsonb_array_elements_text(${sql.param(ids, sources.config)}::jsonb)) ${rest}
      order by p.document_id, p.position limit ${PASSAGES_A_PAGE}`),
  );
  return rows.map(
    ({ document, source, pair, title, headings, url, language, text, position }): PassageRow => ({
      ...{ id: `${document}.${position}`, document, source, kind: pair ? "pair" : "text" },
      ...{ title, headings: JSON.parse(headings) as readonly string[], url, language, text, position },
    }),
  );
}

/** All passages by one parameter, so that the statement is the same whatever their number. */
async function insertPassages(db: Db, guild: GuildId, document: string, rows: DocumentInput["passages"]) {
  if (rows.length === 0) return;
  await db.execute(sql`
    insert into ${passages} (guild_id, document_id, position, title, headings, url, language, text)
    select ${guild}, ${document}, p.position, p.title, p.headings, p.url, p.language, p.text
    from jsonb_to_recordset(${sql.param(rows, sources.config)}::jsonb)
      as p (position integer, title text, headings jsonb, url text, language text, text text)`);
}

function changed(name: string): AppError {
  return new AppError("conflict", `somebody else changed the source ${name}`);
}

/** As the database keeps JSON: without the order of names and without undefined fields. */
function sameJson(a: unknown, b: unknown): boolean {
  return Bun.deepEquals(JSON.parse(JSON.stringify(a ?? null)), JSON.parse(JSON.stringify(b ?? null)));
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function full(most: number, what: string): AppError {
  return new AppError(
    "overloaded",
    `This server's knowledge base is full: at most ${most} ${what}. Remove a source that is no longer needed, or import less.`,
  );
}
