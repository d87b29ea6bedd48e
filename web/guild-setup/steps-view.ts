/** The steps that send something: an address to read, somebody for the team, a message. And the strip that says how far reading is. */

import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import { attributes, type Html, html } from "../html.ts";
import { GIVEN_ROLES } from "../parts/team-members.ts";
import { teamFormWords } from "../parts/team-words.ts";
import { count } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import type { GuildVisit } from "../visit.ts";
import type { GuildSetupFacts } from "./facts.ts";
import { saidLine, saidOf, setupPath, stepFrame } from "./said-view.ts";
import { guildSetupWords } from "./words.ts";

export function knowledgeStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].knowledge;
  const sum = (of: (source: SourceRow) => number) =>
    count(
      facts.sources.reduce((all, one) => all + of(one), 0),
      visit.language,
    );
  const filled = facts.sources.some(({ passages }) => passages > 0);
  const { text } = typedFields(facts.typed);
  const said = saidOf(facts, "knowledge");
  return stepFrame(
    visit,
    "knowledge",
    filled,
    say.title,
    say.what,
    html`${sending(
      visit,
      "knowledge",
      "website",
      html`<div class="row"><label class="label grow">${say.address}
        <input type="text" inputmode="url" autocapitalize="off" spellcheck="false" name="start" required maxlength="2000" placeholder="https://docs.example.com" value="${text("start", "")}"${attributes({ "aria-invalid": said?.warn ? "true" : null })} /></label>
        <button class="button" type="submit">${icon("globe")}${say.read}</button></div>`,
      facts,
    )}
    <p class="quiet">${
      filled &&
      say.has(
        sum(({ documents }) => documents),
        sum(({ passages }) => passages),
      )
    } <a href="/guilds/${visit.guild.guild}/knowledge">${say.more}</a></p>`,
  );
}

export function teamStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].team;
  const form = teamFormWords[visit.language];
  const { roles } = commonWords[visit.language];
  const given = facts.team.filter(({ role }) => role === "agent" || role === "viewer").length;
  const { text } = typedFields(facts.typed);
  const said = saidOf(facts, "team");
  const chosen = text("role", "agent");
  return stepFrame(
    visit,
    "team",
    given > 0,
    say.title,
    say.what,
    html`${sending(
      visit,
      "team",
      "team",
      html`<div class="row">
        <label class="label grow">${form.id}<input name="person" required autocomplete="off" maxlength="40" value="${text("person", "")}" placeholder="${form.idExample}"${attributes({ "aria-invalid": said?.warn ? "true" : null })} /></label>
        <label class="label">${say.role}<select name="role">${GIVEN_ROLES.map((role) => html`<option value="${role}"${attributes({ selected: role === chosen })}>${roles[role]}</option>`)}</select></label>
        <button class="button" type="submit">${icon("plus")}${say.add}</button></div>`,
      facts,
    )}
    ${
      facts.member !== null &&
      html`<form method="post" action="${setupPath(visit)}/team" hx-post="${setupPath(visit)}/team" hx-target="#step-team" hx-swap="outerHTML"><input type="hidden" name="role" value="${facts.member.role}" />
        <ul class="picks">${facts.member.matches.map(({ id, name }) => html`<li><button class="button button-quiet button-small" type="submit" name="person" value="${id}" aria-label="${form.addNamed(name)}">${icon("plus")}<span dir="auto">${name}</span></button></li>`)}</ul></form>`
    }
    <p class="quiet">${given > 0 && say.members(count(given, visit.language))} <a href="/guilds/${visit.guild.guild}/team">${say.all}</a></p>`,
  );
}

export function testStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].test;
  const { text } = typedFields(facts.typed);
  const chosen = text("channel", facts.testChannel ?? "");
  const said = saidOf(facts, "test");
  const sent = said !== null && !said.warn;
  return stepFrame(
    visit,
    "test",
    facts.asked || sent,
    say.title,
    say.what,
    html`${sending(
      visit,
      "test",
      "test",
      html`<div class="row"><label class="label grow">${say.channel}<select name="channel" required>${facts.testChannel === null && html`<option value="">${say.choose}</option>`}${facts.channels.map(({ id, name }) => html`<option value="${id}"${attributes({ selected: id === chosen })}>#${name}</option>`)}</select></label>
        <button class="button" type="submit">${icon("chat")}${say.send}</button></div>`,
      facts,
    )}
    <p class="quiet"><a href="/guilds/${visit.guild.guild}/playground">${say.ask}</a></p>`,
  );
}

/** A form with a button of its own; the step comes back, and says what came of it. */
function sending(
  visit: GuildVisit,
  step: "knowledge" | "team" | "test",
  to: "website" | "team" | "test",
  fields: Html,
  facts: GuildSetupFacts,
): Html {
  const path = `${setupPath(visit)}/${to}`;
  return html`<form class="stack" method="post" action="${path}" hx-post="${path}" hx-target="#step-${step}" hx-swap="outerHTML" hx-disable="find button">
    ${fields}<div class="said-bar" role="status">${saidLine(visit, saidOf(facts, step), `${path}/undo`, step)}</div></form>`;
}

/** Stays in sight while one goes on with other steps. */
export function readingPart(visit: GuildVisit, sources: readonly SourceRow[]): Html {
  const say = guildSetupWords[visit.language].knowledge;
  const running = sources.filter(({ state }) => state === "running");
  const failed = sources.filter(({ state }) => state === "failed");
  const link = (text: string) => html`<a href="/guilds/${visit.guild.guild}/knowledge">${text}</a>`;
  return html`<div id="reading" role="status">${running.map(({ name, progress }) => {
    const { language } = visit;
    return html`<div class="reading"><span class="one-line">${icon("globe")} <span dir="auto">${say.reading(name)}</span></span>
      <progress${attributes({ max: Math.max(progress.total, 1), value: progress.done, "aria-label": say.reading(name) })}></progress>
      <span class="quiet number">${say.progress(count(progress.done, language), count(progress.total, language))}</span></div>`;
  })}
  ${failed.map(({ name }) => html`<div class="reading reading-failed"><span class="one-line">${icon("alert")} <span dir="auto">${say.failed(name)}</span></span>${link(say.why)}</div>`)}</div>`;
}
