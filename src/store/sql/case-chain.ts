/**
 * The chain of a guild's moderation events: each row's SHA-256 covers the row and the hash before it, the first event of a case
 * covers the facts of the case, and the facts cover a salted hash of its texts. So a text may be emptied when its time is
 * over, a person may be forgotten (forgotten-cases.ts), and any other change by hand breaks the chain or no longer agrees with it.
 */
import { createHash } from "node:crypto";
import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import { cleanText } from "../../../drizzle/columns.ts";
import {
  moderationCases as cases,
  moderationEvents as events,
  moderationHeads as heads,
} from "../../../drizzle/schema.ts";
import type { GuildId } from "../../ids.ts";
import type { CaseEventKind } from "../ports/moderation.ts";
import type { Db } from "./connection.ts";
import { insertRows } from "./insert-rows.ts";
import type { Pool } from "./pool.ts";

type CaseRecord = typeof cases.$inferSelect;
type EventRecord = typeof events.$inferSelect;

type Link = {
  readonly case: string;
  readonly kind: CaseEventKind;
  readonly by: string;
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly text?: string;
};

const PAGE = 1_000;
const RUNS_MAX = 10;
const STATES: ReadonlySet<string> = new Set(["planned", "applied", "failed", "dry-run", "review", "held", "undone"]);

/** The head, locked until the transaction ends, and the rows to add to it. */
export async function growing(db: Db, guild: GuildId, attempt: string) {
  const read = () => db.select().from(heads).where(eq(heads.guildId, guild)).for("update");
  let [head] = await read();
  if (head === undefined) {
    await db.insert(heads).values({ guildId: guild, cases: 0, seq: 0, hash: "" }).onConflictDoNothing();
    [head] = await read();
  }
  if (head === undefined) throw new Error("the head of a chain vanished");
  const added: EventRecord[] = [];
  let { seq, hash } = head;
  return {
    cases: head.cases,
    has: (id: string, kind: CaseEventKind) => added.some((row) => row.caseId === id && row.kind === kind),
    add(link: Link): void {
      const text = link.text === undefined ? null : cleanText(link.text);
      const textSalt = text === null ? null : attempt;
      const textHash = text === null ? null : sha256([attempt, text]);
      const { kind, by, at, detail } = link;
      seq++;
      const row = { guildId: guild, seq, caseId: link.case, kind, by, at, detail, textHash };
      hash = linkHash(hash, row);
      added.push({ ...row, text, textSalt, hash, attempt });
    },
    /** `beside`: other rows to write in the same statement. */
    async save(beside: readonly SQL[] = []): Promise<void> {
      if (added.length === 0) return;
      const parts = [...beside, insertRows(events, added)].map(
        (part, i) => sql`${sql.identifier(`w${i}`)} as (${part})`,
      );
      await db.execute(sql`
        with ${sql.join(parts, sql`, `)}
        update ${heads} set cases = ${this.cases}, seq = ${seq}, hash = ${hash} where ${eq(heads.guildId, guild)}`);
    },
  };
}

export function evidenceHashOf(salt: string, evidence: string, context: unknown): string {
  return sha256([salt, evidence, context]);
}

/** The fields of a case that never change. */
export function factsHashOf(row: CaseRecord): string {
  const { id, number, key, guildId, channelId, channelName, messageId, authorId, authorName, at } = row;
  const { evidenceHash, ruleNumber, rule, verdict, action, plan } = row;
  return sha256([
    ...[id, number, key, guildId, channelId, channelName, messageId, authorId, authorName, at],
    ...[evidenceHash, ruleNumber, rule, verdict, action, plan],
  ]);
}

/** Runs again when the guild's cases went on meanwhile: then what did not fit may only have been younger. */
export async function verifyChain(pool: Pool, guild: GuildId) {
  const endOf = () => pool.read((db) => db.select({ seq: heads.seq }).from(heads).where(eq(heads.guildId, guild)));
  for (let run = 1; ; run++) {
    const [before] = await endOf();
    const found = await walk(pool, guild);
    const [after] = await endOf();
    if (found.problem === null || before?.seq === after?.seq || run === RUNS_MAX) return found;
  }
}

