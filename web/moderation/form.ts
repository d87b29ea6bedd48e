/** Posted forms → moderation's settings. Pure. Switching on always begins in dry run. */

import { numbered } from "../../src/moderation.ts";
import { type FilterRefusal, type FilterSettings, refusedInFilter } from "../../src/prefilter.ts";
import {
  ACTIONS,
  type GuildSettings,
  guildSettingsSchema,
  LADDER_ACTIONS,
  LADDER_MAX,
  type Rule,
} from "../../src/settings/form.ts";
import { field } from "../body.ts";

export type RulesProblem = "rule-text" | "ids" | "number" | "no-action" | "ladder" | "raid" | "filter" | "filter-many";
/** An entry of the filter that cannot be saved, and the line it stands on. */
export type RefusedLine = FilterRefusal & { readonly line: number };
export type ModerationChanged =
  | { readonly settings: GuildSettings; readonly problem: null }
  | {
      readonly settings: null;
      readonly problem: RulesProblem;
      readonly lines?: readonly RefusedLine[];
      /** The input, to be shown again. */
      readonly typed?: FormData;
    };

const RULES_MAX = 50;
const FILTER_TEXT_MAX = 100_000;
const WORDS_MAX = 200;
const PATTERNS_MAX = 20;
const DOMAINS_MAX = 200;
const IDS_MAX = 500;
const IDS_CHARS_MAX = 5_000;

export function readModeration(before: GuildSettings, form: FormData): ModerationChanged {
  const refused = (problem: RulesProblem, lines: readonly RefusedLine[] = []): ModerationChanged => ({
    ...{ settings: null, problem, lines, typed: form },
  });
  const was = before.moderation;
  const on = form.has("on");
  const actions = Object.fromEntries(ACTIONS.map((action) => [action, form.has(`action-${action}`)]));
  if (on && !Object.values(actions).some(Boolean)) return refused("no-action");
  const exemptRoles = idsIn(form, "exemptRoles");
  const exemptChannels = idsIn(form, "exemptChannels");
  if (exemptRoles === null || exemptChannels === null) return refused("ids");
  const ladder = form.has("ladder-0") ? ladderIn(form) : was.ladder;
  if (ladder.length === 0) return refused("ladder");
  const raid = form.has("raidMembers") ? raidIn(form, on, was) : was.raid;
  if (raid.on && !((raid.floods || raid.joins) && (raid.slow || raid.timeout))) return refused("raid");
  const { filter, lines } = readFilter(form);
  if (filter === null) return refused("filter-many");
  if (lines.length > 0) return refused("filter", lines);
  const log = field(form, "logChannel", 30);
  const read = guildSettingsSchema.shape.moderation.safeParse({
    ...was,
    ...{ on, actions, exemptRoles, exemptChannels, filter },
    // Switching it on begins with a dry run.
    live: on && was.on && was.live,
    thorough: form.has("thorough"),
    names: form.has("names"),
    logChannel: log === "" ? null : log,
    caps: { timeout: numberIn(form, "capTimeout"), kick: numberIn(form, "capKick"), ban: numberIn(form, "capBan") },
    ...{ ladder, raid },
    certain: ACTIONS.find((one) => one === field(form, "certain")) ?? was.certain,
    banDeleteSeconds: form.has("banDelete") ? numberIn(form, "banDelete") : was.banDeleteSeconds,
    confidence: numberIn(form, "confidence") / 100,
    strikeDays: numberIn(form, "strikeDays"),
    warnSeconds: numberIn(form, "warnSeconds"),
    keepDays: numberIn(form, "keepDays"),
  });
  if (!read.success) return refused("number");
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

/** One entry a line, blank lines aside, each once. Null: more than is kept. */
function readFilter(
  form: FormData,
):
  | { readonly filter: FilterSettings; readonly lines: readonly RefusedLine[] }
  | { readonly filter: null; readonly lines: readonly [] } {
  const words = entriesIn(form, "filterWords");
  const patterns = entriesIn(form, "filterPatterns");
  const domains = entriesIn(form, "filterDomains");
  if (words.size > WORDS_MAX || patterns.size > PATTERNS_MAX || domains.size > DOMAINS_MAX)
    return { filter: null, lines: [] };
  const mentions = field(form, "filterMentions", 10);
  const filter = {
    ...{ words: [...words.keys()], patterns: [...patterns.keys()], allowedDomains: [...domains.keys()] },
    mentionsMax: mentions === "" ? null : Number(mentions),
  };
  const lineOf = { words, patterns, allowedDomains: domains };
  const lines = refusedInFilter(filter).map((one) => ({ ...one, line: lineOf[one.list].get(one.written) ?? 0 }));
  return { filter, lines };
}

/** Each entry with the line it stands on first. */
function entriesIn(form: FormData, name: string): ReadonlyMap<string, number> {
  const entries = new Map<string, number>();
  const text = form.get(name);
  const whole = typeof text === "string" ? text.slice(0, FILTER_TEXT_MAX).replaceAll("\0", "").toWellFormed() : "";
  for (const [at, line] of whole.split("\n").entries()) {
    const entry = line.trim();
    if (entry !== "" && !entries.has(entry)) entries.set(entry, at + 1);
  }
  return entries;
}

/** Like moderation itself, raid mode begins in dry run whenever it is switched on. */
function raidIn(form: FormData, on: boolean, was: GuildSettings["moderation"]): GuildSettings["moderation"]["raid"] {
  const raids = form.has("raid");
  return {
    ...{ on: raids, live: on && raids && was.raid.on && was.raid.live },
    ...{ floods: form.has("raidFloods"), membersMin: numberIn(form, "raidMembers") },
    ...{ windowS: numberIn(form, "raidWindow"), joins: form.has("raidJoins") },
    ...{ joinsMin: numberIn(form, "raidJoinsMin"), joinsWindowS: numberIn(form, "raidJoinsWindow") },
    ...{ slow: form.has("raidSlows"), timeout: form.has("raidTimesOut") },
    ...{ slowS: numberIn(form, "raidSlow"), minutes: numberIn(form, "raidMinutes") },
  };
}

/** Steps in the form's order; one without an action is none. Minutes that were left out are a time-out's shortest default. */
function ladderIn(form: FormData): GuildSettings["moderation"]["ladder"] {
  return Array.from({ length: LADDER_MAX }, (_, at) => at).flatMap((at) => {
    const action = LADDER_ACTIONS.find((one) => one === field(form, `ladder-${at}`));
    const minutes = field(form, `ladder-minutes-${at}`, 10);
    return action === undefined ? [] : [{ action, minutes: minutes === "" ? 10 : Number(minutes) }];
  });
}

function numberIn(form: FormData, name: string): number {
  const text = field(form, name, 10);
  return text === "" ? Number.NaN : Number(text);
}

/** Ids, mentions of roles and channels: a box each, or one text with blanks or commas between; null where something is none. */
function idsIn(form: FormData, name: string): readonly string[] | null {
  const found = form
    .getAll(name)
    .slice(0, IDS_MAX)
    .flatMap((value) => (typeof value === "string" ? value.slice(0, IDS_CHARS_MAX).split(/[\s,]+/) : []))
    .filter((piece) => piece !== "");
  const ids = found.map((piece) => /^(?:<[#@]&?)?(\d{15,20})>?$/.exec(piece)?.[1] ?? null);
  return ids.includes(null) ? null : ([...new Set(ids)] as readonly string[]);
}
