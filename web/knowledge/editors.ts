/** The forms that fill the knowledge base: files, a website, questions with answers, a text; and the page to edit the last two. */

import { type Pair, versionOf } from "../../src/knowledge.ts";
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import { attributes, type Html, html, type Part } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { KnowledgeFacts, Typed } from "./facts.ts";
import { BLANK_PAIRS, NAME_CHARS_MAX, pairsOf, textOf } from "./forms.ts";
import { knowledgeWords } from "./words.ts";

/** The refused form is open, with its input; without one, the first form of an empty knowledge base. */
export function addForms(visit: GuildVisit, { sources, problem, typed }: KnowledgeFacts): Html {
  const say = knowledgeWords[visit.language];
  const files = problem === "no-files" || problem === "too-many-files" || problem === "url";
  return html`<section class="panel adders">
    ${panel(say.addFiles, files || (problem === null && sources.length === 0), filesForm(visit, typed))}
    ${panel(say.addWebsite, problem === "website", websiteForm(visit, typed))}
    ${panel(say.addPairs, problem === "pairs", pairsForm(visit, null))}
    ${panel(say.addText, false, textForm(visit, null))}
  </section>`;
}

/** The draft: a source as it is kept, or refused input. */
export type Draft = {
  readonly kind: "pairs" | "text";
  readonly name: string;
  readonly config: unknown;
  /** Opened from a source, whose name stays; else typed anew. */
  readonly whole: boolean;
  /** The source as it is kept now. */
  readonly known: SourceRow | undefined;
};

export type DraftProblem = Draft["kind"] | "full" | "changed" | "removed";

