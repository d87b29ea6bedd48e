/**
 * Every table and the only column names. Discord's ids are text, as everywhere in the code; our own are 32 hex digits.
 *
 * A table that belongs to a guild carries `guild_id`, first in its indexes, and is reached with it. There is no foreign
 * key to `guilds` or `bots`: knowledge may be imported before the bot joins, and data outlives its leaving.
 * After a change: `bun run migration`, and commit the SQL that it wrote.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, instant, json } from "./columns.ts";
import { wordsOf } from "./words.ts";

// — who runs what ————————————————————————————————————————————————————————————

/** An account's messages per month and features; the operator edits them. */
export const plans = pgTable("plans", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  priceUsd: numeric("price_usd", { precision: 10, scale: 2, mode: "number" }).notNull(),
  /** Null: no limit. */
  messages: integer("messages"),
  features: text("features").array().notNull().default([]),
  position: integer("position").notNull().default(0),
  updatedAt: instant("updated_at").notNull(),
});

export const accounts = pgTable("accounts", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  plan: text("plan").notNull().default("unlimited"),
  /** Whose days and months are counted; an IANA name. */
  timeZone: text("time_zone").notNull().default("UTC"),
  /** Whose dashboard joins guilds to it; null: only the operator does. */
  ownerId: text("owner_id"),
  /** Where warnings go; null: to nobody by mail. */
  mail: text("mail"),
  createdAt: instant("created_at").notNull(),
});

export const bots = pgTable("bots", {
  applicationId: text("application_id").primaryKey(),
  shared: boolean("shared").notNull(),
  /** The guild whose admins brought it; null for the shared bot. */
  guildId: text("guild_id"),
  publicKey: text("public_key").notNull(),
  /** Null for the shared bot. The key's id is part of the sealed text. */
  tokenSealed: text("token_sealed"),
  name: text("name").notNull(),
  commandsHash: text("commands_hash"),
  /** Discord's reason for refusing the commands; null where it took them, or was not asked yet. */
  commandsRefused: text("commands_refused"),
  updatedAt: instant("updated_at").notNull(),
});

export const guilds = pgTable(
  "guilds",
  {
    guildId: text("guild_id").primaryKey(),
    applicationId: text("application_id").notNull(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    /** settings/form.ts, `GuildSettings`, the overrides of channels included. */
    settings: json("settings").notNull(),
    version: integer("version").notNull().default(1),
    /** How it is addressed besides its name, for a process that was not told: the role Discord made for it, its threads. */
    botRole: text("bot_role"),
    ownThreads: text("own_threads").array().notNull().default([]),
    joinedAt: instant("joined_at").notNull(),
    leftAt: instant("left_at"),
  },
  (t) => [
    index("guilds_application").on(t.applicationId),
    index("guilds_found").on(sql`(left_at is not null)`, sql`lower(name)`, t.guildId),
    index("guilds_account").on(t.accountId),
  ],
);

export const audit = pgTable(
  "audit",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    guildId: text("guild_id").notNull(),
    at: instant("at").notNull(),
    by: text("by").notNull(),
    what: text("what").notNull(),
    before: json("before"),
    after: json("after"),
    /** The attempt that wrote the row: tells "mine, the commit's answer was lost" from "not there yet". */
    attempt: text("attempt").notNull(),
  },
  (t) => [index("audit_newest").on(t.guildId, t.id.desc().nullsFirst()), uniqueIndex("audit_attempt").on(t.attempt)],
);

// — knowledge ————————————————————————————————————————————————————————————————

/** One row a guild: grows with every change of its passages, so that an index knows when it is out of date. */
export const knowledge = pgTable("knowledge", {
  guildId: text("guild_id").primaryKey(),
  version: bigint("version", { mode: "number" }).notNull(),
});

