/** The numbered sources under an answer. */
import type { Source } from "../../src/store/ports/conversations.ts";
import { type Html, html, safeUrl } from "../html.ts";
import type { Visit } from "../visit.ts";
import { commonWords } from "./words.ts";

export function sourceList(visit: Visit, list: readonly Source[]): Html {
  return html`<div class="sources">
    <h2 class="sources-title">${commonWords[visit.language].sources}</h2>
    <ol>${list.map((source) => {
      const url = source.url === null ? "#" : safeUrl(source.url);
      return html`<li value="${source.n}">${
        url === "#"
          ? html`<span dir="auto">${source.title}</span>`
          : html`<a href="${url}" rel="noopener noreferrer nofollow" target="_blank" dir="auto">${source.title}</a>`
      }</li>`;
    })}</ol>
  </div>`;
}
