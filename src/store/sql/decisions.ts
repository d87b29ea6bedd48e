/** Outcomes of messages with their reasons: one row a trigger, written with the exchange (conversations.ts). */
import { and, count, desc, eq, lt, or, type SQL } from "drizzle-orm";
import { decisions } from "../../../drizzle/schema.ts";
import type { ChannelId, GuildId } from "../../ids.ts";
import type { OutcomeKind } from "../../record.ts";
import type { Exchange } from "../ports/conversations.ts";
import { type DecisionFilter, type DecisionRow, type DecisionsStore, REASONS_COUNTED } from "../ports/decisions.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";

/**
 * Who was first to decide on this trigger: this run, this call's run before (its commit's answer was lost), or another.
 * Within the caller's transaction.
 */
export async function recordDecision(
  db: Db,
  guild: GuildId,
  exchange: Exchange,
  attempt: string,
  nowMs: number,
): Promise<"this-run" | "run-before" | "another"> {
  const { kind, reason, ms, model, prompts, tokensIn, tokensOut, costUsd } = exchange.outcome;
  const [written] = await db
    .insert(decisions)
    .values({
      guildId: guild,
      trigger: exchange.trigger,
      at: nowMs,
      channelId: exchange.channel,
      conversationId: exchange.conversation,
      kind,
      reason,
      why: exchange.why ?? null,
      ms,
      model,
      prompts: prompts ?? null,
      tokensIn,
      tokensOut,
      costUsd,
      attempt,
    })
    .onConflictDoNothing()
    .returning({ trigger: decisions.trigger });
  if (written !== undefined) return "this-run";

  const [there] = await db
    .select({ attempt: decisions.attempt })
    .from(decisions)
    .where(and(eq(decisions.guildId, guild), eq(decisions.trigger, exchange.trigger)));
  return there?.attempt === attempt ? "run-before" : "another";
}

export function createDecisions(pool: Pool): DecisionsStore {
  const fits = (guild: GuildId, filter: DecisionFilter) => [
    eq(decisions.guildId, guild),
    filter.kind === undefined ? undefined : eq(decisions.kind, filter.kind),
    filter.channel === undefined ? undefined : eq(decisions.channelId, filter.channel),
    filter.reason === undefined ? undefined : eq(decisions.reason, filter.reason),
    filter.trigger === undefined ? undefined : eq(decisions.trigger, filter.trigger),
  ];
  return {
    async reasons(guild, filter) {
      const rows = await pool.read((db) => {
        const newest = db
          .select({ reason: decisions.reason })
          .from(decisions)
          .where(and(...fits(guild, filter)))
          .orderBy(desc(decisions.at), desc(decisions.trigger))
          .limit(REASONS_COUNTED)
          .as("newest");
        return db.select({ reason: newest.reason, count: count() }).from(newest).groupBy(newest.reason);
      });
      return rows.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
    },

    async list(guild, filter, limit, before) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(decisions)
          .where(and(...fits(guild, filter), before === undefined ? undefined : older(before)))
          .orderBy(desc(decisions.at), desc(decisions.trigger))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(toDecision);
      const last = items.at(-1);
      return { items, cursor: rows.length > limit && last !== undefined ? `${last.atMs}.${last.trigger}` : null };
    },
  };
}

/** `atMs.trigger` of the page's last; a cursor that is none gives the first page. */
function older(cursor: string): SQL | undefined {
  const match = /^(\d{1,15})\.([\w:.-]{1,200})$/.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const at = Number(match[1]);
  return or(lt(decisions.at, at), and(eq(decisions.at, at), lt(decisions.trigger, match[2])));
}

function toDecision(row: typeof decisions.$inferSelect): DecisionRow {
  const { kind, reason, ms, model, prompts, tokensIn, tokensOut, costUsd } = row;
  const told = prompts === null ? {} : { prompts };
  return {
    trigger: row.trigger,
    atMs: row.at,
    channel: row.channelId as ChannelId,
    conversation: row.conversationId,
    outcome: { kind: kind as OutcomeKind, reason, ms, model, ...told, tokensIn, tokensOut, costUsd },
    why: row.why,
  };
}
