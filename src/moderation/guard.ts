/**
 * What may be done about a message, once somebody said what should be. Pure: facts in, one ruling out, in this order and no other:
 *
 *   mode → schema → exemptions → confidence → presence, role order, permission → cap → idempotency key → act
 *
 * Facts that cost a request or a count are left out until the ruling needs them: the guard then answers `need`, the caller
 * finds out and asks again with the same facts and that one more. So the order stands here alone, and nothing is spent on a
 * case that an earlier step ends. Called by moderation/act.ts and by `gatehouse probe guard`.
 */

import { fieldsOf } from "../payload.ts";
import { ACTIONS, type Action } from "../settings/form.ts";

export type Author = {
  readonly self: boolean;
  readonly bot: boolean;
  readonly webhook: boolean;
  readonly owner: boolean;
  readonly administrator: boolean;
  /** Somebody with a moderator's permissions, Manage Server included. */
  readonly moderator: boolean;
  readonly exemptRole: boolean;
  readonly exemptChannel: boolean;
};

/** Read from Discord at most 2 s before the act. */
export type Standing = {
  /** Still a member. */
  readonly present: boolean;
  /** The bot's highest role is above the author's highest. */
  readonly belowBot: boolean;
  /** The bot holds the permission that the act needs, where it needs it. */
  readonly permitted: boolean;
};

export type Facts = {
  readonly mode: "off" | "dry-run" | "act";
  /** The message that was judged; a proposal about another one is refused. */
  readonly message: string;
  /** Any value; a `Proposal` if it passes the schema. */
  readonly proposal: unknown;
  readonly author: Author;
  readonly confidenceMin: number;
  readonly standing?: Standing;
  /** `over`: the hour's count is used up, a person has not reset it yet, or nobody can count. */
  readonly cap?: "within" | "over";
  readonly key?: "new" | "used";
};

export type Proposal = { readonly message: string; readonly action: Action | "none"; readonly confidence: number };

export type Exemption =
  | "own-message"
  | "webhook"
  | "bot"
  | "owner"
  | "administrator"
  | "moderator"
  | "exempt-role"
  | "exempt-channel";

export type Ruling =
  | { readonly do: "nothing" }
  | { readonly do: "reject"; readonly why: string }
  | { readonly do: "exempt"; readonly why: Exemption; readonly action: Action }
  /** Not sure enough for any act: a moderator looks. */
  | { readonly do: "ask-a-person"; readonly action: Action }
  | { readonly do: "would"; readonly action: Action }
  | { readonly do: "hold"; readonly why: Hold; readonly action: Action }
  | { readonly do: "act"; readonly action: Action };

/** Why an act that was due is not done. `unseen`: Discord did not say who stands where. */
export type Hold = "target-gone" | "role-order" | "missing-permission" | "cap" | "duplicate" | "unseen";

export type Need = { readonly need: "standing" | "cap" | "key" };

export function guard(facts: Facts): Ruling | Need {
  if (facts.mode === "off") return { do: "nothing" };

  const proposal = readProposal(facts.proposal, facts.message);
  if (typeof proposal === "string") return { do: "reject", why: proposal };
  const { action } = proposal;
  if (action === "none") return { do: "nothing" };

  const exemption = exemptionOf(facts.author);
  if (exemption !== null) return { do: "exempt", why: exemption, action };
  if (proposal.confidence < facts.confidenceMin) return { do: "ask-a-person", action };
  if (facts.mode === "dry-run") return { do: "would", action };

  if (facts.standing === undefined) return { need: "standing" };
  if (!facts.standing.present && NEEDS_PRESENCE.has(action)) return { do: "hold", why: "target-gone", action };
  if (!facts.standing.belowBot && NEEDS_RANK.has(action)) return { do: "hold", why: "role-order", action };
  // A warning is a message like any other: where the bot may not even write, sending it says so.
  if (!facts.standing.permitted && action !== "warn") return { do: "hold", why: "missing-permission", action };

  if (isCapped(action)) {
    if (facts.cap === undefined) return { need: "cap" };
    if (facts.cap === "over") return { do: "hold", why: "cap", action };
  }
  if (facts.key === undefined) return { need: "key" };
  return facts.key === "used" ? { do: "hold", why: "duplicate", action } : { do: "act", action };
}

/** Acts that take somebody's voice or place away are counted. */
function isCapped(action: Action): boolean {
  return NEEDS_RANK.has(action);
}

/** Whether a hold is something an admin must hear of. */
export function isAlarming(why: Hold): boolean {
  return why === "role-order" || why === "missing-permission" || why === "cap";
}

export function exemptionOf(author: Author): Exemption | null {
  if (author.self) return "own-message";
  if (author.webhook) return "webhook";
  if (author.bot) return "bot";
  if (author.owner) return "owner";
  if (author.administrator) return "administrator";
  if (author.moderator) return "moderator";
  if (author.exemptRole) return "exempt-role";
  return author.exemptChannel ? "exempt-channel" : null;
}

const NEEDS_PRESENCE: ReadonlySet<Action> = new Set<Action>(["warn", "timeout", "kick"]);
const NEEDS_RANK: ReadonlySet<Action> = new Set<Action>(["timeout", "kick", "ban"]);
const KEYS = ["action", "confidence", "message"];

/** Exactly the fields of a proposal, about exactly this message; anything else is the reason why not. */
function readProposal(value: unknown, message: string): Proposal | string {
  const fields = fieldsOf(value);
  if (fields === null) return "not an object";
  if (Object.keys(fields).sort().join() !== KEYS.join()) return "not the fields that were asked for";
  const { action, confidence } = fields;
  if (action !== "none" && !ACTIONS.some((known) => known === action)) return "an action that does not exist";
  if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 1)) return "no confidence from 0 to 1";
  if (fields.message !== message) return "about another message";
  return { message, action: action as Action | "none", confidence };
}
