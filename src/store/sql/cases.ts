/**
 * Moderation's cases on PostgreSQL. Every change of a guild's cases happens under the lock of its chain's head, so that events
 * have one order; many cases of a raid are one transaction.
 */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql, sum } from "drizzle-orm";
import {
  moderationCases as cases,
  moderationEvents as events,
  moderationExamples as examples,
  moderationHeads as heads,
  strikes,
} from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "../../ids.ts";
import type { Action } from "../../settings/form.ts";
import type {
  CaseChange,
  CaseEvent,
  CaseEventKind,
  CaseInput,
  CasePlan,
  CaseRow,
  CaseState,
  CasesStore,
  CaseVerdict,
  NewCaseEvent,
} from "../ports/moderation.ts";
import { evidenceHashOf, factsHashOf, growing, verifyChain } from "./case-chain.ts";
import type { Db } from "./connection.ts";
import { insertRows, rowsOf } from "./insert-rows.ts";
import { oneOf } from "./one-of.ts";
import type { Pool } from "./pool.ts";

type Row = typeof cases.$inferSelect;

/** Which state a case must be in for an event; events that are not named here fit any. */
const FROM: Partial<Record<CaseEventKind, readonly CaseState[]>> = {
  applied: ["planned", "review", "held", "dry-run"],
  failed: ["planned"],
  undone: ["applied"],
};
const STATES: ReadonlySet<string> = new Set(["applied", "failed", "dry-run", "review", "held", "undone"]);

