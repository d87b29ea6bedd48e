/** A rehearsal: first what it would cost, then what today's rules would have done, staff first. */
import type { Rehearsed } from "../../src/moderation.ts";
import { type Html, html } from "../html.ts";
import { beginning, heading } from "../parts/blocks.ts";
import { count } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { RehearsalFacts } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

const SHOWN_MAX = 200;

export function rehearsalPage(visit: GuildVisit, { days, survey, rehearsal }: RehearsalFacts): Html {
  const say = moderationPageWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/moderation`;
  return page(visit, {
    title: say.rehearsal,
    section: "moderation",
    body: html`
      ${heading(say.rehearsal, say.rehearsalLead, html`<a class="button button-quiet" href="${base}">${icon("back")}${say.toLog}</a>`)}
      <div class="stack">
        <form class="panel form" method="post" action="${base}/rehearsal">
          <label class="label">${say.days}<input name="days" type="number" required min="1" max="30" value="${days}" /></label>
          ${survey !== null && html`<p class="notice">${icon("info")}<span>${say.surveyed(survey.messages, survey.calls, count(survey.tokens, visit.language))}</span></p>`}
          ${visit.services.llm === null && html`<p class="notice notice-warn">${icon("alert")}<span>${say.rehearsedWithoutModel}</span></p>`}
          <div class="save">
            <button class="button${survey === null ? "" : " button-quiet"}" type="submit" name="step" value="ask">${say.ask}</button>
            ${survey !== null && html`<button class="button" type="submit" name="step" value="run">${say.run}</button>`}
          </div>
        </form>
        ${rehearsal !== null && found(visit, rehearsal)}
      </div>
    `,
  });
}

function found(visit: GuildVisit, rehearsal: NonNullable<RehearsalFacts["rehearsal"]>): Html {
  const say = moderationPageWords[visit.language];
  const acted = rehearsal.hits.filter(({ acts }) => acts.length > 0).length;
  return html`<section class="stack">
    <p>${rehearsal.hits.length === 0 ? say.nothingFound : say.summary(acted, rehearsal.hits.length)}</p>
    ${rehearsal.unjudged > 0 && html`<p class="notice notice-warn">${icon("alert")}<span>${say.unjudged(rehearsal.unjudged)}</span></p>`}
    ${rehearsal.spared.map(({ number, text }) => html`<p class="notice">${icon("info")}<span>${say.spared(number)} <q dir="auto">${beginning(text, 160)}</q></span></p>`)}
    ${rehearsal.examples.filter(({ hit }) => hit).map(({ text }) => html`<p class="notice notice-warn">${icon("alert")}<span>${say.exampleHit} <q dir="auto">${beginning(text, 160)}</q></span></p>`)}
    ${
      rehearsal.hits.length > 0 &&
      html`<table class="list"><thead><tr><th scope="col">${say.who}</th><th scope="col">${say.message}</th><th scope="col">${say.rule}</th><th scope="col">${say.would}</th></tr></thead>
      <tbody>${rehearsal.hits.slice(0, SHOWN_MAX).map((one) => row(visit, one))}</tbody></table>`
    }
  </section>`;
}

function row(visit: GuildVisit, one: Rehearsed): Html {
  const say = moderationPageWords[visit.language];
  const acts = one.acts.length === 0 ? say.actions.none : one.acts.map((act) => say.actions[act]).join(" + ");
  return html`<tr>
    <td class="cell-wide" data-label="${say.who}"><strong dir="auto">${one.authorName}</strong> ${one.staff && html`<span class="chip chip-amber">${say.staffHit}</span>`}</td>
    <td class="cell-wide" data-label="${say.message}"><span dir="auto">${beginning(one.text, 200)}</span></td>
    <td class="cell-wide" data-label="${say.rule}">${one.rule === null ? say.sources.certain : `${one.rule.n}. ${beginning(one.rule.text, 70)}`}</td>
    <td class="cell-wide" data-label="${say.would}">${acts} ${one.differs && one.before !== null && html`<br /><span class="quiet">${say.differs(thenOf(visit, one.before))}</span>`}</td>
  </tr>`;
}

/** The acts of then, and their outcome: `Delete (dry run)`. */
function thenOf(visit: GuildVisit, { acts, state }: NonNullable<Rehearsed["before"]>): string {
  const { actions, states } = moderationPageWords[visit.language];
  return `${acts.length === 0 ? actions.none : acts.map((act) => actions[act]).join(" + ")} (${states[state]})`;
}
