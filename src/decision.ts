/**
 * ④ Does the bot speak here? Pure: who, where, mode and takeover in; silent, must or consider out, with the reason.
 * Hard silences come first and cost nothing; only `consider` may cost a retrieval and a small model.
 */

import type { UserId } from "./ids.ts";
import type { Message } from "./message.ts";
import type { Triage } from "./prefilter.ts";
import type { ChannelSettings } from "./settings/form.ts";

export type Decision =
  | { readonly speak: "silent"; readonly reason: SilentReason }
  | { readonly speak: "must"; readonly reason: MustReason }
  | { readonly speak: "consider"; readonly reason: "smart" };

/** How the bot was addressed, or that every message counts. */
export type MustReason =
  | "mentioned"
  | "replied-to-bot"
  | "own-thread"
  | "direct-message"
  | "every-message"
  | "wants-human";

export type SilentReason =
  | "own-message"
  | "bot-author"
  | "webhook"
  | "system-message"
  | "empty"
  | "another-bot"
  | "opted-out"
  | "mode-off"
  | "mode-ask"
  | "not-mentioned"
  | "agent-holds"
  | "addressed-to-another"
  | "staff-answered"
  | "answered-meanwhile"
  | "thread-solved"
  | "small-talk"
  | "nothing-relevant"
  | "model-declined";

/** The facts about a message that need no call to a store. */
export type DecisionFacts = {
  readonly message: Message;
  readonly self: UserId;
  /** How the message addresses the bot; null: not. */
  readonly address: Exclude<MustReason, "every-message" | "wants-human"> | null;
  readonly settings: ChannelSettings;
  readonly answering: Triage["answering"];
  /** Smart mode heard a name at the front of the text: spoken to somebody without a mention. */
  readonly namesAnother: boolean;
  /** The bot answered its author here a few minutes ago: they go on without naming it. */
  readonly goesOn: boolean;
  /** Its author wishes for a person: asked only where smart mode would decide. */
  readonly wantsPerson: () => boolean;
  /** Staff is in a talk with its author: looked for only where all else lets the bot speak. */
  readonly staffAnswered: () => boolean;
  readonly threadSolved: boolean;
};

export function decide(facts: DecisionFacts): Decision {
  return hardSilence(facts.message, facts.self) ?? byMode(facts);
}

/** Silences in every mode, which need no settings. */
export function hardSilence(message: Message, self: UserId): Decision | null {
  if (message.author.id === self) return silent("own-message");
  if (message.webhook) return silent("webhook");
  if (message.author.bot) return silent("bot-author");
  if (message.system) return silent("system-message");
  return null;
}

function byMode(facts: DecisionFacts): Decision {
  const { message, settings } = facts;
  if (settings.mode === "off") return silent("mode-off");
  if (settings.mode === "ask") return silent("mode-ask");

  const toAnother = addressedToAnother(facts);
  if (facts.address === "own-thread" && toAnother) return silent("addressed-to-another");
  if (facts.address !== null) return must(facts.address);
  if (settings.mode === "mention") return silent("not-mentioned");

  if (message.content === "") return silent("empty");
  if (!settings.smart) return must("every-message");
  if (toAnother || facts.namesAnother) return silent("addressed-to-another");
  if (facts.threadSolved) return silent("thread-solved");
  const wantsPerson = facts.wantsPerson();
  if (facts.answering === "silent" && !facts.goesOn && !wantsPerson) return silent("small-talk");
  if (facts.staffAnswered()) return silent("staff-answered");
  if (wantsPerson) return must("wants-human");
  return { speak: "consider", reason: "smart" };
}

/** Speaks to somebody by mention or reply; going on after one's own message is not speaking to another. */
function addressedToAnother({ message }: DecisionFacts): boolean {
  const { users, roles, everyone } = message.mentions;
  const replied = message.replyTo;
  if (replied !== null && replied.authorId !== message.author.id) return true;
  return everyone || roles.length > 0 || users.some((id) => id !== message.author.id);
}

function silent(reason: SilentReason): Decision {
  return { speak: "silent", reason };
}

function must(reason: MustReason): Decision {
  return { speak: "must", reason };
}
