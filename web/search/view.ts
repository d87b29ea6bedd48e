/** Results by kind, each with a link to the thing itself. */
import type { PassageRow } from "../../src/knowledge.ts";
import type { ConversationRow, Glimpse } from "../../src/store/ports/conversations.ts";
import type { CaseRow } from "../../src/store/ports/moderation.ts";
import { type Html, html, link, type Part } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { around, marked } from "../parts/marked.ts";
import { plainText, type Reading } from "../parts/message-text.ts";
import { oneLine } from "../parts/one-line.ts";
import { ago } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { searchWords } from "./words.ts";

/** In one line, and of a text that a word is looked for in. */
const SHOWN_CHARS = 300;
const LOOKED_AT_CHARS = 4_000;

export type Hit = { readonly label: string; readonly href: string };

export type Found = {
  readonly pages: readonly Hit[];
  readonly settings: readonly Hit[];
  readonly conversations: readonly ConversationRow[];
  readonly glimpses: ReadonlyMap<string, Glimpse>;
  /** Where to go on in the past, as far as nothing was found. */
  readonly further: string | null;
  readonly cases: readonly CaseRow[];
  readonly passages: readonly PassageRow[];
};

export function searchPage(visit: GuildVisit, text: string, found: Found, nameOf: Reading["nameOf"]): Html {
  const say = searchWords[visit.language];
  const base = `/guilds/${visit.guild.guild}`;
  const { glimpses, further, ...lists } = found;
  const empty = further === null && Object.values(lists).every(({ length }) => length === 0);
  const excerpt = (whole: string) => marked(around(whole.slice(0, LOOKED_AT_CHARS), text), text);
  const hits = (title: string, list: readonly Hit[]) =>
    section(
      title,
      list.map(({ label, href }) => row(href, label, null, "")),
    );
  return page(visit, {
    title: say.title(text),
    section: "search",
    body: html`
      ${heading(say.section, say.lead)}
      <form class="ask" method="get" action="${base}/search" role="search" aria-label="${say.section}">
        <label class="field field-grow field-search"><span class="visually-hidden">${say.field}</span>${icon("search")}<input type="search" name="q" value="${text}" maxlength="200" /></label>
        <button class="button" type="submit">${say.submit}</button>
      </form>
      <div class="stack">
        ${found.further !== null && html`<p><a class="button button-quiet" href="${link(`${base}/conversations`, { q: text, before: found.further })}">${say.further}</a></p>`}
        ${text !== "" && empty && emptyState("search", say.nothing, say.nothingNext)}
        ${hits(say.pages, found.pages)}
        ${hits(say.settings, found.settings)}
        ${section(
          say.conversations,
          found.conversations.map((one) => {
            const hit = glimpses.get(one.id)?.hit ?? null;
            const path = `${base}/conversations/${one.id}`;
            return row(
              hit === null ? path : `${path}?all=1#turn-${hit.turn}`,
              one.memberName,
              marked(plainText(hit?.text ?? one.lastText.slice(0, SHOWN_CHARS), nameOf), text),
              ago(visit, one.lastAtMs),
            );
          }),
          html`<a class="more" href="${link(`${base}/conversations`, { q: text })}">${say.more}</a>`,
        )}
        ${section(
          say.cases,
          found.cases.map((one) =>
            row(
              `${base}/moderation/${one.id}`,
              `#${one.number} ${one.authorName}`,
              excerpt(one.evidence),
              ago(visit, one.atMs),
            ),
          ),
        )}
        ${section(
          say.knowledge,
          found.passages.map((one) =>
            row(
              `${base}/knowledge/${one.source}/documents/${one.document}#passage-${one.position}`,
              one.title,
              excerpt(oneLine(one.text)),
              "",
            ),
          ),
        )}
      </div>
    `,
  });
}

function section(title: string, rows: readonly Html[], more: Part = null): Html | null {
  if (rows.length === 0) return null;
  return html`<section><h2 class="section-title">${title} ${more}</h2><ul class="rows">${rows}</ul></section>`;
}

function row(href: string, title: string, text: Part, when: Part): Html {
  return html`<li class="row-link"><span class="card-text"><a class="stretch card-title" href="${href}" dir="auto">${title}</a>${text !== null && html`<span class="quiet clamp" dir="auto">${text}</span>`}</span>${when !== "" && html`<span class="quiet number">${when}</span>`}</li>`;
}
