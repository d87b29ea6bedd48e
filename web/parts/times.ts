/** Moments for people: "3 minutes ago" with the exact time behind it; app.js keeps them true while the page is open. */

import type { Language } from "../../src/i18n.ts";
import { type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import { dateFormat, distanceFormat, numberFormat } from "./formats.ts";

const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "now" below a minute, either way. */
function relative(atMs: number, nowMs: number, language: Language): string {
  const format = distanceFormat(language, { numeric: "auto" });
  const away = atMs - nowMs;
  for (const [unit, ms] of UNITS) {
    if (Math.abs(away) >= ms) return format.format(whole(away / ms), unit);
  }
  return format.format(0, "second");
}

/** Past times count whole units only; times to come are told to the nearest unit, so that a week is not "6 days". */
function whole(units: number): number {
  return units > 0 ? Math.round(units) : Math.trunc(units);
}

export function ago(visit: Visit, atMs: number): Html {
  return html`<time datetime="${new Date(atMs).toISOString()}" title="${exact(atMs, visit.language)}" data-ago>${relative(atMs, visit.nowMs, visit.language)}</time>`;
}

/** In UTC, which the page says; app.js shows the reader's own zone. */
function exact(atMs: number, language: Language): string {
  const format = dateFormat(language, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
  return `${format.format(atMs)} UTC`;
}

/** `840 ms`, `2.4 s`. */
export function duration(ms: number, language: Language): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${numberFormat(language, { maximumFractionDigits: 1 }).format(ms / 1_000)} s`;
}

export function count(value: number, language: Language): string {
  return numberFormat(language).format(value);
}

/** `12 minutes`, `3 hours`: how long something lasted, in its largest unit. */
export function span(ms: number, language: Language): string {
  const [unit, unitMs] = UNITS.find(([, one]) => ms >= one) ?? (["minute", 60_000] as const);
  return numberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Math.trunc(ms / unitMs));
}

/** The cost of a model call: hundredths of a cent. */
export function money(usd: number, language: Language): string {
  return numberFormat(language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: usd < 0.1 ? 5 : 2,
    maximumFractionDigits: usd < 0.1 ? 5 : 2,
  }).format(usd);
}
