/** Findings, problems first; looking takes a moment, since Discord is asked, so the page comes before them. */

import { inviteUrl } from "../../src/oauth.ts";
import { neededBits } from "../../src/permissions.ts";
import type { Finding } from "../../src/status/doctor.ts";
import { attributes, type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { doctorWords } from "./words.ts";

const LOOKS = {
  ok: { icon: "check", colour: "chip-green" },
  warning: { icon: "alert", colour: "chip-amber" },
  problem: { icon: "cross", colour: "chip-red" },
} as const;

export function doctorPage(visit: GuildVisit, findings?: readonly Finding[]): Html {
  const say = doctorWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/doctor/findings`;
  return page(visit, {
    title: say.title,
    section: "doctor",
    body: html`
      ${heading(
        say.title,
        say.lead,
        html`<a class="button button-quiet" href="${invitation(visit)}" rel="noopener noreferrer" target="_blank" title="${say.permissionsWhat}">${icon("plus")}${say.permissions}</a>
        <a class="button button-quiet" href="${path}?again=1">${say.again}</a>`,
      )}
      ${
        findings === undefined
          ? html`<section id="findings" aria-busy="true" hx-get="${path}" hx-trigger="load">
              <p class="quiet">${say.looking}</p>
              <noscript><p><a class="button" href="${path}">${say.look}</a></p></noscript>
            </section>`
          : findingsPart(visit, findings)
      }
    `,
  });
}

/** Discord's page that gives the bot what is switched on, and no more; nobody need invite it anew. */
function invitation({ guild, services }: GuildVisit): string {
  const { apiBase } = services.config.discord;
  return inviteUrl(apiBase, guild.application, neededBits(guild.settings), guild.guild);
}

export function findingsPart(visit: GuildVisit, findings: readonly Finding[]): Html {
  const say = doctorWords[visit.language];
  const open = findings.filter(({ state }) => state !== "ok");
  const well = findings.filter(({ state }) => state === "ok");
  return html`<section id="findings">
    <p class="visually-hidden" data-heard>${say.heard(findings.length, findings.filter(({ state }) => state === "problem").length)}</p>
    ${
      findings.length === 0
        ? emptyState("check", say.nothing, say.nothingNext)
        : html`${open.length > 0 && html`<ul class="findings">${open.map((one) => line(visit, one))}</ul>`}
          ${well.length > 0 && html`<details class="well"${attributes({ open: open.length === 0 })}><summary>${icon("check")} ${say.well(well.length)}</summary><ul class="findings">${well.map((one) => line(visit, one))}</ul></details>`}`
    }
  </section>`;
}

function line(visit: GuildVisit, finding: Finding): Html {
  const say = doctorWords[visit.language];
  return html`<li class="finding finding-${finding.state}">
    <span class="finding-sign">${icon(LOOKS[finding.state].icon)}</span>
    <div><p dir="auto">${withCode(finding.says)}</p>${finding.where !== null && html`<span class="quiet" dir="auto">${finding.where}</span>`}</div>
    <span class="chip ${LOOKS[finding.state].colour}">${say.states[finding.state]}</span>
  </li>`;
}

/** Text between backticks is to be typed. */
function withCode(says: string): Html[] {
  return says.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
