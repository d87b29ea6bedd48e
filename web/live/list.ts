/** A server's live list, with the ways to saved replies and to the team's settings. */
import { maySee } from "../guard.ts";
import { type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { type LiveEntry, liveList } from "../parts/live-list.ts";
import type { Reading } from "../parts/message-text.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { liveWords } from "./words.ts";

export type LiveList = {
  /** False: the plan has no live monitor. */
  readonly on: boolean;
  readonly rows: readonly LiveEntry[];
  readonly nameOf: Reading["nameOf"];
};

export function livePage(visit: GuildVisit, list: LiveList): Html {
  const words = liveWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/live`;
  const links = html`<a class="button button-quiet" href="${`${base}/replies`}">${words.replies}</a>
    ${maySee("admin", visit) && html`<a class="button button-quiet" href="${`${base}/settings`}">${icon("sliders")}${words.settings}</a>`}`;
  return page(visit, {
    title: words.title,
    section: "live",
    body: html`
      ${heading(words.title, words.lead, links)}
      ${
        list.on
          ? html`<div hx-sse:connect="${`${base}/stream`}" hx-target="#live" hx-swap="outerMorph">${livePart(visit, list)}</div>`
          : html`<p class="notice">${icon("info")}<span>${words.notInPlan}</span></p>`
      }
    `,
  });
}

export function livePart(visit: GuildVisit, { rows, nameOf }: LiveList): Html {
  const words = liveWords[visit.language];
  return html`<section id="live">${
    rows.length === 0
      ? emptyState("headset", words.empty, words.emptyNext)
      : liveList(visit, rows, { nameOf, guilds: false })
  }</section>`;
}
