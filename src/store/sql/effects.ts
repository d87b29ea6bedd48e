/** Effects, once each: a send marks itself in flight under the takeover's fence before anything leaves the house. */
import { and, count, eq, sql } from "drizzle-orm";
import { conversations, outbox } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { MessageId } from "../../message.ts";
import type { EffectBegin, EffectsStore } from "../../store.ts";
import { speaker } from "../../takeover.ts";
import { toTakeover } from "./conversations.ts";
import type { Pool } from "./pool.ts";

export function createEffects(pool: Pool, clock: Clock): EffectsStore {
  return {
    begin(guild, key, conversation) {
      return pool.transaction(async (db, attempt): Promise<EffectBegin> => {
        const now = clock.now();
        // Locked, so that a takeover is wholly before this mark or waits for it (and then sees it).
        const [row] =
          conversation === null
            ? []
            : await db.select().from(conversations).where(eq(conversations.id, conversation)).for("update");
        if (row !== undefined && row.guildId !== guild) throw new Error("a conversation of another guild");

        const [there] = await db.select().from(outbox).where(eq(outbox.key, key)).for("update");
        if (there?.state === "done") return { state: "done", message: there.messageId as MessageId | null };
        if (there?.state === "sent") {
          return there.attempt === attempt
            ? { state: "begun" }
            : { state: "in-flight", sinceMs: there.sentAt ?? there.createdAt };
        }
        const takeover = row === undefined ? null : toTakeover(row);
        const who = takeover === null ? "bot" : speaker(takeover, now);
        if (who !== "bot") return { state: "held", agent: who };

        const mark = { state: "sent", fence: takeover?.fence ?? null, attempt, sentAt: now, problem: null };
        const [marked] = await db
          .insert(outbox)
          .values({ key, guildId: guild, conversationId: conversation, createdAt: now, ...mark })
          .onConflictDoUpdate({
            target: outbox.key,
            set: mark,
            // Two that begin the same effect at once: the second waits here for the first, and then finds it sent.
            setWhere: sql`${outbox.state} not in ('sent', 'done')`,
          })
          .returning({ key: outbox.key });
        return marked === undefined ? { state: "in-flight", sinceMs: now } : { state: "begun" };
      });
    },

    async finish(key, result) {
      const doneAt = clock.now();
      const end =
        "message" in result
          ? { state: "done", messageId: result.message, problem: null, doneAt }
          : { state: "failed", problem: result.failed, doneAt };
      await pool.write((db) =>
        db
          .update(outbox)
          .set(end)
          .where(and(eq(outbox.key, key), sql`${outbox.state} <> 'done'`)),
      );
    },

    async inFlight(guild, conversation) {
      const [row] = await pool.read((db) =>
        db
          .select({ sends: count() })
          .from(outbox)
          .where(
            and(eq(outbox.conversationId, conversation), eq(outbox.guildId, guild), sql`${outbox.state} = 'sent'`),
          ),
      );
      return row?.sends ?? 0;
    },
  };
}
