/**
 * `gatehouse probe guard`: `{t, a, p, m, c, d, v}` (target, action, permission, mode, cap, delivery, verdict) → `{expect,
 * rest_calls_that_change_discord}`. Each row becomes the facts that moderation's guard would see, and its ruling is named.
 */
import { z } from "zod";
import { type Author, type Facts, guard, isAlarming, type Ruling } from "../moderation.ts";
import type { Probe } from "../probe.ts";

const row = z.object({
  t: z.enum([
    ...(["owner", "administrator", "manage_guild_perm", "mod_role", "exempt_role", "exempt_channel"] as const),
    ...(["our_bot", "other_bot", "webhook", "role_above_bot", "role_equal_bot", "role_below_bot"] as const),
    ...(["no_roles", "left_guild"] as const),
  ]),
  /** Whatever the verdict asked for: a model may ask for anything. */
  a: z.unknown(),
  p: z.enum(["all", "missing"]),
  m: z.enum(["live", "dry_run", "log_only", "off"]),
  c: z.enum(["below", "at_cap", "breaker_open"]),
  d: z.enum(["first", "replay", "concurrent2"]),
  v: z.enum(["valid", "low_confidence", "extra_keys", "invalid_json", "target_mismatch"]),
});
type Row = z.infer<typeof row>;

const MESSAGE = "1400000000000000000";
const OTHER_MESSAGE = "1400000000000000001";

export const guardProbe: Probe = () => ({
  async handle(line) {
    const found = guard(factsOf(row.parse(line)));
    if ("need" in found) throw new Error(`the guard wants to know ${found.need}`);
    return { expect: nameOf(found), rest_calls_that_change_discord: found.do === "act" ? 1 : 0 };
  },
});

function factsOf({ t, a, p, m, c, d, v }: Row): Facts {
  return {
    // Log-only is a dry run that nobody means to end.
    mode: m === "live" ? "act" : m === "off" ? "off" : "dry-run",
    message: MESSAGE,
    proposal: parsed(verdictText(a, v)),
    author: authorOf(t),
    confidenceMin: 0.7,
    standing: {
      present: t !== "left_guild",
      belowBot: t !== "role_above_bot" && t !== "role_equal_bot",
      permitted: p === "all",
    },
    cap: c === "below" ? "within" : "over",
    // Two workers with one message: the store gives its key to one of them, and this is that one.
    key: d === "replay" ? "used" : "new",
  };
}

function authorOf(target: Row["t"]): Author {
  return {
    self: target === "our_bot",
    bot: target === "other_bot" || target === "our_bot",
    webhook: target === "webhook",
    owner: target === "owner",
    administrator: target === "administrator",
    moderator: target === "manage_guild_perm" || target === "mod_role",
    exemptRole: target === "exempt_role",
    exemptChannel: target === "exempt_channel",
  };
}

/** The verdict as it comes over the wire. */
function verdictText(action: unknown, verdict: Row["v"]): string {
  const right = { message: MESSAGE, action: action ?? null, confidence: verdict === "low_confidence" ? 0.3 : 0.95 };
  switch (verdict) {
    case "invalid_json":
      return JSON.stringify(right).slice(0, -1);
    case "extra_keys":
      return JSON.stringify({ ...right, target: "somebody" });
    case "target_mismatch":
      return JSON.stringify({ ...right, message: OTHER_MESSAGE });
    default:
      return JSON.stringify(right);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const HELD = {
  "target-gone": "log_target_gone",
  "role-order": "log_hierarchy",
  "missing-permission": "log_missing_permission",
  cap: "log_cap",
  duplicate: "log_duplicate",
  unseen: "log_unseen",
} as const;

function nameOf(ruling: Ruling): string {
  switch (ruling.do) {
    case "nothing":
      return "nothing";
    case "reject":
      return "log_rejected";
    case "exempt":
      return "log_exempt";
    case "ask-a-person":
      return "queue_for_human";
    case "would":
      return `log_would_${ruling.action}`;
    case "hold":
      return isAlarming(ruling.why) ? `${HELD[ruling.why]}+dashboard_alert` : HELD[ruling.why];
    case "act":
      return `act_${ruling.action}`;
  }
}
