/** The steps in order, each with its state and what to do; addresses to copy. */

import { words } from "../../src/i18n.ts";
import type { Html, Part } from "../html.ts";
import { html } from "../html.ts";
import { copyField, heading } from "../parts/blocks.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import type { SelfTest } from "../webhook.ts";
import { type SetupFacts, STEPS, type Step } from "./checks.ts";
import { setupWords } from "./words.ts";

export function setupPage(visit: PersonVisit, facts: SetupFacts, test: SelfTest | null): Html {
  const say = setupWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "setup",
    body: html`
      ${heading(say.title, say.lead)}
      <ol class="stepper">${STEPS.map((step) => stepItem(visit, facts, step, test))}</ol>
    `,
  });
}

function stepItem(visit: PersonVisit, facts: SetupFacts, step: Step, test: SelfTest | null): Html {
  const say = setupWords[visit.language];
  const state = facts.states[step];
  const colour = state === "done" ? "chip-green" : state === "open" ? "chip-amber" : "";
  return html`<li class="step step-${state}">
    <span class="step-sign">${state === "done" ? icon("check") : html`<span class="step-number"></span>`}</span>
    <div class="step-main">
      <div class="source-head"><h2 class="card-text">${say.steps[step].title}</h2><span class="chip ${colour}">${say.states[state]}</span></div>
      <p class="help">${say.steps[step].what}</p>
      ${extra(visit, facts, step, test)}
    </div>
  </li>`;
}

function extra(visit: PersonVisit, facts: SetupFacts, step: Step, test: SelfTest | null): Part {
  const say = setupWords[visit.language];
  switch (step) {
    case "token":
      return html`${facts.botName !== null && html`<p>${icon("bot")} <strong dir="auto">${facts.botName}</strong></p>`}
        ${facts.commandsRefused !== null && refusedPart(visit, facts.commandsRefused)}`;
    case "invite":
      return (
        facts.addable &&
        html`<p class="actions">
          <a class="button" href="/sign-in/discord/add">${icon("plus")}${say.invite}</a>
          <a class="button button-quiet" href="/sign-in/discord/add?moderation=1">${say.inviteWithModeration}</a>
        </p>`
      );
    case "fill":
      return facts.guild !== null && next(`/guilds/${facts.guild}/setup`, say.fill);
    case "ask":
      return facts.guild !== null && next(`/guilds/${facts.guild}/playground`, say.ask);
    case "endpoint":
      return html`
        ${copyField(visit, say.endpointUrl, facts.endpointUrl)}
        ${!facts.reachable && html`<p class="help">${say.notReachable}</p>`}
        <form class="save" method="post" action="/setup/self-test" hx-post="/setup/self-test" hx-target="#self-test" hx-disable="find button">
          <button class="button button-quiet button-small" type="submit">${say.test}</button></form>
        ${testPart(visit, test)}
      `;
    case "login":
      return copyField(visit, say.returnUrl, facts.returnUrl);
    default:
      return null;
  }
}

/** The same words as the doctor's. */
function refusedPart(visit: PersonVisit, why: string): Html {
  return html`<ul class="findings"><li class="finding finding-problem"><span class="finding-sign">${icon("cross")}</span><p>${words(visit.language).doctor.commandsRefused(why)}</p></li></ul>`;
}

function next(href: string, label: string): Html {
  return html`<p class="actions"><a class="button button-quiet" href="${href}">${label}${icon("next")}</a></p>`;
}

export function testPart(visit: PersonVisit, test: SelfTest | null): Html {
  const say = setupWords[visit.language];
  return html`<div id="self-test" aria-live="polite">${
    test !== null &&
    html`<ul class="findings">
      ${line(say.testPing, test.ping === 200, test.ping)}
      ${line(say.testForged, test.forged === 401, test.forged)}
    </ul>`
  }</div>`;
}

function line(what: string, well: boolean, status: number | null): Html {
  return html`<li class="finding finding-${well ? "ok" : "problem"}"><span class="finding-sign">${icon(well ? "check" : "cross")}</span><p>${what}</p><span class="number quiet">${status ?? "–"}</span></li>`;
}
