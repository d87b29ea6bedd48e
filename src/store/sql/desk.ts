/** The team's side of conversations: see store/ports/desk.ts. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import { conversationNotes, conversations, escalations, guilds, savedReplies, turns } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ApplicationId, ChannelId, GuildId, UserId } from "../../ids.ts";
import type { DeskStore, FindBy, LiveRow, NoteRow } from "../ports/desk.ts";
import { toConversation } from "./conversations.ts";
import type { Pool } from "./pool.ts";

const NOTES_MAX = 500;
const REPLIES_MAX = 100;
const HELD_MAX = 10_000;
const LAST_TEXT_CHARS = 200;
const MEMBER_TEXT = sql<string | null>`(select left(t.text, ${sql.raw(String(LAST_TEXT_CHARS))}) from turns t
  where t.guild_id = ${conversations.guildId} and t.conversation_id = ${conversations.id} and t.role = 'member'
  order by t.id desc limit 1)`;

export function createDesk(pool: Pool, clock: Clock): DeskStore {
  const inGuild = (guild: GuildId, conversation: string) =>
    and(eq(conversations.guildId, guild), eq(conversations.id, conversation));

  return {
    async live(among, sinceMs, limit) {
      if (among?.length === 0) return [];
      const now = clock.now();
      return await pool.read(async (db) => {
        const waiting = await db
          .select({ conversation: escalations.conversationId, at: escalations.at })
          .from(escalations)
          .innerJoin(conversations, eq(conversations.id, escalations.conversationId))
          .where(
            and(
              among === null ? undefined : inArray(escalations.guildId, [...among]),
              isNull(escalations.takenAt),
              isNull(escalations.closedAt),
              ne(conversations.state, "resolved"),
            ),
          )
          .orderBy(asc(escalations.at))
          .limit(limit);
        const sinceOf = new Map(waiting.toReversed().map((one) => [one.conversation, one.at]));
        /** Each by an index of its own: an OR of them would read the whole history. */
        const rows = (which: SQL) =>
          db
            .select({
              ...{ talk: conversations, guildName: guilds.name, application: guilds.applicationId },
              memberText: MEMBER_TEXT,
            })
            .from(conversations)
            .leftJoin(guilds, eq(guilds.guildId, conversations.guildId))
            .where(
              and(
                among === null ? isNull(guilds.leftAt) : inArray(conversations.guildId, [...among]),
                ne(conversations.state, "resolved"),
                gt(conversations.turns, 0),
                which,
              ),
            )
            // Of every guild by the index that is theirs alone: the guilds' own lists must not be tempted by it.
            .orderBy(
              ...(among === null
                ? [sql`${conversations.lastAt} desc nulls last`]
                : [desc(conversations.lastAt), desc(conversations.id)]),
            )
            .limit(limit);
        const found = [
          ...(sinceOf.size === 0 ? [] : await rows(inArray(conversations.id, [...sinceOf.keys()]))),
          ...(await rows(and(isNotNull(conversations.agentId), gt(conversations.agentIdleAt, now)) as SQL)),
          ...(await rows(gte(conversations.lastAt, sinceMs))),
        ];
        const all = [...new Map(found.map((row) => [row.talk.id, row])).values()].map(
          ({ talk, guildName, application, memberText }) => ({
            conversation: toConversation(talk),
            memberText: memberText ?? "",
            guildName: guildName ?? talk.guildId,
            application: application as ApplicationId | null,
            waitingSinceMs: sinceOf.get(talk.id) ?? null,
          }),
        );
        return all.toSorted(inTurn).slice(0, limit);
      });
    },

    async held(guild) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(conversations)
          .where(
            and(
              guild === null ? undefined : eq(conversations.guildId, guild),
              isNotNull(conversations.agentId),
              gt(conversations.agentIdleAt, clock.now()),
            ),
          )
          .limit(HELD_MAX),
      );
      return rows.map((row) => ({
        guild: row.guildId as GuildId,
        conversation: row.id,
        channel: row.channelId as ChannelId,
        member: row.memberId as UserId,
        memberName: row.memberName,
        agent: (row.agentId ?? "") as UserId,
        idleAtMs: row.agentIdleAt ?? 0,
      }));
    },

    async change(guild, conversation, { state, assignee, readAtMs, wantedBy }) {
      const rows = await pool.write((db) =>
        db
          .update(conversations)
          .set({
            ...(state === undefined ? {} : { state }),
            ...(assignee === undefined
              ? {}
              : { assigneeId: assignee?.id ?? null, assigneeName: assignee?.name ?? null }),
            ...(readAtMs === undefined ? {} : { readAt: readAtMs }),
            ...(wantedBy === undefined ? {} : { wantedBy }),
          })
          .where(inGuild(guild, conversation))
          .returning({ id: conversations.id }),
      );
      return rows.length > 0;
    },

    async find(guild, by) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(conversations)
          .where(and(eq(conversations.guildId, guild), ne(conversations.state, "resolved"), matching(guild, by)))
          .orderBy(desc(conversations.lastAt))
          .limit(1),
      );
      const [row] = rows;
      return row === undefined ? null : toConversation(row);
    },

    say(guild, conversation, turn) {
      return pool.transaction(async (db) => {
        const [row] = await db
          .select({ id: conversations.id })
          .from(conversations)
          .where(inGuild(guild, conversation))
          .for("update");
        if (row === undefined) return false;
        if (turn.message !== null) {
          const [there] = await db
            .select({ id: turns.id })
            .from(turns)
            .where(and(eq(turns.guildId, guild), eq(turns.messageId, turn.message)));
          if (there !== undefined) return false;
        }
        await db.insert(turns).values({
          ...{ guildId: guild, conversationId: conversation, role: turn.role, author: turn.author, text: turn.text },
          ...{ at: turn.atMs, messageId: turn.message, sources: turn.sources, outcome: turn.outcome },
          files: [...(turn.files ?? [])],
        });
        await db
          .update(conversations)
          .set({
            lastAt: sql`greatest(${conversations.lastAt}, ${sql.param(turn.atMs, conversations.lastAt)})`,
            turns: sql`${conversations.turns} + 1`,
            lastText: turn.text.slice(0, LAST_TEXT_CHARS),
            lastRole: turn.role,
          })
          .where(inGuild(guild, conversation));
        return true;
      });
    },

    async reword(guild, message, text) {
      const now = clock.now();
      const rows = await pool.write((db) =>
        db
          .update(turns)
          .set(text === null ? { deletedAt: now } : { text, editedAt: now })
          .where(and(eq(turns.guildId, guild), eq(turns.messageId, message)))
          .returning({ id: turns.id }),
      );
      return rows.length > 0;
    },

    async note(guild, conversation, { kind, by, text }) {
      await pool.write((db, attempt) =>
        db
          .insert(conversationNotes)
          .values({
            ...{ guildId: guild, conversationId: conversation, kind, byId: by.id, byName: by.name },
            ...{ text, at: clock.now(), attempt },
          })
          .onConflictDoNothing(),
      );
    },

    async notes(guild, conversation) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(conversationNotes)
          .where(and(eq(conversationNotes.guildId, guild), eq(conversationNotes.conversationId, conversation)))
          .orderBy(desc(conversationNotes.id))
          .limit(NOTES_MAX),
      );
      return rows.reverse().map(
        (row): NoteRow => ({
          id: String(row.id),
          kind: row.kind,
          by: { id: row.byId, name: row.byName },
          text: row.text,
          atMs: row.at,
        }),
      );
    },

    async replies(guild) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(savedReplies)
          .where(eq(savedReplies.guildId, guild))
          .orderBy(asc(savedReplies.title))
          .limit(REPLIES_MAX),
      );
      return rows.map(({ id, title, text }) => ({ id, title, text }));
    },

    saveReply(guild, id, reply) {
      const mine = and(eq(savedReplies.guildId, guild), eq(savedReplies.id, id));
      return pool.transaction(async (db) => {
        if (reply === null) {
          const gone = await db.delete(savedReplies).where(mine).returning({ id: savedReplies.id });
          return gone.length > 0;
        }
        await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`replies:${guild}`}, 0))`);
        const all = await db.select({ id: savedReplies.id }).from(savedReplies).where(eq(savedReplies.guildId, guild));
        if (all.length >= REPLIES_MAX && !all.some((one) => one.id === id)) return false;
        await db
          .insert(savedReplies)
          .values({ id, guildId: guild, ...reply, updatedAt: clock.now() })
          .onConflictDoUpdate({
            target: savedReplies.id,
            set: { ...reply, updatedAt: clock.now() },
            setWhere: eq(savedReplies.guildId, guild),
          });
        return true;
      });
    },
  };
}

/** Members who wait, longest first; then the newest. */
function inTurn(a: LiveRow, b: LiveRow): number {
  if (a.waitingSinceMs !== null && b.waitingSinceMs !== null) return a.waitingSinceMs - b.waitingSinceMs;
  if (a.waitingSinceMs !== null || b.waitingSinceMs !== null) return a.waitingSinceMs === null ? 1 : -1;
  return b.conversation.lastAtMs - a.conversation.lastAtMs;
}

function matching(guild: GuildId, by: FindBy) {
  if ("message" in by) {
    return sql`${conversations.id} = (select ${turns.conversationId} from ${turns}
      where ${turns.guildId} = ${guild} and ${turns.messageId} = ${by.message} limit 1)`;
  }
  if ("member" in by) {
    return and(
      eq(conversations.channelId, by.channel),
      eq(conversations.memberId, by.member),
      gt(conversations.turns, 0),
      gte(conversations.lastAt, by.sinceMs),
    );
  }
  return and(
    eq(conversations.channelId, by.channel),
    eq(conversations.lastRole, "bot"),
    gte(conversations.lastAt, by.botSpokeSinceMs),
  );
}
