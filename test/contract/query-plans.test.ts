/**
 * Reads EXPLAIN of every list query over filled tables: an index serves it. No sort of a whole history, no sequential scan, so
 * that a page costs the same in a guild with a hundred rows and in one with a million.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { createAccounts } from "../../src/store/sql/accounts.ts";
import { createAlerts, createReports } from "../../src/store/sql/alerts.ts";
import { createBots } from "../../src/store/sql/bots.ts";
import { createCases } from "../../src/store/sql/cases.ts";
import { createChecks } from "../../src/store/sql/checks.ts";
import type { Db } from "../../src/store/sql/connection.ts";
import { createContact } from "../../src/store/sql/contact.ts";
import { createConversations } from "../../src/store/sql/conversations.ts";
import { createDecisions } from "../../src/store/sql/decisions.ts";
import { createDesk } from "../../src/store/sql/desk.ts";
import { createDocuments } from "../../src/store/sql/documents.ts";
import { createEscalations } from "../../src/store/sql/escalations.ts";
import { createFigures } from "../../src/store/sql/figures.ts";
import { createGuilds } from "../../src/store/sql/guilds.ts";
import { createInbox } from "../../src/store/sql/inbox.ts";
import { createKnowledgeRows, KNOWLEDGE_LIMITS } from "../../src/store/sql/knowledge.ts";
import { createMeaningRows } from "../../src/store/sql/meanings.ts";
import { createOutbox } from "../../src/store/sql/outbox.ts";
import { createPeople } from "../../src/store/sql/people.ts";
import type { Pool } from "../../src/store/sql/pool.ts";
import { createPrivacy } from "../../src/store/sql/privacy.ts";
import { createProactiveRows } from "../../src/store/sql/proactive.ts";
import { createProcesses } from "../../src/store/sql/processes.ts";
import { createQuotaRows } from "../../src/store/sql/quota.ts";
import { createRetention } from "../../src/store/sql/retention.ts";
import { createShards } from "../../src/store/sql/shards.ts";
import { createStates } from "../../src/store/sql/states.ts";
import { createUnsettled } from "../../src/store/sql/unsettled-cases.ts";
import { createUsage } from "../../src/store/sql/usage.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { newCase } from "./store/moderation.ts";

const ROWS = 30_000;
/** A few rows that an index found may be put in order; a history may not. */
const SORTED_ROWS_MAX = 150;
/** Read as a whole whatever an index offers: they fit into a page of the disk. */
const FEW = ["plans"];
const GUILD = "100000000000000007" as GuildId;
/** One of the hundred others. */
const LEFT = "100000000000000151" as GuildId;
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
    transaction: (work) =>
      work(db, "attempt", async (...all) => {
        let rows: readonly Record<string, unknown>[] = [];
        for (const one of all) rows = await db.execute(one);
        return rows;
      }),
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
    `insert into accounts (id, name, created_at) select 'a' || i, 'A', now() from generate_series(1, ${ROWS}) i`,
    `insert into quota_warnings (account_id, month, percent, at) select 'a' || i, '2026-03', 80, now() from generate_series(1, ${ROWS}) i`,
    `insert into knowledge (guild_id, version) select (100000000000000100 + i)::text, 1 from generate_series(1, ${ROWS}) i`,
    `insert into moderation_heads (guild_id, cases, seq, hash) select (100000000000000100 + i)::text, 1, 1, 'h' from generate_series(1, ${ROWS}) i`,
    `insert into api_requests (key_id, idempotency_key, guild_id, body_hash, at)
      select i::text, 'x', (100000000000000100 + i % 900)::text, 'h', now() from generate_series(1, ${ROWS}) i`,
    `insert into guilds (guild_id, application_id, account_id, name, settings, joined_at)
      select (300000000000000000 + i)::text, '${APPLICATION}', 'a' || i % 900 + 1, 'Guild ' || i, '{}', now() from generate_series(1, ${ROWS}) i`,
    `insert into guilds (guild_id, application_id, account_id, name, settings, joined_at)
      values ('${GUILD}', '${APPLICATION}', 'a', 'Lumen', '{}', now())`,
    `insert into decisions (guild_id, trigger, at, channel_id, kind, reason, ms, tokens_in, tokens_out, cost_usd, attempt)
      select ${guild}, i::text, ${at}, (i % 50)::text, case when i % 10 = 0 then 'answered' else 'silent' end,
        case when i % 10 = 0 then 'known' else 'casual' end, 1, 0, 0, 0, 'x' from generate_series(1, ${ROWS}) i`,
    `insert into conversations (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at, turns, state, agent_idle_at, agent_id, escalated_at)
      select lpad(to_hex(i), 32, '0'), ${guild}, (i % 50)::text, 'help', (i % 3000)::text, 'Ada', ${at}, ${at}, 2, case when i % 3 = 0 then 'resolved' else 'open' end,
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
    `insert into meanings (guild_id, document_id, position, model, vector)
      select ${guild.replace("% 2 = 0", "% 1000 = 0")}, i::text, 0, 'm', '\\x0102' from generate_series(1, ${ROWS}) i`,
    `insert into moderation_cases (id, guild_id, number, key, channel_id, channel_name, message_id, author_id, author_name, at, evidence, context,
        evidence_hash, rule, verdict, action, plan, state, attempt, updated_at)
      select i::text, ${guild}, i, i::text, (i % 50)::text, 'help', i::text, (i % 3000)::text, 'Ada', ${at}, 'x', '[]', 'h', 'r', '{}',
        case when i % 9 = 0 then 'ban' else 'delete' end, '[]', case when i % 100 = 0 then 'planned' else 'applied' end, 'x', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into inbox (application_id, message_id, payload, until, created_at)
      select '${APPLICATION}', i::text, '{}', now(), ${at} from generate_series(1, ${ROWS}) i`,
    `insert into outbox (key, guild_id, kind, state, attempt, created_at, next_at)
      select i::text, (100000000000000100 + i % 900)::text, 'mail', case when i % 50 = 0 then 'planned' else 'done' end, 'x', ${at}, ${at} from generate_series(1, ${ROWS}) i`,
    `insert into users (id, name, operator, updated_at) select i::text, 'U' || i, false, now() from generate_series(1, ${ROWS}) i`,
    `insert into memberships (guild_id, user_id, role, updated_at)
      select case when i % 1000 = 0 then '${GUILD}' else (300000000000000000 + i)::text end, i::text, 'agent', now() from generate_series(1, ${ROWS}) i`,
    `insert into usage (account_id, guild_id, day, kind, count, tokens_in, tokens_out, cost_usd)
      select 'a' || i % 100, (300000000000000000 + i % 900)::text, date '2026-01-01' + i % 300, 'answer', 1, 1, 1, 0 from generate_series(1, ${ROWS}) i on conflict do nothing`,
    `insert into conversation_notes (guild_id, conversation_id, kind, by_id, by_name, text, at, attempt)
      select ${guild}, lpad(to_hex(i), 32, '0'), 'note', '1', 'Ada', 'x', ${at}, i::text from generate_series(1, ${ROWS}) i`,
    `insert into saved_replies (id, guild_id, title, text, updated_at)
      select i::text, (100000000000000100 + i / 50)::text, 't' || i, 'x', now() from generate_series(1, ${ROWS}) i`,
    `insert into checks (id, guild_id, question, document_id, document_title, created_at)
      select i::text, (100000000000000100 + i / 100)::text, 'q', '', 't', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into moderation_events (guild_id, seq, case_id, kind, by, at, detail, hash, attempt)
      select ${guild}, i, i::text, 'applied', 'ada', ${at}, '{}', 'h', 'x' from generate_series(1, ${ROWS}) i`,
    `insert into moderation_heads (guild_id, cases, seq, hash) values ('${GUILD}', ${2 * ROWS}, ${2 * ROWS}, '')`,
    `insert into moderation_examples (guild_id, case_id, text, rule, by, at)
      select (100000000000000100 + i / 50)::text, i::text, 'x', 'r', 'ada', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into moderation_reports (guild_id, message_id, reporter_id, at, state)
      select ${guild}, i::text, (i % 3000)::text, ${at}, 'open' from generate_series(1, ${ROWS}) i`,
    `insert into moderation_alerts (guild_id, kind, detail, at)
      select (100000000000000100 + i)::text, 'cap', '{}', ${at} from generate_series(1, ${ROWS}) i`,
    `insert into strikes (guild_id, member_id, case_id, weight, at)
      select ${guild}, (i % 3000)::text, i::text, 1, ${at} from generate_series(1, ${ROWS}) i`,
    `insert into proactive_schedules (id, guild_id, settings, next_at, created_at, updated_at)
      select lpad(to_hex(i), 32, '0'), (100000000000000100 + i / 10)::text, '{"channel":"1","frequency":"daily","at":0,"weekday":0,"timeZone":"UTC","quiet":null,"topics":["x"],"approval":false,"publish":false}', now() + i * interval '1 minute', ${at}, now() from generate_series(1, ${ROWS}) i`,
    `insert into proactive_posts (guild_id, schedule_id, slot, channel_id, topic, text, state, message_id, at)
      select ${guild}, lpad(to_hex(i), 32, '0'), ${at}, '1', 't', 'x', 'posted', i::text, ${at} from generate_series(1, ${ROWS}) i`,
    `insert into api_keys (id, guild_id, name, secret_hash, hint, scopes, created_at, created_by)
      select i::text, (100000000000000100 + i / 10)::text, 'k', i::text, 'h', '{}', ${at}, 'ada' from generate_series(1, ${ROWS}) i`,
    `insert into quota_reservations (request, account_id, guild_id, kind, count, until)
      select i::text, 'a' || i % 1000, ${guild}, 'answer', 1, now() from generate_series(1, ${ROWS}) i`,
    `insert into sessions (id_hash, user_id, created_at, expires_at)
      select i::text, i::text, now(), now() + interval '1 day' from generate_series(1, ${ROWS}) i`,
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
      const reads = type === "Seq Scan" && !FEW.includes(plan["Relation Name"] ?? "");
      if (reads || sorts) slow.push(`${type} ${plan["Relation Name"] ?? ""}`.trim());
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
const DAY_MS = 86_400_000;
const ID = "2".padStart(32, "0");

/** The store's ports over the pool that listens. */
const ports = () => {
  const retention = createRetention(pool, clock);
  return {
    bots: createBots(pool, clock),
    guilds: createGuilds(pool, clock, quiet),
    states: createStates(pool, quiet),
    knowledge: createKnowledgeRows(pool, clock, KNOWLEDGE_LIMITS),
    meanings: createMeaningRows(pool),
    conversations: createConversations(pool, clock, pool),
    decisions: createDecisions(pool),
    documents: createDocuments(pool, clock),
    desk: createDesk(pool, clock),
    checks: createChecks(pool, clock),
    escalations: createEscalations(pool, clock),
    outbox: createOutbox(pool, clock),
    usage: createUsage(pool),
    accounts: createAccounts(pool, clock),
    quota: createQuotaRows(pool, clock),
    figures: createFigures(pool),
    proactive: createProactiveRows(pool, clock),
    contact: createContact(pool, clock),
    people: createPeople(pool, clock),
    retention,
    privacy: createPrivacy(pool, clock, retention),
    shards: createShards(pool, clock),
    processes: createProcesses(pool),
    inbox: createInbox(pool, clock),
    cases: createCases(pool, clock, pool),
    unsettled: createUnsettled(pool, clock),
    alerts: createAlerts(pool, clock),
    reports: createReports(pool, clock),
  };
};
type Ports = ReturnType<typeof ports>;

/** By the method that asks; several where its filters take other ways. */
const QUERIES: readonly (readonly [string, string, (at: Ports) => Promise<unknown>])[] = [
  ["decisions.list", "newest first", (at) => at.decisions.list(GUILD, {}, 50)],
  ["decisions.list", "a later page", (at) => at.decisions.list(GUILD, {}, 50, `${clock.now() - 3_600_000}.77`)],
  ["decisions.list", "of a kind", (at) => at.decisions.list(GUILD, { kind: "answered" }, 50)],
  ["decisions.list", "of a channel", (at) => at.decisions.list(GUILD, { channel }, 50)],
  ["decisions.reasons", "of silences", (at) => at.decisions.reasons(GUILD, { kind: "silent" })],
  ["decisions.list", "of a trigger", (at) => at.decisions.list(GUILD, { trigger: "44" }, 1)],
  ["conversations.list", "newest first", (at) => at.conversations.list(GUILD, {}, 50)],
  [
    "conversations.list",
    "a later page",
    (at) => at.conversations.list(GUILD, {}, 50, `${clock.now() - 3_600_000}.${ID}`),
  ],
  ["conversations.list", "that hold a text", (at) => at.conversations.list(GUILD, { text: "battery" }, 50)],
  ["conversations.list", "that hold a common word", (at) => at.conversations.list(GUILD, { text: "sensor" }, 50)],
  ["conversations.list", "that hold a sign", (at) => at.conversations.list(GUILD, { text: "%" }, 50)],
  [
    "conversations.list",
    "that hold a text, a later page",
    (at) => at.conversations.list(GUILD, { text: "pair" }, 50, `${clock.now() - 3_600_000}.${ID}`),
  ],
  ["conversations.list", "of a channel", (at) => at.conversations.list(GUILD, { channel }, 50)],
  ["conversations.list", "of a member", (at) => at.conversations.list(GUILD, { member }, 50)],
  ["conversations.list", "that are open", (at) => at.conversations.list(GUILD, { state: "open" }, 50)],
  ["conversations.list", "held by an agent", (at) => at.conversations.list(GUILD, { state: "agent" }, 50)],
  ["conversations.list", "that wait for a person", (at) => at.conversations.list(GUILD, { state: "escalated" }, 50)],
  [
    "conversations.list",
    "of the last weeks",
    (at) => at.conversations.list(GUILD, { sinceMs: clock.now() - 15 * DAY_MS }, 50),
  ],
  ["conversations.list", "that are resolved", (at) => at.conversations.list(GUILD, { state: "resolved" }, 50)],
  ["conversations.list", "without an answer", (at) => at.conversations.list(GUILD, { state: "not-found" }, 50)],
  [
    "conversations.list",
    "with an answer that was disliked",
    (at) => at.conversations.list(GUILD, { state: "disliked" }, 50),
  ],
  ["conversations.glimpses", "of a page", (at) => at.conversations.glimpses(GUILD, [ID])],
  ["conversations.glimpses", "of a search", (at) => at.conversations.glimpses(GUILD, [ID], "pair a sensor")],
  ["conversations.get", "with its turns", (at) => at.conversations.get(GUILD, ID)],
  [
    "conversations.open",
    "the running one",
    (at) => at.conversations.open(GUILD, { channel, channelName: "help", member, memberName: "Ada" }, 10 ** 11),
  ],
  ["conversations.homeOf", "where a member spoke last", (at) => at.conversations.homeOf(APPLICATION, member)],
  ["conversations.channels", "of a filter", (at) => at.conversations.channels(GUILD, 100)],
  ["conversations.feedback", "a vote", (at) => at.conversations.feedback(GUILD, "44" as never, "up")],
  ["conversations.stands", "of the last hour", (at) => at.conversations.stands(GUILD, ID, 1, clock.now() - 3_660_000)],
  ["desk.live", "of a guild", (at) => at.desk.live([GUILD], clock.now() - 1_800_000, 100)],
  ["desk.live", "of every guild", (at) => at.desk.live(null, clock.now() - 1_800_000, 100)],
  ["desk.held", "of a guild", (at) => at.desk.held(GUILD)],
  ["desk.held", "of every guild", (at) => at.desk.held(null)],
  ["desk.find", "by a message", (at) => at.desk.find(GUILD, { message: "44" as never })],
  ["desk.find", "by member and channel", (at) => at.desk.find(GUILD, { channel, member, sinceMs: 0 })],
  ["desk.find", "where the bot spoke", (at) => at.desk.find(GUILD, { channel, botSpokeSinceMs: 0 })],
  ["desk.notes", "of a conversation", (at) => at.desk.notes(GUILD, ID)],
  ["desk.replies", "of a guild", (at) => at.desk.replies(GUILD)],
  ["desk.reword", "a message", (at) => at.desk.reword(GUILD, "44" as never, "x")],
  ["checks.unanswered", "newest first", (at) => at.checks.unanswered(GUILD, clock.now() - 60 * DAY_MS, 500)],
  ["checks.list", "of a guild", (at) => at.checks.list(GUILD)],
  ["escalations.of", "of a conversation", (at) => at.escalations.of(GUILD, ID)],
  ["escalations.waiting", "of all guilds", (at) => at.escalations.waiting(clock.now(), 50)],
  ["escalations.open", "within the hour", (at) => at.escalations.open(GUILD, ID, { trigger: "t", reason: "asked" })],
  ["escalations.take", "those of a conversation", (at) => at.escalations.take(GUILD, ID, "ada")],
  ["guilds.audit", "newest first", (at) => at.guilds.audit(GUILD, 50)],
  ["guilds.audit", "a later page", (at) => at.guilds.audit(GUILD, 50, "20000")],
  ["guilds.find", "by name", (at) => at.guilds.find({}, 50)],
  ["guilds.find", "a later page", (at) => at.guilds.find({}, 50, "300000000000000044")],
  ["guilds.find", "of a person", (at) => at.guilds.find({ person: "17" }, 50)],
  ["knowledge.sources", "of a guild", (at) => at.knowledge.sources(GUILD)],
  ["knowledge.websitesDue", "of all guilds", (at) => at.knowledge.websitesDue(10)],
  ["knowledge.hashes", "of a source", (at) => at.knowledge.hashes(GUILD, "2000")],
  ["meanings.load", "of some documents", (at) => at.meanings.load(GUILD, "m", ["1000", "2000"]).next()],
  ["meanings.count", "of a guild", (at) => at.meanings.count(GUILD, "m")],
  ["meanings.clear", "of a guild", (at) => at.meanings.clear(GUILD)],
  ["knowledge.marks", "of a guild", (at) => at.knowledge.marks(GUILD)],
  ["knowledge.read", "of two documents", (at) => at.knowledge.read(GUILD, ["3000", "3001"]).next()],
  ["knowledge.removeDocuments", "of a source", (at) => at.knowledge.removeDocuments(GUILD, "2000", ["x"])],
  ["cases.list", "newest first", (at) => at.cases.list(GUILD, {}, 50)],
  ["cases.list", "a later page", (at) => at.cases.list(GUILD, {}, 50, "20000")],
  ["cases.list", "of a member", (at) => at.cases.list(GUILD, { member }, 50)],
  ["cases.list", "of a channel", (at) => at.cases.list(GUILD, { channel }, 50)],
  ["cases.list", "of an action", (at) => at.cases.list(GUILD, { action: "ban" }, 50)],
  ["cases.list", "of a state", (at) => at.cases.list(GUILD, { state: "applied" }, 50)],
  ["cases.list", "of a rule", (at) => at.cases.list(GUILD, { rule: 3 }, 50)],
  [
    "cases.list",
    "of a time",
    (at) => at.cases.list(GUILD, { fromMs: clock.now() - 2 * DAY_MS, toMs: clock.now() }, 50),
  ],
  ["cases.list", "that hold words", (at) => at.cases.list(GUILD, { text: "anything" }, 50)],
  ["cases.list", "of early days", (at) => at.cases.list(GUILD, { toMs: clock.now() - 25_000 * 60_000 }, 50)],
  ["cases.list", "of late days", (at) => at.cases.list(GUILD, { fromMs: clock.now() - 10 * 60_000 }, 50)],
  [
    "cases.list",
    "of early days in a state",
    (at) => at.cases.list(GUILD, { toMs: clock.now() - 25_000 * 60_000, state: "applied" }, 50, `9.${clock.now()}`),
  ],
  ["documents.list", "of a source", (at) => at.documents.list(GUILD, "1000", { text: "sensor" }, 50)],
  ["documents.get", "with its passages", (at) => at.documents.get(GUILD, "1000")],
  ["documents.uses", "the questions that it answered", (at) => at.documents.uses(GUILD, "1000", 20)],
  ["documents.useCounts", "of a page of them", (at) => at.documents.useCounts(GUILD, ["1000"])],
  ["cases.get", "with its events", (at) => at.cases.get(GUILD, "44")],
  ["cases.strikes", "of some members", (at) => at.cases.strikes(GUILD, [member, "7" as UserId])],
  ["cases.plan", "several, one there already", (at) => at.cases.plan(GUILD, [newCase({ key: "44" }), newCase()])],
  [
    "cases.append",
    "several",
    (at) =>
      at.cases.append(
        GUILD,
        ["44", "46"].map((id) => ({ case: id, event: { kind: "note", by: "1", text: "x" } })),
      ),
  ],
  ["unsettled.take", "of all guilds", (at) => at.unsettled.take(1_000, 10)],
  ["cases.redact", "old texts", (at) => at.cases.redact(GUILD, clock.now(), 50)],
  ["cases.examples", "newest first", (at) => at.cases.examples(GUILD, 50)],
  ["alerts.open", "of a guild", (at) => at.alerts.open(GUILD)],
  ["reports.add", "counts of a member and a message", (at) => at.reports.add(GUILD, "44" as never, member)],
  ["outbox.claim", "what is due", (at) => at.outbox.claim(["mail"], { limit: 10, leaseMs: 1_000 })],
  ["outbox.inFlight", "of a conversation", (at) => at.outbox.inFlight(GUILD, "2")],
  ["outbox.backlog", "what is open", (at) => at.outbox.backlog()],
  ["proactive.schedules", "of a guild", (at) => at.proactive.schedules(GUILD)],
  ["proactive.due", "of all guilds", (at) => at.proactive.due(clock.now(), 10)],
  ["proactive.posts", "newest first", (at) => at.proactive.posts(GUILD, 30)],
  ["proactive.posts", "a later page", (at) => at.proactive.posts(GUILD, 30, `${clock.now() - DAY_MS}.${ID}`)],
  ["proactive.posted", "of all guilds", (at) => at.proactive.posted(clock.now() - 3_600_000, 50)],
  ["contact.keys", "of a guild", (at) => at.contact.keys(GUILD)],
  ["contact.find", "by its hash", (at) => at.contact.find("44")],
  ["shards.list", "of a bot", (at) => at.shards.list(APPLICATION)],
  ["people.role", "of a person", (at) => at.people.role("17", GUILD)],
  ["people.team", "of a guild", (at) => at.people.team(GUILD, 200)],
  ["people.memberships", "of a person", (at) => at.people.memberships("17")],
  ["people.session", "of a cookie", (at) => at.people.session("44")],
  ["usage.days", "of a guild", (at) => at.usage.days(GUILD, clock.now() - 30 * DAY_MS)],
  ["usage.rows", "of an account", (at) => at.usage.rows("a7", "2026-03-01", "2026-04-01")],
  ["usage.costOn", "a day", (at) => at.usage.costOn(GUILD, "2026-03-01")],
  ["quota.used", "in a month", (at) => at.quota.used("a7", { from: "2026-03-01", until: "2026-04-01" })],
  ["quota.warnings", "of a month", (at) => at.quota.warnings("a7", "2026-03")],
  ["states.of", "of those asked for", (at) => at.states.of([GUILD])],
  ["accounts.of", "a guild's", (at) => at.accounts.of(GUILD)],
  ["accounts.guilds", "of an account", (at) => at.accounts.guilds("few")],
  ["accounts.list", "with their guilds", (at) => at.accounts.list(51)],
  ["figures.outcomes", "of a month", (at) => at.figures.outcomes(GUILD, clock.now() - DAY_MS, "UTC")],
  ["figures.feedback", "of a month", (at) => at.figures.feedback(GUILD, clock.now() - DAY_MS, "UTC")],
  ["figures.cases", "of a month", (at) => at.figures.cases(GUILD, clock.now() - DAY_MS, "UTC")],
  ["retention.guilds", "by id", (at) => at.retention.guilds("300000000000000044" as GuildId, 200)],
  ["retention.expire", "old rows of a guild", (at) => at.retention.expire(GUILD, { turnsMs: 0, silencesMs: 0 }, 500)],
  ["retention.eraseLeft", "a bite of every table", (at) => at.retention.eraseLeft(LEFT, 500)],
  ["retention.forgetMember", "the turns of a member", (at) => at.retention.forgetMember(GUILD, member)],
  ["retention.emptyMessages", "of deleted messages", (at) => at.retention.emptyMessages(GUILD, ["44" as never])],
  ["privacy.guilds", "of a person and a bot", (at) => at.privacy.guilds(APPLICATION, member)],
  [
    "inbox.take",
    "what others left",
    (at) => at.inbox.take(APPLICATION, { holder: "b", dead: ["a"], limit: 10, ttlMs: 1_000 }),
  ],
];

/** What finds or writes one thing by its key. */
const BY_KEY = `
  bots.save bots.get bots.remove bots.reseal bots.setCommandsHash bots.setCommandsRefused
  guilds.join guilds.meet guilds.address guilds.handOver guilds.leave guilds.get guilds.change
  knowledge.version knowledge.saveSource knowledge.setProgress knowledge.putDocument knowledge.removeSource
  meanings.save
  documents.setExcluded documents.remove
  conversations.record conversations.takeover desk.change desk.say desk.note desk.saveReply checks.add checks.remove checks.result checks.judged
  escalations.get escalations.close escalations.summarise escalations.mailed escalations.remind
  outbox.plan outbox.begin outbox.finish outbox.get outbox.again accounts.savePlan accounts.removePlan accounts.get accounts.save
  accounts.move quota.reserve quota.release quota.commit quota.warn
  proactive.save proactive.remove proactive.advance proactive.claim proactive.write contact.makeKey contact.used contact.end
  contact.begin contact.answered people.issueLink people.redeemLink people.openSession people.closeSession people.savePerson
  people.giveRole people.setRole privacy.setOptOut shards.lease shards.renew shards.release shards.saveSession shards.present shards.absent
  shards.countIdentify shards.takeIdentifyTurn shards.forget
  processes.report processes.leave processes.askToDrain inbox.put inbox.remove inbox.park unsettled.hold
  alerts.raise alerts.revise alerts.resolve reports.settle`;

/** What wants the whole of something small, or is asked for by hand and takes its time. */
const WHOLE: Readonly<Record<string, string>> = {
  "bots.list": "as many as there are bots in this installation",
  "bots.ofGuild": "a handful of rows",
  "bots.sealed": "a command that goes through all tokens",
  "guilds.list": "a bot's guilds, once when a process starts and for the doctor's command",
  "accounts.plans": "a handful of rows",
  "accounts.owned": "accounts are few: an operator makes them by hand",
  "figures.deployment": "the operator's figures of all servers, kept for a minute",
  "processes.list": "as many as there are processes",
  "inbox.holders":
    "what processes hold right now, which is little; every few seconds by who serves the interactions endpoint",
  "cases.guilds": "all heads of chains are wanted",
  "cases.verify": "a command that walks the whole chain",
  "alerts.ofKind": "alerts are few: one a guild and kind",
  "privacy.everything": "a person's export, asked for by hand",
  "privacy.forget": "goes through everything there is",
  "privacy.optOuts": "all are wanted",
  "privacy.texts": "a proof that goes through everything there is",
};

/** Sums of a window of days: an index finds its rows, which are put in groups. */
const SUMS = ["figures.outcomes", "figures.feedback", "figures.cases"];
/** Hold what is under way, which is little: read whole once in ten minutes for a guild that was left. */
const UNDER_WAY = ["Seq Scan inbox", "Seq Scan quota_reservations"];

for (const [method, what, run] of QUERIES) {
  test(`an index serves ${method}, ${what}`, async () => {
    const allowed = [...(SUMS.includes(method) ? ["Sort"] : []), ...(what.startsWith("a bite") ? UNDER_WAY : [])];
    const slow = await slowNodes(() => run(ports()));
    expect(slow.filter((node) => !allowed.includes(node))).toEqual([]);
  });
}

test("every method of the store is read here, or says why it needs no index of its own", async () => {
  const store = createSqlStore({ url: database.url, clock, logger: quiet });
  const methods = Object.entries(store).flatMap(([port, methods]) =>
    typeof methods === "function" ? [] : Object.keys(methods).map((method) => `${port}.${method}`),
  );
  await store.close();
  const read = QUERIES.map(([method]) => method);
  const excused = [...BY_KEY.trim().split(/\s+/), ...Object.keys(WHOLE)];
  expect(methods.filter((method) => !read.includes(method) && !excused.includes(method))).toEqual([]);
  expect(excused.filter((method) => !methods.includes(method) || read.includes(method))).toEqual([]);
});
