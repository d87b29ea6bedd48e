/** The list of all servers: each conversation with the server it is in. */
import { type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { type LiveEntry, liveList } from "../parts/live-list.ts";
import type { Reading } from "../parts/message-text.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import { liveEverywhereWords } from "./words.ts";

export type Everywhere = {
  /** False: there is no server that this person may watch. */
  readonly anywhere: boolean;
  readonly rows: readonly LiveEntry[];
  readonly nameOf: Reading["nameOf"];
};

export function liveEverywherePage(visit: PersonVisit, list: Everywhere): Html {
  const words = liveEverywhereWords[visit.language];
  return page(visit, {
    title: words.title,
    section: "live-everywhere",
    body: html`
      ${heading(words.title, words.lead)}
      <div hx-sse:connect="/live/stream" hx-target="#live" hx-swap="outerMorph">${liveEverywherePart(visit, list)}</div>
    `,
  });
}

export function liveEverywherePart(visit: PersonVisit, { anywhere, rows, nameOf }: Everywhere): Html {
  const words = liveEverywhereWords[visit.language];
  return html`<section id="live">${
    !anywhere
      ? emptyState("headset", words.nowhere, words.nowhereNext)
      : rows.length === 0
        ? emptyState("headset", words.empty, words.emptyNext)
        : liveList(visit, rows, { nameOf, guilds: true })
  }</section>`;
}
