/**
 * Conversations by what was said in them.
 *
 * Algorithm: a word that is everywhere is met soon by going from the newest conversation back, text by text; so a short stretch is read
 * first, and where it fills a page that is the result. Else the index of words gives the turns that hold all words: while they are few, their
 * conversations are the result, from the whole past. Where they are many, which an index of words gives in no order, a longer stretch is read;
 * so it is for what is no word, and for all words while their index is being built. It ends with a cursor from which the next page goes on.
 */
import { and, desc, eq, gt, type SQL, sql } from "drizzle-orm";
import { conversations } from "../../../drizzle/schema.ts";
import { GUILD_WORD, wordsOf } from "../../../drizzle/words.ts";
import type { GuildId } from "../../ids.ts";
import { isUnspaced, patternOf, queryOf, soughtWords } from "../../sought.ts";
import type { ConversationRow } from "../ports/conversations.ts";
import type { ListPage } from "../ports/page.ts";
import { oneOf } from "./one-of.ts";
import type { Pool } from "./pool.ts";

/** Turns that the index may find; with more a word is common. */
const FOUND_MAX = 5_000;
/** Of a walk: conversations and their turns. */
type Stretch = { readonly conversations: number; readonly turns: number };
const FAR: Stretch = { conversations: 2_000, turns: 20_000 };
/** Where a word that is everywhere fills a page, before the index is asked for all its turns. */
const NEAR: Stretch = { conversations: 100, turns: 4_000 };

type Row = typeof conversations.$inferSelect;
type Search = {
  readonly guild: GuildId;
  readonly text: string;
  /** Besides the text; `ofTurns`: one of them reads turns. */
  readonly which: readonly (SQL | undefined)[];
  /** The page before it. */
  readonly after: SQL | undefined;
  readonly ofTurns: boolean;
  readonly limit: number;
  readonly toConversation: (row: Row) => ConversationRow;
  readonly cursorOf: (row: { readonly lastAtMs: number; readonly id: string }) => string;
  /** Whether the indexes of `SEARCHED_INDEXES` can be used yet. */
  readonly indexed: () => Promise<boolean>;
};

export const SEARCHED_INDEXES = ["turns_words", "conversations_names"];

export async function searchConversations(pool: Pool, search: Search): Promise<ListPage<ConversationRow>> {
  const words = soughtWords(search.text);
  const byWords = !search.ofTurns && words.length > 0 && (await search.indexed());
  if (!byWords) return await walk(pool, search, words, FAR);
  const near = await walk(pool, search, words, NEAR);
  if (near.items.length === search.limit) return near;
  const found = await findByWords(pool, search.guild, words);
  return found === null ? await walk(pool, search, words, FAR) : await listOf(pool, search, found);
}

/** Null: too many turns hold them. */
async function findByWords(pool: Pool, guild: GuildId, words: readonly string[]): Promise<readonly string[] | null> {
  const hits = (table: SQL, id: SQL, text: string) => sql`
    select ${id} as id, ${sql.raw(text)} as text from ${table} where guild_id = ${guild} and ${holdsWords(guild, words, text)}
    limit ${FOUND_MAX + 1}`;
  const full = sql`(select count(*) from said) > ${FOUND_MAX}::int or (select count(*) from named) > ${FOUND_MAX}::int`;
  const rows = await pool.read((db) =>
    db.execute<{ id: string; full: boolean }>(sql`
      with said as materialized (${hits(sql`turns`, sql`conversation_id`, "text")}),
        named as materialized (${hits(sql`conversations`, sql`id`, "member_name")})
      select distinct id, false as full from (select id, text from said union all select id, text from named) found
      where ${standTogether(words, sql`text`)} and not (${full})
      union all select '', true where ${full}`),
  );
  return rows[0]?.full === true ? null : rows.map(({ id }) => id);
}

async function listOf(pool: Pool, search: Search, ids: readonly string[]): Promise<ListPage<ConversationRow>> {
  const { guild, which, after, limit } = search;
  if (ids.length === 0) return { items: [], cursor: null };
  const rows = await read(pool, guild, [oneOf(conversations.id, ids), after, ...which], limit);
  return pageOf(rows, search, null);
}

