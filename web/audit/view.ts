/** Each change with its differences; a change of settings can be put back, after a question. */
import { isSettingsRow } from "../../src/settings/differences.ts";
import type { AuditRow } from "../../src/store/ports/guilds.ts";
import { type Html, html, link } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { type ChangeNames, changedBy, changedSettings, otherChange } from "../parts/changes.ts";
import { ago } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { auditWords } from "./words.ts";

export type AuditProblem = "changed-meanwhile" | "does-not-fit" | "same";

export type AuditFacts = {
  readonly rows: readonly AuditRow[];
  readonly next: string | null;
  readonly first: boolean;
  readonly names: ChangeNames;
  readonly problem: AuditProblem | null;
  readonly done: boolean;
};

export function auditPage(visit: GuildVisit, facts: AuditFacts): Html {
  const say = auditWords[visit.language];
  const common = commonWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/audit`;
  return page(visit, {
    title: say.title,
    section: "audit",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${facts.done && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.done}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${
          facts.rows.length === 0
            ? emptyState("history", say.empty, say.emptyNext)
            : html`<ol class="log">${facts.rows.map((row) => entry(visit, facts, row))}</ol>`
        }
        <nav class="pager" aria-label="${common.pages}">
          ${!facts.first && html`<a class="button button-quiet" href="${path}">${icon("back")}${common.newest}</a>`}
          ${facts.next !== null && html`<a class="button button-quiet" rel="next" href="${link(path, { before: facts.next })}">${common.older}${icon("next")}</a>`}
        </nav>
      </div>
    `,
  });
}

function entry(visit: GuildVisit, { names }: AuditFacts, row: AuditRow): Html {
  const say = auditWords[visit.language];
  const settings = isSettingsRow(row);
  const path = `/guilds/${visit.guild.guild}/audit/${row.id}/put-back`;
  return html`<li class="panel">
    <p class="log-head"><strong dir="auto">${changedBy(visit, row)}</strong><span class="quiet">${ago(visit, row.atMs)}</span></p>
    ${settings ? changedSettings(visit, names, row) : html`<p dir="auto">${otherChange(visit, names, row)}</p>`}
    ${
      settings &&
      html`<details class="ask-first"><summary class="button button-quiet button-small">${icon("back")}${say.putBack}</summary>
        <form method="post" action="${path}"><input type="hidden" name="version" value="${visit.guild.version}" /><p>${say.putBackAsk}</p>
          <button class="button button-small" type="submit">${say.putBackYes}</button></form></details>`
    }
  </li>`;
}
