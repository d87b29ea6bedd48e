/**
 * Conversations with their turns and who speaks in them, and what each trigger led to.
 *
 * `record` writes decision, turns and usage in one transaction, once a trigger. A change of the takeover locks the
 * conversation's row, and so does a send that marks itself in flight (outbox.ts): one of the two is first.
 */
import { and, asc, desc, eq, gt, gte, isNotNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { conversations, guilds, turns } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "../../ids.ts";
import type { Outcome } from "../../record.ts";
import { step, type Takeover } from "../../takeover.ts";
import type {
  ConversationFilter,
  ConversationRow,
  ConversationState,
  ConversationsStore,
  Exchange,
  Source,
  TurnRow,
} from "../ports/conversations.ts";
import type { EscalationReason } from "../ports/escalations.ts";
import { createReadiness } from "./building-indexes.ts";
import type { Db } from "./connection.ts";
import { recordDecision } from "./decisions.ts";
import { decoded } from "./decoded.ts";
import { addEscalation } from "./escalations.ts";
import { glimpses } from "./glimpses.ts";
import { standsStill } from "./kept-answers.ts";
import type { Pool } from "./pool.ts";
import { endReservation } from "./quota.ts";
import { LAST_TEXT_CHARS, recordAtOnce } from "./record.ts";
import { SEARCHED_INDEXES, searchConversations } from "./search.ts";
import { addUsage } from "./usage.ts";

/** `searching`: a small pool of its own, so that searches never stand before answers. */
export function createConversations(pool: Pool, clock: Clock, searching: Pool): ConversationsStore {
  const indexed = createReadiness(searching, SEARCHED_INDEXES);
  return {
    async open(guild, who, idleMs) {
      const [row] = await pool.transaction(
        (_, __, last) => last(goOnOrBegin(guild, { ...who, id: clock.id() }, idleMs, clock.now())),
        // Two processes that open the same conversation at once: the second waits here, and finds what the first made.
        `${guild}:${who.channel}:${who.member}`,
      );
      if (row === undefined) throw new Error("a conversation was neither found nor made");
      return {
        ...toConversation(decoded(conversations, row)),
        channelName: who.channelName,
        memberName: who.memberName,
      };
    },

    async record(guild, exchange) {
      if (exchange.outcome.kind !== "escalated") {
        const first = await pool.write((db, attempt) => recordAtOnce(db, guild, exchange, attempt, clock.now()));
        if (first !== null) return first;
      }
      return await pool.transaction(async (db, attempt) => {
        const now = clock.now();
        await endReservation(db, exchange.trigger);
        const first = await recordDecision(db, guild, exchange, attempt, now);
        if (first !== "this-run") return first === "run-before";
        if (exchange.conversation !== null)
          await addTurns(db, guild, exchange.conversation, exchange, { now, id: clock.id() });
        if (exchange.usage !== null) await addUsage(db, guild, exchange.usage, now);
        return true;
      });
    },

    // A conversation that a silence opened has nothing to show.
    async list(guild, filter, limit, before) {
      const text = filter.text?.trim() ?? "";
      const ofTurns = filter.state === "not-found" || filter.state === "disliked";
      const after = before === undefined ? undefined : readCursor(before);
      const which = [gt(conversations.turns, 0), ...matches(filter, clock.now())];
      if (text !== "" || ofTurns) {
        const search = { guild, text, which, after, ofTurns, limit };
        return await searchConversations(searching, { ...search, toConversation, cursorOf, indexed });
      }
      const rows = await pool.read((db) =>
        db
          .select()
          .from(conversations)
          .where(and(eq(conversations.guildId, guild), after, ...which))
          .orderBy(desc(conversations.lastAt), desc(conversations.id))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(toConversation);
      const last = items.at(-1);
      return { items, cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
    },

    glimpses: (guild, ids, text = "") => glimpses(searching, guild, ids, text.trim(), { NOT_FOUND, DISLIKED }),

    get(guild, id) {
      return pool.read(async (db) => {
        const [row] = await db
          .select()
          .from(conversations)
          .where(and(eq(conversations.guildId, guild), eq(conversations.id, id)));
        if (row === undefined) return null;
        const said = await db
          .select()
          .from(turns)
          .where(and(eq(turns.guildId, guild), eq(turns.conversationId, id)))
          .orderBy(asc(turns.id));
        return { conversation: toConversation(row), turns: said.map(toTurn) };
      });
    },

    async feedback(guild, message, value) {
      const rows = await pool.write((db) =>
        db
          .update(turns)
          .set({ feedback: value })
          .where(and(eq(turns.guildId, guild), eq(turns.messageId, message), eq(turns.role, "bot")))
          .returning({ id: turns.id }),
      );
      return rows.length > 0;
    },

    stands: (guild, kept, version, sinceMs) => standsStill(pool, guild, { kept, version }, sinceMs),

    takeover(guild, conversation, event, by = {}) {
      return pool.transaction(async (db, attempt) => {
        const [row] = await db
          .select()
          .from(conversations)
          .where(and(eq(conversations.guildId, guild), eq(conversations.id, conversation)))
          .for("update");
        if (row === undefined) return null;
        // The first run was committed and its answer lost.
        if (row.takeoverAttempt === attempt) return toTakeover(row);
        const next = step(toTakeover(row), event, clock.now(), by.idleMs);
        if ("refused" in next) return next;
        await db
          .update(conversations)
          .set({
            agentId: next.by === "agent" ? next.agent : null,
            agentIdleAt: next.by === "agent" ? next.idleAtMs : null,
            agentName: next.by === "agent" ? (by.name ?? (row.agentId === next.agent ? row.agentName : null)) : null,
            // The agent who asked for it has it now, or may take it.
            ...(next.fence === row.fence ? {} : { wantedBy: null }),
            // Work on a resolved conversation opens it again.
            ...(next.by === "agent" && row.state === "resolved" ? { state: "open" } : {}),
            fence: next.fence,
            takeoverAttempt: attempt,
          })
          .where(eq(conversations.id, row.id));
        return next;
      });
    },

    async channels(guild, limit) {
      // From channel to channel by the index: the newest of each, and not every conversation that there was.
      const newest = (after: SQL) => sql`
        select channel_id, channel_name, last_at from ${conversations}
        where guild_id = ${guild} and turns > 0 ${after} order by channel_id, last_at desc, id desc limit 1`;
      const rows = await pool.read((db) =>
        db.execute<{ id: string; name: string }>(sql`
          with recursive found as (
            (${newest(sql``)})
            union all
            select one.* from found, lateral (${newest(sql`and channel_id > found.channel_id`)}) one
          )
          select channel_id as id, channel_name as name from found order by last_at desc limit ${limit}`),
      );
      return rows.map((row) => ({ id: row.id as ChannelId, name: row.name }));
    },

    async homeOf(application, member) {
      const rows = await pool.read((db) =>
        db
          .select({ guild: conversations.guildId })
          .from(conversations)
          .innerJoin(guilds, eq(guilds.guildId, conversations.guildId))
          .where(and(eq(conversations.memberId, member), eq(guilds.applicationId, application)))
          .orderBy(desc(conversations.lastAt))
          .limit(1),
      );
      return (rows[0]?.guild ?? null) as GuildId | null;
    },
  };
}

type Row = typeof conversations.$inferSelect;

/** The conversation's state in takeover.ts. */
export function toTakeover(row: Pick<Row, "agentId" | "agentIdleAt" | "fence">): Takeover {
  return row.agentId === null || row.agentIdleAt === null
    ? { by: "bot", fence: row.fence }
    : { by: "agent", agent: row.agentId as UserId, idleAtMs: row.agentIdleAt, fence: row.fence };
}

/**
 * The newest conversation that goes on, or a new one; a name that changed is written. As a transaction's only statement behind its lock, so that
 * it sees what another process made before.
 */
function goOnOrBegin(
  guild: GuildId,
  { id, channel, channelName, member, memberName }: Parameters<ConversationsStore["open"]>[1] & { readonly id: string },
  idleMs: number,
  nowMs: number,
): SQL {
  const now = sql.param(nowMs, conversations.lastAt);
  // A conversation that an agent holds goes on, however long nobody has written; a resolved one is over. A member whose conversation an agent
  // holds is answered there, even if they began another one before the takeover.
  return sql`
    with there as (
      select * from ${conversations}
      where guild_id = ${guild} and channel_id = ${channel} and member_id = ${member} and state <> 'resolved'
        and (last_at >= ${sql.param(nowMs - idleMs, conversations.lastAt)} or agent_idle_at > ${now})
      order by agent_idle_at > ${now} desc nulls last, last_at desc limit 1
    ), renamed as (
      update ${conversations} as talk set channel_name = ${channelName}, member_name = ${memberName} from there
      where talk.id = there.id and (there.channel_name <> ${channelName} or there.member_name <> ${memberName})
    ), begun as (
      insert into ${conversations} (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at)
      select ${id}, ${guild}, ${channel}, ${channelName}, ${member}, ${memberName}, ${now}, ${now}
      where not exists (select from there)
      returning *
    )
    select * from there union all select * from begun`;
}

async function addTurns(
  db: Db,
  guild: GuildId,
  conversation: string,
  exchange: Exchange,
  { now, id }: { readonly now: number; readonly id: string },
): Promise<void> {
  const last = exchange.turns.findLast((turn) => turn.text !== "");
  const [row] = await db
    .update(conversations)
    .set({
      lastAt: sql`greatest(${conversations.lastAt}, ${sql.param(now, conversations.lastAt)})`,
      turns: sql`${conversations.turns} + ${exchange.turns.length}`,
      ...(last === undefined ? {} : { lastText: last.text.slice(0, LAST_TEXT_CHARS), lastRole: last.role }),
      ...(exchange.outcome.kind === "escalated" ? { escalatedAt: now } : {}),
      // A member who goes on after "waiting" is served again.
      state: sql`case when ${conversations.state} = 'waiting' then 'open' else ${conversations.state} end`,
    })
    .where(and(eq(conversations.guildId, guild), eq(conversations.id, conversation)))
    .returning({ id: conversations.id });
  // Nothing is written into another guild's conversation, nor into one that was deleted meanwhile.
  if (row === undefined) return;
  if (exchange.outcome.kind === "escalated") {
    await addEscalation(
      db,
      guild,
      conversation,
      { trigger: exchange.trigger, reason: reasonOf(exchange.outcome.reason), id },
      now,
    );
  }
  if (exchange.turns.length === 0) return;
  await db.insert(turns).values(
    exchange.turns.map((turn) => ({
      guildId: guild,
      conversationId: conversation,
      role: turn.role,
      author: turn.author,
      text: turn.text,
      at: turn.atMs,
      messageId: turn.message,
      sources: turn.sources,
      outcome: turn.outcome,
    })),
  );
}

function reasonOf(reason: string): EscalationReason {
  return reason === "button" ? "button" : reason === "two-failures" ? "failures" : "asked";
}

function matches(filter: ConversationFilter, nowMs: number): (SQL | undefined)[] {
  const held = gt(conversations.agentIdleAt, nowMs);
  return [
    filter.member === undefined ? undefined : eq(conversations.memberId, filter.member),
    filter.channel === undefined ? undefined : eq(conversations.channelId, filter.channel),
    filter.sinceMs === undefined ? undefined : gte(conversations.lastAt, filter.sinceMs),
    filter.state === "agent" ? and(isNotNull(conversations.agentId), held) : undefined,
    filter.state === "escalated"
      ? and(isNotNull(conversations.escalatedAt), ne(conversations.state, "resolved"))
      : undefined,
    filter.state === "resolved" ? eq(conversations.state, "resolved") : undefined,
    filter.state === "open" ? and(sql`(${held}) is not true`, ne(conversations.state, "resolved")) : undefined,
    filter.state === "not-found" ? sql`${someTurn(NOT_FOUND)}` : undefined,
    filter.state === "disliked" ? sql`${someTurn(DISLIKED)}` : undefined,
  ];
}

const NOT_FOUND = sql`t.outcome->>'reason' in ('not-in-knowledge', 'no-knowledge', 'two-failures')`;
const DISLIKED = sql`t.feedback = 'down'`;

/** As an aggregate, so that PostgreSQL asks the index for each conversation and never joins the turns of all servers. */
function someTurn(holds: SQL): SQL {
  return sql`coalesce((select bool_or(${holds}) from turns t
    where t.guild_id = "conversations"."guild_id" and t.conversation_id = "conversations"."id"), false)`;
}

/** `lastAtMs.id` of the page's last; one that nobody wrote is the first page. */
function readCursor(cursor: string): SQL | undefined {
  const match = /^(\d{1,15})\.([0-9a-f]{32})$/.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const lastAt = Number(match[1]);
  return or(lt(conversations.lastAt, lastAt), and(eq(conversations.lastAt, lastAt), lt(conversations.id, match[2])));
}

function cursorOf({ lastAtMs, id }: { readonly lastAtMs: number; readonly id: string }): string {
  return `${lastAtMs}.${id}`;
}

export function toConversation(row: Row): ConversationRow {
  return {
    id: row.id,
    guild: row.guildId as GuildId,
    channel: row.channelId as ChannelId,
    channelName: row.channelName,
    member: row.memberId as UserId,
    memberName: row.memberName,
    startedAtMs: row.startedAt,
    lastAtMs: row.lastAt,
    turns: row.turns,
    takeover: toTakeover(row),
    escalatedAtMs: row.escalatedAt,
    lastText: row.lastText,
    lastRole: row.lastRole as ConversationRow["lastRole"],
    agentName: row.agentName,
    wantedBy: row.wantedBy,
    state: row.state as ConversationState,
    assignee: row.assigneeId === null ? null : { id: row.assigneeId, name: row.assigneeName ?? row.assigneeId },
    readAtMs: row.readAt,
  };
}

function toTurn(row: typeof turns.$inferSelect): TurnRow {
  return {
    id: String(row.id),
    role: row.role as TurnRow["role"],
    author: row.author,
    text: row.text,
    atMs: row.at,
    message: row.messageId as MessageId | null,
    sources: row.sources as readonly Source[],
    outcome: row.outcome as Outcome | null,
    feedback: row.feedback as TurnRow["feedback"],
    ...(row.editedAt === null ? {} : { editedAtMs: row.editedAt }),
    ...(row.deletedAt === null ? {} : { deletedAtMs: row.deletedAt }),
    ...(row.files.length === 0 ? {} : { files: row.files }),
  };
}
