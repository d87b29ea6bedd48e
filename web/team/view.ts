/** The team as a table, each with their role to change or to take away, and the form that adds one. */

import type { TeamRow } from "../../src/store/ports/people.ts";
import { attributes, type Html, html } from "../html.ts";
import { avatar, heading } from "../parts/blocks.ts";
import { GIVEN_ROLES, type GivenRole } from "../parts/team-members.ts";
import { teamFormWords } from "../parts/team-words.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import { shellWords } from "../shell/words.ts";
import type { GuildVisit } from "../visit.ts";
import type { TeamFacts } from "./facts.ts";
import { teamWords } from "./words.ts";

export function teamPage(visit: GuildVisit, facts: TeamFacts): Html {
  const say = teamWords[visit.language];
  const form = teamFormWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "team",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${form.problems[facts.problem]}</span></p>`}
        ${!facts.signIn && html`<p class="notice">${icon("info")}<span>${say.noSignIn} ${visit.person.operator && html`<a href="/setup">${shellWords[visit.language].setup}</a>`}</span></p>`}
        ${
          facts.team.length > 0 &&
          html`<table class="list">
            <thead><tr><th scope="col">${say.person}</th><th scope="col">${say.role}</th><th scope="col"><span class="visually-hidden">${say.remove}</span></th></tr></thead>
            <tbody>${facts.team.map((row) => member(visit, row))}</tbody>
          </table>`
        }
        ${facts.matches !== null && choice(visit, facts, facts.matches)}
        ${addForm(visit, facts)}
      </div>
    `,
  });
}

function member(visit: GuildVisit, row: TeamRow): Html {
  const { guild } = visit;
  const say = teamWords[visit.language];
  const name = row.name ?? row.person;
  const path = `/guilds/${guild.guild}/team`;
  const hidden = html`<input type="hidden" name="person" value="${row.person}" />`;
  const given = row.role === "agent" || row.role === "viewer" ? row.role : null;
  return html`<tr>
    <td class="cell-who">${avatar(name, row.person)}<span class="card-text"><strong dir="auto">${name}</strong>${row.name !== null && html`<small class="quiet">${row.person}</small>`}</span></td>
    <td class="cell-wide" data-label="${say.role}">${
      given === null
        ? commonWords[visit.language].roles[row.role]
        : html`<form class="inline" method="post" action="${path}">${hidden}${roleSelect(visit, given, say.roleOf(name))}
            <button class="button button-quiet button-small" type="submit">${say.change}</button></form>`
    }</td>
    <td class="cell-act cell-wide">${
      given === null
        ? html`<span class="quiet">${say.fromDiscord}</span>`
        : html`<details class="ask-first"><summary class="button button-danger button-small" aria-label="${say.removeNamed(name)}">${icon("bin")}${say.remove}</summary>
            <form method="post" action="${path}/${row.person}/delete"><p>${say.removeAsk(name)}</p>
              <button class="button button-danger button-small" type="submit">${say.removeYes}</button></form></details>`
    }</td>
  </tr>`;
}

/** Names are not unique and match by their beginning: a person is chosen, never guessed. */
function choice(visit: GuildVisit, { typed }: TeamFacts, matches: NonNullable<TeamFacts["matches"]>): Html {
  const form = teamFormWords[visit.language];
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/team">
    <h2>${form.whoIsMeant(typed.person)}</h2>
    <input type="hidden" name="role" value="${typed.role}" />
    <table class="list"><tbody>${matches.map(
      ({ id, name }) => html`<tr>
        <td class="cell-who">${avatar(name, id)}<span class="card-text"><strong dir="auto">${name}</strong><small class="quiet">${id}</small></span></td>
        <td class="cell-act"><button class="button button-small" type="submit" name="person" value="${id}" aria-label="${form.addNamed(name)}">${icon("plus")}${form.addSubmit}</button></td>
      </tr>`,
    )}</tbody></table>
  </form>`;
}

function addForm(visit: GuildVisit, { typed, problem }: TeamFacts): Html {
  const { guild } = visit;
  const say = teamWords[visit.language];
  const form = teamFormWords[visit.language];
  const wrong = problem === "id" || problem === "not-member" || problem === "nobody-named";
  return html`<form class="panel form" method="post" action="/guilds/${guild.guild}/team">
    <h2>${say.add}</h2>
    <div class="row">
      <label class="label">${form.id}
        <input name="person" required autocomplete="off" maxlength="40" value="${typed.person}" placeholder="${form.idExample}"${attributes({ "aria-invalid": wrong ? "true" : null, "aria-describedby": "team-id-help" })} />
      </label>
      <label class="label">${say.role}${roleSelect(visit, typed.role)}</label>
    </div>
    <p class="help" id="team-id-help">${form.idWhat}</p>
    <dl class="terms">${GIVEN_ROLES.map((role) => html`<div><dt>${commonWords[visit.language].roles[role]}</dt><dd>${say.roles[role]}</dd></div>`)}
      <div><dt>${commonWords[visit.language].roles.admin}</dt><dd>${say.roles.admin}</dd></div></dl>
    <div class="save"><button class="button" type="submit">${icon("plus")}${form.addSubmit}</button></div>
  </form>`;
}

function roleSelect(visit: GuildVisit, chosen: GivenRole, label?: string): Html {
  const { roles } = commonWords[visit.language];
  return html`<select name="role"${attributes({ "aria-label": label })}>${GIVEN_ROLES.map(
    (role) => html`<option value="${role}"${attributes({ selected: role === chosen })}>${roles[role]}</option>`,
  )}</select>`;
}