/** A page of its own for typed knowledge. A refused form comes back with its input. */
export function editPage(visit: GuildVisit, draft: Draft, problem?: DraftProblem): Html {
  const say = knowledgeWords[visit.language];
  const title = draft.name || say.title;
  return page(visit, {
    title,
    section: "knowledge",
    body: html`
      <a class="crumb" href="/guilds/${visit.guild.guild}/knowledge">${icon("back")}${say.title}</a>
      ${heading(title, draft.whole && say.editLead)}
      ${problem !== undefined && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${problemText(visit, draft, problem)}</span></p>`}
      ${problem === "changed" && asItIsKept(visit, draft)}
      <section class="panel">${draft.kind === "pairs" ? pairsForm(visit, draft) : textForm(visit, draft)}</section>
    `,
  });
}

function problemText(visit: GuildVisit, draft: Draft, problem: DraftProblem): string {
  const say = knowledgeWords[visit.language];
  if (problem === "changed") return draft.whole ? say.meanwhile.changed : say.meanwhile.taken;
  return problem === "removed" ? say.meanwhile.removed : say.problems[problem];
}

/** Kept entries that are not in the draft: saving replaces them. */
function asItIsKept(visit: GuildVisit, { kind, config, known }: Draft): Html | false {
  const say = knowledgeWords[visit.language];
  const mine = new Set(pairsOf(config).map((pair) => JSON.stringify([pair.question, pair.answer])));
  const others = pairsOf(known?.config).filter(({ question, answer }) => !mine.has(JSON.stringify([question, answer])));
  if (kind === "pairs" && others.length === 0) return false;
  return html`<section class="panel stack"><h2>${kind === "pairs" ? say.meanwhile.others : say.meanwhile.now}</h2>
    ${
      kind === "pairs"
        ? others.map(
            ({ question, answer }) =>
              html`<div><strong dir="auto">${question}</strong><p class="turn-text" dir="auto">${answer}</p></div>`,
          )
        : html`<p class="turn-text" dir="auto">${textOf(known?.config).text}</p>`
    }</section>`;
}

function panel(title: string, open: boolean, body: Html): Html {
  return html`<details name="add"${attributes({ open })}><summary>${icon("plus")}${title}</summary>${body}</details>`;
}

function filesForm(visit: GuildVisit, typed: Typed): Html {
  const say = knowledgeWords[visit.language];
  return html`<form class="form" method="post" action="/guilds/${visit.guild.guild}/knowledge/files" enctype="multipart/form-data">
    <label class="label">${say.files}
      <input type="file" name="files" multiple required accept=".md,.mdx,.markdown,.html,.htm,.txt,.rst,.pdf,.docx,.csv,.tsv,.zip" />
      <small>${say.filesWhat}</small>
    </label>
    <div class="row">
      <label class="label">${say.name}<input name="name" maxlength="${NAME_CHARS_MAX}" value="${typed.name}" placeholder="${say.uploads}" /></label>
      <label class="label">${say.base}<input type="url" name="base" maxlength="500" value="${typed.base}" placeholder="https://docs.example.com" /></label>
    </div>
    <p class="help">${say.baseWhat}</p>
    ${save(icon("upload"), say.upload)}
  </form>`;
}

function websiteForm(visit: GuildVisit, typed: Typed): Html {
  const say = knowledgeWords[visit.language];
  const every = typed.every ?? "168";
  const option = (value: string, label: string) =>
    html`<option value="${value}"${attributes({ selected: value === every })}>${label}</option>`;
  return html`<form class="form" method="post" action="/guilds/${visit.guild.guild}/knowledge/websites">
    <label class="label">${say.start}
      <input type="text" inputmode="url" autocapitalize="off" spellcheck="false" name="start" required maxlength="2000" value="${typed.start}" placeholder="https://docs.example.com" />
      <small>${say.startWhat}</small>
    </label>
    <div class="row">
      <label class="label">${say.pages}<input type="number" name="pages" min="1" max="5000" value="${typed.pages ?? "500"}" /></label>
      <label class="label">${say.depth}<input type="number" name="depth" min="0" max="20" value="${typed.depth ?? "6"}" /></label>
      <label class="label">${say.every}<select name="every">
        ${option("24", say.everyDay)}${option("168", say.everyWeek)}${option("720", say.everyMonth)}${option("0", say.everyNever)}
      </select></label>
    </div>
    ${save(icon("globe"), say.crawl)}
  </form>`;
}

function pairsForm(visit: GuildVisit, draft: Draft | null): Html {
  const say = knowledgeWords[visit.language];
  const blank: Pair = { question: "", answer: "", url: null };
  const rows = [...(draft === null ? [] : pairsOf(draft.config)), ...Array.from({ length: BLANK_PAIRS }, () => blank)];
  return html`<form class="form" method="post" action="/guilds/${visit.guild.guild}/knowledge/pairs">
    ${replaced(draft)}
    ${nameField(visit, draft, say.kinds.pairs)}
    <ol class="pairs">${rows.map(
      (pair, index) => html`<li class="pair">
        <label class="label"><span>${say.question} <span class="quiet">${index + 1}</span></span><input name="question" maxlength="500" value="${pair.question}" /></label>
        <label class="label">${say.answer}<textarea name="answer" rows="3" maxlength="10000">${pair.answer}</textarea></label>
        <label class="label">${say.pairUrl}<input type="url" name="url" maxlength="2000" value="${pair.url}" /></label>
      </li>`,
    )}</ol>
    <p class="help">${say.pairsWhat}</p>
    ${save(icon("check"), say.save)}
  </form>`;
}

function textForm(visit: GuildVisit, draft: Draft | null): Html {
  const say = knowledgeWords[visit.language];
  const { text, url } = textOf(draft?.config);
  return html`<form class="form" method="post" action="/guilds/${visit.guild.guild}/knowledge/texts">
    ${replaced(draft)}
    ${nameField(visit, draft, say.textName)}
    <label class="label">${say.text}<textarea name="text" rows="10" required maxlength="200000">${text}</textarea><small>${say.textWhat}</small></label>
    <label class="label">${say.pairUrl}<input type="url" name="url" maxlength="2000" value="${url}" /></label>
    ${save(icon("check"), say.save)}
  </form>`;
}

/** Which state of the source it takes the place of. */
function replaced(draft: Draft | null): Html | false {
  return (
    draft !== null &&
    html`${draft.whole && html`<input type="hidden" name="whole" value="1" />`}<input type="hidden" name="version" value="${versionOf(draft.known)}" />`
  );
}

/** The name is what a source is known by, so that it stays when its content is edited. */
function nameField(visit: GuildVisit, draft: Draft | null, example: string): Html {
  const say = knowledgeWords[visit.language];
  return draft?.whole === true
    ? html`<input type="hidden" name="name" value="${draft.name}" />`
    : html`<label class="label">${say.name}<input name="name" maxlength="${NAME_CHARS_MAX}" value="${draft?.name}" placeholder="${example}" /></label>`;
}

function save(sign: Html, label: Part): Html {
  return html`<div class="save"><button class="button" type="submit">${sign}${label}</button></div>`;
}
