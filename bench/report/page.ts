/** The report: one page that needs nothing from outside. What was missed or got slower comes first, every figure after it. */
import { type Html, html } from "../../web/html.ts";
import { withUnit } from "../figure.ts";
import { bars, goalChart } from "./chart.ts";
import type { Compared, ComparedGoal, ComparedSuite } from "./compare.ts";
import { changeText } from "./wording.ts";

const STYLE = await Bun.file(new URL("./report.css", import.meta.url)).text();

export function reportPage(suites: readonly ComparedSuite[], madeAt: Date): string {
  const goals = suites.flatMap(({ suite, goals: all }) => all.map((compared) => ({ suite, compared })));
  const met = goals.filter(({ compared }) => compared.goal.met).length;
  const compared = suites.some(({ before }) => before !== null);
  const body = html`<body>
    <header>
      <h1>Gatehouse bench</h1>
      <p>${[...new Set(suites.map(({ now }) => `commit ${now.commit}`))].join(", ")}; ${[...new Set(suites.map(({ now }) => now.machine))].join("; ")}</p>
      <p>Made ${madeAt.toISOString().slice(0, 16).replace("T", " ")} UTC.</p>
      ${compared && comparison(suites)}
    </header>
    <main>
      ${compared && changes(suites)}
      ${
        goals.length > 0 &&
        html`<section><h2>Goals: ${met} of ${goals.length} met</h2>${goalChart(goals)}${goalTable(goals)}</section>`
      }
      ${suites.map(suiteSection)}
    </main>
  </body>`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Gatehouse bench</title><style>${STYLE}</style>`;
  return `<!doctype html>\n<html lang="en"><head>${head}</head>${body}</html>\n`;
}

function comparison(suites: readonly ComparedSuite[]): Html {
  const earlier = [...new Set(suites.flatMap(({ before }) => (before === null ? [] : [before.commit])))].join(", ");
  const machines = suites.filter(({ otherMachine }) => otherMachine).flatMap(({ before }) => before?.machine ?? []);
  return html`<p>Compared with commit ${earlier}; a change counts where the runs' ranges lie apart (of one run: 10 % around
    a time, a rate or a size, 0.5 % around anything else) and by more than 2 %.</p>
    ${
      machines.length > 0 &&
      html`<p class="warning"><strong>Another machine then:</strong> ${[...new Set(machines)].join("; ")}. The differences are the machines', not only the commits'.</p>`
    }`;
}

function changes(suites: readonly ComparedSuite[]): Html {
  const found = (change: Compared["change"]) =>
    suites.flatMap(({ suite, results }) =>
      results.filter((row) => row.change === change).map((row) => ({ suite, row })),
    );
  const [worse, better, other] = [found("worse"), found("better"), found("other")];
  const goals = suites.flatMap(({ suite, goals: all }) => all.map((compared) => ({ suite, compared })));
  const turned = (change: ComparedGoal["change"]) => goals.filter(({ compared }) => compared.change === change);
  const list = (title: string, kind: string, rows: typeof worse) =>
    rows.length > 0 &&
    html`<h3>${title}</h3><ul class="${kind}">${rows.map(
      ({ suite, row }) =>
        html`<li><strong>${suite}: ${row.now?.name ?? row.before?.name}</strong> ${told(row.before)} → ${told(row.now)} <em>${changeText(row)}</em></li>`,
    )}</ul>`;
  const goalList = (title: string, kind: string, rows: typeof goals) =>
    rows.length > 0 &&
    html`<h3>${title}</h3><ul class="${kind}">${rows.map(({ suite, compared: { goal } }) => html`<li><strong>${suite}: ${goal.name}</strong> ${goal.goal}</li>`)}</ul>`;
  const still = worse.length + better.length + other.length === 0;
  return html`<section><h2>Since the earlier run</h2>
    ${goalList("Goals no longer met", "worse", turned("lost"))}
    ${list("Worse, beyond noise", "worse", worse)}
    ${list("Better, beyond noise", "better", better)}
    ${goalList("Goals met now", "better", turned("won"))}
    ${list("Changed", "other", other)}
    ${still && html`<p>Nothing changed beyond noise.</p>`}
  </section>`;
}

function goalTable(goals: readonly { readonly suite: string; readonly compared: ComparedGoal }[]): Html {
  return html`<table>
    <thead><tr><th scope="col">Goal</th><th scope="col">Wanted</th><th scope="col">Reached</th><th scope="col"></th></tr></thead>
    <tbody>${goals.map(
      ({ suite, compared: { goal } }) => html`<tr class="${goal.met ? "met" : "missed"}">
        <th scope="row">${suite}: ${goal.name}</th><td>${goal.goal}</td><td>${withUnit(goal.value, "")}</td><td>${goal.met ? "✓ met" : "✗ missed"}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function suiteSection({ suite, now, before, results }: ComparedSuite): Html {
  const units = [...new Set(results.map((row) => row.now?.unit ?? row.before?.unit ?? ""))];
  const here = (unit: string) => results.filter((row) => (row.now?.unit ?? row.before?.unit) === unit);
  return html`<section>
    <h2>${suite}</h2>
    <p class="quiet">commit ${now.commit}${before !== null && html`, before ${before.commit}`}</p>
    <p class="quiet">A bar is the middle of its runs, the whisker their range${before !== null && ", the dashed mark the earlier run"}.</p>
    ${units.filter((unit) => unit !== "count").map((unit) => bars(unit, here(unit)))}
    <table>
      <thead><tr><th scope="col">Figure</th><th scope="col">Now</th>${before !== null && html`<th scope="col">Before</th><th scope="col">Change</th>`}</tr></thead>
      <tbody>${results.map((row) => resultRow(row, before !== null))}</tbody>
    </table>
  </section>`;
}

function resultRow(row: Compared, withBefore: boolean): Html {
  const { now, before, change } = row;
  return html`<tr class="${change}">
    <th scope="row">${now?.name ?? before?.name}</th><td>${told(now)}${spread(now)}</td>
    ${withBefore && html`<td>${told(before)}${spread(before)}</td><td>${change === "gone" ? "no longer measured" : changeText(row)}</td>`}
  </tr>`;
}

/** The range of several runs. */
function spread(result: Compared["now"]): Html | null {
  if (result === null || result.runs < 2) return null;
  const [min, max] = [withUnit(result.min, result.unit), withUnit(result.max, result.unit)];
  const unit = / \S+$/.exec(max)?.[0] ?? "";
  const from = unit !== "" && min.endsWith(unit) ? min.slice(0, -unit.length) : min;
  return html`<small>${from} … ${max}, ${result.runs} runs</small>`;
}

function told(result: Compared["now"]): string {
  return result === null ? "" : withUnit(result.value, result.unit);
}
