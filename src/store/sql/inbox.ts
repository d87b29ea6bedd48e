/** Messages whose work outlives their sequence number. By the database's clock, as leases are. */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { inbox } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ApplicationId, GuildId, MessageId } from "../../ids.ts";
import { bounds } from "../../policy.ts";
import type { InboxOf, InboxStore } from "../ports/inbox.ts";
import type { Pool } from "./pool.ts";

/** The process that put a message works on it: no other takes it before an answer's deadline has passed and some more. */
const PUT_MS = bounds.answer.deadlineMs + 8_000;
const ATTEMPTS_MAX = 3;

/** A holder is named by its process and attempt. */
const processOf = sql<string>`split_part(${inbox.holder}, '/', 1)`;

/** In a message's text every quote is escaped: this stands only where Discord put it. */
const INTERACTION = '"INTERACTION_CREATE"';

function belongsTo(whose: InboxOf) {
  return whose === "interactions" ? sql`strpos(${inbox.payload}, ${INTERACTION}) > 0` : eq(inbox.applicationId, whose);
}

export function createInbox(pool: Pool, clock: Clock): InboxStore {
  return {
    async put(application, message, guild, payload, holder) {
      await pool.write((db) =>
        db
          .insert(inbox)
          .values({
            applicationId: application,
            messageId: message,
            guildId: guild,
            payload,
            holder,
            until: fromNow(PUT_MS),
            createdAt: clock.now(),
          })
          .onConflictDoNothing(),
      );
    },

    async remove(application, message) {
      await pool.write((db) =>
        db.delete(inbox).where(and(eq(inbox.applicationId, application), eq(inbox.messageId, message))),
      );
    },

    async park(application, message) {
      await pool.write((db) =>
        db
          .update(inbox)
          .set({ attempts: ATTEMPTS_MAX, holder: null })
          .where(and(eq(inbox.applicationId, application), eq(inbox.messageId, message))),
      );
    },

    async holders(whose) {
      const rows = await pool.read((db) =>
        db
          .selectDistinct({ holder: processOf })
          .from(inbox)
          .where(and(belongsTo(whose), isNotNull(inbox.holder))),
      );
      return rows.map((row) => row.holder);
    },

    async take(whose, { holder, dead, limit, ttlMs }) {
      const rows = await pool.write((db, attempt) => {
        const mine = `${holder}/${attempt}`;
        const ofTheDead =
          dead.length === 0
            ? sql`false`
            : sql`${processOf} in (${sql.join(
                dead.map((name) => sql`${name}`),
                sql`, `,
              )})`;
        return db
          .update(inbox)
          .set({ holder: mine, until: fromNow(ttlMs), attempts: sql`${inbox.attempts} + 1` })
          .where(
            sql`(${inbox.applicationId}, ${inbox.messageId}) in (
              select application_id, message_id from ${inbox}
              where ${belongsTo(whose)} and (holder = ${mine} or attempts < ${ATTEMPTS_MAX} and (
                ${ofTheDead} or until <= clock_timestamp() and coalesce(${processOf}, '') <> ${holder}))
              order by created_at, message_id limit ${limit} for update skip locked)`,
          )
          .returning();
      });
      return rows
        .sort((a, b) => a.createdAt - b.createdAt || a.messageId.localeCompare(b.messageId))
        .map((row) => ({
          application: row.applicationId as ApplicationId,
          message: row.messageId as MessageId,
          guild: row.guildId as GuildId | null,
          payload: row.payload,
          attempts: row.attempts,
        }));
    },
  };
}

function fromNow(ms: number) {
  return sql`clock_timestamp() + ${ms} * interval '1 millisecond'`;
}