export const sources = pgTable(
  "sources",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    kind: text("kind").notNull(),
    name: text("name").notNull(),
    config: json("config").notNull(),
    /** Of the config, which holds what people typed and where a crawl stands. */
    bytes: integer("bytes").notNull().default(0),
    state: text("state").notNull().default("idle"),
    progress: json("progress").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [index("sources_guild").on(t.guildId), index("sources_websites").on(t.updatedAt).where(sql`kind = 'website'`)],
);

export const documents = pgTable(
  "documents",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    sourceId: text("source_id")
      .notNull()
      .references(() => sources.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    title: text("title").notNull(),
    url: text("url"),
    language: text("language").notNull(),
    /** Of the extracted text and the chunker's version: equal means unchanged. */
    hash: text("hash").notNull(),
    /** How many passages it has. */
    passages: integer("passages").notNull(),
    /** Size of its passages, with titles and headings. */
    bytes: integer("bytes").notNull().default(0),
    updatedAt: instant("updated_at").notNull(),
    /** Since when the bot does not answer from it, however often it is read again. */
    excludedAt: instant("excluded_at"),
  },
  (t) => [uniqueIndex("documents_key").on(t.sourceId, t.key), index("documents_guild").on(t.guildId)],
);

/** A passage's id is `document.position`. */
export const passages = pgTable(
  "passages",
  {
    guildId: text("guild_id").notNull(),
    documentId: text("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    title: text("title").notNull(),
    headings: json("headings").notNull(),
    url: text("url"),
    language: text("language").notNull(),
    text: text("text").notNull(),
  },
  (t) => [
    primaryKey({ name: "passages_pk", columns: [t.documentId, t.position] }),
    index("passages_guild").on(t.guildId, t.documentId, t.position),
  ],
);

/** What a passage means, as the embedding model's numbers; only where an endpoint is configured. Goes with its passage. */
export const meanings = pgTable(
  "meanings",
  {
    guildId: text("guild_id").notNull(),
    documentId: text("document_id").notNull(),
    position: integer("position").notNull(),
    /** Of another model than the one in use: as good as none. */
    model: text("model").notNull(),
    /** A signed byte a dimension (meanings/vectors.ts). */
    vector: bytes("vector").notNull(),
  },
  (t) => [
    primaryKey({ name: "meanings_pk", columns: [t.documentId, t.position] }),
    foreignKey({
      name: "meanings_passage",
      columns: [t.documentId, t.position],
      foreignColumns: [passages.documentId, passages.position],
    }).onDelete("cascade"),
    index("meanings_guild").on(t.guildId, t.documentId, t.position),
  ],
);

// — conversations ————————————————————————————————————————————————————————————

export const conversations = pgTable(
  "conversations",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    channelId: text("channel_id").notNull(),
    channelName: text("channel_name").notNull(),
    memberId: text("member_id").notNull(),
    memberName: text("member_name").notNull(),
    startedAt: instant("started_at").notNull(),
    lastAt: instant("last_at").notNull(),
    turns: integer("turns").notNull().default(0),
    lastText: text("last_text").notNull().default(""),
    /** takeover.ts: null while the bot speaks. */
    agentId: text("agent_id"),
    agentIdleAt: instant("agent_idle_at"),
    fence: integer("fence").notNull().default(0),
    /** Which attempt changed the takeover last, so that a change whose commit got no answer is not made twice. */
    takeoverAttempt: text("takeover_attempt"),
    agentName: text("agent_name"),
    /** Another agent who asks the one who holds it to hand it over. */
    wantedBy: text("wanted_by"),
    escalatedAt: instant("escalated_at"),
    /** The team's state of it: open → waiting → resolved. A resolved one is over: its member begins another. */
    state: text("state").notNull().default("open"),
    assigneeId: text("assignee_id"),
    assigneeName: text("assignee_name"),
    /** Author of the last turn (member, bot, agent), and the time of the team's last look. */
    lastRole: text("last_role"),
    readAt: instant("read_at"),
  },
  (t) => [
    index("conversations_held").on(t.guildId, t.agentIdleAt).where(sql`agent_id is not null`),
    index("conversations_escalated")
      .on(t.guildId, t.lastAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`escalated_at is not null`),
    index("conversations_held_until").on(t.agentIdleAt).where(sql`agent_id is not null`),
    index("conversations_latest").on(t.lastAt.asc().nullsFirst()),
    index("conversations_newest").on(t.guildId, t.lastAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("conversations_channel").on(t.guildId, t.channelId, t.lastAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("conversations_running").on(t.guildId, t.channelId, t.memberId, t.lastAt.desc().nullsFirst()),
    index("conversations_member").on(t.memberId, t.lastAt.desc().nullsFirst()),
    index("conversations_names")
      .using("gin", sql.raw(wordsOf("guild_id", "member_name")))
      .concurrently(),
  ],
);

export const turns = pgTable(
  "turns",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    guildId: text("guild_id").notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    role: text("role").notNull(),
    author: text("author").notNull(),
    text: text("text").notNull(),
    at: instant("at").notNull(),
    messageId: text("message_id"),
    sources: json("sources").notNull(),
    outcome: json("outcome"),
    feedback: text("feedback"),
    editedAt: instant("edited_at"),
    deletedAt: instant("deleted_at"),
    /** Names of the files that came with it. */
    files: text("files").array().notNull().default([]),
  },
  (t) => [
    index("turns_conversation").on(t.guildId, t.conversationId, t.id),
    index("turns_message").on(t.guildId, t.messageId).where(sql`message_id is not null`),
    index("turns_feedback").on(t.guildId, t.at).where(sql`feedback is not null`),
    index("turns_sourced").on(t.guildId, t.id.desc().nullsFirst()).where(sql`sources <> '[]'::jsonb`),
    index("turns_words")
      .using("gin", sql.raw(wordsOf("guild_id", "text")))
      .concurrently(),
  ],
);

/** A trigger's outcome and its reason, once each: all answers and failures, silences as far as they are sampled. */
export const decisions = pgTable(
  "decisions",
  {
    guildId: text("guild_id").notNull(),
    trigger: text("trigger").notNull(),
    at: instant("at").notNull(),
    channelId: text("channel_id").notNull(),
    conversationId: text("conversation_id"),
    kind: text("kind").notNull(),
    reason: text("reason").notNull(),
    /** The model's own words, where it was asked whether to speak. */
    why: text("why"),
    ms: doublePrecision("ms").notNull(),
    model: text("model"),
    /** The version of the prompts that it was told (llm/prompts.ts). */
    prompts: integer("prompts"),
    tokensIn: integer("tokens_in").notNull(),
    tokensOut: integer("tokens_out").notNull(),
    costUsd: numeric("cost_usd", { precision: 18, scale: 9, mode: "number" }).notNull(),
    attempt: text("attempt").notNull(),
  },
  (t) => [
    primaryKey({ name: "decisions_pk", columns: [t.guildId, t.trigger] }),
    index("decisions_newest").on(t.guildId, t.at.desc().nullsFirst(), t.trigger.desc().nullsFirst()),
    index("decisions_unanswered")
      .on(t.guildId, t.at.desc().nullsFirst())
      .where(sql`reason in ('not-in-knowledge', 'two-failures', 'no-knowledge') and conversation_id is not null`),
  ],
);

/** Effects on the outside world, once each: store/ports/outbox.ts. `key` comes from the trigger. */
export const outbox = pgTable(
  "outbox",
  {
    key: text("key").primaryKey(),
    /** Null in a direct message that belongs to no guild. */
    guildId: text("guild_id"),
    conversationId: text("conversation_id"),
    kind: text("kind").notNull().default("message"),
    /** planned → sent → done | failed | refused | unknown */
    state: text("state").notNull(),
    /** The takeover's fence that the send was begun under. */
    fence: integer("fence"),
    attempt: text("attempt").notNull(),
    messageId: text("message_id"),
    problem: text("problem"),
    payload: json("payload"),
    /** The message, the interaction or the HTTP request that it was planned in, for the log. */
    request: text("request"),
    /** How often it was claimed or begun. */
    attempts: integer("attempts").notNull().default(0),
    /** When it is due, or when whoever claimed it has had its time; null where nobody planned it. */
    nextAt: instant("next_at"),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at"),
    doneAt: instant("done_at"),
  },
  (t) => [
    index("outbox_guild").on(t.guildId),
    index("outbox_in_flight").on(t.conversationId).where(sql`state = 'sent'`),
    index("outbox_due").on(t.nextAt).where(sql`state in ('planned', 'sent')`),
    index("outbox_open").on(t.createdAt).where(sql`state in ('planned', 'sent')`),
  ],
);

export const escalations = pgTable(
  "escalations",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    at: instant("at").notNull(),
    summary: text("summary").notNull(),
    mailedAt: instant("mailed_at"),
    closedAt: instant("closed_at"),
    /** The trigger, and the cause: model | phrase | button | failures. */
    trigger: text("trigger").notNull().default(""),
    reason: text("reason").notNull().default("model"),
    /** none → planned → sent | failed | unknown, with the mail server's reply. */
    mailState: text("mail_state").notNull().default("none"),
    mailProblem: text("mail_problem"),
    takenAt: instant("taken_at"),
    takenBy: text("taken_by"),
    remindedAt: instant("reminded_at"),
  },
  (t) => [
    index("escalations_newest").on(t.guildId, t.at.desc().nullsFirst()),
    index("escalations_conversation").on(t.guildId, t.conversationId, t.at),
    index("escalations_untaken").on(t.at).where(sql`taken_at is null and closed_at is null`),
    index("escalations_waiting").on(t.at).where(sql`taken_at is null and closed_at is null and reminded_at is null`),
    uniqueIndex("escalations_trigger").on(t.guildId, t.trigger).where(sql`trigger <> ''`),
  ],
);

