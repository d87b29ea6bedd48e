/**
 * What the team does in a conversation: takes it over, keeps it, gives it back, and speaks there through the bot.
 *
 * Who speaks is takeover.ts's, applied by the store in one transaction. From that commit on no answer is issued: a send takes the
 * same fence. An answer marked in flight before it may still land: `claim` waits for it, or for its deadline, takes it away
 * again, and says both. Used by web/live, by the buttons in Discord, and by the pipeline for an answer given in Discord itself.
 */
import { createSpeech, type Speech } from "./agents/speech.ts";
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { Discord } from "./discord.ts";
import { AppError } from "./errors.ts";
import { type ApplicationId, type GuildId, isNewer, type MessageId, type UserId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import type { Memory } from "./memory.ts";
import type { ConversationRow, ConversationState } from "./store/ports/conversations.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { OutboxTask } from "./store/ports/outbox.ts";
import type { Store } from "./store.ts";
import { IN_FLIGHT_MS_MAX, type Takeover, type TakeoverRefusal } from "./takeover.ts";

export { AGENT_FILE_BYTES_MAX } from "./agents/speech.ts";

export type Agent = { readonly id: UserId; readonly name: string };

export type Claimed =
  | {
      readonly taken: true;
      readonly takeover: Takeover;
      /** Answers that were on the wire, landed, and were deleted. */
      readonly withdrawn: number;
      /** Some that landed could not be deleted, or nobody knows whether they landed. */
      readonly left: number;
    }
  | ({ readonly taken: false } & (TakeoverRefusal | { readonly refused: "not-found" }));

export type Agents = Speech & {
  /** `by`: the page, a button, or an answer in Discord. Waits up to 15 s for what is in flight. */
  claim(guild: GuildId, conversation: string, agent: Agent, by: "page" | "button" | "answer"): Promise<Claimed>;
  /** False: this agent does not hold it (any more). */
  release(guild: GuildId, conversation: string, agent: Agent): Promise<boolean>;
  /** Typing on the page counts as activity; answers until when the hold lasts, null where it is not this agent's. */
  renew(guild: GuildId, conversation: string, agent: Agent): Promise<number | null>;
  /** Asks whoever holds it to hand it over. */
  want(guild: GuildId, conversation: string, agent: Agent): Promise<void>;
  set(
    guild: GuildId,
    conversation: string,
    agent: Agent,
    change: { readonly state?: ConversationState; readonly assignee?: Agent | null },
  ): Promise<boolean>;
  note(guild: GuildId, conversation: string, agent: Agent, text: string): Promise<void>;
};

export type AgentServices = {
  readonly store: Pick<Store, "conversations" | "desk" | "escalations" | "outbox" | "guilds">;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly memory: Memory;
  readonly discord: (application: ApplicationId) => Discord;
};

/** How often a takeover looks whether what was in flight has landed. */
const LOOK_MS = 100;
const NOTE_CHARS_MAX = 4_000;

export function createAgents(services: AgentServices): Agents {
  const { store, bus, clock, logger } = services;

  async function tell(guild: GuildId, { id, channel }: ConversationRow): Promise<void> {
    await bus.publish({ type: "takeover-changed", guild, channel, conversation: id });
  }

  async function rowsOf(guild: GuildId, conversation: string) {
    const [row, found] = await Promise.all([store.guilds.get(guild), store.conversations.get(guild, conversation)]);
    return row === null || found === null ? null : { row, talk: found.conversation };
  }

  async function claim(
    guild: GuildId,
    conversation: string,
    agent: Agent,
    by: "page" | "button" | "answer",
  ): Promise<Claimed> {
    const rows = await rowsOf(guild, conversation);
    if (rows === null) return { taken: false, refused: "not-found" };
    const { row, talk } = rows;
    const event = { type: by === "answer" ? "agent-message" : "claim", agent: agent.id } as const;
    const idleMs = idleMsOf(row);
    const before = talk.takeover.fence;
    const askedAtMs = clock.now();
    const flying = await store.outbox.inFlight(guild, conversation);
    const next = await store.conversations.takeover(guild, conversation, event, { name: agent.name, idleMs });
    if (next === null) return { taken: false, refused: "not-found" };
    if ("refused" in next) return { taken: false, ...next };
    const fresh = next.fence !== before;
    await tell(guild, talk);
    // A renewal too: it may come while the claim before it still waits.
    const { withdrawn, left } = await clearWire(row, talk, flying, askedAtMs);
    const whose = { id: agent.id, name: agent.name };
    if (fresh) {
      await Promise.all([
        store.escalations.take(guild, conversation, agent.name),
        store.desk.change(guild, conversation, { readAtMs: clock.now(), wantedBy: null }),
        store.desk.note(guild, conversation, { kind: "claimed", by: whose, text: by }),
      ]);
    }
    if (withdrawn + left > 0) {
      const text = left > 0 ? `${withdrawn}+${left}` : String(withdrawn);
      await store.desk.note(guild, conversation, { kind: "withdrawn", by: whose, text });
    }
    await tell(guild, talk);
    return { taken: true, takeover: next, withdrawn, left };
  }

  /** Waits until no answer is in flight or may still be issued; deletes the answers that landed meanwhile. */
  async function clearWire(
    row: GuildRow,
    talk: ConversationRow,
    before: readonly OutboxTask[],
    sinceMs: number,
  ): Promise<{ withdrawn: number; left: number }> {
    const after = await store.outbox.inFlight(row.guild, talk.id, sinceMs);
    const flying = new Map([...before, ...after].map((task) => [task.key, task]));
    // In parallel, so that an answer that has landed is deleted while we wait for another.
    const ends = await Promise.all([...flying.values()].map((one) => withdraw(row, talk, one)));
    const count = (what: string) => ends.filter((end) => end === what).length;
    return { withdrawn: count("withdrawn"), left: count("left") };
  }

  async function withdraw(
    row: GuildRow,
    talk: ConversationRow,
    one: OutboxTask,
  ): Promise<"withdrawn" | "left" | "nothing"> {
    const task = await landed(row.guild, one);
    if (task?.state === "failed" || task?.state === "refused" || task?.state === "planned") return "nothing";
    try {
      const message = task?.message ?? (await onTheChannel(row, talk, one));
      if (message === null) {
        // Nobody sees it in the channel: it is closed, so that nobody sends it later.
        await store.outbox.finish(row.guild, one.key, { refused: "an agent took over before it was sent" });
        return "nothing";
      }
      await services.discord(row.application).messages.remove(talk.channel, [message]);
      await store.outbox.finish(row.guild, one.key, { message });
      await store.desk.reword(row.guild, message, null);
      return "withdrawn";
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild: row.guild, conversation: talk.id, error }, "answer-not-withdrawn");
      return "left";
    }
  }

  async function landed(guild: GuildId, one: OutboxTask): Promise<OutboxTask | null> {
    for (;;) {
      const task = await store.outbox.get(guild, one.key);
      if (task === null || task.state !== "sent") return task;
      if (clock.now() - (task.sentAtMs ?? task.createdAtMs) > IN_FLIGHT_MS_MAX) return task;
      await clock.sleep(LOOK_MS);
    }
  }

  /** A send whose answer was lost: the reply to its trigger, or what follows the part before it, if the channel shows one. */
  async function onTheChannel(row: GuildRow, talk: ConversationRow, task: OutboxTask): Promise<MessageId | null> {
    const [kind, application, trigger, place = "0"] = task.key.split(":");
    const { directory, messages } = services.discord(row.application);
    const [self, recent] = await Promise.all([directory.self(), messages.recent(talk.channel, 100)]);
    const mine = recent.filter(({ author }) => author.id === self.userId);
    if (place === "0") return mine.find((message) => message.replyTo?.messageId === trigger)?.id ?? null;
    const before = await store.outbox.get(row.guild, [kind, application, trigger, Number(place) - 1].join(":"));
    const after = before?.message ?? null;
    if (after === null) return null;
    return mine.find(({ id, replyTo }) => replyTo === null && isNewer(id, after))?.id ?? null;
  }

  async function release(guild: GuildId, conversation: string, agent: Agent): Promise<boolean> {
    const rows = await rowsOf(guild, conversation);
    if (rows === null) return false;
    const next = await store.conversations.takeover(guild, conversation, { type: "release", agent: agent.id });
    if (next === null || "refused" in next) return false;
    await store.desk.note(guild, conversation, { kind: "released", by: agent, text: "" });
    await tell(guild, rows.talk);
    return true;
  }

  return {
    claim,
    release,
    ...createSpeech(services, { claim, tell, rowsOf }),

    async renew(guild, conversation, agent) {
      const rows = await rowsOf(guild, conversation);
      if (rows === null) return null;
      const event = { type: "activity", agent: agent.id } as const;
      const idleMs = idleMsOf(rows.row);
      const next = await store.conversations.takeover(guild, conversation, event, { name: agent.name, idleMs });
      if (next === null || "refused" in next || next.by === "bot") return null;
      // The workers and every open page count from the new end.
      await tell(guild, rows.talk);
      return next.idleAtMs;
    },

    async want(guild, conversation, agent) {
      const rows = await rowsOf(guild, conversation);
      if (rows === null) return;
      await store.desk.change(guild, conversation, { wantedBy: agent.name });
      await store.desk.note(guild, conversation, { kind: "wanted", by: agent, text: "" });
      await tell(guild, rows.talk);
    },

    async set(guild, conversation, agent, change) {
      const rows = await rowsOf(guild, conversation);
      if (rows === null || !(await store.desk.change(guild, conversation, change))) return false;
      const { state, assignee } = change;
      if (state !== undefined) await store.desk.note(guild, conversation, { kind: "state", by: agent, text: state });
      if (assignee !== undefined) {
        await store.desk.note(guild, conversation, { kind: "assigned", by: agent, text: assignee?.name ?? "" });
      }
      if (state === "resolved") {
        // The conversation is over: its holder gives it back, and the next question begins without its memory.
        await store.escalations.close(guild, conversation);
        const { takeover, member, channel } = rows.talk;
        if (takeover.by === "agent") {
          await store.conversations.takeover(guild, conversation, { type: "release", agent: takeover.agent });
        }
        await services.memory.forgetTalk(guild, channel, member);
      }
      await tell(guild, rows.talk);
      return true;
    },

    async note(guild, conversation, agent, text) {
      const rows = await rowsOf(guild, conversation);
      const shown = text.trim().slice(0, NOTE_CHARS_MAX);
      if (rows === null || shown === "") return;
      await store.desk.note(guild, conversation, { kind: "note", by: agent, text: shown });
      await tell(guild, rows.talk);
    },
  };
}

function idleMsOf({ settings }: GuildRow): number {
  return settings.people.idleMinutes * 60_000;
}
