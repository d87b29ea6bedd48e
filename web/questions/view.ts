/** Open questions, each with a form for its answer; below them the check set. */
import type { QuestionGroup } from "../../src/open-questions.ts";
import type { CheckRow } from "../../src/store/ports/checks.ts";
import { attributes, type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { ago } from "../parts/times.ts";
import { type FormFields, typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { questionWords } from "./words.ts";

export type QuestionFacts = {
  readonly groups: readonly QuestionGroup[];
  readonly checks: readonly (CheckRow & { readonly broke?: boolean })[];
  readonly told: string | null;
  readonly problem: string | null;
  /** An answer or a check that was refused, as it was typed. */
  readonly typed: FormData | null;
};

export function questionsPage(visit: GuildVisit, { groups, checks, told, problem, typed }: QuestionFacts): Html {
  const words = questionWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/questions`;
  return page(visit, {
    title: words.title,
    section: "questions",
    body: html`${heading(words.title, words.lead)}
      ${told !== null && html`<p class="notice notice-good" role="status">${icon("check")}<span>${told}</span></p>`}
      ${problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${problem}</span></p>`}
      <div class="stack">
        ${typed?.has("answer") && html`<section class="panel">${answerForm(visit, typedFields(typed))}</section>`}
        ${groups.length === 0 ? emptyState("check", words.none, words.noneNext) : groups.map((group) => item(visit, group))}
        <section class="panel form"><h2>${words.checks}</h2><p class="help">${words.checksLead}</p>
          ${checks.length === 0 ? html`<p class="quiet">${words.noChecks}</p>` : table(visit, checks)}
          ${checks.length > 0 && html`<form method="post" action="${`${base}/checks/run`}"><button class="button" type="submit">${icon("play")}${words.run}</button></form>`}
          <form class="form" method="post" action="${`${base}/checks`}"><label class="label">${words.question}<input name="question" required maxlength="500" value="${typed === null || typed.has("answer") ? "" : typedFields(typed).text("question", "")}" /><small>${words.addHelp}</small></label>
            <label class="label">${words.says}<input name="says" maxlength="100" value="${typed?.has("says") ? typedFields(typed).text("says", "") : ""}" /><small>${words.saysHelp}</small></label>
            <label class="check"><input type="checkbox" name="absent"${attributes({ checked: typed?.has("absent") === true })} /> ${words.absent}</label>
            <div class="save"><button class="button button-quiet" type="submit">${icon("plus")}${words.add}</button></div></form>
        </section>
      </div>`,
  });
}

function item(visit: GuildVisit, { question, times, lastAtMs, conversation }: QuestionGroup): Html {
  const words = questionWords[visit.language];
  const { guild } = visit.guild;
  const asked: FormFields = {
    text: (name, kept) => (name === "question" ? question.slice(0, 500) : kept),
    isOn: (_, kept) => kept,
    all: (_, kept) => kept,
  };
  return html`<article class="panel question"><h2 dir="auto">${question.slice(0, 300)}</h2>
    <p class="quiet">${words.times(times)} · ${words.last} ${ago(visit, lastAtMs)} · <a href="/guilds/${guild}/conversations/${conversation}">${words.see}</a></p>
    <details><summary class="button button-quiet button-small">${words.write}</summary>
      ${answerForm(visit, asked)}</details>
  </article>`;
}

function answerForm(visit: GuildVisit, { text, isOn }: FormFields): Html {
  const words = questionWords[visit.language];
  return html`<form class="form" method="post" action="/guilds/${visit.guild.guild}/questions/answers">
    <label class="label">${words.question}<input name="question" required maxlength="500" value="${text("question", "")}" /></label>
    <label class="label">${words.answer}<textarea name="answer" required rows="4" maxlength="4000">${text("answer", "")}</textarea></label>
    <label class="check"><input type="checkbox" name="check"${attributes({ checked: isOn("check", true) })} /> ${words.andCheck}</label>
    <div class="save"><button class="button" type="submit">${words.save}</button></div></form>`;
}

function table(visit: GuildVisit, checks: QuestionFacts["checks"]): Html {
  const words = questionWords[visit.language];
  const result = ({ passed, passedBefore }: CheckRow) => {
    if (passed === null) return html`<span class="chip">${words.never}</span>`;
    if (passed) return html`<span class="chip chip-green">${words.passes}</span>`;
    const broke = passedBefore === true;
    return html`<span class="${`chip ${broke ? "chip-red" : "chip-amber"}`}">${broke ? words.broke : words.fails}</span>`;
  };
  const byModel = checks.some(({ judged }) => judged !== null);
  const model = ({ judged }: CheckRow) => {
    if (judged === null) return html`<span class="chip">${words.never}</span>`;
    const { fault, atMs } = judged;
    return html`<span class="${`chip ${fault === null ? "chip-green" : "chip-red"}`}">${fault === null ? words.passes : words.faults[fault]}</span>
      <small class="quiet">${words.by(judged.model, judged.prompts)} · ${ago(visit, atMs)}</small>`;
  };
  const wanted = ({ expected, says }: CheckRow) =>
    html`${expected ?? words.nothing}${says !== null && html`<small class="quiet" dir="auto"> · ${words.saying(says)}</small>`}`;
  return html`<table class="list"><thead><tr><th scope="col">${words.question}</th><th scope="col">${words.expected}</th>
      <th scope="col">${words.found}</th><th scope="col">${words.result}</th>${byModel && html`<th scope="col">${words.model}</th>`}<th scope="col"><span class="visually-hidden">${words.remove}</span></th></tr></thead>
    <tbody>${checks.map(
      (
        check,
      ) => html`<tr><td class="cell-text" dir="auto">${check.question}</td><td class="cell-wide" data-label="${words.expected}">${wanted(check)}</td>
        <td class="cell-wide" data-label="${words.found}">${check.found ?? ""}</td><td class="cell-wide" data-label="${words.result}">${result(check)}</td>
        ${byModel && html`<td class="cell-wide" data-label="${words.model}">${model(check)}</td>`}
        <td class="cell-act cell-wide"><form method="post" action="/guilds/${visit.guild.guild}/questions/checks/${check.id}/delete"><button class="button button-quiet button-small" type="submit">${icon("bin")}${words.remove}</button></form></td></tr>`,
    )}</tbody></table>`;
}
