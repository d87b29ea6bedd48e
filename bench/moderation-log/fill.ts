/** A moderation log of many cases: one server has nearly all of them, some others the rest. Everything in it is made of the case's number. */
import type postgres from "postgres";
import type { GuildId } from "../../src/ids.ts";

/** Cases lie half a minute apart. */
export const APART_MS = 30_000;
const MEMBERS = 5_000;
const CHANNELS = 50;

export const channelOf = (n: number) => String(300_000_000_000_000_000n + BigInt(n % CHANNELS));
export const memberOf = (n: number) => String(400_000_000_000_000_000n + BigInt(n % MEMBERS));

/** Of each text: two words that a third of all texts have, one of a thousand, and its own. */
export const wordOf = (n: number) => `word${n % 1_000}`;
export const ownWordOf = (n: number) => `only${n}`;

/** `newestMs`: when the last case came. Statistics are taken afterwards, as autovacuum would. */
export async function fillLog(sql: postgres.Sql, guild: GuildId, rows: number, newestMs: number): Promise<void> {
  const newest = `to_timestamp(${newestMs / 1_000})`;
  await sql.unsafe(`
    insert into moderation_cases (id, guild_id, number, key, channel_id, channel_name, message_id, author_id, author_name, at,
      evidence, context, evidence_hash, evidence_salt, rule_number, rule, verdict, action, plan, state, attempt, updated_at)
    select 'case' || i, case when i % 20 = 0 then (100000000000000100 + i % 100)::text else '${guild}' end, i, 'key' || i,
      (300000000000000000 + i % ${CHANNELS})::text, 'channel-' || i % ${CHANNELS}, (500000000000000000 + i)::text,
      (400000000000000000 + i % ${MEMBERS})::text, 'Member ' || i % ${MEMBERS}, ${newest} - (${rows} - i) * interval '${APART_MS} milliseconds',
      case when i % 3 = 0 then 'free nitro for ' else 'look at ' end || 'everyone, word' || i % 1000 || ' and only' || i || ' https://example.com/' || i,
      '[{"author":"Ada","text":"what is this?"}]', md5(i::text), md5(i::text), case when i % 11 = 0 then null else i % 9 + 1 end,
      'No scams, no spam, and nothing that only looks like a gift',
      '{"source":"model","signals":[{"name":"gift-lure","saw":"free nitro"}],"category":"scam","severity":"high","confidence":0.93,"reason":"It promises a gift.","model":"openai/gpt-oss-20b","costUsd":0.00002}',
      case when i % 50 = 0 then 'ban' when i % 7 = 0 then 'timeout' when i % 5 = 0 then 'warn' else 'delete' end,
      '{"acts":["delete"],"held":[]}', case when i % 1001 = 0 then 'undone' when i % 97 = 0 then 'failed' when i % 13 = 0 then 'review' when i % 11 = 0 then 'dry-run' else 'applied' end,
      'bench', ${newest}
    from generate_series(1, ${rows}) i`);
  await sql.unsafe("vacuum analyze moderation_cases");
}
