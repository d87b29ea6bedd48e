/**
 * Charts that the server draws: columns a day, stacked. Bars are SVG and stretch with the page; every word and number is HTML
 * beside them, so that both stay legible on a phone, and the same numbers stand in a table behind the chart.
 */

import { type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import { dateFormat } from "./formats.ts";
import { commonWords } from "./words.ts";

export type Series = {
  readonly name: string;
  /** The fill's class in app.css. */
  readonly tone: "accent" | "amber" | "red" | "blue" | "soft";
  readonly values: readonly number[];
};

const HEIGHT = 100;
/** Of a day's width. */
const GAP = 0.18;

export function columnChart(
  visit: Visit,
  chart: {
    readonly title: string;
    /** No heading stands above it but the page's own. */
    readonly top?: true;
    /** `2026-11-28`, oldest first. */
    readonly days: readonly string[];
    /** Stacked, the first at the bottom. */
    readonly series: readonly Series[];
    readonly format: (value: number) => string;
    /** In place of the table of the same numbers. */
    readonly table?: Html;
  },
): Html {
  const say = commonWords[visit.language].chart;
  const { days, series, format } = chart;
  const sums = days.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const most = Math.max(...sums, 0);
  const dayName = dateFormat(visit.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const nameOf = (day: string) => dayName.format(Date.parse(`${day}T00:00:00Z`));
  const total = sums.reduce((a, b) => a + b, 0);
  const first = days[0];
  const last = days.at(-1);
  return html`<figure class="chart panel">
    <figcaption>${chart.top === true ? html`<h2>${chart.title}</h2>` : html`<h3>${chart.title}</h3>`}<span class="quiet number">${say.total(format(total), days.length)}</span></figcaption>
    ${
      series.length > 1 &&
      html`<ul class="legend">${series.map(({ name, tone }) => html`<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="fill-${tone}" width="10" height="10" rx="2" /></svg>${name}</li>`)}</ul>`
    }
    <div class="plot">
      <span class="plot-most number" aria-hidden="true">${most > 0 && format(most)}</span>
      <svg viewBox="0 0 ${days.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${say.described(chart.title, format(total))}">
        ${most > 0 && days.map((day, index) => column(index, `${nameOf(day)}: ${format(sums[index] ?? 0)}`, series, most))}
      </svg>
    </div>
    <div class="plot-ends quiet" aria-hidden="true"><span>${first !== undefined && nameOf(first)}</span><span>${last !== undefined && nameOf(last)}</span></div>
    <details><summary>${say.table}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${chart.title}">${
        chart.table ??
        html`<table class="list plain"><thead><tr><th scope="col">${say.day}</th>${series.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${days
        .map(
          (day, index) =>
            html`<tr><td>${nameOf(day)}</td>${series.map(({ values }) => html`<td class="number">${format(values[index] ?? 0)}</td>`)}</tr>`,
        )
        .reverse()}</tbody></table>`
      }</div>
    </details>
  </figure>`;
}

function column(index: number, told: string, series: readonly Series[], most: number): Html {
  let top = HEIGHT;
  const parts = series.map(({ values, tone }) => {
    const height = ((values[index] ?? 0) / most) * HEIGHT;
    top -= height;
    return height > 0
      ? html`<rect class="fill-${tone}" x="${round(index + GAP / 2)}" y="${round(top)}" width="${1 - GAP}" height="${round(height)}" />`
      : null;
  });
  return html`<g><title>${told}</title><rect class="fill-none" x="${index}" y="0" width="1" height="${HEIGHT}" />${parts}</g>`;
}

/** Rows with a bar each, most first: the number stands beside it, so that they are their own table. */
export function barList(
  title: string,
  rows: readonly { readonly name: string; readonly count: number; readonly href?: string }[],
  format: (value: number) => string,
): Html {
  const most = Math.max(...rows.map(({ count }) => count), 1);
  return html`<section class="chart panel"><h3>${title}</h3>
    <ul class="bars bars-bare">${rows.map(
      ({ name, count, href }) =>
        html`<li><span dir="auto">${href === undefined ? name : html`<a href="${href}">${name}</a>`}</span><meter min="0" max="${most}" value="${count}" aria-label="${name}">${format(count)}</meter><span class="number">${format(count)}</span></li>`,
    )}</ul></section>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
