/**
 * Reads EXPLAIN of every list query over filled tables: an index serves it. No sort of a whole history, no sequential scan, so
 * that a page costs the same in a guild with a hundred rows and in one with a million.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { createCases } from "../../src/store/sql/cases.ts";
import type { Db } from "../../src/store/sql/connection.ts";
import { createConversations } from "../../src/store/sql/conversations.ts";
import { createDecisions } from "../../src/store/sql/decisions.ts";
import { createDesk } from "../../src/store/sql/desk.ts";
import { createDocuments } from "../../src/store/sql/documents.ts";
import { createGuilds } from "../../src/store/sql/guilds.ts";
import { createInbox } from "../../src/store/sql/inbox.ts";
import { createKnowledgeRows, KNOWLEDGE_LIMITS } from "../../src/store/sql/knowledge.ts";
import { createOutbox } from "../../src/store/sql/outbox.ts";
import { createPeople } from "../../src/store/sql/people.ts";
import type { Pool } from "../../src/store/sql/pool.ts";
import { createShards } from "../../src/store/sql/shards.ts";
import { createUsage } from "../../src/store/sql/usage.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";

const ROWS = 30_000;
/** A few rows that an index found may be put in order; a history may not. */
const SORTED_ROWS_MAX = 100;
const GUILD = "100000000000000007" as GuildId;
const APPLICATION = "200000000000000001" as ApplicationId;

let database: TestDatabase;
let client: postgres.Sql;
let statements: { readonly text: string; readonly parameters: readonly unknown[] }[] = [];
let pool: Pool;

beforeAll(async () => {
  database = await openDatabase();
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  await store.close();
  await fill(database.admin);
  client = postgres(database.url, { max: 1, onnotice: () => {} });
  const logger = {
    logQuery: (text: string, parameters: unknown[]) => void statements.push({ text, parameters }),
  };
  const db = drizzle({ client, logger }) as unknown as Db;
  pool = {
    read: (work) => work(db),
    write: (work) => work(db, "attempt"),
    transaction: (work) => work(db, "attempt"),
    longTransaction: (work) => work(db, "attempt"),
    load: () => ({ connections: 1, busy: 0, waiting: 0 }),
    close: async () => {},
  };
}, 120_000);

afterAll(async () => {
  await client.end({ timeout: 1 });
  await database.drop();
});