/** The team's notes about a conversation; its member never sees them. */
export const conversationNotes = pgTable(
  "conversation_notes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    guildId: text("guild_id").notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    /** A person's note, or an event: claimed, released, withdrawn… */
    kind: text("kind").notNull(),
    byId: text("by_id").notNull(),
    byName: text("by_name").notNull(),
    text: text("text").notNull(),
    at: instant("at").notNull(),
    attempt: text("attempt").notNull(),
  },
  (t) => [
    index("conversation_notes_conversation").on(t.guildId, t.conversationId, t.id),
    uniqueIndex("conversation_notes_attempt").on(t.attempt),
  ],
);

export const savedReplies = pgTable(
  "saved_replies",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    title: text("title").notNull(),
    text: text("text").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [index("saved_replies_guild").on(t.guildId, t.title)],
);

/** A guild's own questions with the pages that should answer them, the results of the last two runs, and of the last through a model. */
export const checks = pgTable(
  "checks",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    question: text("question").notNull(),
    /** The document (a page or a pair) that should answer it. */
    documentId: text("document_id").notNull(),
    /** Empty: none may answer it. */
    documentTitle: text("document_title").notNull(),
    /** What a model's answer must hold. */
    says: text("says"),
    createdAt: instant("created_at").notNull(),
    /** Null: never run. */
    passed: boolean("passed"),
    passedBefore: boolean("passed_before"),
    /** The page that came first instead. */
    found: text("found"),
    ranAt: instant("ran_at"),
    /** Null beside a time: a model's answer passed. */
    judgedFault: text("judged_fault"),
    judgedModel: text("judged_model"),
    judgedPrompts: integer("judged_prompts"),
    judgedAt: instant("judged_at"),
  },
  (t) => [index("checks_guild").on(t.guildId, t.createdAt)],
);

