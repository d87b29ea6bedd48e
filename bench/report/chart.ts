/**
 * Charts as inline SVG: one bar a figure, its runs' range as a whisker, the earlier run's value as a hollow mark; and goals
 * on a scale of their own, where 1 is the goal. Every number is written beside its mark: nothing is only a colour.
 */
import { type Html, html } from "../../web/html.ts";
import { withUnit } from "../figure.ts";
import type { Change, Compared, ComparedGoal } from "./compare.ts";
import { changeText } from "./wording.ts";

const WIDTH = 900;
const LABEL_WIDTH = 380;
const PLOT_END = 650;
const ROW = 26;
const BAR = 12;
const LABEL_CHARS_MAX = 62;
/** Beyond this between the largest and the smallest, bars are logarithmic: else the small ones are nothing. */
const LINEAR_SPAN_MAX = 50;
/** Goals are shown from a tenth to ten times. */
const GOAL_DECADES = 1;

type Scale = { readonly at: (value: number) => number; readonly logarithmic: boolean };

/** Figures of one unit. */
export function bars(unit: string, rows: readonly Compared[]): Html {
  const values = rows.flatMap(({ now, before }) =>
    [now?.max, now?.value, before?.value].flatMap((value) =>
      value !== undefined && Number.isFinite(value) ? [value] : [],
    ),
  );
  const scale = scaleFor(values);
  const height = rows.length * ROW + 8;
  const title = `${unit === "share" ? "shares" : unit}${scale.logarithmic ? ", logarithmic" : ""}`;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}; the same figures are in the table below">
      <line class="axis" x1="${LABEL_WIDTH}" x2="${LABEL_WIDTH}" y1="0" y2="${height - 4}" />
      ${rows.map((row, place) => bar(row, place * ROW + ROW / 2 + 2, scale))}
    </svg>
  </figure>`;
}

function bar({ now, before, change, ratio }: Compared, y: number, scale: Scale): Html {
  const shown = now ?? before;
  if (shown === null) return html``;
  const x = scale.at(now?.value ?? 0);
  const told = now === null ? "no longer measured" : withUnit(now.value, now.unit);
  const difference = changeText({ now, before, change, ratio });
  return html`<g class="${`row ${change}`}">
    <title>${shown.name}</title>
    <text class="label" x="${LABEL_WIDTH - 8}" y="${y + 4}" text-anchor="end">${shortened(shown.name)}</text>
    ${
      now !== null &&
      Number.isFinite(now.value) &&
      html`<rect class="bar" x="${LABEL_WIDTH}" y="${y - BAR / 2}" width="${round(Math.max(1, x - LABEL_WIDTH))}" height="${BAR}" rx="2" />`
    }
    ${now !== null && now.runs > 1 && now.max - now.min > 0 && whisker(scale.at(now.min), scale.at(now.max), y)}
    ${
      before !== null &&
      Number.isFinite(before.value) &&
      html`<path class="before" d="${`M${round(scale.at(before.value))} ${y - 9}v18`}" />`
    }
    <text class="value" x="${PLOT_END + 8}" y="${y + 4}">${told}${difference === "" ? "" : html`<tspan class="difference" dx="6">${difference}</tspan>`}</text>
  </g>`;
}

function whisker(from: number, to: number, y: number): Html {
  return html`<path class="whisker" d="${`M${round(from)} ${y - 4}v8M${round(from)} ${y}H${round(to)}M${round(to)} ${y - 4}v8`}" />`;
}

/** How far each goal was met: to the right of the line it was. */
export function goalChart(rows: readonly { readonly suite: string; readonly compared: ComparedGoal }[]): Html {
  const height = rows.length * ROW + 24;
  const at = (times: number) => {
    const decades = Math.log10(Math.min(10 ** GOAL_DECADES, Math.max(10 ** -GOAL_DECADES, times)));
    return LABEL_WIDTH + ((decades + GOAL_DECADES) / (2 * GOAL_DECADES)) * (PLOT_END - LABEL_WIDTH);
  };
  return html`<figure>
    <figcaption>how far: the line is the goal, right of it is better (a tenth to ten times, logarithmic)</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="How far each goal was met; the same figures are in the table below">
      ${rows.map(({ suite, compared }, place) => goalRow(suite, compared, place * ROW + ROW / 2 + 2, at))}
      <line class="goal-line" x1="${at(1)}" x2="${at(1)}" y1="0" y2="${height - 22}" />
      ${[0.1, 1, 10].map((times) => html`<text class="tick" x="${at(times)}" y="${height - 6}" text-anchor="middle">${times === 1 ? "goal" : `${times} ×`}</text>`)}
    </svg>
  </figure>`;
}

function goalRow(suite: string, { goal, before }: ComparedGoal, y: number, at: (times: number) => number): Html {
  const change: Change = goal.met ? "better" : "worse";
  const name = `${suite}: ${goal.name}`;
  return html`<g class="${`row ${change}`}">
    <title>${name}</title>
    <text class="label" x="${LABEL_WIDTH - 8}" y="${y + 4}" text-anchor="end">${shortened(name)}</text>
    <path class="stem" d="${`M${round(at(1))} ${y}H${round(at(timesMet(goal)))}`}" />
    ${before !== null && html`<circle class="before" cx="${round(at(timesMet(before)))}" cy="${y}" r="5" />`}
    <circle class="dot" cx="${round(at(timesMet(goal)))}" cy="${y}" r="5" />
    <text class="value" x="${PLOT_END + 8}" y="${y + 4}">${goal.met ? "met" : "missed"}: ${withUnit(goal.value, unitOf(goal.goal))}<tspan class="difference" dx="6">(${goal.goal})</tspan></text>
  </g>`;
}

/** Above 1 the goal is met, by so many times; both ways round. */
export function timesMet({
  goal,
  value,
  met,
}: {
  readonly goal: string;
  readonly value: number;
  readonly met: boolean;
}): number {
  const wanted = Number(/[\d.]+/.exec(goal)?.[0] ?? Number.NaN);
  const times = goal.startsWith("≤") ? wanted / value : value / wanted;
  return Number.isFinite(times) && times > 0 ? times : met ? 1 : 0;
}

function unitOf(goal: string): string {
  return /[\d.]+\s*(\S.*)?$/.exec(goal)?.[1] ?? "";
}

function scaleFor(values: readonly number[]): Scale {
  const most = Math.max(0, ...values);
  const least = Math.min(...values.filter((value) => value > 0));
  const width = PLOT_END - LABEL_WIDTH - 6;
  if (most <= 0) return { at: () => LABEL_WIDTH, logarithmic: false };
  if (most / least <= LINEAR_SPAN_MAX) {
    return { at: (value) => LABEL_WIDTH + (Math.max(0, value) / most) * width, logarithmic: false };
  }
  // Half a decade below the least, so that its bar is seen.
  const from = Math.log10(least) - 0.5;
  const decades = Math.log10(most) - from;
  const at = (value: number) =>
    LABEL_WIDTH + (value <= 0 ? 0 : Math.max(0, (Math.log10(value) - from) / decades)) * width;
  return { at, logarithmic: true };
}

function shortened(name: string): string {
  return name.length <= LABEL_CHARS_MAX ? name : `${name.slice(0, LABEL_CHARS_MAX - 1)}…`;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
