/**
 * An agent's words: posted by the bot as a reply to the member, split over 2,000 characters, edited and deleted with the agent,
 * kept in the transcript and in what the bot remembers of the talk. Each message is sent once a form, however often it is sent in.
 */
import { createHash } from "node:crypto";
import type { Agent, AgentServices, Claimed } from "../agents.ts";
import type { Outgoing } from "../discord.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import { type GuildId, isDiscordChannel, type MessageId } from "../ids.ts";
import { splitText } from "../reply.ts";
import type { ConversationRow } from "../store/ports/conversations.ts";
import type { GuildRow } from "../store/ports/guilds.ts";

type AgentFile = { readonly name: string; readonly bytes: Uint8Array };

export type SaidByAgent =
  | { readonly said: true; readonly messages: readonly MessageId[] }
  | {
      readonly said: false;
      readonly why: "empty" | "too-long" | "file-too-big" | "not-found" | "held-by-another" | "unknown" | ErrorKind;
    };

export type Speech = {
  /** Claims as well: an agent in a hurry just types. `form` names the attempt. */
  say(
    guild: GuildId,
    conversation: string,
    agent: Agent,
    said: { readonly text: string; readonly file: AgentFile | null; readonly form: string },
  ): Promise<SaidByAgent>;
  /** Null deletes it. Only what an agent said in this conversation. */
  reword(guild: GuildId, conversation: string, message: MessageId, text: string | null): Promise<SaidByAgent>;
  /** Shows the member that somebody writes. Never throws. */
  typing(guild: GuildId, conversation: string): Promise<void>;
};

const AGENT_CHARS_MAX = 8_000;
export const AGENT_FILE_BYTES_MAX = 10 * 1024 * 1024;
const PART_CHARS_MAX = 2_000;

