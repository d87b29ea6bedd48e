/**
 * A server at a glance: what needs somebody, and the sums of the last days. What needs somebody is read anew each time; sums
 * are kept for a minute, and those of what is older than a day for an hour, since they read a month of rows.
 */
import type { Clock } from "../clock.ts";
import type { GuildId } from "../ids.ts";
import { createKept } from "../kept.ts";
import type { Knowledge } from "../knowledge.ts";
import { createRecent } from "../recent.ts";
import type { OutcomeKind } from "../record.ts";
import type { ConversationRow } from "../store/ports/conversations.ts";
import type { CaseFigure, FeedbackFigure, OutcomeFigure } from "../store/ports/figures.ts";
import type { SourceRow } from "../store/ports/knowledge.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { dayIn } from "../time-zone.ts";

const DAY_MS = 86_400_000;
const DAYS = 30;
const FRESH_MS = 60_000;
/** Of what is older than a day: little of it changes, a vote here and there. */
const PAST_AGES = { freshMs: 3_600_000, usedMsMax: DAY_MS };
const GUILDS_MAX = 500;
const SHOWN_MAX = 5;

export type DayFigure = {
  readonly day: string;
  readonly questions: number;
  /** From the knowledge base, or in kind. */
  readonly answered: number;
  /** The knowledge base did not hold it. */
  readonly unknown: number;
  readonly silent: number;
  readonly up: number;
  readonly down: number;
  readonly cases: number;
  readonly costUsd: number;
};

export type Figures = {
  /** The last thirty, oldest first, today last; every day is there. */
  readonly days: readonly DayFigure[];
  /** Most first. */
  readonly silences: readonly { readonly reason: string; readonly count: number }[];
  readonly rules: readonly { readonly rule: string; readonly count: number }[];
  readonly zone: string;
};

export type Overview = {
  readonly figures: Figures;
  readonly escalated: readonly ConversationRow[];
  readonly review: readonly CaseRow[];
  readonly failedSources: readonly SourceRow[];
  readonly recent: readonly ConversationRow[];
  readonly knowledgeEmpty: boolean;
};

export type Overviews = { of(guild: GuildId): Promise<Overview> };

type Rows = {
  readonly outcomes: readonly OutcomeFigure[];
  readonly feedback: readonly FeedbackFigure[];
  readonly cases: readonly CaseFigure[];
};
type Past = Rows & { readonly untilMs: number };

