/** Questions without an answer, out of decisions and the turns before them; and the check set. */
import { and, asc, count, eq, sql } from "drizzle-orm";
import { checks } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { CHECKS_MAX, type CheckFault, type CheckJudged, type ChecksStore } from "../ports/checks.ts";
import type { Pool } from "./pool.ts";

/** Questions whose texts are gone, between two that are there: no more are read for it. */
const READ_FOR_ONE = 4;

export function createChecks(pool: Pool, clock: Clock): ChecksStore {
  return {
    async unanswered(guild, sinceMs, limit) {
      const since = new Date(sinceMs).toISOString();
      // The member's last words before the decision are its question.
      const rows = await pool.read((db) =>
        db.execute<{ text: string; at: string; conversation: string }>(sql`
          select asked.text, (extract(epoch from d.at) * 1000)::bigint::text as at, d.conversation_id as conversation
          from (
            select guild_id, at, conversation_id from decisions
            where guild_id = ${guild} and at >= ${since}::timestamptz
              and reason in ('not-in-knowledge', 'two-failures', 'no-knowledge') and conversation_id is not null
            order by at desc limit ${READ_FOR_ONE * limit}
          ) d
          join lateral (
            select t.text from turns t
            where t.guild_id = d.guild_id and t.conversation_id = d.conversation_id and t.role = 'member' and t.at <= d.at
            order by t.id desc limit 1
          ) asked on asked.text <> ''
          order by d.at desc limit ${limit}`),
      );
      return rows.map((row) => ({ text: row.text, atMs: Number(row.at), conversation: row.conversation }));
    },

    async list(guild) {
      const rows = await pool.read((db) =>
        db.select().from(checks).where(eq(checks.guildId, guild)).orderBy(asc(checks.createdAt)).limit(CHECKS_MAX),
      );
      return rows.map((row) => ({
        ...{ id: row.id, question: row.question, says: row.says, passed: row.passed },
        // A page always has a title.
        expected: row.documentTitle === "" ? null : row.documentTitle,
        ...{ passedBefore: row.passedBefore, found: row.found, ranAtMs: row.ranAt },
        judged: judgedOf(row),
      }));
    },

    add(guild, { question, expected, says }) {
      const id = clock.id();
      return pool.transaction(async (db) => {
        await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`checks:${guild}`}, 0))`);
        const [there] = await db.select({ all: count() }).from(checks).where(eq(checks.guildId, guild));
        if ((there?.all ?? 0) >= CHECKS_MAX) return false;
        await db
          .insert(checks)
          .values({
            ...{ id, guildId: guild, question, says, documentId: "", documentTitle: expected ?? "" },
            createdAt: clock.now(),
          })
          .onConflictDoNothing();
        return true;
      });
    },

    async remove(guild, id) {
      const rows = await pool.write((db) =>
        db
          .delete(checks)
          .where(and(eq(checks.guildId, guild), eq(checks.id, id)))
          .returning({ id: checks.id }),
      );
      return rows.length > 0;
    },

    async result(guild, id, { passed, found }) {
      await pool.transaction((db) =>
        db
          .update(checks)
          .set({ passedBefore: sql`${checks.passed}`, passed, found, ranAt: clock.now() })
          .where(and(eq(checks.guildId, guild), eq(checks.id, id))),
      );
    },

    async judged(guild, id, { fault, model, prompts }) {
      await pool.transaction((db) =>
        db
          .update(checks)
          .set({ judgedFault: fault, judgedModel: model, judgedPrompts: prompts, judgedAt: clock.now() })
          .where(and(eq(checks.guildId, guild), eq(checks.id, id))),
      );
    },
  };
}

function judgedOf(row: typeof checks.$inferSelect): CheckJudged | null {
  const { judgedFault, judgedModel, judgedPrompts, judgedAt } = row;
  if (judgedAt === null || judgedModel === null) return null;
  return {
    ...{ fault: judgedFault as CheckFault | null, model: judgedModel },
    ...{ prompts: judgedPrompts ?? 0, atMs: judgedAt },
  };
}
