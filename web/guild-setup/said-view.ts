/** The frame of a step, and the line that says what became of a field. */
import { attributes, type Html, html, type Part } from "../html.ts";
import { icon } from "../shell/icons.ts";
import type { GuildVisit } from "../visit.ts";
import type { FieldSaid, GuildSetupFacts, SetupStep } from "./facts.ts";
import { guildSetupWords } from "./words.ts";

export function setupPath(visit: GuildVisit): string {
  return `/guilds/${visit.guild.guild}/setup`;
}

/** `done` null: there is nothing to be done with, what is chosen holds. */
export function stepFrame(
  visit: GuildVisit,
  step: SetupStep,
  done: boolean | null,
  title: string,
  what: Part,
  body: Part,
): Html {
  const say = guildSetupWords[visit.language];
  const sign = done === true ? icon("check") : html`<span class="step-number"></span>`;
  return html`<li class="step${done === true ? " step-done" : ""}" id="step-${step}">
    <span class="step-sign">${sign}${done === true && html`<span class="visually-hidden">${say.done}</span>`}</span>
    <div class="step-main">
      <div><h2>${title}</h2><p class="help">${what}</p></div>
      ${body}
    </div>
  </li>`;
}

/**
 * The line beside a field. Its buttons belong to the form that it stands in: "Undo" sends the row to `undo`, which gives the whole
 * step anew.
 */
export function saidLine(visit: GuildVisit, said: FieldSaid | null, undo: string, step: SetupStep): Html | null {
  if (said === null) return null;
  const say = guildSetupWords[visit.language];
  return html`<span class="said-line${said.warn ? " said-warn" : ""}"${attributes({ role: said.warn ? "alert" : null })}>${icon(said.warn ? "alert" : "check")}<span>${said.says}
    ${said.link && html`<a href="${said.link.href}" rel="noopener noreferrer" target="_blank">${said.link.label}</a>`}</span></span>
    ${
      said.row !== undefined &&
      html`<input type="hidden" name="row" value="${said.row}" />
      <button class="button button-quiet button-small" type="submit" formaction="${undo}" formnovalidate hx-post="${undo}" hx-trigger="click" hx-target="#step-${step}" hx-swap="outerHTML">${icon("history")}${say.undo}</button>`
    }
    ${said.again === true && html`<button class="button button-quiet button-small" type="submit">${say.saveAnyway}</button>`}`;
}

/** What is said of `at`, where it is about it. */
export function saidOf({ said }: Pick<GuildSetupFacts, "said">, at: string): FieldSaid | null {
  return said?.at === at ? said : null;
}
