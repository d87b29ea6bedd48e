/**
 * A deployment with a past: one server with nearly all turns, decisions and cases, and many servers of one operator. Everything is
 * made of its number. Statistics are taken afterwards, as autovacuum would.
 */
import type postgres from "postgres";
import type { GuildId } from "../../src/ids.ts";
import { BUILDING_LOCK } from "../../src/store/sql/building-indexes.ts";
import { fillLog } from "../moderation-log/fill.ts";

export const TURNS_A_CONVERSATION = 100;
const CHANNELS = 50;
const MEMBERS = 5_000;
/** Exchanges lie a quarter of a minute apart: the question, and 7.5 s later what the bot said. */
const APART_MS = 15_000;

export type Size = { readonly turns: number; readonly cases: number; readonly guilds: number };

export const conversationOf = (n: number) => `talk${n}`;

export async function fillDeployment(sql: postgres.Sql, guild: GuildId, size: Size, newestMs: number): Promise<void> {
  const newest = `to_timestamp(${newestMs / 1_000})`;
  // Made whole afterwards, which takes a part of the time; the job that makes missing indexes keeps off meanwhile.
  await sql`select pg_advisory_lock(${BUILDING_LOCK}::bigint)`;
  const words = await sql<{ name: string; made: string }[]>`
    select indexname as name, indexdef as made from pg_indexes where schemaname = current_schema() and indexdef like '% USING gin %'`;
  for (const { name } of words) await sql.unsafe(`drop index ${name}`);
  await sql.unsafe("set maintenance_work_mem = '256MB'");
  const talks = Math.ceil(size.turns / TURNS_A_CONVERSATION);
  const exchanges = Math.floor(size.turns / 2);
  await sql.unsafe(`
    insert into guilds (guild_id, application_id, account_id, name, settings, joined_at)
    select (100000000000100000 + i)::text, application_id, account_id, 'Server ' || i, settings, joined_at
    from guilds, generate_series(1, ${size.guilds}) i where guild_id = '${guild}'`);
  await sql.unsafe(`
    insert into conversations (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at, turns, last_text, last_role)
    select 'talk' || i, '${guild}', (300000000000000000 + i % ${CHANNELS})::text, 'channel-' || i % ${CHANNELS},
      (400000000000000000 + i % ${MEMBERS})::text, 'Member ' || i % ${MEMBERS}, ${newest} - (${talks} - i) * interval '1 minute',
      ${newest} - (${talks} - i) * interval '1 minute', ${TURNS_A_CONVERSATION}, 'answer ' || i, 'bot'
    from generate_series(1, ${talks}) i`);
  await sql.unsafe(`
    insert into turns (guild_id, conversation_id, role, author, text, at, message_id, sources, outcome, feedback)
    select '${guild}', 'talk' || 1 + i / 2 % ${talks}, case when i % 2 = 0 then 'member' else 'bot' end,
      case when i % 2 = 0 then 'Member' else 'Gatehouse' end,
      case when i % 3 = 0 then 'please tell me about ' else 'the hub and ' end || 'word' || i % 1000 || ' and only' || i,
      ${newest} - (${size.turns} - i) * interval '${APART_MS / 2} milliseconds', (600000000000000000 + i)::text, '[]', null,
      case when i % 400 = 1 then 'up' when i % 900 = 1 then 'down' end
    from generate_series(1, ${size.turns}) i`);
  await sql.unsafe(`
    insert into decisions (guild_id, trigger, at, channel_id, conversation_id, kind, reason, ms, model, tokens_in, tokens_out, cost_usd, attempt)
    select '${guild}', '500000000000000001:' || 600000000000000000 + 2 * i::bigint, ${newest} - (${exchanges} - i) * interval '${APART_MS} milliseconds',
      (300000000000000000 + i % ${CHANNELS})::text, case when i % 3 = 0 then null else 'talk' || 1 + i % ${talks} end,
      case when i % 3 = 0 then 'silent' when i % 50 = 1 then 'failed' else 'answered' end,
      case when i % 3 = 0 then 'not-relevant' when i % 50 = 1 then 'timeout' when i % 20 = 1 then 'not-in-knowledge' else 'answered' end,
      700 + i % 900, 'openai/gpt-oss-20b', 1200, 90, 0.0001, 'bench'
    from generate_series(1, ${exchanges}) i`);
  await fillLog(sql, guild, size.cases, newestMs);
  for (const { made } of words) await sql.unsafe(made);
  await sql`select pg_advisory_unlock(${BUILDING_LOCK}::bigint)`;
  for (const table of ["guilds", "conversations", "turns", "decisions"]) await sql.unsafe(`vacuum analyze ${table}`);
}
