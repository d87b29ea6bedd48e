/**
 * Port: where a question was asked, and its answer goes. One object a question; answering decides, a venue shows.
 *
 *   begin ──▶ send (the answer) or say (one line instead of it) ──▶ finish
 *
 * `begin` may be called more than once, or never; `send` and `say` never throw for what the other side refuses: they settle
 * with a delivery. `finish` is called exactly once, at the end, whatever came before it.
 * Implementations: venue/channel (replies to a message), venue/interaction (edits a deferred response), venue/taken (hands the reply back); the contract is
 * test/contract/venue.test.ts. A new one renders `Reply` in its own form and delivers each reply at most once.
 */
import type { ErrorKind } from "./errors.ts";
import type { BotWords } from "./i18n.ts";
import type { GuildId, MessageId, UserId } from "./ids.ts";
import type { Source } from "./store/ports/conversations.ts";

export { createChannelVenue } from "./venue/channel.ts";
export { createInteractionVenue } from "./venue/interaction.ts";
export { createTakenVenue, type TakenReply } from "./venue/taken.ts";

export type Venue = {
  /** The asker sees that an answer is due, so that a silence must be explained: "an agent holds this", "it failed". */
  readonly awaited: boolean;
  /** Shows that an answer is being made ("is typing"). Never throws and never waits. */
  begin(): void;
  /** Delivers once, however often it is tried; not where an agent speaks by now. */
  send(reply: Reply, fence: Fence): Promise<Delivery>;
  /** One line of the bot's own words in the place of an answer. */
  say(line: string, fence: Fence): Promise<Delivery>;
  /** Ends what `begin` showed. */
  finish(): void;
};

/** An answer before it has a venue's form. */
export type Reply = {
  /** Harmless Markdown; its marks `[1]` number the sources. */
  readonly text: string;
  readonly sources: readonly Source[];
  /** The guild whose knowledge it is made of, where the asker may say whether it helped; null: a line of the bot's own. */
  readonly rated: GuildId | null;
  readonly words: BotWords;
};

/** Where a send stands: it is refused while an agent holds the conversation. */
export type Fence = { readonly guild: GuildId | null; readonly conversation: string | null };

export type Delivery =
  /** `before`: nothing was sent now, all of it had been sent by an earlier try. */
  | { readonly state: "sent"; readonly messages: readonly MessageId[]; readonly before: boolean }
  | { readonly state: "held"; readonly agent: UserId; readonly messages: readonly MessageId[] }
  /** The question was deleted meanwhile: there is nothing left to answer. */
  | { readonly state: "gone"; readonly messages: readonly MessageId[] }
  | {
      readonly state: "failed";
      readonly reason: ErrorKind;
      /** The message that was sent before the failure. */
      readonly messages: readonly MessageId[];
      readonly cause: unknown;
    };
