/** The question at the top, below it the answer as a member would read it, then how it came about. */

import { QUESTION_CHARS_MAX } from "../../src/answering.ts";
import { words } from "../../src/i18n.ts";
import { ANSWERABLE_MIN, type RankedPassage } from "../../src/knowledge.ts";
import { staysSilent, type Trial } from "../../src/trial.ts";
import { attributes, type Html, html, type Part } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { languageNames, numberFormat } from "../parts/formats.ts";
import { messageText, type Reading } from "../parts/message-text.ts";
import { sourceList } from "../parts/sources.ts";
import { count, duration, money } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { playgroundWords } from "./words.ts";

export const BEFORE_CHARS_MAX = 8_000;

/** `before`: the earlier lines as they were typed. */
export function playgroundPage(visit: GuildVisit, trial: Trial | null, before = ""): Html {
  const say = playgroundWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/playground`;
  return page(visit, {
    title: say.title,
    section: "playground",
    body: html`
      ${heading(say.title, say.lead)}
      <form class="ask" method="post" action="${path}" hx-post="${path}" hx-target="#result" hx-disable="find button" hx-indicator="#asking">
        <label class="field-grow"><span class="visually-hidden">${say.question}</span>
          <input name="question" required maxlength="${QUESTION_CHARS_MAX}" value="${trial?.question}" placeholder="${say.example}" autocomplete="off" /></label>
        <button class="button" type="submit">${icon("play")}${say.ask}</button>
        <label class="check"><input type="checkbox" name="unasked"${attributes({ checked: trial?.unasked ?? false })} />${say.unasked}</label>
        <details class="field-grow"${attributes({ open: before !== "" })}><summary>${say.before}</summary>
          <label><span class="help">${say.beforeHelp}</span>
            <textarea name="before" rows="4" maxlength="${BEFORE_CHARS_MAX}" placeholder="${say.beforeExample}">${before}</textarea></label></details>
      </form>
      <p class="quiet htmx-indicator" id="asking" role="status">${say.asking}</p>
      ${resultPart(visit, trial)}
    `,
  });
}

export function resultPart(visit: GuildVisit, trial: Trial | null): Html {
  const say = playgroundWords[visit.language];
  return html`<section class="stack" id="result">
    ${trial === null ? emptyState("play", say.empty, say.emptyNext) : result(visit, trial)}
  </section>`;
}

function result(visit: GuildVisit, trial: Trial): Html {
  const say = playgroundWords[visit.language];
  const { answered } = trial;
  return html`
    <ol class="turns"><li class="turn turn-bot">
      <span class="avatar avatar-bot" aria-hidden="true">${icon("bot")}</span>
      <div class="turn-main">
        <div class="turn-text" dir="auto" data-heard>${staysSilent(trial) ? html`<em class="quiet">${say.kinds.declined}</em>` : messageText(answered.text, reading(visit))}</div>
        ${answered.sources.length > 0 && sourceList(visit, answered.sources)}
      </div>
    </li></ol>
    ${stages(visit, trial)}
    <section>
      <h2 class="section-title">${say.passages}</h2>
      ${
        answered.retrieval.passages.length === 0
          ? html`<p class="quiet">${say.noPassages}</p>`
          : html`<p class="help">${say.scoreWhat}</p><ol class="passages">${answered.retrieval.passages.map((ranked, index) => passage(visit, ranked, index + 1, used(trial, ranked)))}</ol>`
      }
    </section>
  `;
}

/** The admin's own words: their links are links. */
function reading(visit: GuildVisit): Reading {
  return { nameOf: (kind) => commonWords[visit.language].mentions[kind], links: true };
}

function used(trial: Trial, { passage }: RankedPassage): boolean {
  return trial.answered.sources.some((source) => source.passage === passage.id);
}

/** The reason for the outcome, from the stage that decided. */
function because(visit: GuildVisit, trial: Trial): string | undefined {
  const { answered } = trial;
  const say = playgroundWords[visit.language];
  if (answered.declined !== null) {
    const { reason, why } = answered.declined;
    return why === null
      ? words(visit.language).outcomes.reasons[reason]
      : `${words(visit.language).outcomes.reasons[reason]}: ${why}`;
  }
  if (answered.kind === "not-in-knowledge") return answered.spent.model === null ? say.nothingFits : say.modelFoundNone;
  return answered.answer?.wantsHuman ? say.wantsHuman : undefined;
}

/** Each stage's decision, in the order of a message's way. */
function stages(visit: GuildVisit, trial: Trial): Html {
  const { answered, triage, ms, question } = trial;
  const { language } = visit;
  const say = playgroundWords[visit.language];
  const { answerable } = answered.retrieval;
  const { spent, answer } = answered;
  const step = (name: string, value: Part, detail?: Part) =>
    html`<div><dt>${name}</dt><dd>${value}${detail && html`<small>${detail}</small>`}</dd></div>`;
  const percent = numberFormat(language, { style: "percent" }).format(answerable);
  const fellBack = answer?.fellBack ?? null;
  return html`<dl class="stages">
    ${triage !== null && step(say.prefilter, say.answering[triage.answering], triage.signals.map((signal) => signal.name).join(", "))}
    ${step(say.language, languageName(answered.language, language))}
    ${answered.question !== question && step(say.rewritten, answered.question)}
    ${step(say.answerable, html`${percent} <meter${attributes({ min: 0, max: 1, low: ANSWERABLE_MIN, value: answerable })}></meter>`, answerable < ANSWERABLE_MIN ? say.below : say.above)}
    ${step(say.outcome, staysSilent(trial) ? say.kinds.declined : say.kinds[answered.kind], because(visit, trial))}
    ${step(say.model, spent.model ?? say.noModel, fellBack !== null && fellBack !== "no-model" && say.fellBack(fellBack))}
    ${step(say.time, duration(ms, language))}
    ${spent.tokensIn + spent.tokensOut > 0 && step(say.tokens, commonWords[visit.language].tokens(count(spent.tokensIn, language), count(spent.tokensOut, language)), spent.costUsd > 0 && money(spent.costUsd, language))}
  </dl>`;
}

function passage(visit: GuildVisit, { passage, score }: RankedPassage, n: number, used: boolean): Html {
  const say = playgroundWords[visit.language];
  const where = [passage.title, ...passage.headings.filter((one) => one !== passage.title)].join(" › ");
  return html`<li class="passage${used ? " passage-used" : ""}">
    <div class="source-head">
      <span class="number quiet">${n}</span>
      <strong class="card-text" dir="auto">${passage.url === null ? where : html`<a href="${passage.url}" rel="noopener noreferrer nofollow" target="_blank">${where}</a>`}</strong>
      ${used && html`<span class="chip chip-green">${say.used}</span>`}
      <span class="number quiet" title="${say.score}">${score.toFixed(2)}</span>
    </div>
    <details${attributes({ open: used })}><summary>${say.text}</summary><div class="turn-text" dir="auto">${messageText(passage.text, reading(visit))}</div>
      <a class="more" href="/guilds/${visit.guild.guild}/knowledge/${passage.source}/documents/${passage.document}">${say.document}</a></details>
  </li>`;
}

function languageName(code: string, reader: string): string {
  if (!/^[a-z]{2,3}$/.test(code) || code === "und") return code;
  return languageNames(reader).of(code) ?? code;
}
