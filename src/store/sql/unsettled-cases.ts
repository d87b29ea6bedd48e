/** Planned cases on PostgreSQL, and who is at them: `updated_at` is the mark, which is no part of a case's facts. */
import { and, asc, eq, inArray, lt } from "drizzle-orm";
import { moderationCases as cases } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { UnsettledStore } from "../ports/moderation.ts";
import { toCase } from "./cases.ts";
import type { Pool } from "./pool.ts";

export function createUnsettled(pool: Pool, clock: Clock): UnsettledStore {
  return {
    async take(olderThanMs, limit) {
      const now = clock.now();
      const rows = await pool.write((db) =>
        db
          .update(cases)
          .set({ updatedAt: now })
          .where(
            inArray(
              cases.id,
              db
                .select({ id: cases.id })
                .from(cases)
                .where(and(eq(cases.state, "planned"), lt(cases.updatedAt, now - olderThanMs)))
                .orderBy(asc(cases.updatedAt))
                .limit(limit)
                .for("update", { skipLocked: true }),
            ),
          )
          .returning(),
      );
      return rows.map(toCase);
    },

    async hold(guild, ids) {
      const mine = and(eq(cases.guildId, guild), inArray(cases.id, [...ids]), eq(cases.state, "planned"));
      if (ids.length > 0) await pool.write((db) => db.update(cases).set({ updatedAt: clock.now() }).where(mine));
    },
  };
}
