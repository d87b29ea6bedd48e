/**
 * What an account used, as its page, its CSV and its forecast say it. Pure sums over the rows of `usage`.
 *
 * The forecast goes on as the month went so far: what was used, by the part of the month that has passed. In the first day
 * there is too little to go by, and it is what was used.
 */
import Papa from "papaparse";
import type { GuildId } from "../ids.ts";
import type { Contact, UsageKind, UsageRow } from "../store/ports/usage.ts";
import { instantOf, type Month } from "../time-zone.ts";

export type Sums = {
  readonly messages: number;
  /** Answers that were said again: no messages. */
  readonly reused: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
};

export type DaySums = Sums & { readonly day: string; readonly kinds: Readonly<Partial<Record<UsageKind, number>>> };

export type UsageSummary = {
  readonly total: Sums;
  readonly today: Sums;
  /** Messages by the month's end. */
  readonly forecast: number;
  /** Every day of the month up to today, also where nothing was used. */
  readonly days: readonly DaySums[];
  readonly kinds: ReadonlyMap<UsageKind, Sums>;
  readonly contacts: ReadonlyMap<Contact, Sums>;
  readonly guilds: ReadonlyMap<GuildId, Sums>;
};

const DAY_MS = 86_400_000;

export function summarise(
  rows: readonly UsageRow[],
  at: { readonly month: Month; readonly today: string; readonly nowMs: number; readonly timeZone: string },
): UsageSummary {
  const { month, today } = at;
  const total = sumOf(rows);
  const byDay = Map.groupBy(rows, (row) => row.day);
  const days: DaySums[] = [];
  for (let day = month.from; day <= today && day < month.until; day = dayAfter(day)) {
    const ofDay = byDay.get(day) ?? [];
    const kinds: Partial<Record<UsageKind, number>> = {};
    for (const { kind, count } of ofDay) kinds[kind] = (kinds[kind] ?? 0) + count;
    days.push({ day, kinds, ...sumOf(ofDay) });
  }
  return {
    total,
    today: sumOf(byDay.get(today) ?? []),
    forecast: forecastOf(total.messages, at),
    days,
    kinds: by(
      rows.filter((row) => row.kind !== "reused"),
      (row) => row.kind,
    ),
    contacts: by(rows, (row) => row.contact),
    guilds: by(rows, (row) => row.guild),
  };
}

/** One line a day, server, kind and channel of contact; a name that a sheet would read as a formula is written as text. */
export function usageCsv(rows: readonly UsageRow[], nameOf: (guild: GuildId) => string): string {
  const lines = rows.map((row) => ({
    day: row.day,
    server: nameOf(row.guild),
    server_id: row.guild,
    kind: row.kind,
    contact: row.contact,
    messages: row.kind === "reused" ? 0 : row.count,
    reused: row.kind === "reused" ? row.count : 0,
    tokens_in: row.tokensIn,
    tokens_out: row.tokensOut,
    cost_usd: row.costUsd,
  }));
  const columns = [
    ...["day", "server", "server_id", "kind", "contact"],
    ...["messages", "reused", "tokens_in", "tokens_out", "cost_usd"],
  ];
  return `${Papa.unparse(lines, { columns, escapeFormulae: true, newline: "\r\n" })}\r\n`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

function forecastOf(used: number, at: Parameters<typeof summarise>[1]): number {
  const [year = 1970, month = 1] = at.month.name.split("-").map(Number);
  const startedMs = instantOf({ year, month, day: 1, hour: 0, minute: 0 }, at.timeZone);
  const passedMs = at.nowMs - startedMs;
  if (passedMs < DAY_MS) return used;
  return Math.max(used, Math.round((used * (at.month.endsAtMs - startedMs)) / passedMs));
}

function by<K>(rows: readonly UsageRow[], keyOf: (row: UsageRow) => K): ReadonlyMap<K, Sums> {
  const sums = [...Map.groupBy(rows, keyOf)].map(([key, group]) => [key, sumOf(group)] as const);
  return new Map(sums.sort((a, b) => b[1].messages - a[1].messages));
}

function sumOf(rows: readonly UsageRow[]): Sums {
  const sums = { messages: 0, reused: 0, tokensIn: 0, tokensOut: 0, costUsd: 0 };
  for (const row of rows) {
    if (row.kind === "reused") sums.reused += row.count;
    else sums.messages += row.count;
    sums.tokensIn += row.tokensIn;
    sums.tokensOut += row.tokensOut;
    sums.costUsd += row.costUsd;
  }
  return sums;
}
