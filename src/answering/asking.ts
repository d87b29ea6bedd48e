/** A question on its way to an answer, whatever the venue, and what became of it. */
import type { ApplicationId, ChannelId, MessageId, UserId } from "../ids.ts";
import type { Patience } from "../patience.ts";
import type { Outcome } from "../record.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Contact } from "../store/ports/usage.ts";
import type { Venue } from "../venue.ts";

/** One question on its way to an answer. */
export type Asking = {
  readonly application: ApplicationId;
  /** The message's or the interaction's id: with the application, the record's key. */
  readonly trigger: string;
  readonly venue: Venue;
  /** Whose knowledge answers; null: nobody can tell which server a direct message is about. */
  readonly row: GuildRow | null;
  readonly channel: ChannelId;
  /** For a list of conversations; empty in a direct message. */
  readonly channelName: string;
  readonly asker: { readonly id: UserId; readonly name: string };
  /** What the asker wrote, as the transcript shows it. */
  readonly text: string;
  readonly atMs: number;
  /** The asker's message, where there is one. */
  readonly message: MessageId | null;
  /** The question in it, and in what belongs to it; empty where nothing is asked. */
  readonly question: () => Promise<string>;
  /** Asked after `question`: it points at a message that the bot may not read. */
  readonly unread?: () => boolean;
  /** Messages that the question is made of: no part of the talk before it. */
  readonly said: readonly MessageId[];
  /** An interaction's or a client's language, where the text does not say. */
  readonly locale?: string | null;
  readonly botName: string;
  /** Why the bot speaks: the outcome's reason where it answers. */
  readonly reason: string;
  /** Nobody addressed the bot: it speaks only where that helps. */
  readonly unasked: boolean;
  /** May it read the channel's last messages? */
  readonly awareness: boolean;
  /** Where it was asked; left out: Discord. */
  readonly contact?: Contact;
  /** Only the asker sees it: it must not turn up in a public answer later. */
  readonly private: boolean;
  readonly receivedAtMs: number;
  /** How long an absent store is waited for. */
  readonly patience: Patience;
  /** The question was taken back meanwhile. */
  readonly withdrawn?: () => boolean;
};

export type Answered = {
  readonly outcome: Outcome;
  /** The model's own words, where it was asked whether to speak. */
  readonly why?: string | null;
  /** The error, where the outcome is `failed`. */
  readonly cause?: unknown;
};
