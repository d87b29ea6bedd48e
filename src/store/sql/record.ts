/**
 * What one trigger led to, in one statement: the reservation ends; the decision is written; and only where it is the first one of its trigger,
 * the turns, the conversation's last words and the usage are. Each part reads the one before it, so all of them happen or none. The escalation
 * of a conversation takes a lock first, and is written by conversations.ts in a transaction.
 */
import { sql } from "drizzle-orm";
import { conversations, sources, usage } from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import type { Exchange } from "../ports/conversations.ts";
import type { Db } from "./connection.ts";
import { DEFAULT_ACCOUNT } from "./guilds.ts";

/** A list shows so much of the last text. */
export const LAST_TEXT_CHARS = 200;

/** The account's time zone is one that PostgreSQL does not know. */
const TIME_ZONE_UNKNOWN = "22023";

/**
 * Whether this run, or an earlier one of the same call, was the first to decide on the trigger. Null where PostgreSQL could not say which day it
 * is for the account: nothing was written.
 */
export async function recordAtOnce(
  db: Db,
  guild: GuildId,
  exchange: Exchange,
  attempt: string,
  nowMs: number,
): Promise<boolean | null> {
  const { outcome, trigger, usage: used } = exchange;
  const now = sql.param(nowMs, conversations.lastAt);
  const last = exchange.turns.findLast((turn) => turn.text !== "");
  const said = exchange.turns.map(({ role, author, text, atMs, message, sources, outcome }) => {
    return { role, author, text, at: new Date(atMs).toISOString(), message_id: message, sources, outcome };
  });
  const contact = used?.contact ?? "discord";
  const kind = used === null ? "" : contact === "discord" ? used.kind : `${used.kind}@${contact}`;
  try {
    const [row] = await db.execute<{ first: boolean; before: string | null }>(sql`
      with ended as (
        delete from quota_reservations where request = ${trigger}
      ), decided as (
        insert into decisions (guild_id, trigger, at, channel_id, conversation_id, kind, reason, why, ms, model, prompts, tokens_in,
          tokens_out, cost_usd, attempt)
        values (${guild}, ${trigger}, ${now}, ${exchange.channel}, ${exchange.conversation}, ${outcome.kind}, ${outcome.reason},
          ${exchange.why ?? null}, ${outcome.ms}, ${outcome.model}, ${outcome.prompts ?? null}, ${outcome.tokensIn}, ${outcome.tokensOut},
          ${outcome.costUsd}, ${attempt})
        on conflict do nothing returning trigger
      ), talk as (
        update conversations set last_at = greatest(last_at, ${now}), turns = turns + ${said.length}::int,
          last_text = coalesce(${last?.text.slice(0, LAST_TEXT_CHARS) ?? null}, last_text),
          last_role = coalesce(${last?.role ?? null}, last_role),
          state = case when state = 'waiting' then 'open' else state end
        where guild_id = ${guild} and id = ${exchange.conversation} and exists (select from decided)
        returning id
      ), said as (
        insert into turns (guild_id, conversation_id, role, author, text, at, message_id, sources, outcome)
        select ${guild}, talk.id, t.role, t.author, t.text, t.at, t.message_id, t.sources, t.outcome
        from talk, rows from (jsonb_to_recordset(${sql.param(said, sources.config)}::jsonb)
          as (role text, author text, text text, at timestamptz, message_id text, sources jsonb, outcome jsonb)) with ordinality t
        order by t.ordinality
      ), spent as (
        insert into usage (account_id, guild_id, day, kind, count, tokens_in, tokens_out, cost_usd)
        select coalesce(owner.id, ${DEFAULT_ACCOUNT}), ${guild}, (${now}::timestamptz at time zone coalesce(owner.time_zone, 'UTC'))::date,
          ${kind}, ${used?.count ?? 0}::int, ${Math.round(used?.tokensIn ?? 0)}::bigint, ${Math.round(used?.tokensOut ?? 0)}::bigint,
          ${used?.costUsd ?? 0}::numeric
        from decided left join guilds on guilds.guild_id = ${guild} left join accounts owner on owner.id = guilds.account_id
        where ${used !== null}::boolean
        on conflict (guild_id, day, kind, account_id) do update set count = ${usage}.count + excluded.count,
          tokens_in = ${usage}.tokens_in + excluded.tokens_in, tokens_out = ${usage}.tokens_out + excluded.tokens_out,
          cost_usd = ${usage}.cost_usd + excluded.cost_usd
      )
      select exists (select from decided) as first,
        (select attempt from decisions where guild_id = ${guild} and trigger = ${trigger}) as before`);
    if (row === undefined) throw new Error("a record gave no row");
    return row.first || row.before === attempt;
  } catch (error) {
    if (codeOf(error) === TIME_ZONE_UNKNOWN) return null;
    throw error;
  }
}

/** PostgreSQL's own code, also where drizzle wrapped the error. */
function codeOf(error: unknown): unknown {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return code ?? (cause as { readonly code?: unknown } | undefined)?.code;
}
