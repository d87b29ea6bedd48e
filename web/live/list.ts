/** The live list: who waits for a person first, then the newest; each with who speaks, the last line, and what is unread. */
import type { LiveRow } from "../../src/store/ports/desk.ts";
import { speaker } from "../../src/takeover.ts";
import { maySee } from "../guard.ts";
import { type Html, html } from "../html.ts";
import { avatar, emptyState, heading } from "../parts/blocks.ts";
import { plainText, type Reading } from "../parts/message-text.ts";
import { ago } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { liveWords } from "./words.ts";

export type LiveList = {
  /** False: the plan has no live monitor. */
  readonly on: boolean;
  readonly rows: readonly LiveRow[];
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
  const waiting = rows.filter((row) => row.waitingSinceMs !== null);
  const others = rows.filter((row) => row.waitingSinceMs === null);
  const longest = waiting.toSorted((a, b) => (a.waitingSinceMs ?? 0) - (b.waitingSinceMs ?? 0));
  return html`<section id="live">
    ${waiting.length > 0 && html`<p class="notice notice-warn" data-heard>${icon("alert")}<span>${words.waiting(waiting.length)}</span></p>`}
    ${
      rows.length === 0
        ? emptyState("headset", words.empty, words.emptyNext)
        : html`<ul class="live-list">${[...longest, ...others].map((row) => item(visit, row, nameOf))}</ul>`
    }
  </section>`;
}

function item(visit: GuildVisit, { conversation, waitingSinceMs }: LiveRow, nameOf: Reading["nameOf"]): Html {
  const words = liveWords[visit.language];
  const { id, member, memberName, channelName, lastText, lastAtMs, lastRole, readAtMs } = conversation;
  const agent = speaker(conversation.takeover, visit.nowMs) !== "bot";
  const unread = lastRole === "member" && (readAtMs === null || readAtMs < lastAtMs);
  const speaks = agent
    ? html`<span class="chip chip-blue">${words.speaks.agent(conversation.agentName ?? "?")}</span>`
    : html`<span class="chip chip-green">${lastRole === "member" ? words.speaks.nobody : words.speaks.bot}</span>`;
  return html`<li class="live-item" id="live-${id}">
    ${avatar(memberName, member)}
    <div class="live-main">
      <p class="live-head"><a class="stretch" href="/guilds/${visit.guild.guild}/live/${id}" dir="auto">${memberName}</a>
        <span class="tag">#${channelName}</span>
        ${waitingSinceMs !== null && html`<span class="chip chip-amber">${words.waits} ${ago(visit, waitingSinceMs)}</span>`}
        ${speaks} ${unread && html`<span class="chip chip-red">${words.unread}</span>`}</p>
      <p class="clamp quiet" dir="auto">${plainText(lastText, nameOf)}</p>
    </div>
    <span class="quiet">${ago(visit, lastAtMs)}</span>
  </li>`;
}
