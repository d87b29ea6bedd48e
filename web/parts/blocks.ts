/** Small views of many pages: a heading, an empty state, an avatar. */
import { type Html, html, type Part } from "../html.ts";
import { type IconName, icon } from "../shell/icons.ts";
import type { Visit } from "../visit.ts";
import { commonWords } from "./words.ts";

/** The heading of a page, with its actions at the right. */
export function heading(title: Part, lead?: Part, actions?: Part): Html {
  return html`
    <div class="heading">
      <div><h1>${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
  `;
}

/** An empty state: its meaning and the next step. */
export function emptyState(name: IconName, title: string, next: Part): Html {
  return html`<div class="empty">${icon(name)}<h2>${title}</h2><p>${next}</p></div>`;
}

/** A letter with all its marks is shorter. */
const LETTER_CHARS_MAX = 32;
const graphemes = new Intl.Segmenter();

/** The first letter on a colour that stays with `id`: there are no pictures from outside. */
export function avatar(name: string, id: string): Html {
  const hue = [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 8, 0);
  const letter = [...graphemes.segment(name.trim().slice(0, LETTER_CHARS_MAX))][0]?.segment ?? "?";
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${letter.toLocaleUpperCase()}</span>`;
}

/** A value to copy: the button is there with JavaScript alone, the field can be selected whole without it. */
export function copyField(visit: Visit, label: Part, value: string, help?: Part): Html {
  const say = commonWords[visit.language];
  return html`<div class="copy"><label class="label">${label}<input type="text" readonly value="${value}" />${help && html`<small>${help}</small>`}</label>
    <button class="button button-quiet button-small needs-script" type="button" data-copy data-copied="${say.copied}">${say.copy}</button></div>`;
}

/** The beginning of a text, up to a word's end where there is one; `…` says that it goes on. */
export function beginning(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const cut = text.slice(0, charsMax - 1);
  const space = cut.lastIndexOf(" ");
  // No half of a character that takes two.
  return `${cut
    .slice(0, space > charsMax / 2 ? space : undefined)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trimEnd()}…`;
}