// — moderation ———————————————————————————————————————————————————————————————

/** One row a message (or edit, report, name) that moderation found something in. Later changes stand in `moderation_events`. */
export const moderationCases = pgTable(
  "moderation_cases",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    /** Counts from 1 in each guild: the case's name for people, and the lists' paging key. */
    number: bigint("number", { mode: "number" }).notNull(),
    /** Idempotency key: the message's id, with its edit's time if it was edited. */
    key: text("key").notNull(),
    channelId: text("channel_id").notNull(),
    channelName: text("channel_name").notNull(),
    messageId: text("message_id").notNull(),
    authorId: text("author_id").notNull(),
    authorName: text("author_name").notNull(),
    at: instant("at").notNull(),
    /** The message as it was, kept because the action may delete it; empty once its time is over. */
    evidence: text("evidence").notNull(),
    /** The lines before it and the message it replied to. */
    context: json("context").notNull(),
    /** SHA-256 of salt, evidence and context; the salt goes with the text, so that nobody can guess it from the hash. */
    evidenceHash: text("evidence_hash").notNull(),
    evidenceSalt: text("evidence_salt"),
    ruleNumber: integer("rule_number"),
    /** As it was worded then. */
    rule: text("rule").notNull(),
    /** The prefilter's and the model's verdict: source, signals, category, severity, confidence, reason, model, cost. */
    verdict: json("verdict").notNull(),
    action: text("action").notNull(),
    /** Every act that was due, with its measure, and the reasons that held others back. */
    plan: json("plan").notNull(),
    /** planned → applied | failed | undone; or from the start dry-run | review | held */
    state: text("state").notNull(),
    problem: text("problem"),
    /** The newest note; all of them are events. */
    note: text("note"),
    undoneBy: text("undone_by"),
    wrong: boolean("wrong").notNull().default(false),
    attempt: text("attempt").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    uniqueIndex("moderation_cases_key").on(t.guildId, t.key),
    uniqueIndex("moderation_cases_number").on(t.guildId, t.number),
    index("moderation_cases_author").on(t.authorId),
    index("moderation_cases_member").on(t.guildId, t.authorId, t.number),
    index("moderation_cases_channel").on(t.guildId, t.channelId, t.number),
    index("moderation_cases_place").on(t.guildId, t.channelId, t.state, t.number),
    index("moderation_cases_action").on(t.guildId, t.action, t.number),
    index("moderation_cases_state").on(t.guildId, t.state, t.number),
    index("moderation_cases_rule").on(t.guildId, t.ruleNumber, t.number),
    index("moderation_cases_at").on(t.guildId, t.at),
    index("moderation_cases_message").on(t.guildId, t.messageId),
    index("moderation_cases_planned").on(t.updatedAt).where(sql`state = 'planned'`),
    index("moderation_cases_kept").on(t.at).where(sql`evidence_salt is not null`),
    index("moderation_cases_words").using(
      "gin",
      sql`to_tsvector('simple', guild_id || ' ' || translate(evidence, '<>', '  '))`,
    ),
  ],
);