async function walk(
  pool: Pool,
  search: Search,
  words: readonly string[],
  stretch: Stretch,
): Promise<ListPage<ConversationRow>> {
  const { guild, text, which, after, limit } = search;
  // What one of the walk's filters costs is paid for each conversation: the stretch is found without them.
  const [end] = await pool.read((db) =>
    db.execute<{ id: string; at: string; more: boolean }>(sql`
      select id, last_at::text as at, more from (
        select id, last_at, turns, lead(id) over newest is not null as more, sum(turns) over newest - turns as before,
          row_number() over newest as n
        from (
          select id, last_at, turns from conversations
          where ${and(eq(conversations.guildId, guild), gt(conversations.turns, 0), after)}
          order by last_at desc, id desc limit ${stretch.conversations + 1}
        ) read window newest as (order by last_at desc, id desc)
      ) stretch
      where before < ${stretch.turns} and n <= ${stretch.conversations}
        and (before + turns >= ${stretch.turns} or n = ${stretch.conversations} or not more)`),
  );
  if (end === undefined) return { items: [], cursor: null };
  const within = sql`(${conversations.lastAt}, ${conversations.id}) >= (${end.at}::timestamptz, ${end.id})`;
  const said = text === "" ? undefined : saidOrNamed(guild, text, words);
  const rows = await read(pool, guild, [within, after, ...which, said], limit);
  const lastAtMs = Date.parse(end.at.replace(" ", "T").replace(/\+00$/, "Z"));
  return pageOf(rows, search, end.more ? search.cursorOf({ lastAtMs, id: end.id }) : null);
}

function read(pool: Pool, guild: GuildId, which: readonly (SQL | undefined)[], limit: number): Promise<readonly Row[]> {
  return pool.read((db) =>
    db
      .select()
      .from(conversations)
      .where(and(eq(conversations.guildId, guild), ...which))
      .orderBy(desc(conversations.lastAt), desc(conversations.id))
      .limit(limit + 1),
  );
}

/** `rest`: where to go on when these are the last rows. */
function pageOf(rows: readonly Row[], { limit, toConversation, cursorOf }: Search, rest: string | null) {
  const items = rows.slice(0, limit).map(toConversation);
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last !== undefined ? cursorOf(last) : rest };
}

/** As a subquery of its own, so that PostgreSQL asks the index for each conversation and stops at the first turn. */
function saidOrNamed(guild: GuildId, text: string, words: readonly string[]): SQL {
  const named = textHolds(guild, text, words, '"conversations"."member_name"');
  return sql`(${named} or coalesce((
    select true from turns t where t.guild_id = ${conversations.guildId} and t.conversation_id = ${conversations.id}
      and ${textHolds(guild, text, words, "t.text")} limit 1), false))`;
}

/** Whether the text in this column holds what is looked for, read without an index. */
export function textHolds(guild: GuildId, text: string, words: readonly string[], column: string): SQL {
  const there = nameHolds(text, words, sql.raw(column));
  if (words.length === 0) return there;
  // Cheap first: a text is made words only where they stand in it.
  return sql`case when ${there} then ${holdsWords(guild, words, column)} else false end`;
}

/** The same of a title or an address, where a word may stand within another. */
export function nameHolds(text: string, words: readonly string[], name: SQL): SQL {
  if (words.length === 0) return sql`${name} ilike ${`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`}`;
  return sql.join(
    words.map((word) => sql`${name} ~* ${patternOf(word)}`),
    sql` and `,
  );
}

function holdsWords(guild: GuildId, words: readonly string[], column: string): SQL {
  const owner = column.includes(".") ? `${column.slice(0, column.lastIndexOf("."))}.guild_id` : "guild_id";
  return sql`${sql.raw(wordsOf(owner, column))} @@ to_tsquery('simple', ${`'${GUILD_WORD}${guild}' & ${queryOf(words)}`})`;
}

/** Characters that are words of their own to the index stand one after another. */
function standTogether(words: readonly string[], text: SQL): SQL {
  const together = words.filter(isUnspaced).map((word) => sql`${text} ~* ${patternOf(word)}`);
  return together.length === 0 ? sql`true` : sql.join(together, sql` and `);
}
