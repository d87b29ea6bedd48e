/**
 * The quota as it is kept: what was used, and what is being made. The account's row is locked while it is counted, so that
 * whatever number of processes ask, the sum of both never passes the limit.
 *
 * A reservation is known by its request: asked for again it is the same one; the exchange that records it removes it in its
 * own transaction (conversations.ts), so that no message is counted twice or not at all. What its maker left behind counts
 * until `until`.
 */
import { and, eq, gt, sql } from "drizzle-orm";
import { accounts, quotaReservations, quotaWarnings, usage } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { QuotaStore } from "../../plans/quota.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";
import { addUsage } from "./usage.ts";

/** How long it is remembered that a request was counted, so that counting it again changes nothing. */
const SETTLED_MS = 60 * 60_000;

/** Answers that were said again are no messages. As in usage.ts, `reused@widget` names the channel of contact too. */
const COUNTS = sql`kind not like 'reused%'`;

export function createQuotaRows(pool: Pool, clock: Clock): QuotaStore {
  return {
    async reserve(guild, wanted) {
      const { request, account, kind, count, limit, kindLimit, month, ttlMs } = wanted;
      const now = clock.now();
      const at = sql.param(now, quotaReservations.until);
      const until = sql.param(now + ttlMs, quotaReservations.until);
      const open = sql`from ${quotaReservations} where account_id = ${account} and until > ${at}`;
      const spent = sql`from ${usage} where account_id = ${account} and day >= ${month.from} and day < ${month.until} and ${COUNTS}`;
      const ofKind =
        kindLimit === null
          ? sql`0`
          : sql`(select coalesce(sum(count), 0) ${open} and guild_id = ${guild} and kind = ${kind})
          + (select coalesce(sum(count), 0) ${spent} and guild_id = ${guild} and kind = ${kind})`;
      const [row] = await pool.transaction((_, __, last) =>
        last(
          sql`select from ${accounts} where id = ${account} for no key update`,
          sql`delete from ${quotaReservations} where account_id = ${account} and until <= ${at}`,
          sql`
          with total as (
            select (select coalesce(sum(count), 0) ${open}) + (select coalesce(sum(count), 0) ${spent}) as used,
              ${ofKind} as of_kind,
              exists (select 1 ${open} and request = ${request}) as mine,
              exists (select 1 ${open} and request = ${request} and count = 0) as settled
          ), taken as (
            insert into ${quotaReservations} (request, account_id, guild_id, kind, count, until)
            select ${request}, ${account}, ${guild}, ${kind}, ${count}::int, ${until} from total
            where not settled and (mine or
              (used + ${count}::int <= ${limit}::bigint and of_kind + ${count}::int <= ${kindLimit ?? limit}::bigint))
            on conflict (request) do update set until = excluded.until
            returning 1
          )
          select used, mine, settled or exists (select 1 from taken) as granted,
            used + ${count}::int <= ${limit}::bigint as room
          from total`,
        ),
      );
      if (row === undefined) throw new Error("a count of the quota gave no row");
      const { granted, mine, room } = row as {
        readonly granted: boolean;
        readonly mine: boolean;
        readonly room: boolean;
      };
      const used = Number(row.used) + (granted && !mine ? count : 0);
      return granted ? { granted, used } : { granted, used, full: room ? "kind" : "month" };
    },

    async release(request) {
      const rows = await pool.write((db) =>
        db.delete(quotaReservations).where(eq(quotaReservations.request, request)).returning({
          count: quotaReservations.count,
        }),
      );
      return rows[0]?.count ?? 0;
    },

    commit(guild, { request, account }, entry) {
      const now = clock.now();
      return pool.transaction(async (db) => {
        const [first] = await db
          .insert(quotaReservations)
          .values({
            ...{ request, accountId: account, guildId: guild, kind: entry.kind, count: 0 },
            until: now + SETTLED_MS,
          })
          .onConflictDoUpdate({
            target: quotaReservations.request,
            set: { count: 0, until: now + SETTLED_MS },
            setWhere: gt(quotaReservations.count, 0),
          })
          .returning({ request: quotaReservations.request });
        if (first === undefined) return false;
        await addUsage(db, guild, entry, now);
        return true;
      });
    },

    async used(account, month) {
      const rows = await pool.read((db) =>
        db.execute<{ used: string }>(sql`select
          (select coalesce(sum(count), 0) from ${usage} where account_id = ${account} and day >= ${month.from} and day < ${month.until} and ${COUNTS})
          + (select coalesce(sum(count), 0) from ${quotaReservations} where account_id = ${account} and until > ${sql.param(clock.now(), quotaReservations.until)}) as used`),
      );
      return Number(rows[0]?.used ?? 0);
    },

    async warn(account, month, percent) {
      const rows = await pool.write((db) =>
        db
          .insert(quotaWarnings)
          .values({ accountId: account, month, percent, at: clock.now() })
          .onConflictDoNothing()
          .returning({ percent: quotaWarnings.percent }),
      );
      return rows.length > 0;
    },

    async warnings(account, month) {
      const rows = await pool.read((db) =>
        db
          .select({ percent: quotaWarnings.percent, atMs: quotaWarnings.at })
          .from(quotaWarnings)
          .where(and(eq(quotaWarnings.accountId, account), eq(quotaWarnings.month, month)))
          .orderBy(quotaWarnings.percent),
      );
      return rows;
    },
  };
}

/** Within the caller's transaction: the reserved message has been recorded. */
export async function endReservation(db: Db, request: string): Promise<void> {
  await db.delete(quotaReservations).where(eq(quotaReservations.request, request));
}