/** Events of cases with their authors, in one chain a guild: each row's hash covers the hash before it. */
export const moderationEvents = pgTable(
  "moderation_events",
  {
    guildId: text("guild_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    caseId: text("case_id").notNull(),
    /** A state that the case came to, or wrong | note | appeal | appeal-answer | answer-unsent | invited | invite-sent | invite-unsent | redacted. */
    kind: text("kind").notNull(),
    by: text("by").notNull(),
    at: instant("at").notNull(),
    detail: json("detail").notNull(),
    /** A person's own words; go when the person's texts go. */
    text: text("text"),
    textHash: text("text_hash"),
    textSalt: text("text_salt"),
    hash: text("hash").notNull(),
    attempt: text("attempt").notNull(),
  },
  (t) => [
    primaryKey({ name: "moderation_events_pk", columns: [t.guildId, t.seq] }),
    index("moderation_events_case").on(t.guildId, t.caseId, t.seq),
    uniqueIndex("moderation_events_appeal").on(t.guildId, t.caseId).where(sql`kind = 'appeal'`),
  ],
);

/** The end of each guild's chain; locked while it grows. */
export const moderationHeads = pgTable("moderation_heads", {
  guildId: text("guild_id").primaryKey(),
  cases: bigint("cases", { mode: "number" }).notNull(),
  seq: bigint("seq", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
});

/** Texts that were judged wrongly, as people said: every rehearsal reports on them. */
export const moderationExamples = pgTable(
  "moderation_examples",
  {
    guildId: text("guild_id").notNull(),
    caseId: text("case_id").notNull(),
    text: text("text").notNull(),
    rule: text("rule").notNull(),
    by: text("by").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [primaryKey({ name: "moderation_examples_pk", columns: [t.guildId, t.caseId] })],
);

/** A member's word against a message, once each. */
export const moderationReports = pgTable(
  "moderation_reports",
  {
    guildId: text("guild_id").notNull(),
    messageId: text("message_id").notNull(),
    reporterId: text("reporter_id").notNull(),
    at: instant("at").notNull(),
    /** open → upheld | dismissed */
    state: text("state").notNull(),
  },
  (t) => [
    primaryKey({ name: "moderation_reports_pk", columns: [t.guildId, t.messageId, t.reporterId] }),
    index("moderation_reports_reporter").on(t.guildId, t.reporterId, t.at),
  ],
);

/** Alerts for admins, open until a person resolves them: the cap is spent, a permission is missing, a raid. */
export const moderationAlerts = pgTable(
  "moderation_alerts",
  {
    guildId: text("guild_id").notNull(),
    kind: text("kind").notNull(),
    detail: json("detail").notNull(),
    at: instant("at").notNull(),
    until: instant("until"),
  },
  (t) => [primaryKey({ name: "moderation_alerts_pk", columns: [t.guildId, t.kind] })],
);

export const strikes = pgTable(
  "strikes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    guildId: text("guild_id").notNull(),
    memberId: text("member_id").notNull(),
    caseId: text("case_id")
      .notNull()
      .references(() => moderationCases.id, { onDelete: "cascade" }),
    weight: integer("weight").notNull(),
    at: instant("at").notNull(),
    expiresAt: instant("expires_at"),
  },
  (t) => [
    uniqueIndex("strikes_case").on(t.caseId),
    index("strikes_member").on(t.guildId, t.memberId, t.at.desc().nullsFirst()),
  ],
);

// — proactive ————————————————————————————————————————————————————————————————

export const proactiveSchedules = pgTable(
  "proactive_schedules",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    /** proactive.ts, `Schedule`: channel, frequency, time, topics, quiet hours. */
    settings: json("settings").notNull(),
    paused: boolean("paused").notNull().default(false),
    /** Why it cannot post, where its channel was lost. */
    problem: text("problem"),
    /** The next slot that nobody has looked at. */
    nextAt: instant("next_at").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [index("proactive_schedules_guild").on(t.guildId), index("proactive_schedules_due").on(t.nextAt)],
);

export const proactivePosts = pgTable(
  "proactive_posts",
  {
    guildId: text("guild_id").notNull(),
    scheduleId: text("schedule_id").notNull().default(""),
    /** The slot's own time: exactly one process can write the row, and only who holds it posts. */
    slot: instant("slot").notNull(),
    channelId: text("channel_id").notNull(),
    topic: text("topic").notNull(),
    text: text("text").notNull(),
    /** working → draft → posted | skipped | failed */
    state: text("state").notNull(),
    messageId: text("message_id"),
    problem: text("problem"),
    sources: json("sources").notNull().default([]),
    reactions: integer("reactions").notNull().default(0),
    replies: integer("replies").notNull().default(0),
    /** The process that works on it, and until when that holds. */
    holder: text("holder"),
    until: instant("until"),
    at: instant("at").notNull(),
  },
  (t) => [
    primaryKey({ name: "proactive_posts_slot_pk", columns: [t.guildId, t.scheduleId, t.slot] }),
    index("proactive_posts_newest").on(t.guildId, t.slot.desc().nullsFirst(), t.scheduleId.desc().nullsFirst()),
    index("proactive_posts_posted").on(t.slot.desc().nullsFirst()).where(sql`state = 'posted'`),
    index("proactive_posts_message").on(t.guildId, t.messageId).where(sql`message_id is not null`),
  ],
);

// — usage ————————————————————————————————————————————————————————————————————

export const usage = pgTable(
  "usage",
  {
    accountId: text("account_id").notNull(),
    guildId: text("guild_id").notNull(),
    /** In the account's time zone. */
    day: date("day", { mode: "string" }).notNull(),
    /** `answer`, or `answer@widget` where it did not come from Discord. */
    kind: text("kind").notNull(),
    count: integer("count").notNull(),
    tokensIn: bigint("tokens_in", { mode: "number" }).notNull(),
    tokensOut: bigint("tokens_out", { mode: "number" }).notNull(),
    costUsd: numeric("cost_usd", { precision: 18, scale: 9, mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ name: "usage_pk", columns: [t.guildId, t.day, t.kind, t.accountId] }),
    index("usage_account").on(t.accountId, t.day),
  ],
);

/** Messages of a quota that are being made: counted like used ones until they are, or until their maker is known to be gone. */
export const quotaReservations = pgTable(
  "quota_reservations",
  {
    /** Its trigger: the exchange that records the trigger removes the row. */
    request: text("request").primaryKey(),
    accountId: text("account_id").notNull(),
    guildId: text("guild_id").notNull(),
    kind: text("kind").notNull(),
    count: integer("count").notNull(),
    until: instant("until").notNull(),
  },
  (t) => [index("quota_reservations_account").on(t.accountId)],
);

/** Which warnings an account got in a month, so that each comes once. */
export const quotaWarnings = pgTable(
  "quota_warnings",
  {
    accountId: text("account_id").notNull(),
    /** 2026-11 */
    month: text("month").notNull(),
    percent: integer("percent").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [primaryKey({ name: "quota_warnings_pk", columns: [t.accountId, t.month, t.percent] })],
);

/** Keys that may ask by HTTP for a guild: only a key's hash is kept. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    guildId: text("guild_id").notNull(),
    name: text("name").notNull(),
    secretHash: text("secret_hash").notNull(),
    /** The first characters, to tell keys apart. */
    hint: text("hint").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Of a widget's key: the pages that may use it. */
    origins: text("origins").array().notNull().default([]),
    createdAt: instant("created_at").notNull(),
    createdBy: text("created_by").notNull(),
    lastUsedAt: instant("last_used_at"),
    /** From then on it is refused; a rotated key has some time left. */
    endsAt: instant("ends_at"),
  },
  (t) => [uniqueIndex("api_keys_secret").on(t.secretHash), index("api_keys_guild").on(t.guildId)],
);

/** Replies to requests with an idempotency key, so that the same request gets the same reply. */
export const apiRequests = pgTable(
  "api_requests",
  {
    keyId: text("key_id").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    guildId: text("guild_id").notNull(),
    bodyHash: text("body_hash").notNull(),
    /** Null while the first one is being answered. */
    response: json("response"),
    at: instant("at").notNull(),
  },
  (t) => [
    primaryKey({ name: "api_requests_pk", columns: [t.keyId, t.idempotencyKey] }),
    index("api_requests_guild").on(t.guildId),
  ],
);

// — people ———————————————————————————————————————————————————————————————————

export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  operator: boolean("operator").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

export const signInLinks = pgTable("sign_in_links", {
  secretHash: text("secret_hash").primaryKey(),
  userId: text("user_id").notNull(),
  expiresAt: instant("expires_at").notNull(),
  usedAt: instant("used_at"),
  /** Which attempt used it, so that a lost answer does not burn the link. */
  usedBy: text("used_by"),
});

export const sessions = pgTable(
  "sessions",
  {
    idHash: text("id_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("sessions_expiry").on(t.expiresAt)],
);

export const memberships = pgTable(
  "memberships",
  {
    guildId: text("guild_id").notNull(),
    userId: text("user_id").notNull(),
    role: text("role").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ name: "memberships_pk", columns: [t.guildId, t.userId] }),
    index("memberships_user").on(t.userId),
  ],
);

/** Members who asked a bot not to read them. The id is the wish itself: it goes when they want to be read again. */
export const optOuts = pgTable(
  "opt_outs",
  {
    applicationId: text("application_id").notNull(),
    userId: text("user_id").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ name: "opt_outs_pk", columns: [t.applicationId, t.userId] })],
);

