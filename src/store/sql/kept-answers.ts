/**
 * Whether an answer may be said again: by the version of the knowledge that it was made from, and by what became of the turns that said it, an
 * hour of one guild's votes and of its talks with the team. One statement, since it stands before an answer that costs little else.
 */
import { sql } from "drizzle-orm";
import { conversations, knowledge, turns } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import type { Pool } from "./pool.ts";

export async function standsStill(
  pool: Pool,
  guild: GuildId,
  { kept, version }: { readonly kept: string; readonly version: number },
  sinceMs: number,
): Promise<boolean> {
  const since = sql.param(sinceMs, conversations.lastAt);
  const [row] = await pool.read((db) =>
    db.execute<{ stands: boolean }>(sql`
      select coalesce((select version from ${knowledge} where guild_id = ${guild}), 0) = ${version}::bigint and not exists (
        select from ${turns} t
        where t.guild_id = ${guild} and t.at >= ${since} and t.feedback is not null and t.feedback = 'down'
          and t.outcome->>'kept' = ${kept}
      ) and not exists (
        select from ${conversations} c
        where c.guild_id = ${guild} and c.last_at >= ${since} and (c.escalated_at is not null or c.fence > 0) and exists (
          select from ${turns} t
          where t.guild_id = ${guild} and t.conversation_id = c.id and t.outcome->>'kept' = ${kept})
      ) as stands`),
  );
  return row?.stands === true;
}