export function createOverviews(ports: {
  readonly store: Pick<Store, "figures" | "conversations" | "knowledge" | "cases" | "usage" | "accounts">;
  readonly knowledge: Pick<Knowledge, "empty">;
  readonly clock: Clock;
}): Overviews {
  const { store, knowledge, clock } = ports;
  const kept = createRecent<GuildId, { readonly untilMs: number; readonly figures: Promise<Figures> }>(GUILDS_MAX);

  /** By guild and zone. */
  const pasts = createRecent<string, () => Promise<Past>>(GUILDS_MAX);

  async function rowsOf(guild: GuildId, zone: string, sinceMs: number, untilMs?: number): Promise<Rows> {
    const [outcomes, feedback, cases] = await Promise.all([
      store.figures.outcomes(guild, sinceMs, zone, untilMs),
      store.figures.feedback(guild, sinceMs, zone, untilMs),
      store.figures.cases(guild, sinceMs, zone, untilMs),
    ]);
    return { outcomes, feedback, cases };
  }

  function pastOf(guild: GuildId, zone: string): Promise<Past> {
    const key = `${guild}:${zone}`;
    const there = pasts.get(key);
    if (there !== undefined) return there();
    const past = createKept(
      async () => {
        const untilMs = clock.now() - DAY_MS;
        return { untilMs, ...(await rowsOf(guild, zone, untilMs - DAYS * DAY_MS, untilMs)) };
      },
      PAST_AGES,
      clock,
    );
    pasts.set(key, past);
    return past();
  }

  async function read(guild: GuildId): Promise<Figures> {
    const nowMs = clock.now();
    const { timeZone: zone } = (await store.accounts.of(guild)).account;
    const [past, usage] = await Promise.all([pastOf(guild, zone), store.usage.days(guild, nowMs - DAYS * DAY_MS)]);
    const since = await rowsOf(guild, zone, past.untilMs);
    const days = new Map(lastDays(nowMs, zone).map((day) => [day, emptyDay(day)]));
    const add = (day: string, more: Partial<Record<Exclude<keyof DayFigure, "day">, number>>) => {
      const sum = days.get(day);
      if (sum === undefined) return;
      for (const [key, value] of Object.entries(more)) sum[key as keyof typeof more] += value;
    };
    const ofDays = <T extends { readonly day: string }>(before: readonly T[], after: readonly T[]) =>
      [...before, ...after].filter(({ day }) => days.has(day));
    const outcomes = ofDays(past.outcomes, since.outcomes);
    const cases = ofDays(past.cases, since.cases);
    for (const row of outcomes) add(row.day, partOf(row));
    for (const { day, up, down } of ofDays(past.feedback, since.feedback)) add(day, { up, down });
    for (const { day, count } of cases) add(day, { cases: count });
    for (const { day, costUsd } of usage) add(day, { costUsd });
    return {
      days: [...days.values()],
      silences: mostOf(
        outcomes.filter(({ kind }) => kind === "silent").map(({ reason, count }) => [reason, count]),
      ).map(([reason, count]) => ({ reason, count })),
      rules: mostOf(cases.map(({ rule, count }) => [rule, count])).map(([rule, count]) => ({ rule, count })),
      zone,
    };
  }

  function figuresOf(guild: GuildId): Promise<Figures> {
    const there = kept.get(guild);
    if (there !== undefined && there.untilMs > clock.now()) return there.figures;
    const figures = read(guild);
    kept.set(guild, { untilMs: clock.now() + FRESH_MS, figures });
    // Failures are not kept.
    figures.catch(() => kept.set(guild, { untilMs: 0, figures }));
    return figures;
  }

  return {
    async of(guild) {
      const [figures, escalated, review, sources, recent, knowledgeEmpty] = await Promise.all([
        figuresOf(guild),
        store.conversations.list(guild, { state: "escalated" }, SHOWN_MAX),
        store.cases.list(guild, { state: "review" }, SHOWN_MAX),
        store.knowledge.sources(guild),
        store.conversations.list(guild, {}, SHOWN_MAX),
        knowledge.empty(guild),
      ]);
      return {
        figures,
        escalated: escalated.items,
        review: review.items,
        failedSources: sources.filter(({ state }) => state === "failed"),
        recent: recent.items,
        knowledgeEmpty,
      };
    },
  };
}

/** Kinds that are an answer to somebody who asked; the others are no question to the bot. */
const QUESTIONS: readonly OutcomeKind[] = ["answered", "escalated", "left-to-agent", "refused", "failed"];
const UNKNOWN = ["not-in-knowledge", "no-knowledge"];

function partOf({ kind, reason, count }: OutcomeFigure): Partial<Omit<DayFigure, "day">> {
  if (kind === "silent") return { silent: count };
  if (!QUESTIONS.includes(kind)) return {};
  if (UNKNOWN.includes(reason)) return { questions: count, unknown: count };
  return kind === "answered" ? { questions: count, answered: count } : { questions: count };
}

function emptyDay(day: string): { -readonly [K in keyof DayFigure]: DayFigure[K] } {
  return { day, questions: 0, answered: 0, unknown: 0, silent: 0, up: 0, down: 0, cases: 0, costUsd: 0 };
}

/** A day more than asked may come where a zone's clocks change; each day stands once. */
function lastDays(nowMs: number, zone: string): readonly string[] {
  const days = Array.from({ length: DAYS }, (_, back) => dayIn(nowMs - back * DAY_MS, zone));
  return [...new Set(days)].reverse();
}

function mostOf(rows: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const [key, count] of rows) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 8);
}
