/** A source's documents as a list, and one of them: its passages as search has them, and the questions that it answered. */

import type { PassageRow } from "../../src/knowledge.ts";
import { type DocumentRow, type DocumentUse, USES_LOOKED_AT } from "../../src/store/ports/documents.ts";
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import type { ListPage } from "../../src/store/ports/page.ts";
import { maySee } from "../guard.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { languageNames } from "../parts/formats.ts";
import { messageText, plainText, type Reading } from "../parts/message-text.ts";
import { ago, count } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { documentWords } from "./documents-words.ts";
import { knowledgeWords } from "./words.ts";

export type SourceFacts = {
  readonly source: SourceRow;
  readonly text: string;
  readonly which: "" | "included" | "excluded";
  readonly after: string;
  readonly found: ListPage<DocumentRow>;
  readonly uses: ReadonlyMap<string, number>;
};

export type DocumentFacts = {
  readonly source: SourceRow;
  readonly document: DocumentRow;
  readonly passages: readonly Omit<PassageRow, "kind">[];
  readonly uses: readonly DocumentUse[];
  readonly nameOf: Reading["nameOf"];
  readonly told: "ordered" | "busy" | null;
};

const pathOf = (visit: GuildVisit, source: string) => `/guilds/${visit.guild.guild}/knowledge/${source}`;

export function sourcePage(visit: GuildVisit, facts: SourceFacts): Html {
  const { source, which, text } = facts;
  const say = documentWords[visit.language];
  const path = pathOf(visit, source.id);
  const refine = attributes({ "hx-get": path, "hx-target": "#documents", "hx-include": "closest form" });
  const option = (value: SourceFacts["which"], label: string) =>
    html`<option value="${value}"${attributes({ selected: value === which })}>${label}</option>`;
  return page(visit, {
    title: source.name,
    section: "knowledge",
    body: html`
      <a class="crumb" href="/guilds/${visit.guild.guild}/knowledge">${icon("back")}${knowledgeWords[visit.language].title}</a>
      ${heading(source.name, say.lead)}
      <form class="filters" method="get" action="${path}" role="search" aria-label="${say.search}">
        <label class="field field-search"><span class="visually-hidden">${say.search}</span>${icon("search")}
          <input type="search" name="q" value="${text}" placeholder="${say.search}" maxlength="200" hx-trigger="input changed delay:300ms"${refine} /></label>
        <label class="field"><span class="visually-hidden">${say.which}</span>
          <select name="which"${refine}>${option("", say.all)}${option("included", say.included)}${option("excluded", say.excluded)}</select></label>
        <button class="button button-quiet no-script" type="submit">${commonWords[visit.language].filter}</button>
      </form>
      ${documentsPart(visit, facts)}
    `,
  });
}

export function documentsPart(visit: GuildVisit, facts: SourceFacts): Html {
  const { source, found, text, which, after } = facts;
  const say = documentWords[visit.language];
  const path = pathOf(visit, source.id);
  const filtered = text !== "" || which !== "";
  return html`<section id="documents">
    ${
      found.items.length > 0
        ? documentTable(visit, facts)
        : filtered
          ? emptyState("search", commonWords[visit.language].nothingFound, html`<a href="${path}">${say.all}</a>`)
          : emptyState("book", say.none, say.noneNext)
    }
    <nav class="pager" aria-label="${commonWords[visit.language].pages}">
      ${after !== "" && html`<a class="button button-quiet" href="${link(path, { q: text, which })}">${icon("back")}${say.first}</a>`}
      ${found.cursor !== null && html`<a class="button button-quiet" rel="next" href="${link(path, { q: text, which, after: found.cursor })}">${say.next}${icon("next")}</a>`}
    </nav>
  </section>`;
}

