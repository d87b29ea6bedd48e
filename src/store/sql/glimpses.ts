/** A list's excerpts of conversations: the last question, its reply, and the turn that holds the searched words. */
import { type SQL, sql } from "drizzle-orm";
import { sources } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import { isUnspaced, patternOf, soughtWords } from "../../sought.ts";
import type { Glimpse } from "../ports/conversations.ts";
import type { Pool } from "./pool.ts";
import { textHolds } from "./search.ts";

/** Characters of a text in a row, and before the searched words. */
const SHOWN_CHARS = 240;
const BEFORE_HIT_CHARS = 60;

/** Each conversation's turns are found by index, so that a page costs the same whatever else the server has. */
export async function glimpses(
  pool: Pool,
  guild: GuildId,
  ids: readonly string[],
  text: string,
  { NOT_FOUND, DISLIKED }: { readonly NOT_FOUND: SQL; readonly DISLIKED: SQL },
): Promise<ReadonlyMap<string, Glimpse>> {
  if (ids.length === 0) return new Map();
  const of = sql`t.guild_id = ${guild} and t.conversation_id = c.id`;
  const words = soughtWords(text);
  const place =
    words[0] === undefined
      ? sql`position(${text} in t.text)`
      : sql`regexp_instr(t.text, ${`${isUnspaced(words[0]) ? "" : "(?<![[:alnum:]])"}${patternOf(words[0])}`}, 1, 1, 0, 'i')`;
  const hit =
    text === ""
      ? sql`(select null::bigint as id, null::text as text, false as cut)`
      : sql`(select t.id, ${place} > ${BEFORE_HIT_CHARS + 1}::int as cut, substr(t.text, greatest(1, ${place} - ${BEFORE_HIT_CHARS}::int), ${SHOWN_CHARS}::int) as text
          from turns t where ${of} and ${textHolds(guild, text, words, "t.text")} order by t.id desc limit 1)`;
  const rows = await pool.read((db) =>
    db.execute<{
      id: string;
      question: string | null;
      reply: string | null;
      not_found: boolean | null;
      disliked: boolean | null;
      hit_id: string | null;
      hit_text: string | null;
      hit_cut: boolean | null;
    }>(sql`
      select c.id, left(asked.text, ${SHOWN_CHARS}::int) as question, left(replied.text, ${SHOWN_CHARS}::int) as reply,
        seen.not_found, seen.disliked, hit.id::text as hit_id, hit.text as hit_text, hit.cut as hit_cut
      from jsonb_array_elements_text(${sql.param(ids, sources.config)}::jsonb) c(id)
      left join lateral (select t.id, t.text from turns t where ${of} and t.role = 'member' and t.text <> '' order by t.id desc limit 1) asked on true
      left join lateral (
        select t.text from turns t where ${of} and t.role <> 'member' and t.text <> '' and t.id > coalesce(asked.id, 0) order by t.id limit 1
      ) replied on true
      left join lateral (select bool_or(${NOT_FOUND}) as not_found, bool_or(${DISLIKED}) as disliked from turns t where ${of}) seen on true
      left join lateral ${hit} hit on true`),
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        question: row.question ?? "",
        reply: row.reply ?? "",
        notFound: row.not_found === true,
        disliked: row.disliked === true,
        hit:
          row.hit_id === null ? null : { turn: row.hit_id, text: wholeWords(row.hit_text ?? "", row.hit_cut === true) },
      },
    ]),
  );
}

/** What is cut off at its beginning goes on with a whole word, after "…". */
function wholeWords(text: string, cut: boolean): string {
  return cut ? `… ${text.replace(/^\S{0,30}\s+/u, "")}` : text;
}