export function createSpeech(
  services: AgentServices,
  own: {
    readonly claim: (guild: GuildId, conversation: string, agent: Agent, by: "page") => Promise<Claimed>;
    readonly tell: (guild: GuildId, talk: ConversationRow) => Promise<void>;
    readonly rowsOf: (
      guild: GuildId,
      conversation: string,
    ) => Promise<{ readonly row: GuildRow; readonly talk: ConversationRow } | null>;
  },
): Speech {
  const { store, clock, logger, memory } = services;
  const { claim, tell, rowsOf } = own;

  /** Once a key: an unconfirmed message is sent again under the same nonce, by which Discord knows it. */
  async function sendOnce(row: GuildRow, talk: ConversationRow, key: string, outgoing: Outgoing): Promise<MessageId> {
    const begun = await store.outbox.begin(row.guild, key, null);
    if (begun.state === "done" && begun.message !== null) return begun.message;
    if (begun.state === "closed" || (begun.state === "in-flight" && clock.now() - begun.sinceMs > 90_000)) {
      throw new AppError("unknown-outcome", "it may have been sent before; look into the channel");
    }
    try {
      const { messages } = services.discord(row.application);
      // In another channel of contact whoever asked reads it from the transcript.
      const message = isDiscordChannel(talk.channel)
        ? await messages.send(talk.channel, outgoing, nonceOfKey(key))
        : (`said-${nonceOfKey(key)}` as MessageId);
      await store.outbox.finish(row.guild, key, { message });
      return message;
    } catch (error) {
      const known = error instanceof AppError && !["unknown-outcome", "timeout", "unavailable"].includes(error.kind);
      if (known) await store.outbox.finish(row.guild, key, { failed: error.kind });
      throw error;
    }
  }

  return {
    async say(guild, conversation, agent, { text, file, form }) {
      const words = text.trim();
      if (words === "" && file === null) return { said: false, why: "empty" };
      if (words.length > AGENT_CHARS_MAX) return { said: false, why: "too-long" };
      if (file !== null && file.bytes.length > AGENT_FILE_BYTES_MAX) return { said: false, why: "file-too-big" };
      const rows = await rowsOf(guild, conversation);
      if (rows === null) return { said: false, why: "not-found" };
      const claimed = await claim(guild, conversation, agent, "page");
      if (!claimed.taken) {
        return { said: false, why: claimed.refused === "held-by-another" ? "held-by-another" : "not-found" };
      }
      const { row, talk } = rows;
      const answered = await lastOfMember(guild, conversation);
      const head = headOf(row.settings.people.showName ? agent.name : null);
      const parts = partsOf(words, head);
      const messages: MessageId[] = [];
      try {
        for (const [place, content] of parts.entries()) {
          const last = place === parts.length - 1;
          const message = await sendOnce(row, talk, `agent:${conversation}:${form}:${place}`, {
            content,
            suppressEmbeds: false,
            ...(place === 0 && answered !== null ? { replyTo: answered } : {}),
            ...(last && file !== null ? { file } : {}),
          });
          messages.push(message);
          // The transcript says who it is beside the text.
          const shown = place === 0 ? content.slice(head.length) : content;
          await store.desk.say(guild, conversation, {
            ...{ role: "agent", author: agent.name, text: shown, atMs: clock.now(), message },
            ...{ sources: [], outcome: null, files: last && file !== null ? [file.name] : [] },
          });
        }
        await memory.remember(
          guild,
          talk.channel,
          talk.member,
          [
            // The bot goes on from it: to the model it is what was said on this side of the talk.
            { role: "bot", author: agent.name, text: words === "" ? (file?.name ?? "") : words },
          ],
          clock.now(),
        );
        return { said: true, messages };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        logger.warn({ guild, conversation, error }, "agent-not-said");
        return { said: false, why: error.kind };
      } finally {
        await tell(guild, talk);
      }
    },

    async reword(guild, conversation, message, text) {
      const [row, found] = await Promise.all([store.guilds.get(guild), store.conversations.get(guild, conversation)]);
      const turn = found?.turns.find((one) => one.message === message && one.role === "agent");
      if (row === null || found === null || turn === undefined) return { said: false, why: "not-found" };
      const words = text?.trim() ?? null;
      if (words === "") return { said: false, why: "empty" };
      const [part, ...more] =
        words === null ? [] : partsOf(words, headOf(row.settings.people.showName ? turn.author : null));
      if (more.length > 0) return { said: false, why: "too-long" };
      const { messages } = services.discord(row.application);
      const { channel } = found.conversation;
      try {
        if (!isDiscordChannel(channel)) logger.debug({ guild, conversation }, "agent-reworded");
        else if (words === null) await messages.remove(channel, [message]);
        else await messages.edit(channel, message, { content: part ?? words });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Gone in Discord already is gone.
        if (error.kind !== "not-found" || words !== null) return { said: false, why: error.kind };
      }
      await store.desk.reword(guild, message, words);
      await tell(guild, found.conversation);
      return { said: true, messages: [message] };
    },

    async typing(guild, conversation) {
      try {
        const rows = await rowsOf(guild, conversation);
        if (rows !== null && isDiscordChannel(rows.talk.channel))
          await services.discord(rows.row.application).messages.typing(rows.talk.channel);
      } catch (error) {
        logger.debug({ guild, conversation, error }, "typing-failed");
      }
    },
  };

  async function lastOfMember(guild: GuildId, conversation: string): Promise<MessageId | null> {
    const found = await store.conversations.get(guild, conversation);
    return found?.turns.findLast((turn) => turn.role === "member" && turn.message !== null)?.message ?? null;
  }
}

function nonceOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 24);
}

/** The text as Discord shows it: with the agent's name in front, where the admin wishes it. */
function headOf(name: string | null): string {
  const plain = name?.replace(/[\s\p{Cc}*_~`|<>@[\]()\\]+/gu, " ").trim() ?? "";
  return plain === "" ? "" : `**${plain}:** `;
}

function partsOf(words: string, head: string): readonly string[] {
  if (words === "") return [head === "" ? "" : head.trim()];
  if (head.length + words.length <= PART_CHARS_MAX) return [`${head}${words}`];
  return splitText(`${head}${words}`);
}