/** `searching`: see conversations.ts. */
export function createCases(pool: Pool, clock: Clock, searching: Pool): CasesStore {
  return {
    plan(guild, inputs) {
      if (inputs.length === 0) return Promise.resolve([]);
      return pool.transaction(async (db, attempt) => {
        const chain = await growing(db, guild, attempt);
        const now = clock.now();
        const keys = [...new Set(inputs.map(({ key }) => key))];
        const there = await db
          .select()
          .from(cases)
          .where(and(eq(cases.guildId, guild), oneOf(cases.key, keys)));
        const known = new Map(there.map((row) => [row.key, { row, fresh: row.attempt === attempt }]));
        const rows: Row[] = [];
        for (const input of inputs) {
          if (known.has(input.key)) continue;
          const row = rowOf(guild, input, { id: clock.id(), number: ++chain.cases, salt: clock.id(), attempt, now });
          rows.push(row);
          known.set(input.key, { row, fresh: true });
          chain.add({ case: row.id, kind: input.state, by: "bot", at: now, detail: { facts: factsHashOf(row) } });
        }
        if (rows.length > 0) {
          const weights = rows.flatMap((row) => {
            const strike = inputs.find(({ key }) => key === row.key)?.strike ?? null;
            if (strike === null) return [];
            const { weight, expiresAtMs: expiresAt } = strike;
            return [{ guildId: guild, memberId: row.authorId, caseId: row.id, weight, at: now, expiresAt }];
          });
          const struck = weights.length > 0 ? [insertRows(strikes, weights)] : [];
          await chain.save([insertRows(cases, rows), ...struck]);
        }
        const seen = new Set<string>();
        return inputs.map(({ key }) => {
          const found = known.get(key);
          if (found === undefined) throw new Error("a case was neither written nor there");
          // Of two alike in one call the first is the fresh one.
          const fresh = found.fresh && !seen.has(key);
          seen.add(key);
          return { case: toCase(found.row), fresh };
        });
      });
    },

    append(guild, wanted) {
      if (wanted.length === 0) return Promise.resolve([]);
      let runs = 0;
      return pool.transaction(async (db, attempt) => {
        const again = runs++ > 0;
        const chain = await growing(db, guild, attempt);
        const ids = [...new Set(wanted.map((one) => one.case))];
        const found = await db
          .select()
          .from(cases)
          .where(and(eq(cases.guildId, guild), oneOf(cases.id, ids)));
        const rows = new Map(found.map((row) => [row.id, row]));
        // The first run was committed and its answer lost.
        if (again && (await isWritten(db, guild, ids, attempt))) return wanted.map((): CaseChange => "changed");
        const changed = new Map<string, Row>();
        const changes: CaseChange[] = [];
        for (const one of wanted) {
          const row = rows.get(one.case);
          changes.push(
            row === undefined
              ? "not-found"
              : await change(db, row, one.event, chain, clock.now(), (next) => {
                  rows.set(row.id, next);
                  changed.set(row.id, next);
                }),
          );
        }
        await chain.save(changed.size > 0 ? [updated([...changed.values()])] : []);
        return changes;
      });
    },

    async get(guild, id) {
      return await pool.read(async (db) => {
        const [row] = await db
          .select()
          .from(cases)
          .where(and(eq(cases.guildId, guild), eq(cases.id, id)));
        if (row === undefined) return null;
        const told = await db
          .select()
          .from(events)
          .where(and(eq(events.guildId, guild), eq(events.caseId, id)))
          .orderBy(asc(events.seq));
        const weights = await standing(db, guild, [row.authorId], clock.now());
        return { case: toCase(row), events: told.map(toEvent), strikes: weights.get(row.authorId) ?? 0 };
      });
    },

    async list(guild, filter, limit, before) {
      // Within days a list goes by time: by number a few cases of an early day would be looked for in the whole history.
      const byTime = filter.fromMs !== undefined || filter.toMs !== undefined;
      const conditions: (SQL | undefined)[] = [
        eq(cases.guildId, guild),
        pageBefore(before, byTime),
        filter.action && eq(cases.action, filter.action),
        filter.rule === undefined ? undefined : eq(cases.ruleNumber, filter.rule),
        filter.member && eq(cases.authorId, filter.member),
        filter.channel && eq(cases.channelId, filter.channel),
        filter.state && eq(cases.state, filter.state),
        filter.fromMs === undefined ? undefined : gte(cases.at, filter.fromMs),
        filter.toMs === undefined ? undefined : lte(cases.at, filter.toMs),
        filter.text?.trim() ? holds(guild, filter.text, Boolean(filter.member)) : undefined,
      ];
      const rows = await (filter.text?.trim() ? searching : pool).read((db) =>
        db
          .select()
          .from(cases)
          .where(and(...conditions))
          .orderBy(...(byTime ? [desc(cases.at)] : []), desc(cases.number))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(toCase);
      const last = rows.length > limit ? items.at(-1) : undefined;
      if (last === undefined) return { items, cursor: null };
      return { items, cursor: byTime ? `${last.number}.${last.atMs}` : String(last.number) };
    },

    async strikes(guild, members) {
      const weights = await pool.read((db) => standing(db, guild, members, clock.now()));
      return members.map((member) => weights.get(member) ?? 0);
    },

    verify: (guild) => verifyChain(pool, guild),

    redact(guild, beforeMs, limit) {
      return pool.transaction(async (db, attempt) => {
        const chain = await growing(db, guild, attempt);
        const old = await db
          .select({ id: cases.id })
          .from(cases)
          .where(and(eq(cases.guildId, guild), lt(cases.at, beforeMs), isNotNull(cases.evidenceSalt)))
          .limit(limit);
        if (old.length === 0) return 0;
        const ids = old.map(({ id }) => id);
        await db
          .update(cases)
          .set({ evidence: "", context: [], evidenceSalt: null })
          .where(and(eq(cases.guildId, guild), inArray(cases.id, ids)));
        await db
          .update(events)
          .set({ text: null, textSalt: null })
          .where(and(eq(events.guildId, guild), inArray(events.caseId, ids), isNotNull(events.text)));
        for (const id of ids) chain.add({ case: id, kind: "redacted", by: "job", at: clock.now(), detail: {} });
        await chain.save();
        return ids.length;
      });
    },

    async guilds() {
      const rows = await pool.read((db) => db.select({ guild: heads.guildId }).from(heads));
      return rows.map(({ guild }) => guild as GuildId);
    },

    async examples(guild, limit) {
      const rows = await pool.read((db) =>
        db.select().from(examples).where(eq(examples.guildId, guild)).orderBy(desc(examples.at)).limit(limit),
      );
      return rows.map(({ caseId, text, rule, by, at }) => ({ case: caseId, text, rule, by, atMs: at }));
    },
  };
}

type Chain = Awaited<ReturnType<typeof growing>>;

async function change(
  db: Db,
  row: Row,
  event: NewCaseEvent,
  chain: Chain,
  now: number,
  keep: (row: Row) => void,
): Promise<CaseChange> {
  const from = FROM[event.kind];
  if (from !== undefined && !from.includes(row.state as CaseState))
    return row.state === event.kind ? "already" : "not-now";
  if (event.kind === "wrong" && row.wrong) return "already";
  if (event.kind === "appeal") {
    const [there] = await db
      .select({ seq: events.seq })
      .from(events)
      .where(and(eq(events.guildId, row.guildId), eq(events.caseId, row.id), eq(events.kind, "appeal")));
    if (there !== undefined || chain.has(row.id, "appeal")) return "already";
  }

  const set: Partial<Row> = { updatedAt: now };
  if (STATES.has(event.kind)) Object.assign(set, { state: event.kind, problem: event.problem ?? null });
  if (event.kind === "undone") set.undoneBy = event.by;
  if (event.kind === "wrong") set.wrong = true;
  if (event.kind === "note") set.note = (event.text ?? "").slice(0, 200);
  // Acts that were not done, were taken back or were wrong weigh nothing.
  if (event.kind === "failed" || event.kind === "undone" || event.kind === "wrong")
    await db.delete(strikes).where(eq(strikes.caseId, row.id));
  if (event.kind === "wrong") {
    const example = { guildId: row.guildId, caseId: row.id, text: row.evidence, rule: row.rule, by: event.by, at: now };
    await db.insert(examples).values(example).onConflictDoNothing();
  }
  const detail = { ...event.detail, ...(event.problem === undefined ? {} : { problem: event.problem }) };
  chain.add({ case: row.id, kind: event.kind, by: event.by, at: now, detail, ...(event.text && { text: event.text }) });
  keep({ ...row, ...set });
  return "changed";
}

/** Whether an earlier run of this call has written its events. */
async function isWritten(db: Db, guild: GuildId, ids: readonly string[], attempt: string): Promise<boolean> {
  const found = await db
    .select({ seq: events.seq })
    .from(events)
    .where(and(eq(events.guildId, guild), oneOf(events.caseId, ids), eq(events.attempt, attempt)))
    .limit(1);
  return found.length > 0;
}

/** The fields of a case that change with its events. */
function updated(rows: readonly Row[]): SQL {
  const wanted = rows.map(({ id, state, problem, note, undoneBy, wrong, updatedAt }) => {
    return { id, state, problem, note, undoneBy, wrong, updatedAt };
  });
  return sql`
    update ${cases} set state = r.state, problem = r.problem, note = r.note, undone_by = r.undone_by, wrong = r.wrong, updated_at = r.updated_at
    from ${rowsOf(cases, wanted)} r where ${cases.id} = r.id`;
}

/** Of each member who has any. */
async function standing(db: Db, guild: GuildId, members: readonly string[], now: number): Promise<Map<string, number>> {
  const rows = await db
    .select({ member: strikes.memberId, weight: sum(strikes.weight) })
    .from(strikes)
    .where(
      and(
        eq(strikes.guildId, guild),
        oneOf(strikes.memberId, members),
        or(isNull(strikes.expiresAt), gt(strikes.expiresAt, now)),
      ),
    )
    .groupBy(strikes.memberId);
  return new Map(rows.map(({ member, weight }) => [member, Number(weight ?? 0)]));
}

/** After the page that ended with this cursor: a case's number, and its time where the list goes by time. A malformed cursor begins anew. */
function pageBefore(cursor: string | undefined, byTime: boolean): SQL | undefined {
  const [, digits, time] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(cursor ?? "") ?? [];
  const number = Number(digits);
  if (digits === undefined || number === 0) return undefined;
  if (!byTime) return lt(cases.number, number);
  if (time === undefined) return undefined;
  const at = Number(time);
  return and(lte(cases.at, at), or(lt(cases.at, at), lt(cases.number, number)));
}

/**
 * The index holds the guild's id as a word of each text, so that one guild's search never walks another's. `few`: another filter leaves few
 * cases, and their texts are read instead; a common word's hits would be all of the guild's.
 */
function holds(guild: GuildId, text: string, few: boolean): SQL {
  if (few) {
    const words = sql`plainto_tsquery('simple', ${text.slice(0, 200)})`;
    return sql`to_tsvector('simple', translate(${cases.evidence}, '<>', '  ')) @@ ${words}`;
  }
  const query = sql`plainto_tsquery('simple', ${`${guild} ${text.slice(0, 200)}`})`;
  return sql`to_tsvector('simple', ${cases.guildId} || ' ' || translate(${cases.evidence}, '<>', '  ')) @@ ${query}`;
}

function rowOf(
  guild: GuildId,
  input: CaseInput,
  made: {
    readonly id: string;
    readonly number: number;
    readonly salt: string;
    readonly attempt: string;
    readonly now: number;
  },
): Row {
  const { id, number, salt, attempt, now } = made;
  return {
    ...{ id, number, attempt, guildId: guild, key: input.key },
    ...{ channelId: input.channel, channelName: input.channelName, messageId: input.message },
    ...{ authorId: input.author, authorName: input.authorName, at: input.atMs },
    ...{ evidence: input.evidence, context: input.context, evidenceSalt: salt },
    evidenceHash: evidenceHashOf(salt, input.evidence, input.context),
    ...{ ruleNumber: input.rule?.n ?? null, rule: input.rule?.text ?? "" },
    ...{ verdict: input.verdict, action: input.action, plan: input.plan, state: input.state, problem: input.problem },
    ...{ note: null, undoneBy: null, wrong: false, updatedAt: now },
  };
}

/** A row as its port shows it. */
export function toCase(row: Row): CaseRow {
  return {
    ...{ id: row.id, guild: row.guildId as GuildId, number: row.number, key: row.key },
    ...{ channel: row.channelId as ChannelId, channelName: row.channelName, message: row.messageId as MessageId },
    ...{ author: row.authorId as UserId, authorName: row.authorName, atMs: row.at },
    ...{ evidence: row.evidence, context: row.context as CaseRow["context"], redacted: row.evidenceSalt === null },
    rule: row.ruleNumber === null ? null : { n: row.ruleNumber, text: row.rule },
    ...{ verdict: row.verdict as CaseVerdict, plan: row.plan as CasePlan, action: row.action as Action | "none" },
    ...{ state: row.state as CaseState, problem: row.problem, undoneBy: row.undoneBy, wrong: row.wrong },
    updatedAtMs: row.updatedAt,
  };
}

function toEvent(row: typeof events.$inferSelect): CaseEvent {
  const { kind, by, at, detail, text } = row;
  return { kind: kind as CaseEventKind, by, atMs: at, detail: detail as CaseEvent["detail"], text };
}
