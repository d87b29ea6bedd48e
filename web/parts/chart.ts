/** A bar chart as SVG: stacked bars, each with its values as a title, colours from the style sheet. A table stands behind each chart. */
import { type Html, html } from "../html.ts";

export type BarChart = {
  readonly title: string;
  readonly series: readonly string[];
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly show: (value: number) => string;
};

const WIDTH = 720;
const HEIGHT = 190;
const LEFT = 52;
const BOTTOM = 26;
const TOP = 12;
/** Labels that stand beside each other without touching. */
const LABELS_MAX = 10;

export function barChart({ title, series, bars, show }: BarChart): Html {
  const most = Math.max(1, ...bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0)));
  const top = niceTop(most);
  const step = (WIDTH - LEFT) / Math.max(1, bars.length);
  const high = HEIGHT - BOTTOM - TOP;
  const every = Math.ceil(bars.length / LABELS_MAX);
  const y = (value: number) => round(TOP + high - (value / top) * high);
  const ticks = [0, top / 2, top].filter((value) => Number.isInteger(value));
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
      ${ticks.map(
        (value) => html`<line class="chart-line" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"></line>
        <text class="chart-text" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${show(value)}</text>`,
      )}
      ${bars.map((bar, place) => {
        const x = round(LEFT + place * step + step * 0.15);
        const width = round(Math.min(40, step * 0.7));
        let below = 0;
        const names = bar.values.map((value, of) => `${series[of]}: ${show(value)}`).join(", ");
        return html`<g><title>${bar.label} – ${names}</title>
          ${bar.values.map((value, of) => {
            below += value;
            return (
              value > 0 &&
              html`<rect class="chart-${of}" x="${x}" y="${y(below)}" width="${width}" height="${round((value / top) * high)}"></rect>`
            );
          })}
          ${place % every === 0 && html`<text class="chart-text" x="${round(x + width / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${bar.label}</text>`}
        </g>`;
      })}
    </svg>
    <figcaption>${series.map((name, of) => html`<span class="chart-key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="chart-${of}" width="10" height="10" rx="2"></rect></svg>${name}</span>`)}</figcaption>
  </figure>`;
}

/** 1, 2, 5 times a power of ten, not below `most`. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
