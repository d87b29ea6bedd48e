/**
 * Escalations. A new one and the tasks that tell the team of it (mail, message, webhook) are written in one transaction: that of
 * the exchange that led to it, where there is one. So it is told once, however often a process dies on the way.
 */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import { conversations, escalations, guilds, outbox } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ChannelId, GuildId, UserId } from "../../ids.ts";
import {
  ESCALATION_KINDS,
  type EscalationReason,
  type EscalationRow,
  type EscalationsStore,
  type MailState,
} from "../ports/escalations.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";

/** Asked again sooner by the same member in the same channel: the team knows already. */
const AGAIN_MS = 60 * 60_000;
/** The shortest time that a guild may set, and the default. */
const REMIND_MS_MIN = 5 * 60_000;
const REMIND_MINUTES = 30;

export function createEscalations(pool: Pool, clock: Clock): EscalationsStore {
  const selected = (db: Db) =>
    db
      .select({ one: escalations, talk: conversations })
      .from(escalations)
      .innerJoin(conversations, eq(conversations.id, escalations.conversationId));

  /** The member's open escalations in the conversation's channel, and the marks of their conversations there. */
  async function end(
    guild: GuildId,
    conversation: string,
    how: { readonly takenAt: number; readonly takenBy: string } | { readonly closedAt: number },
  ): Promise<void> {
    await pool.transaction(async (db) => {
      const [talk] = await db
        .select({ channel: conversations.channelId, member: conversations.memberId })
        .from(conversations)
        .where(and(eq(conversations.guildId, guild), eq(conversations.id, conversation)));
      if (talk === undefined) return;
      const theirs = db
        .select({ id: conversations.id })
        .from(conversations)
        .where(
          and(
            eq(conversations.guildId, guild),
            eq(conversations.channelId, talk.channel),
            eq(conversations.memberId, talk.member),
            isNotNull(conversations.escalatedAt),
          ),
        );
      const open = and(eq(escalations.guildId, guild), isNull(escalations.closedAt));
      const taken = "takenAt" in how ? isNull(escalations.takenAt) : undefined;
      await db
        .update(escalations)
        .set(how)
        .where(
          and(
            open,
            taken,
            or(eq(escalations.conversationId, conversation), inArray(escalations.conversationId, theirs)),
          ),
        );
      await db
        .update(conversations)
        .set({ escalatedAt: null })
        .where(and(eq(conversations.guildId, guild), inArray(conversations.id, theirs)));
    });
  }

  return {
    open(guild, conversation, { trigger, reason }) {
      const id = clock.id();
      return pool.transaction(async (db) => {
        const now = clock.now();
        const [talk] = await db
          .update(conversations)
          .set({ escalatedAt: now })
          .where(and(eq(conversations.guildId, guild), eq(conversations.id, conversation)))
          .returning({ id: conversations.id });
        return talk === undefined ? null : await addEscalation(db, guild, conversation, { trigger, reason, id }, now);
      });
    },

    async get(guild, id) {
      const [row] = await pool.read((db) =>
        selected(db).where(and(eq(escalations.guildId, guild), eq(escalations.id, id))),
      );
      return row === undefined ? null : toEscalation(row);
    },

    async of(guild, conversation) {
      const rows = await pool.read((db) =>
        selected(db)
          .where(and(eq(escalations.guildId, guild), eq(escalations.conversationId, conversation)))
          .orderBy(desc(escalations.at))
          .limit(20),
      );
      return rows.map(toEscalation);
    },

    take: (guild, conversation, by) => end(guild, conversation, { takenAt: clock.now(), takenBy: by }),
    close: (guild, conversation) => end(guild, conversation, { closedAt: clock.now() }),

    async summarise(guild, id, summary) {
      await pool.write((db) =>
        db
          .update(escalations)
          .set({ summary })
          .where(and(eq(escalations.guildId, guild), eq(escalations.id, id))),
      );
    },

    async mailed(guild, id, mailState, mailProblem) {
      await pool.write((db) =>
        db
          .update(escalations)
          .set({ mailState, mailProblem, ...(mailState === "sent" ? { mailedAt: clock.now() } : {}) })
          .where(and(eq(escalations.guildId, guild), eq(escalations.id, id))),
      );
    },

    async waiting(nowMs, limit) {
      const rows = await pool.read((db) =>
        selected(db)
          .leftJoin(guilds, eq(guilds.guildId, escalations.guildId))
          .where(
            and(
              isNull(escalations.takenAt),
              isNull(escalations.closedAt),
              isNull(escalations.remindedAt),
              // The shortest time there is, by the index; then each guild's own.
              lt(escalations.at, nowMs - REMIND_MS_MIN),
              sql`${escalations.at} < ${sql.param(nowMs, escalations.at)}::timestamptz - make_interval(mins =>
                coalesce((${guilds.settings} -> 'people' ->> 'remindMinutes')::int, ${REMIND_MINUTES}))`,
            ),
          )
          .orderBy(asc(escalations.at))
          .limit(limit),
      );
      return rows.map(toEscalation);
    },

    async remind(guild, id) {
      const rows = await pool.transaction(async (db) => {
        const now = clock.now();
        const marked = await db
          .update(escalations)
          .set({ remindedAt: now })
          .where(and(eq(escalations.guildId, guild), eq(escalations.id, id), isNull(escalations.remindedAt)))
          .returning({ id: escalations.id });
        if (marked.length > 0) await plan(db, guild, `escalation-reminder:${id}`, "escalation-reminder", id, now);
        return marked;
      });
      return rows.length > 0;
    },
  };
}