/** One guild has half of all rows, a hundred others share the rest. */
async function fill(sql: postgres.Sql): Promise<void> {
  const guild = `case when i % 2 = 0 then '${GUILD}' else (100000000000000100 + i % 100)::text end`;
  const at = "now() - i * interval '1 minute'";
  for (const statement of [
    `insert into accounts (id, name, created_at) values ('a', 'A', now()) on conflict do nothing`,
    `insert into guilds (guild_id, application_id, account_id, name, settings, joined_at)
      select (300000000000000000 + i)::text, '${APPLICATION}', 'a', 'Guild ' || i, '{}', now() from generate_series(1, ${ROWS}) i`,
    `insert into guilds (guild_id, application_id, account_id, name, settings, joined_at)
      values ('${GUILD}', '${APPLICATION}', 'a', 'Lumen', '{}', now())`,
    `insert into decisions (guild_id, trigger, at, channel_id, kind, reason, ms, tokens_in, tokens_out, cost_usd, attempt)
      select ${guild}, i::text, ${at}, (i % 50)::text, case when i % 10 = 0 then 'answered' else 'silent' end,
        case when i % 10 = 0 then 'known' else 'casual' end, 1, 0, 0, 0, 'x' from generate_series(1, ${ROWS}) i`,
    `insert into conversations (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at, turns, agent_idle_at, agent_id, escalated_at)
      select lpad(to_hex(i), 32, '0'), ${guild}, (i % 50)::text, 'help', (i % 3000)::text, 'Ada', ${at}, ${at}, 2,
        case when i % 500 = 0 then now() + interval '1 hour' end, case when i % 500 = 0 then '1' end,
        case when i % 700 = 0 then now() end from generate_series(1, ${ROWS}) i`,
    `insert into escalations (id, guild_id, conversation_id, at, summary, taken_at)
      select i::text, ${guild}, lpad(to_hex(i), 32, '0'), ${at}, '', case when i % 40 = 0 then null else now() end from generate_series(1, ${ROWS}) i`,
    `insert into turns (guild_id, conversation_id, role, author, text, at, message_id, sources)
      select ${guild}, lpad(to_hex(i), 32, '0'), 'member', 'Ada', 'How do I pair a sensor?', ${at}, i::text, '[]' from generate_series(1, ${ROWS}) i`,
    `insert into audit (guild_id, at, by, what, attempt) select ${guild}, ${at}, 'ada', 'mode', i::text from generate_series(1, ${ROWS}) i`,
    `insert into sources (id, guild_id, kind, name, config, progress, updated_at)
      select i::text, ${guild.replace("% 2 = 0", "% 1000 = 0")}, case when i % 5 = 0 then 'website' else 'text' end, 'S' || i, '{}', '{}', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into documents (id, guild_id, source_id, key, title, language, hash, passages, updated_at)
      select i::text, ${guild.replace("% 2 = 0", "% 1000 = 0")}, i::text, 'k', 't', 'en', 'h', 1, now() from generate_series(1, ${ROWS}) i`,
    `insert into passages (guild_id, document_id, position, title, headings, language, text)
      select ${guild.replace("% 2 = 0", "% 1000 = 0")}, i::text, 0, 't', '[]', 'en', 'x' from generate_series(1, ${ROWS}) i`,
    `insert into moderation_cases (id, guild_id, number, key, channel_id, channel_name, message_id, author_id, author_name, at, evidence, context,
        evidence_hash, rule, verdict, action, plan, state, attempt, updated_at)
      select i::text, ${guild}, i, i::text, (i % 50)::text, 'help', i::text, (i % 3000)::text, 'Ada', ${at}, 'x', '[]', 'h', 'r', '{}',
        case when i % 9 = 0 then 'ban' else 'delete' end, '[]', case when i % 100 = 0 then 'planned' else 'applied' end, 'x', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into inbox (application_id, message_id, payload, until, created_at)
      select '${APPLICATION}', i::text, '{}', now(), ${at} from generate_series(1, ${ROWS}) i`,
    `insert into outbox (key, guild_id, kind, state, attempt, created_at, next_at)
      select i::text, ${guild}, 'mail', case when i % 50 = 0 then 'planned' else 'done' end, 'x', ${at}, ${at} from generate_series(1, ${ROWS}) i`,
    `insert into users (id, name, operator, updated_at) select i::text, 'U' || i, false, now() from generate_series(1, ${ROWS}) i`,
    `insert into memberships (guild_id, user_id, role, updated_at)
      select case when i % 1000 = 0 then '${GUILD}' else (300000000000000000 + i)::text end, i::text, 'agent', now() from generate_series(1, ${ROWS}) i`,
    `insert into usage (account_id, guild_id, day, kind, count, tokens_in, tokens_out, cost_usd)
      select 'a' || i % 100, (300000000000000000 + i % 900)::text, date '2026-01-01' + i % 300, 'answer', 1, 1, 1, 0 from generate_series(1, ${ROWS}) i on conflict do nothing`,
    `insert into shards (application_id, shard, shards, fence, until) select i::text, 0, 1, 1, now() from generate_series(1, ${ROWS}) i`,
    "analyze",
  ]) {
    await sql.unsafe(statement);
  }
}

type Plan = {
  readonly "Node Type": string;
  readonly "Plan Rows": number;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Plan[];
};

/** The nodes of all plans that read a whole table or sort what they read. */
async function slowNodes(run: () => Promise<unknown>): Promise<string[]> {
  statements = [];
  await run();
  const mine = statements.filter(({ text }) => /^\s*(select|update|delete|with)/i.test(text));
  expect(mine.length).toBeGreaterThan(0);
  const slow: string[] = [];
  for (const { text, parameters } of mine) {
    const [row] = await client.unsafe<{ "QUERY PLAN": readonly { readonly Plan: Plan }[] }[]>(
      `explain (format json) ${text}`,
      parameters as never[],
    );
    const visit = (plan: Plan): void => {
      const type = plan["Node Type"];
      // An incremental one only puts rows in order that an index found equal.
      const sorts = type === "Sort" && plan["Plan Rows"] > SORTED_ROWS_MAX;
      if (type === "Seq Scan" || sorts) slow.push(`${type} ${plan["Relation Name"] ?? ""}`.trim());
      for (const child of plan.Plans ?? []) visit(child);
    };
    const [explained] = row?.["QUERY PLAN"] ?? [];
    if (explained === undefined) throw new Error("EXPLAIN gave no plan");
    visit(explained.Plan);
  }
  return slow;
}

const member = "17" as UserId;
const channel = "7" as ChannelId;
const clock = systemClock;