// — shards ———————————————————————————————————————————————————————————————————

export const shards = pgTable(
  "shards",
  {
    applicationId: text("application_id").notNull(),
    shard: integer("shard").notNull(),
    shards: integer("shards").notNull(),
    holder: text("holder"),
    fence: bigint("fence", { mode: "number" }).notNull(),
    until: instant("until").notNull(),
    sessionId: text("session_id"),
    resumeUrl: text("resume_url"),
    settled: bigint("settled", { mode: "number" }),
    /** Intents that the session identified with. */
    intents: integer("intents"),
  },
  (t) => [primaryKey({ name: "shards_pk", columns: [t.applicationId, t.shard] })],
);

/** The processes that hold shards of a bot or stand by: each one's share follows from how many there are. */
export const gateways = pgTable(
  "gateways",
  {
    applicationId: text("application_id").notNull(),
    holder: text("holder").notNull(),
    until: instant("until").notNull(),
  },
  (t) => [primaryKey({ name: "gateways_pk", columns: [t.applicationId, t.holder] })],
);

/** The processes of this deployment, each as it last said of itself. */
export const processes = pgTable("processes", {
  holder: text("holder").primaryKey(),
  instance: text("instance").notNull(),
  roles: text("roles").array().notNull(),
  version: text("version").notNull(),
  startedAt: instant("started_at").notNull(),
  seenAt: instant("seen_at").notNull(),
  memoryBytes: bigint("memory_bytes", { mode: "number" }).notNull(),
  shards: integer("shards").notNull(),
  shardsLive: integer("shards_live").notNull(),
  open: integer("open").notNull(),
  /** Somebody wants it to give away what it runs. */
  drainAskedAt: instant("drain_asked_at"),
});

/** The ledger of IDENTIFYs, written before each is sent: it survives restarts, so that a crash loop cannot burn the day's. */
export const identifies = pgTable(
  "identifies",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    applicationId: text("application_id").notNull(),
    shard: integer("shard").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [index("identifies_newest").on(t.applicationId, t.at)],
);

/** One IDENTIFY in 5 s for each key (shard % max_concurrency) over all processes: the time of the next one. */
export const identifyTurns = pgTable(
  "identify_turns",
  {
    applicationId: text("application_id").notNull(),
    key: integer("key").notNull(),
    freeAt: instant("free_at").notNull(),
  },
  (t) => [primaryKey({ name: "identify_turns_pk", columns: [t.applicationId, t.key] })],
);

export const inbox = pgTable(
  "inbox",
  {
    applicationId: text("application_id").notNull(),
    messageId: text("message_id").notNull(),
    guildId: text("guild_id"),
    payload: text("payload").notNull(),
    attempts: integer("attempts").notNull().default(0),
    holder: text("holder"),
    /** Until then somebody works on it. */
    until: instant("until").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ name: "inbox_pk", columns: [t.applicationId, t.messageId] }),
    index("inbox_oldest").on(t.applicationId, t.createdAt, t.messageId),
  ],
);
