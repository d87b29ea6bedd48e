/**
 * Takes a person out of a guild's cases while the chain still verifies: what a case or an event says afterwards is told by a new
 * event of the chain (`facts` of a case, `now` of an event), and case-chain.ts holds the rows to that.
 */
import { and, eq, inArray, or, sql } from "drizzle-orm";
import {
  moderationCases as cases,
  moderationEvents as events,
  moderationExamples as examples,
} from "../../../drizzle/schema.ts";
import type { GuildId, UserId } from "../../ids.ts";
import { factsHashOf, growing, linkHash } from "./case-chain.ts";
import type { Db } from "./connection.ts";

type CaseRecord = typeof cases.$inferSelect;

type Forgetting = {
  readonly guild: GuildId;
  readonly attempt: string;
  readonly user: UserId;
  readonly alias: string;
  /** The person's names: the lines around other people's messages hold names only. */
  readonly names: readonly string[];
  readonly now: number;
};

/** Whether the guild's cases named the person. */
export async function forgetInCases(db: Db, { guild, attempt, user, alias, names, now }: Forgetting): Promise<boolean> {
  const chain = await growing(db, guild, attempt);
  const beside = names.map((name) => sql`${cases.context} @> ${JSON.stringify([{ author: name }])}::jsonb`);
  const named = await db
    .select()
    .from(cases)
    .where(and(eq(cases.guildId, guild), or(sql`strpos(to_jsonb(${cases})::text, ${user}) > 0`, ...beside)));
  const emptied = named.filter((row) => row.authorId === user || isIn(row, user, names));
  for (const row of named) {
    const next = without(row, user, alias);
    // Of a case that only says that they worked on it the text stays.
    const kept = !emptied.includes(row);
    if (!kept) Object.assign(next, { evidence: "", context: [], evidenceSalt: null });
    if (row.authorId === user) Object.assign(next, ofNobody(next));
    await db.update(cases).set(next).where(eq(cases.id, row.id));
    const detail = { facts: factsHashOf(next), ...(kept && row.evidenceSalt !== null && { kept }) };
    chain.add({ case: row.id, kind: "redacted", by: "job", at: now, detail });
  }
  const own = named.filter(({ authorId }) => authorId === user).map(({ id }) => id);
  if (emptied.length > 0) {
    const ids = emptied.map(({ id }) => id);
    await db
      .update(events)
      .set({ text: null, textSalt: null })
      .where(and(eq(events.guildId, guild), inArray(events.caseId, ids)));
    await db
      .update(examples)
      .set({ text: "" })
      .where(and(eq(examples.guildId, guild), inArray(examples.caseId, own)));
  }

  const told = await db
    .select()
    .from(events)
    .where(and(eq(events.guildId, guild), sql`strpos(to_jsonb(${events})::text, ${user}) > 0`));
  for (const row of told) {
    const [before] = await db
      .select({ hash: events.hash })
      .from(events)
      .where(and(eq(events.guildId, guild), eq(events.seq, row.seq - 1)));
    const next = { ...without(row, user, alias), text: null, textSalt: null };
    await db
      .update(events)
      .set({ by: next.by, detail: next.detail, text: null, textSalt: null })
      .where(and(eq(events.guildId, guild), eq(events.seq, row.seq)));
    const detail = { event: row.seq, now: linkHash(before?.hash ?? "", next) };
    chain.add({ case: row.caseId, kind: "redacted", by: "job", at: now, detail });
  }
  await chain.save();
  return named.length + told.length > 0;
}

function isIn({ evidence, context }: CaseRecord, user: UserId, names: readonly string[]): boolean {
  const lines = context as readonly { readonly author: string }[];
  return `${evidence} ${JSON.stringify(context)}`.includes(user) || lines.some(({ author }) => names.includes(author));
}

/** `row` holds the other id already. */
function ofNobody(row: CaseRecord): Partial<CaseRecord> {
  const verdict = row.verdict as Readonly<Record<string, unknown>>;
  return { authorName: "", note: null, verdict: { ...verdict, signals: [], reason: "", found: undefined } };
}

function without<T>(row: T, user: UserId, alias: string): T {
  return JSON.parse(JSON.stringify(row).replaceAll(user, alias)) as T;
}
