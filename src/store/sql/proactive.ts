/** Schedules and their slots. A slot's primary key makes it one post, its `holder` and `until` one process that works on it. */
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { guilds, proactivePosts, proactiveSchedules } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { ChannelId, GuildId, MessageId } from "../../ids.ts";
import { type Schedule, scheduleSchema } from "../../proactive.ts";
import type { Spent } from "../../record.ts";
import type { Source } from "../ports/conversations.ts";
import type { PostRow, PostState, ProactiveStore, ScheduleRow } from "../ports/proactive.ts";
import type { Pool } from "./pool.ts";

export function createProactiveRows(pool: Pool, clock: Clock): ProactiveStore {
  return {
    save(guild, { id, schedule, paused, nextAtMs, over }, max) {
      const now = clock.now();
      const set = { settings: schedule, paused, nextAt: nextAtMs, problem: null, updatedAt: now };
      return pool.transaction(async (db, attempt) => {
        if (id !== null) {
          const which = and(eq(proactiveSchedules.guildId, guild), eq(proactiveSchedules.id, id));
          const [before] = await db.select().from(proactiveSchedules).where(which).for("update");
          // Our own write whose answer was lost is no change by another person.
          const known = before === undefined ? [] : [over, schedule].map((one) => isSame(before, one));
          if (over !== undefined && known.length > 0 && !known.includes(true)) {
            throw new AppError("conflict", `somebody else changed the schedule ${id}`);
          }
          const [changed] = await db.update(proactiveSchedules).set(set).where(which).returning();
          return changed === undefined ? null : toSchedule(changed);
        }
        await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`proactive:${guild}`}, 0))`);
        const [there] = await db
          .select()
          .from(proactiveSchedules)
          .where(and(eq(proactiveSchedules.guildId, guild), eq(proactiveSchedules.id, attempt)));
        // The first run was committed and its answer lost.
        if (there !== undefined) return toSchedule(there);
        const [had] = await db
          .select({ n: count() })
          .from(proactiveSchedules)
          .where(eq(proactiveSchedules.guildId, guild));
        if ((had?.n ?? 0) >= max) return null;
        const [made] = await db
          .insert(proactiveSchedules)
          .values({ id: attempt, guildId: guild, createdAt: now, ...set })
          .returning();
        return made === undefined ? null : toSchedule(made);
      });
    },

    async remove(guild, schedule) {
      const rows = await pool.write((db) =>
        db
          .delete(proactiveSchedules)
          .where(and(eq(proactiveSchedules.guildId, guild), eq(proactiveSchedules.id, schedule)))
          .returning({ id: proactiveSchedules.id }),
      );
      return rows.length > 0;
    },

    async schedules(guild) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(proactiveSchedules)
          .where(eq(proactiveSchedules.guildId, guild))
          .orderBy(asc(proactiveSchedules.createdAt), asc(proactiveSchedules.id)),
      );
      return rows.map(toSchedule);
    },

    async due(nowMs, limit) {
      const rows = await pool.read((db) =>
        db
          .select({ row: proactiveSchedules })
          .from(proactiveSchedules)
          .innerJoin(guilds, eq(guilds.guildId, proactiveSchedules.guildId))
          .where(
            and(eq(proactiveSchedules.paused, false), lt(proactiveSchedules.nextAt, nowMs + 1), isNull(guilds.leftAt)),
          )
          .orderBy(asc(proactiveSchedules.nextAt))
          .limit(limit),
      );
      return rows.map(({ row }) => toSchedule(row));
    },

    async advance(guild, schedule, from, to, problem) {
      await pool.write((db) =>
        db
          .update(proactiveSchedules)
          .set({ nextAt: to, problem })
          .where(
            and(
              eq(proactiveSchedules.guildId, guild),
              eq(proactiveSchedules.id, schedule),
              eq(proactiveSchedules.nextAt, from),
            ),
          ),
      );
    },

    async claim(guild, { schedule, slotMs, channel, topic, holder, ttlMs, draft = false }) {
      const now = clock.now();
      const until = now + ttlMs;
      const open: PostState[] = draft ? ["working", "waiting", "draft"] : ["working", "waiting"];
      const [row] = await pool.write((db) =>
        db
          .insert(proactivePosts)
          .values({
            ...{ guildId: guild, scheduleId: schedule, slot: slotMs, channelId: channel, topic, text: "" },
            ...{ state: "working", holder, until, at: now },
          })
          .onConflictDoUpdate({
            target: [proactivePosts.guildId, proactivePosts.scheduleId, proactivePosts.slot],
            set: { state: "working", holder, until },
            setWhere: sql`${inArray(proactivePosts.state, open)} and (${or(isNull(proactivePosts.until), lt(proactivePosts.until, now))})`,
          })
          .returning(),
      );
      return row === undefined ? null : toPost(row);
    },

    async write(guild, { schedule, slotMs, holder, over: before }, change, waitMs) {
      const { message, sources, spent, ...plain } = change;
      const over = change.state !== undefined && change.state !== "working";
      const rows = await pool.write((db) =>
        db
          .update(proactivePosts)
          .set({
            ...plain,
            ...(message === undefined ? {} : { messageId: message }),
            ...(sources === undefined && spent === undefined
              ? {}
              : { sources: { list: sources ?? [], spent: spent ?? null } }),
            ...(over ? { holder: null, until: waitMs === undefined ? null : clock.now() + waitMs } : {}),
          })
          .where(
            and(
              eq(proactivePosts.guildId, guild),
              eq(proactivePosts.scheduleId, schedule),
              eq(proactivePosts.slot, slotMs),
              holder === null ? isNull(proactivePosts.holder) : eq(proactivePosts.holder, holder),
              before === undefined ? undefined : eq(proactivePosts.text, before),
            ),
          )
          .returning({ slot: proactivePosts.slot }),
      );
      return rows.length > 0;
    },

    async posts(guild, limit, before) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(proactivePosts)
          .where(and(eq(proactivePosts.guildId, guild), before === undefined ? undefined : older(before)))
          .orderBy(desc(proactivePosts.slot), desc(proactivePosts.scheduleId))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(toPost);
      const last = items.at(-1);
      return {
        items,
        cursor: rows.length > limit && last !== undefined ? `${last.slotMs}.${last.schedule}` : null,
      };
    },

    async posted(sinceMs, limit) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(proactivePosts)
          .where(and(sql`${proactivePosts.state} = 'posted'`, gt(proactivePosts.slot, sinceMs)))
          .orderBy(desc(proactivePosts.slot))
          .limit(limit),
      );
      return rows.map(toPost);
    },
  };
}

/** `slotMs.schedule` of the page's last; a malformed cursor is the first page. */
function older(cursor: string): SQL | undefined {
  const match = /^(\d{1,15})\.([0-9a-f]{32})$/.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const slot = Number(match[1]);
  return or(lt(proactivePosts.slot, slot), and(eq(proactivePosts.slot, slot), lt(proactivePosts.scheduleId, match[2])));
}

function isSame(row: typeof proactiveSchedules.$inferSelect, schedule: Schedule | undefined): boolean {
  return Bun.deepEquals(toSchedule(row).schedule, schedule);
}

function toSchedule(row: typeof proactiveSchedules.$inferSelect): ScheduleRow {
  const { id, guildId, settings, paused, problem, nextAt } = row;
  const schedule: Schedule = scheduleSchema.parse(settings);
  return { id, guild: guildId as GuildId, schedule, paused, problem, nextAtMs: nextAt };
}

function toPost(row: typeof proactivePosts.$inferSelect): PostRow {
  const kept = row.sources as { readonly list?: readonly Source[]; readonly spent?: Spent | null } | null;
  return {
    guild: row.guildId as GuildId,
    schedule: row.scheduleId,
    slotMs: row.slot,
    channel: row.channelId as ChannelId,
    topic: row.topic,
    text: row.text,
    state: row.state as PostState,
    message: row.messageId as MessageId | null,
    problem: row.problem,
    sources: kept?.list ?? [],
    spent: kept?.spent ?? null,
    reactions: row.reactions,
    replies: row.replies,
    atMs: row.at,
  };
}
