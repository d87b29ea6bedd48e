/**
 * Nothing that people wrote is kept for ever: every table that can hold a text has a period after which it goes, or a reason why it
 * stays. Read from the schema, so that a table that is added later fails here until somebody has thought of it.
 */
import { expect, test } from "bun:test";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../drizzle/schema.ts";

/** By the guild's settings (conversations' days, silences' days), or with the row that it hangs on. */
const GOES: Readonly<Record<string, string>> = {
  conversations: "after the conversations' days (jobs/retention.ts)",
  turns: "with their conversation",
  escalations: "with their conversation",
  conversation_notes: "with their conversation",
  decisions: "after the silences' days, or the conversations'",
  outbox: "after the conversations' days, once it is done",
  proactive_posts: "after the conversations' days",
  moderation_cases: "texts and context after moderation's own days (jobs/moderation.ts)",
  moderation_events: "what a person wrote goes with its case's texts",
  moderation_examples: "with the guild, or its member's wish; a person chose to keep it",
  inbox: "as soon as its message was handled",
  api_requests: "a day after it was answered (contact.ts)",
  processes: "when they end, or after a day of silence",
  sessions: "when they end",
  sign_in_links: "hold a hash and an id, and no text",
};

/** What admins and the operator set up themselves: theirs until they remove it, or the bot has left for the days they chose. */
const STAYS: Readonly<Record<string, string>> = {
  ...{ accounts: "the operator's", plans: "the operator's", bots: "an admin's application", guilds: "settings" },
  ...{ audit: "the record of who changed what; goes with the guild, names at their wish" },
  ...{
    sources: "knowledge",
    documents: "knowledge",
    passages: "knowledge",
    meanings: "a model's name, with its passage",
    checks: "the admins' own questions",
  },
  ...{ saved_replies: "the team's own words", proactive_schedules: "an admin's topics", api_keys: "names of keys" },
  ...{ users: "who signs in to the dashboard; goes at their wish", memberships: "roles", opt_outs: "the wish itself" },
  ...{
    knowledge: "a version",
    usage: "counts",
    quota_reservations: "counts",
    quota_warnings: "counts",
    strikes: "weights",
  },
  ...{ moderation_heads: "hashes", moderation_reports: "ids and a state", moderation_alerts: "ids and numbers" },
  ...{ shards: "sessions", gateways: "processes", identifies: "counts", identify_turns: "times" },
};

test("every table that can hold a text goes after its time, or says why it stays", () => {
  const tables = Object.values(schema).flatMap((table: unknown) => (is(table, PgTable) ? [table] : []));
  const holding = tables.filter((table) =>
    Object.values(getTableColumns(table)).some((column) => /^(?:text|jsonb)/.test(column.getSQLType())),
  );
  const names = holding.map((table) => getTableName(table)).sort();
  const known = [...Object.keys(GOES), ...Object.keys(STAYS)];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !names.includes(name))).toEqual([]);
});
