/**
 * Marks an effect in flight, in one statement: the conversation's row is locked, so that a takeover is wholly before this mark or waits for it
 * (and then sees it); the mark is made where nothing stands against it; and what was there says why it was not. Called by outbox.ts.
 */
import { sql } from "drizzle-orm";
import { conversations, outbox } from "../../../drizzle/schema.ts";
import type { GuildId, MessageId, UserId } from "../../ids.ts";
import type { OutboxBegin } from "../ports/outbox.ts";
import type { Db } from "./connection.ts";

type Wanted = {
  readonly key: string;
  readonly conversation: string | null;
  readonly claim: number | undefined;
  readonly attempt: string;
};

type Found = {
  readonly marked: boolean;
  /** Of another guild: the conversation, the effect. */
  readonly strange_talk: boolean;
  readonly strange_effect: boolean;
  /** Who holds the conversation now. */
  readonly agent: string | null;
  /** The effect before; null where there was none. */
  readonly state: string | null;
  readonly attempt: string;
  readonly attempts: number;
  readonly message_id: string | null;
  readonly since: string;
};

export async function beginSend(
  db: Db,
  guild: GuildId | null,
  { key, conversation, claim, attempt }: Wanted,
  nowMs: number,
): Promise<OutboxBegin> {
  const now = sql.param(nowMs, outbox.sentAt);
  // Two that begin the same effect at once: the second waits at the insertion for the first, and then finds it sent.
  const [found] = await db.execute<Found>(sql`
    with talk as (
      select guild_id is distinct from ${guild} as strange, fence, case when agent_idle_at > ${now} then agent_id end as agent
      from ${conversations} where id = ${conversation} for update
    ), there as (
      select guild_id is distinct from ${guild} as strange, state, attempt, attempts, message_id, coalesce(sent_at, created_at) as since
      from ${outbox} where key = ${key}
    ), marked as (
      insert into ${outbox} (key, guild_id, conversation_id, created_at, attempts, state, fence, attempt, sent_at)
      select ${key}, ${guild}, ${conversation}, ${now}, 1, 'sent', (select fence from talk), ${attempt}, ${now}
      where not exists (select from talk where strange or agent is not null)
        and (${claim ?? null}::int is null or exists (select from there))
      on conflict (key) do update set state = 'sent', fence = excluded.fence, attempt = excluded.attempt, sent_at = excluded.sent_at,
        problem = null, attempts = outbox.attempts + case when ${claim ?? null}::int is null then 1 else 0 end
      where outbox.state in ('planned', 'failed') and outbox.guild_id is not distinct from ${guild}
        and outbox.attempts = coalesce(${claim ?? null}::int, outbox.attempts)
      returning key
    )
    select exists (select from marked) as marked, talk.strange as strange_talk, there.strange as strange_effect, talk.agent, there.state,
      there.attempt, there.attempts, there.message_id, there.since
    from (values (1)) as one left join talk on true left join there on true`);
  if (found === undefined) throw new Error("the mark of a send gave no row");
  if (found.marked) return { state: "begun" };
  if (found.strange_talk) throw new Error("a conversation of another guild");
  if (found.strange_effect) throw new Error("an effect of another guild");
  const { state, agent } = found;
  if (state === "done") return { state, message: found.message_id as MessageId | null };
  if (state === "refused" || state === "unknown") return { state: "closed", why: state };
  // An earlier run of this call marked it, and its answer was lost.
  if (state === "sent" && found.attempt === attempt) return { state: "begun" };
  if (claim !== undefined && (state === null || found.attempts !== claim)) return { state: "closed", why: "taken" };
  if (state === "sent") return { state: "in-flight", sinceMs: outbox.sentAt.mapFromDriverValue(found.since) as number };
  if (agent !== null) return { state: "held", agent: agent as UserId };
  return { state: "in-flight", sinceMs: nowMs };
}