const QUERIES: Readonly<Record<string, () => Promise<unknown>>> = {
  "decisions, newest first": () => createDecisions(pool).list(GUILD, {}, 50),
  "decisions, a later page": () => createDecisions(pool).list(GUILD, {}, 50, `${clock.now() - 3_600_000}.77`),
  "decisions of a kind": () => createDecisions(pool).list(GUILD, { kind: "answered" }, 50),
  "decisions of a channel": () => createDecisions(pool).list(GUILD, { channel }, 50),
  "the decision of a trigger": () => createDecisions(pool).list(GUILD, { trigger: "44" }, 1),
  "conversations, newest first": () => createConversations(pool, clock, pool).list(GUILD, {}, 50),
  "conversations, a later page": () =>
    createConversations(pool, clock, pool).list(GUILD, {}, 50, `${clock.now() - 3_600_000}.${"0".repeat(32)}`),
  "conversations that hold a text": () => createConversations(pool, clock, pool).list(GUILD, { text: "battery" }, 50),
  "conversations of a channel": () => createConversations(pool, clock, pool).list(GUILD, { channel }, 50),
  "conversations that are open": () => createConversations(pool, clock, pool).list(GUILD, { state: "open" }, 50),
  "a conversation with its turns": () => createConversations(pool, clock, pool).get(GUILD, "2".padStart(32, "0")),
  "the running conversation": () =>
    createConversations(pool, clock, pool).open(
      GUILD,
      { channel, channelName: "help", member, memberName: "Ada" },
      10 ** 11,
    ),
  "the live list of a guild": () => createDesk(pool, clock).live([GUILD], clock.now() - 1_800_000, 100),
  "the live list of every guild": () => createDesk(pool, clock).live(null, clock.now() - 1_800_000, 100),
  "where a member spoke last": () => createConversations(pool, clock, pool).homeOf(APPLICATION, member),
  "a vote on an answer": () => createConversations(pool, clock, pool).feedback(GUILD, "44" as never, "up"),
  "the audit": () => createGuilds(pool, clock, quiet).audit(GUILD, 50),
  "guilds by name": () => createGuilds(pool, clock, quiet).find({}, 50),
  "a website that is due": () => createKnowledgeRows(pool, clock, KNOWLEDGE_LIMITS).websitesDue(10),
  "a source's documents": () => createDocuments(pool, clock).list(GUILD, "1000", { text: "sensor" }, 50),
  "a document with its passages": () => createDocuments(pool, clock).get(GUILD, "1000"),
  "the questions a document answered": () => createDocuments(pool, clock).uses(GUILD, "1000", 20),
  "cases, newest first": () => createCases(pool, clock).list(GUILD, {}, 50),
  "cases of a member": () => createCases(pool, clock).list(GUILD, { member }, 50),
  "cases of an action": () => createCases(pool, clock).list(GUILD, { action: "ban" }, 50),
  "cases of early days": () => createCases(pool, clock).list(GUILD, { toMs: clock.now() - 25_000 * 60_000 }, 50),
  "cases of late days": () => createCases(pool, clock).list(GUILD, { fromMs: clock.now() - 10 * 60_000 }, 50),
  "cases of early days in a state": () =>
    createCases(pool, clock).list(
      GUILD,
      { toMs: clock.now() - 25_000 * 60_000, state: "applied" },
      50,
      `9.${clock.now()}`,
    ),
  "cases that nobody settled": () => createCases(pool, clock).takeUnsettled(1_000, 10),
  "the outbox's due tasks": () => createOutbox(pool, clock).claim(["mail"], { limit: 10, leaseMs: 1_000 }),
  "what is in flight": () => createOutbox(pool, clock).inFlight(GUILD, "2"),
  "the shards of a bot": () => createShards(pool, clock).list(APPLICATION),
  "a role": () => createPeople(pool, clock).role("17", GUILD),
  "the days of a guild's usage": () => createUsage(pool).days(GUILD, clock.now() - 30 * 86_400_000),
};

for (const [name, run] of Object.entries(QUERIES)) {
  test(`an index serves ${name}`, async () => {
    expect(await slowNodes(run)).toEqual([]);
  });
}

test("the messages left in the inbox are found by an index", async () => {
  const take = { holder: "b", dead: ["a"], limit: 10, ttlMs: 1_000 };
  expect(await slowNodes(() => createInbox(pool, clock).take(APPLICATION, take))).toEqual([]);
});
