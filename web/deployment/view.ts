/** Figures of all servers, a row a server, and the state of the background work. */

import type { Jobs } from "../../src/jobs.ts";
import type { DeploymentFigure } from "../../src/store/ports/figures.ts";
import { type Html, html } from "../html.ts";
import { avatar, emptyState, heading } from "../parts/blocks.ts";
import { numberFormat } from "../parts/formats.ts";
import { ago, count, money } from "../parts/times.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import { deploymentWords } from "./words.ts";

type JobStatus = ReturnType<Jobs["status"]>[number];

export function deploymentPage(
  visit: PersonVisit,
  rows: readonly DeploymentFigure[],
  jobs: readonly JobStatus[],
): Html {
  const say = deploymentWords[visit.language];
  const { language } = visit;
  const sum = (key: "questions" | "answered" | "costUsd") => rows.reduce((total, row) => total + row[key], 0);
  const tile = (name: string, value: string) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`;
  return page(visit, {
    title: say.title,
    section: "deployment",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        <dl class="tiles">
          ${tile(say.questions, count(sum("questions"), language))}
          ${tile(say.answeredShare, share(sum("answered"), sum("questions"), language))}
          ${tile(say.cost, money(sum("costUsd"), language))}
          ${tile(say.active, count(rows.length, language))}
        </dl>
        ${rows.length === 0 ? emptyState("servers", say.empty, say.emptyNext) : servers(visit, rows)}
        ${background(visit, jobs)}
      </div>
    `,
  });
}

function servers(visit: PersonVisit, rows: readonly DeploymentFigure[]): Html {
  const say = deploymentWords[visit.language];
  const { language } = visit;
  return html`<table class="list">
    <thead><tr><th scope="col">${say.server}</th><th scope="col" class="number">${say.asked}</th><th scope="col" class="number">${say.answered}</th><th scope="col" class="number">${say.costShort}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr>
        <td class="cell-who">${avatar(row.name, row.guild)}<a class="stretch" href="/guilds/${row.guild}" dir="auto">${row.name}</a></td>
        <td class="number" data-label="${say.asked}">${count(row.questions, language)}</td>
        <td class="number" data-label="${say.answered}">${share(row.answered, row.questions, language)}</td>
        <td class="number" data-label="${say.costShort}">${money(row.costUsd, language)}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function background(visit: PersonVisit, jobs: readonly JobStatus[]): Html {
  const say = deploymentWords[visit.language];
  const names: Readonly<Record<string, string>> = say.names;
  const state = (job: JobStatus) => (job.failures > 0 ? "failing" : job.running ? "running" : "waiting");
  const tones = { failing: "chip-red", running: "chip-blue", waiting: "chip-green" } as const;
  return html`<section><h2 class="section-title">${say.jobs}</h2>${
    jobs.length === 0
      ? html`<p class="quiet">${say.noJobs}</p>`
      : html`<table class="list">
        <thead><tr><th scope="col">${say.job}</th><th scope="col">${say.state}</th><th scope="col" class="number">${say.lastRun}</th></tr></thead>
        <tbody>${jobs.map(
          (job) => html`<tr>
            <td class="cell-wide" data-label="${say.job}"><strong>${Object.hasOwn(names, job.name) ? names[job.name] : job.name}</strong></td>
            <td class="cell-wide" data-label="${say.state}"><span class="chip ${tones[state(job)]}">${say.states[state(job)]}</span></td>
            <td class="number cell-wide" data-label="${say.lastRun}">${job.lastEndedAtMs === null ? say.never : ago(visit, job.lastEndedAtMs)}</td>
          </tr>`,
        )}</tbody>
      </table>`
  }</section>`;
}

function share(part: number, whole: number, language: string): string {
  return whole === 0 ? "–" : numberFormat(language, { style: "percent" }).format(part / whole);
}