function documentTable(visit: GuildVisit, { source, found, uses }: SourceFacts): Html {
  const { language } = visit;
  const say = documentWords[language];
  const path = pathOf(visit, source.id);
  return html`<table class="list">
    <thead><tr><th scope="col">${say.document}</th><th scope="col" class="number">${say.passages}</th>
      <th scope="col" class="number" title="${say.answersWhat(count(USES_LOOKED_AT, language))}">${say.answers}</th>
      <th scope="col" class="number">${say.updated}</th></tr></thead>
    <tbody>${found.items.map(
      (row) => html`<tr>
        <td class="cell-text"><a class="stretch" href="${path}/documents/${row.id}" dir="auto">${row.title}</a>
          ${row.excludedAtMs !== null && html` <span class="chip chip-small chip-amber">${say.excluded}</span>`}
          ${source.kind !== "pairs" && html`<br /><span class="quiet" dir="auto">${row.key}</span>`}</td>
        <td class="number cell-turns"><span class="no-phone">${count(row.passages, language)}</span><span class="only-phone">${say.holds(count(row.passages, language), "")}</span></td>
        <td class="number cell-turns"><span class="only-phone">${say.answers}: </span>${count(uses.get(row.id) ?? 0, language)}</td>
        <td class="number cell-when">${ago(visit, row.updatedAtMs)}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

export function documentPage(visit: GuildVisit, facts: DocumentFacts): Html {
  const { source, document, passages, told } = facts;
  const say = documentWords[visit.language];
  const path = `${pathOf(visit, source.id)}/documents/${document.id}`;
  return page(visit, {
    title: document.title,
    section: "knowledge",
    body: html`
      <a class="crumb" href="${pathOf(visit, source.id)}">${icon("back")}${source.name}</a>
      ${heading(document.title, lead(visit, document), maySee("admin", visit) && acts(visit, facts, path))}
      ${told !== null && html`<p class="${`notice ${told === "busy" ? "notice-warn" : "notice-good"}`}" role="status">${icon(told === "busy" ? "alert" : "check")}<span>${say[told]}</span></p>`}
      ${document.excludedAtMs !== null && html`<p class="notice notice-warn">${icon("info")}<span>${say.excludedNote}</span></p>`}
      <div class="stack">
        <div hx-sse:connect="${path}/live" hx-target="#passages" hx-swap="outerMorph">${passagesPart(visit, passages)}</div>
        ${usesPart(visit, facts)}
      </div>
    `,
  });
}

function lead(visit: GuildVisit, { url, key, language, passages }: DocumentRow): Html {
  const say = documentWords[visit.language];
  const where = url ?? (/^[0-9a-f]{32}$/.test(key) ? null : key);
  return html`${say.holds(count(passages, visit.language), languageName(language, visit.language))}
    ${where !== null && html` · ${url === null ? html`<span dir="auto">${where}</span>` : html`<a href="${url}" rel="noopener noreferrer nofollow" target="_blank" dir="auto">${url}</a>`}`}`;
}

function acts(visit: GuildVisit, { source, document }: DocumentFacts, path: string): Html {
  const say = documentWords[visit.language];
  const words = knowledgeWords[visit.language];
  const excluded = document.excludedAtMs !== null;
  const post = (to: string, label: string) =>
    html`<form method="post" action="${path}/${to}"><button class="button button-quiet button-small" type="submit">${label}</button></form>`;
  return html`
    ${source.kind === "website" && post("read", say.readAgain)}
    ${(source.kind === "pairs" || source.kind === "text") && html`<a class="button button-quiet button-small" href="${pathOf(visit, source.id)}/edit">${words.edit}</a>`}
    ${post(excluded ? "include" : "exclude", excluded ? say.include : say.exclude)}
    ${source.kind === "files" && html`<a class="button button-danger button-small" href="${path}/remove">${icon("bin")}${say.remove}</a>`}
  `;
}

export function passagesPart(visit: GuildVisit, passages: DocumentFacts["passages"]): Html {
  const say = documentWords[visit.language];
  return html`<section id="passages">
    <h2 class="section-title">${say.asSeen}</h2>
    <p class="help">${say.asSeenWhat}</p>
    ${
      passages.length === 0
        ? html`<p class="quiet">${say.noPassages}</p>`
        : html`<ol class="passages">${passages.map((passage) => passageItem(visit, passage))}</ol>`
    }
  </section>`;
}

function passageItem(visit: GuildVisit, passage: DocumentFacts["passages"][number]): Html {
  const where = passage.headings.filter((one) => one !== passage.title).join(" › ") || passage.title;
  return html`<li class="passage" id="passage-${passage.position}">
    <div class="source-head">
      <span class="number quiet">${passage.position + 1}</span>
      <strong class="card-text" dir="auto">${passage.url === null ? where : html`<a href="${passage.url}" rel="noopener noreferrer nofollow" target="_blank">${where}</a>`}</strong>
    </div>
    <div class="turn-text" dir="auto">${messageText(passage.text, reading(visit))}</div>
  </li>`;
}

function usesPart(visit: GuildVisit, { uses, nameOf }: DocumentFacts): Html {
  const say = documentWords[visit.language];
  const looked = count(USES_LOOKED_AT, visit.language);
  return html`<section>
    <h2 class="section-title">${say.uses}</h2>
    ${
      uses.length === 0
        ? html`<p class="quiet">${say.noUses(looked)}</p>`
        : html`<p class="help">${say.usesWhat}</p><table class="list"><tbody>${uses.map(
            ({ conversation, question, passages, atMs }) => html`<tr>
              <td class="cell-text"><a class="stretch" href="/guilds/${visit.guild.guild}/conversations/${conversation}" dir="auto"><span class="clamp">${question === "" ? say.forgotten : plainText(question, nameOf)}</span></a></td>
              <td class="number cell-turns">${say.cited(passages.map((position) => position + 1).join(", "))}</td>
              <td class="number cell-when">${ago(visit, atMs)}</td></tr>`,
          )}</tbody></table>`
    }
  </section>`;
}

/** The server's own words: nobody is named here. */
function reading(visit: GuildVisit): Reading {
  return { nameOf: (kind) => commonWords[visit.language].mentions[kind], links: true };
}

/** A page of its own, so that it asks without JavaScript too. */
export function removeDocumentPage(visit: GuildVisit, source: SourceRow, document: DocumentRow): Html {
  const say = documentWords[visit.language];
  const path = `${pathOf(visit, source.id)}/documents/${document.id}`;
  return page(visit, {
    title: say.removeAsk(document.title),
    section: "knowledge",
    body: html`
      <a class="crumb" href="${path}">${icon("back")}${document.title}</a>
      <section class="panel stack">
        <h1>${say.removeAsk(document.title)}</h1>
        <p class="help">${say.removeWhat(count(document.passages, visit.language))}</p>
        <form class="save" method="post" action="${path}/remove">
          <button class="button button-danger" type="submit">${icon("bin")}${say.remove}</button>
          <a class="button button-quiet" href="${path}">${say.keep}</a>
        </form>
      </section>
    `,
  });
}

function languageName(code: string, reader: string): string {
  if (!/^[a-z]{2,3}$/.test(code) || code === "und") return "";
  return languageNames(reader).of(code) ?? code;
}
