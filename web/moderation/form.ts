/** Posted forms → moderation's settings. Pure. Switching on always begins in dry run. */
import { ACTIONS, type GuildSettings, guildSettingsSchema, type Rule } from "../../src/guilds.ts";
import { numbered } from "../../src/moderation.ts";
import { field } from "../body.ts";

export type RulesProblem = "rule-text" | "ids" | "number" | "no-action" | "changed-meanwhile";
export type ModerationChanged =
  | { readonly settings: GuildSettings; readonly problem: null }
  | { readonly settings: null; readonly problem: RulesProblem };

const RULES_MAX = 50;

export function readModeration(before: GuildSettings, form: FormData): ModerationChanged {
  const was = before.moderation;
  const on = form.has("on");
  const actions = Object.fromEntries(ACTIONS.map((action) => [action, form.has(`action-${action}`)]));
  if (on && !Object.values(actions).some(Boolean)) return { settings: null, problem: "no-action" };
  const exemptRoles = idsIn(field(form, "exemptRoles", 1_500));
  const exemptChannels = idsIn(field(form, "exemptChannels", 5_000));
  if (exemptRoles === null || exemptChannels === null) return { settings: null, problem: "ids" };
  const log = field(form, "logChannel", 30);
  const read = guildSettingsSchema.shape.moderation.safeParse({
    ...was,
    ...{ on, actions, exemptRoles, exemptChannels },
    // Whoever switches it on sees first what it would do.
    live: on && was.on && was.live,
    thorough: form.has("thorough"),
    names: form.has("names"),
    logChannel: log === "" ? null : log,
    caps: { timeout: numberIn(form, "capTimeout"), kick: numberIn(form, "capKick"), ban: numberIn(form, "capBan") },
    confidence: numberIn(form, "confidence") / 100,
    strikeDays: numberIn(form, "strikeDays"),
    warnSeconds: numberIn(form, "warnSeconds"),
    keepDays: numberIn(form, "keepDays"),
  });
  if (!read.success) return { settings: null, problem: "number" };
  return { settings: { ...before, moderation: read.data }, problem: null };
}

/** All rules as they stand in the form, in its order; a rule without text goes, one without number is new. */
export function readRules(before: GuildSettings, form: FormData): ModerationChanged {
  const rules: Rule[] = [];
  for (let at = 0; at < RULES_MAX; at++) {
    const text = field(form, `text-${at}`, 600);
    if (text === "") continue;
    if (text.length > 500) return { settings: null, problem: "rule-text" };
    const n = Number(field(form, `n-${at}`, 5)) || 0;
    const known = before.moderation.rules.find((one) => one.n === n && n > 0);
    rules.push({
      ...{ n, text, on: form.has(`on-${at}`) },
      action: ACTIONS.find((one) => one === field(form, `action-${at}`)) ?? "warn",
      kind: known?.kind ?? null,
    });
  }
  return { settings: { ...before, moderation: { ...before.moderation, rules: numbered(rules) } }, problem: null };
}

function numberIn(form: FormData, name: string): number {
  const text = field(form, name, 10);
  return text === "" ? Number.NaN : Number(text);
}

/** Ids, mentions of roles and channels, by blanks or commas; null where something is none. */
function idsIn(text: string): readonly string[] | null {
  const found = text.split(/[\s,]+/).filter((piece) => piece !== "");
  const ids = found.map((piece) => /^(?:<[#@]&?)?(\d{15,20})>?$/.exec(piece)?.[1] ?? null);
  return ids.includes(null) ? null : (ids as readonly string[]);
}
