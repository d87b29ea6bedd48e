/** Messages whose work outlives their sequence number. By the database's clock, as leases are. */
import { and, eq, sql } from "drizzle-orm";
import { inbox } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId, MessageId } from "../../message.ts";
import { bounds } from "../../policy.ts";
import type { InboxStore } from "../../store.ts";
import type { Pool } from "./pool.ts";

/** Who put a message works on it: nobody else takes it before an answer's deadline has passed and some more. */
const PUT_MS = bounds.answer.deadlineMs + 8_000;

export function createInbox(pool: Pool, clock: Clock): InboxStore {
  return {
    async put(application, message, guild, payload) {
      await pool.write((db) =>
        db
          .insert(inbox)
          .values({
            applicationId: application,
            messageId: message,
            guildId: guild,
            payload,
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

    async take(application, holder, limit, ttlMs) {
      const rows = await pool.write((db, attempt) =>
        db
          .update(inbox)
          .set({
            holder: `${holder}/${attempt}`,
            until: fromNow(ttlMs),
            attempts: sql`${inbox.attempts} + 1`,
          })
          .where(
            sql`(${inbox.applicationId}, ${inbox.messageId}) in (
              select application_id, message_id from ${inbox}
              where application_id = ${application}
                and (until <= clock_timestamp() or holder = ${`${holder}/${attempt}`})
              order by created_at, message_id limit ${limit} for update skip locked)`,
          )
          .returning(),
      );
      return rows
        .sort((a, b) => a.createdAt - b.createdAt || a.messageId.localeCompare(b.messageId))
        .map((row) => ({
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
