/**
 * ④ Does the bot speak here? Pure: who, where, mode and takeover in; silent, must or consider out, with the reason.
 * Hard silences come first and cost nothing; only `consider` may cost a retrieval and a small model.
 */

export type Decision =
  | { readonly speak: "silent"; readonly reason: SilentReason }
  | { readonly speak: "must"; readonly reason: MustReason }
  | { readonly speak: "consider"; readonly reason: "smart" };

export type MustReason = "mentioned" | "replied-to-bot" | "own-thread" | "direct-message" | "every-message";

export type SilentReason =
  | "own-message"
  | "bot-author"
  | "webhook"
  | "system-message"
  | "empty"
  | "mode-off"
  | "mode-ask"
  | "not-mentioned"
  | "agent-holds"
  | "addressed-to-another"
  | "staff-answered"
  | "thread-solved"
  | "small-talk"
  | "nothing-relevant"
  | "model-declined";
