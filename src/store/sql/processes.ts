/** The processes of a deployment. Silence is counted by the database's clock: those of two machines may differ. */
import { asc, eq, lt, sql } from "drizzle-orm";
import { processes } from "../../../drizzle/schema.ts";
import type { ProcessesStore, ProcessRole, ProcessRow } from "../ports/processes.ts";
import type { Pool } from "./pool.ts";

export function createProcesses(pool: Pool): ProcessesStore {
  return {
    async report({ holder, startedAtMs, ...report }) {
      const said = { ...report, roles: [...report.roles], seenAt: sql`clock_timestamp()` };
      const [row] = await pool.write((db) =>
        db
          .insert(processes)
          .values({ holder, startedAt: startedAtMs, ...said })
          .onConflictDoUpdate({ target: processes.holder, set: said })
          .returning({ drainAskedAt: processes.drainAskedAt }),
      );
      return { drainAsked: row?.drainAskedAt != null };
    },

    async leave(holder) {
      await pool.write((db) => db.delete(processes).where(eq(processes.holder, holder)));
    },

    async askToDrain(holder) {
      const rows = await pool.write((db) =>
        db
          .update(processes)
          .set({ drainAskedAt: sql`coalesce(${processes.drainAskedAt}, clock_timestamp())` })
          .where(eq(processes.holder, holder))
          .returning({ holder: processes.holder }),
      );
      return rows.length > 0;
    },

    async list(withinMs) {
      await pool.write((db) =>
        db.delete(processes).where(lt(processes.seenAt, sql`clock_timestamp() - interval '1 day'`)),
      );
      const silentMs = sql<number>`extract(epoch from clock_timestamp() - ${processes.seenAt}) * 1000`;
      const rows = await pool.read((db) =>
        db
          .select({ row: processes, silentMs })
          .from(processes)
          .where(sql`${processes.seenAt} > clock_timestamp() - ${withinMs} * interval '1 millisecond'`)
          .orderBy(asc(processes.startedAt), asc(processes.holder)),
      );
      return rows.map(({ row, silentMs: ms }): ProcessRow => {
        const { seenAt: _, startedAt, drainAskedAt, roles, ...said } = row;
        return {
          ...said,
          roles: roles as ProcessRole[],
          startedAtMs: startedAt,
          silentMs: Math.max(0, Math.round(Number(ms))),
          drainAskedAtMs: drainAskedAt,
        };
      });
    },
  };
}
