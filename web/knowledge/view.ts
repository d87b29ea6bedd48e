/** Sources as cards with their contents and failures, and the forms that add to them. */

import type { ImportSummary, SourceRow } from "../../src/store/ports/knowledge.ts";
import { maySee } from "../guard.ts";
import { attributes, type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { numberFormat } from "../parts/formats.ts";
import { ago, count } from "../parts/times.ts";
import { type IconName, icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { addForms } from "./editors.ts";
import type { KnowledgeFacts } from "./facts.ts";
import { knowledgeWords } from "./words.ts";

const KIND_ICONS: Readonly<Record<SourceRow["kind"], IconName>> = {
  files: "file",
  website: "globe",
  pairs: "chat",
  text: "book",
};

export function knowledgePage(visit: GuildVisit, facts: KnowledgeFacts): Html {
  const words = knowledgeWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/knowledge`;
  return page(visit, {
    title: words.title,
    section: "knowledge",
    body: html`
      ${heading(words.title, words.lead)}
      <div class="stack">
      ${facts.started && html`<p class="notice notice-good" role="status">${icon("check")}<span>${words.started}</span></p>`}
      ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${words.problems[facts.problem]}</span></p>`}
        <div hx-sse:connect="${path}/live" hx-target="#sources" hx-swap="outerMorph">${sourcesPart(visit, facts)}</div>
        ${maySee("admin", visit) && addForms(visit, facts)}
      </div>
    `,
  });
}

export function sourcesPart(visit: GuildVisit, facts: KnowledgeFacts): Html {
  const { language } = visit;
  const say = knowledgeWords[visit.language];
  const documents = facts.sources.reduce((sum, one) => sum + one.documents, 0);
  const passages = facts.sources.reduce((sum, one) => sum + one.passages, 0);
  return html`<section class="stack" id="sources">
    ${
      facts.sources.length === 0
        ? emptyState("book", say.empty, say.emptyNext)
        : html`<p class="quiet">${say.total(count(documents, language), count(passages, language))}${facts.meant !== null && html` · ${say.meant(count(facts.meant.passages, language), facts.meant.model)}`}</p>
          ${facts.sources.map((source) => sourceCard(visit, source))}`
    }
  </section>`;
}

function sourceCard(visit: GuildVisit, source: SourceRow): Html {
  const { language } = visit;
  const say = knowledgeWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/knowledge/${source.id}`;
  const { done, total, failures, report } = source.progress;
  const running = source.state === "running";
  const admin = maySee("admin", visit);
  return html`<article class="source" id="source-${source.id}">
    <div class="source-head">
      ${icon(KIND_ICONS[source.kind])}
      <div class="card-text"><h2 class="card-title" dir="auto"><a href="${path}">${source.name}</a></h2>
        <span class="quiet">${say.kinds[source.kind]} · ${say.holds(count(source.documents, language), count(source.passages, language))}${source.excluded > 0 && html` · ${say.excluded(count(source.excluded, language))}`} · ${ago(visit, source.updatedAtMs)}</span></div>
      ${stateChip(visit, source)}
      ${running && admin && html`<form method="post" action="${path}/cancel"><button class="button button-quiet button-small" type="submit">${say.cancel}</button></form>`}
      ${!running && admin && again(visit, source, path)}
      ${admin && html`<a class="button button-danger button-small" href="${path}/remove" aria-label="${say.removeNamed(source.name)}">${icon("bin")}${say.remove}</a>`}
    </div>
    ${
      running &&
      html`<div><progress${attributes({ max: Math.max(total, 1), value: done, "aria-label": say.progress })}>${done} / ${total}</progress>
        <span class="quiet number">${say.done(count(done, language), count(total, language))}</span></div>`
    }
    ${!running && report !== undefined && report.read > 0 && reportOf(visit, report)}
    ${
      failures.length > 0 &&
      html`<details><summary>${say.failures(failures.length)}</summary>
        <ul class="failures">${failures.map(({ what, reason }) => html`<li><strong dir="auto">${what}</strong><span class="quiet">${say.reason(reason)}</span></li>`)}</ul>
      </details>`
    }
  </article>`;
}

/** The last import's read and left-out parts, and samples as members would see them. */
function reportOf(visit: GuildVisit, report: ImportSummary): Html {
  const { language } = visit;
  const say = knowledgeWords[language].report;
  const all = report.keptChars + report.leftOutChars;
  const share = numberFormat(language, { style: "percent" }).format(all === 0 ? 0 : report.leftOutChars / all);
  return html`<details class="import-report"><summary>${say.title}</summary>
    <p class="quiet">${say.read(count(report.read, language), count(report.unchanged, language))}
      ${report.leftOutChars > 0 && say.leftOut(count(report.leftOutChars, language), share)}</p>
    <p class="help">${say.samples}</p>
    ${report.samples.map(
      ({ title, text }) =>
        html`<figure class="stack"><figcaption dir="auto"><strong>${title}</strong></figcaption><blockquote class="quiet" dir="auto">${text}</blockquote></figure>`,
    )}
  </details>`;
}

/** Repeatable actions: a website is read anew, typed text is edited. */
function again(visit: GuildVisit, source: SourceRow, path: string): Html | false {
  const say = knowledgeWords[visit.language];
  if (isStopped(source)) {
    return html`<form method="post" action="${path}/continue"><button class="button button-quiet button-small" type="submit">${icon("play")}${say.goOn}</button></form>`;
  }
  if (source.kind === "website") {
    return html`<form method="post" action="${path}/crawl"><button class="button button-quiet button-small" type="submit">${say.crawlAgain}</button></form>`;
  }
  return (
    source.kind !== "files" &&
    html`<a class="button button-quiet button-small" href="${path}/edit" aria-label="${say.editNamed(source.name)}">${say.edit}</a>`
  );
}

/** It ended before all that it knew of was done. */
function isStopped({ state, progress, kind }: SourceRow): boolean {
  const left = progress.done < progress.total;
  return (
    (kind === "files" || kind === "website") && left && (state === "idle" || kind === "website") && state !== "running"
  );
}

function stateChip(visit: GuildVisit, source: SourceRow): Html {
  const say = knowledgeWords[visit.language].states;
  const { done, total } = source.progress;
  if (source.state === "running") return html`<span class="chip chip-blue">${say.running}</span>`;
  if (source.state === "failed") return html`<span class="chip chip-red">${say.failed}</span>`;
  if (isStopped(source)) {
    return html`<span class="chip chip-amber">${say.stopped(count(done, visit.language), count(total, visit.language))}</span>`;
  }
  if (source.progress.failures.length > 0) return html`<span class="chip chip-amber">${say.partly}</span>`;
  return html`<span class="chip chip-green">${say.ready}</span>`;
}

/** A page of its own, so that it asks without JavaScript too. */
export function removePage(visit: GuildVisit, source: SourceRow): Html {
  const { language } = visit;
  const say = knowledgeWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/knowledge`;
  return page(visit, {
    title: say.removeNamed(source.name),
    section: "knowledge",
    body: html`
      <a class="crumb" href="${path}">${icon("back")}${say.title}</a>
      <section class="panel stack">
        <h1>${say.removeAsk(source.name)}</h1>
        <p class="help">${say.removeWhat(count(source.documents, language), count(source.passages, language))}</p>
        <form class="save" method="post" action="${path}/${source.id}/remove">
          <button class="button button-danger" type="submit">${icon("bin")}${say.remove}</button>
          <a class="button button-quiet" href="${path}">${say.keep}</a>
        </form>
      </section>
    `,
  });
}