/** Null: the team was told of this member in this channel within the hour, or of this very trigger. */
export async function addEscalation(
  db: Db,
  guild: GuildId,
  conversation: string,
  by: { readonly trigger: string; readonly reason: EscalationReason; readonly id: string },
  now: number,
): Promise<string | null> {
  const [talk] = await db
    .select({ channel: conversations.channelId, member: conversations.memberId })
    .from(conversations)
    .where(and(eq(conversations.guildId, guild), eq(conversations.id, conversation)));
  if (talk === undefined) return null;
  // Two triggers of one member at once: the second waits here, and finds what the first wrote.
  const lock = `escalation:${guild}:${talk.channel}:${talk.member}`;
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const [before] = await db
    .select({ id: escalations.id })
    .from(escalations)
    .innerJoin(conversations, eq(conversations.id, escalations.conversationId))
    .where(
      and(
        eq(escalations.guildId, guild),
        gt(escalations.at, now - AGAIN_MS),
        eq(conversations.channelId, talk.channel),
        eq(conversations.memberId, talk.member),
        // A resolved one is over: a later wish is a new one.
        isNull(escalations.closedAt),
        ne(escalations.mailState, "earlier"),
      ),
    )
    .limit(1);
  if (before !== undefined) {
    await waitAgain(db, guild, conversation, by, now);
    return null;
  }
  const [added] = await db
    .insert(escalations)
    .values({
      id: by.id,
      guildId: guild,
      conversationId: conversation,
      at: now,
      summary: "",
      trigger: by.trigger,
      reason: by.reason,
      mailState: "planned",
    })
    .onConflictDoNothing()
    .returning({ id: escalations.id });
  if (added === undefined) return null;
  for (const kind of ESCALATION_KINDS) await plan(db, guild, `${kind}:${by.id}`, kind, by.id, now);
  return by.id;
}

/** The team was told within the hour: nobody is told again, and the member waits again all the same. */
async function waitAgain(
  db: Db,
  guild: GuildId,
  conversation: string,
  { id, trigger, reason }: { readonly trigger: string; readonly reason: EscalationReason; readonly id: string },
  now: number,
): Promise<void> {
  const [waits] = await db
    .select({ id: escalations.id })
    .from(escalations)
    .where(and(openIn(guild, conversation), isNull(escalations.takenAt)))
    .limit(1);
  if (waits !== undefined) return;
  await db
    .insert(escalations)
    .values({
      ...{ id, guildId: guild, conversationId: conversation, at: now, summary: "", trigger, reason },
      mailState: "earlier",
    })
    .onConflictDoNothing();
}

/** Without a conversation: a takeover's fence does not hold back messages to the team. */
async function plan(db: Db, guild: GuildId, key: string, kind: string, escalation: string, now: number): Promise<void> {
  await db
    .insert(outbox)
    .values({
      ...{ key, kind, guildId: guild, state: "planned", attempt: escalation },
      ...{ payload: { escalation }, createdAt: now, nextAt: now },
    })
    .onConflictDoNothing();
}

function openIn(guild: GuildId, conversation: string) {
  return and(
    eq(escalations.guildId, guild),
    eq(escalations.conversationId, conversation),
    isNull(escalations.closedAt),
  );
}

function toEscalation({
  one,
  talk,
}: {
  readonly one: typeof escalations.$inferSelect;
  readonly talk: typeof conversations.$inferSelect;
}): EscalationRow {
  return {
    id: one.id,
    guild: one.guildId as GuildId,
    conversation: one.conversationId,
    channel: talk.channelId as ChannelId,
    channelName: talk.channelName,
    member: talk.memberId as UserId,
    memberName: talk.memberName,
    atMs: one.at,
    reason: one.reason as EscalationReason,
    summary: one.summary,
    mail: one.mailState as MailState,
    mailProblem: one.mailProblem,
    takenAtMs: one.takenAt,
    takenBy: one.takenBy,
    closedAtMs: one.closedAt,
    remindedAtMs: one.remindedAt,
  };
}