/** Reads the chain and the cases page by page; holds only one small entry a case. */
async function walk(pool: Pool, guild: GuildId) {
  const told = new Map<string, { facts: unknown; state: string; wrong: boolean; redacted: boolean }>();
  /** Events that were changed because a person was forgotten, with their new values, until a later event of the chain records them. */
  const changed = new Map<number, string>();
  let seq = 0;
  let hash = "";
  const broken = (problem: string) => ({ cases: told.size, events: seq, problem });
  const [head] = await pool.read((db) => db.select().from(heads).where(eq(heads.guildId, guild)));

  for (;;) {
    const rows = await pool.read((db) =>
      db
        .select()
        .from(events)
        .where(and(eq(events.guildId, guild), gt(events.seq, seq)))
        .orderBy(asc(events.seq))
        .limit(PAGE),
    );
    for (const row of rows) {
      if (row.seq !== seq + 1) return broken(`event ${seq + 1} is missing`);
      if (head === undefined || row.seq > head.seq) break;
      const link = linkHash(hash, row);
      if (link !== row.hash) changed.set(row.seq, link);
      const isTold = row.text !== null && row.textSalt !== null;
      if (isTold && sha256([row.textSalt, row.text]) !== row.textHash)
        return broken(`the text of event ${row.seq} was changed`);
      if (row.text === null && row.textSalt !== null) return broken(`the text of event ${row.seq} was taken out`);
      seq = row.seq;
      hash = row.hash;
      const known = told.get(row.caseId) ?? { facts: null, state: "", wrong: false, redacted: false };
      const { facts, event, now, kept } = row.detail as {
        facts?: unknown;
        event?: number;
        now?: string;
        kept?: boolean;
      };
      const redacts = row.kind === "redacted" && link === row.hash;
      if (known.facts === null || (redacts && facts !== undefined)) known.facts = facts;
      if (redacts && event !== undefined && changed.get(event) === now) changed.delete(event);
      if (STATES.has(row.kind)) known.state = row.kind;
      if (row.kind === "wrong") known.wrong = true;
      if (redacts && event === undefined && kept !== true) known.redacted = true;
      told.set(row.caseId, known);
    }
    if (rows.length < PAGE) break;
  }
  for (const unsaid of changed.keys()) return broken(`event ${unsaid} was changed`);
  if (head !== undefined && (head.seq !== seq || head.hash !== hash)) return broken("the end of the chain is missing");

  let found = 0;
  for (let number = 0; ; ) {
    const rows = await pool.read((db) =>
      db
        .select()
        .from(cases)
        .where(and(eq(cases.guildId, guild), gt(cases.number, number)))
        .orderBy(asc(cases.number))
        .limit(PAGE),
    );
    for (const row of rows) {
      number = row.number;
      // Written since the head was read.
      if (head === undefined || row.number > head.cases) continue;
      const known = told.get(row.id);
      found++;
      if (known === undefined || factsHashOf(row) !== known.facts) return broken(`case ${row.number} was changed`);
      if (known.state !== row.state || known.wrong !== row.wrong)
        return broken(`the state of case ${row.number} was changed`);
      if ((row.evidenceSalt === null) !== known.redacted) return broken(`the text of case ${row.number} was taken out`);
      if (row.evidenceSalt !== null && evidenceHashOf(row.evidenceSalt, row.evidence, row.context) !== row.evidenceHash)
        return broken(`the text of case ${row.number} was changed`);
    }
    if (rows.length < PAGE) break;
  }
  if (found !== told.size) return broken(`${told.size - found} cases are missing`);
  return { cases: found, events: seq, problem: null };
}

export function linkHash(before: string, row: Omit<EventRecord, "hash" | "attempt" | "text" | "textSalt">): string {
  return sha256([before, row.guildId, row.seq, row.caseId, row.kind, row.by, row.at, row.detail, row.textHash]);
}

function sha256(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

/** The same text for a value and for its form in PostgreSQL: keys in order, nothing undefined, texts clean. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === "string") return cleanText(item);
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
