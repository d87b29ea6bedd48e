/** The outbox: effects to be done once each. A send marks itself in flight under the takeover's fence before it leaves. */
import { and, asc, count, eq, gt, inArray, isNull, lte, min, ne, or, type SQL, sql } from "drizzle-orm";
import { conversations, outbox } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId, MessageId } from "../../ids.ts";
import { requestId } from "../../request.ts";
import { speaker } from "../../takeover.ts";
import type { OutboxBegin, OutboxEnd, OutboxState, OutboxStore, OutboxTask } from "../ports/outbox.ts";
import { beginSend } from "./begin-send.ts";
import type { Db } from "./connection.ts";
import { toTakeover } from "./conversations.ts";
import type { Pool } from "./pool.ts";

/** How many due tasks a claim looks at to give every guild its turn. */
const LOOK_AT_MAX = 1_000;

const OPEN = inArray(outbox.state, ["planned", "sent"]);

export function createOutbox(pool: Pool, clock: Clock): OutboxStore {
  return {
    plan(guild, task) {
      const now = clock.now();
      return pool.write(async (db, attempt) => {
        const [row] = await db
          .insert(outbox)
          .values({
            key: task.key,
            guildId: guild,
            conversationId: task.conversation ?? null,
            kind: task.kind,
            payload: task.payload,
            request: requestId(),
            state: "planned",
            attempt,
            createdAt: now,
            nextAt: task.atMs ?? now,
          })
          // A run before this one may have written it: its answer was lost.
          .onConflictDoUpdate({
            target: outbox.key,
            set: { attempt },
            setWhere: sql`${outbox.attempt} = ${attempt} and ${outbox.state} = 'planned'`,
          })
          .returning({ key: outbox.key });
        return row !== undefined;
      });
    },

    claim(kinds, { limit, leaseMs }) {
      const now = clock.now();
      if (kinds.length === 0 || limit <= 0) return Promise.resolve([]);
      return pool.transaction(async (db) => {
        const keys = await due(db, kinds, now, limit);
        if (keys.length === 0) return [];
        const rows = await db
          .update(outbox)
          .set({ attempts: sql`${outbox.attempts} + 1`, nextAt: now + leaseMs })
          .where(inArray(outbox.key, keys))
          .returning();
        return rows.map(toTask).sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
      });
    },

    begin: (guild, key, conversation, claim) =>
      pool.write((db, attempt) => beginSend(db, guild, { key, conversation, claim, attempt }, clock.now())),

    async finish(guild, key, end, claim) {
      const rows = await pool.write((db) =>
        db
          .update(outbox)
          .set(ended(end, clock.now()))
          .where(
            and(
              eq(outbox.key, key),
              of(guild),
              ne(outbox.state, "done"),
              claim === undefined ? undefined : eq(outbox.attempts, claim),
            ),
          )
          .returning({ key: outbox.key }),
      );
      return rows.length > 0;
    },

    async get(guild, key) {
      const [row] = await pool.read((db) =>
        db
          .select()
          .from(outbox)
          .where(and(eq(outbox.key, key), of(guild))),
      );
      return row === undefined ? null : toTask(row);
    },

    again(guild, key, conversation) {
      return pool.transaction(async (db, attempt): Promise<OutboxBegin> => {
        const now = clock.now();
        const [row] =
          conversation === null
            ? []
            : await db
                .select()
                .from(conversations)
                .where(and(eq(conversations.id, conversation), eq(conversations.guildId, guild ?? "")))
                .for("update");
        const [there] = await db
          .select()
          .from(outbox)
          .where(and(eq(outbox.key, key), of(guild)))
          .for("update");
        if (there?.state === "done") return { state: "done", message: there.messageId as MessageId | null };
        if (there?.state === "refused" || there?.state === "unknown") return { state: "closed", why: there.state };
        const takeover = row === undefined ? null : toTakeover(row);
        const who = takeover === null ? "bot" : speaker(takeover, now);
        if (who !== "bot") return { state: "held", agent: who };
        await db
          .update(outbox)
          .set({ state: "sent", sentAt: now, fence: takeover?.fence ?? null, attempt })
          .where(eq(outbox.key, key));
        return { state: "begun" };
      });
    },

    async inFlight(guild, conversation, sinceMs) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(outbox)
          .where(
            and(
              eq(outbox.conversationId, conversation),
              eq(outbox.guildId, guild),
              or(
                eq(outbox.state, "sent"),
                sinceMs === undefined ? undefined : and(eq(outbox.state, "done"), gt(outbox.doneAt, sinceMs)),
              ),
            ),
          ),
      );
      return rows.map(toTask);
    },

    async backlog() {
      const now = clock.now();
      const rows = await pool.read((db) =>
        db
          .select({ kind: outbox.kind, tasks: count(), oldest: min(outbox.nextAt) })
          .from(outbox)
          .where(and(OPEN, lte(outbox.nextAt, now)))
          .groupBy(outbox.kind)
          .orderBy(asc(outbox.kind)),
      );
      return rows.map(({ kind, tasks, oldest }) => ({ kind, tasks, oldestMs: now - (oldest ?? now) }));
    },
  };
}

/** The keys of due tasks, locked: first the oldest of each guild, then each one's second. Tasks that another process claims are left out. */
async function due(db: Db, kinds: readonly string[], now: number, limit: number): Promise<string[]> {
  const open = db
    .select({ key: outbox.key, guildId: outbox.guildId, nextAt: outbox.nextAt })
    .from(outbox)
    .where(and(OPEN, inArray(outbox.kind, [...kinds]), lte(outbox.nextAt, now)))
    .orderBy(asc(outbox.nextAt))
    .limit(LOOK_AT_MAX)
    .for("update", { skipLocked: true });
  const rows = await open;
  const taken = new Map<string | null, number>();
  return rows
    .map((row, place) => {
      const turn = taken.get(row.guildId) ?? 0;
      taken.set(row.guildId, turn + 1);
      return { key: row.key, turn, place };
    })
    .sort((a, b) => a.turn - b.turn || a.place - b.place)
    .slice(0, limit)
    .map((row) => row.key);
}

function of(guild: GuildId | null): SQL {
  return guild === null ? isNull(outbox.guildId) : eq(outbox.guildId, guild);
}

/** A finished task needs no copy of its text: turns, cases and posts have it. */
function ended(end: OutboxEnd, now: number) {
  if ("message" in end) {
    return { state: "done", messageId: end.message, problem: null, payload: null, doneAt: now, nextAt: null };
  }
  if ("again" in end) return { state: "planned", problem: end.again, nextAt: end.atMs };
  const closed = { doneAt: now, nextAt: null };
  if ("failed" in end) return { state: "failed", problem: end.failed, ...closed };
  if ("refused" in end) return { state: "refused", problem: end.refused, ...closed };
  return { state: "unknown", problem: end.unknown, ...closed };
}

function toTask(row: typeof outbox.$inferSelect): OutboxTask {
  return {
    key: row.key,
    guild: row.guildId as GuildId | null,
    kind: row.kind,
    conversation: row.conversationId,
    payload: row.payload,
    state: row.state as OutboxState,
    attempts: row.attempts,
    message: row.messageId as MessageId | null,
    problem: row.problem,
    request: row.request,
    createdAtMs: row.createdAt,
    sentAtMs: row.sentAt,
  };
}
