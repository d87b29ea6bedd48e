/** Conversations as they happen, in the given order: speaker, waiting time, last line, unread count. */
import type { LiveRow } from "../../src/store/ports/desk.ts";
import { speaker } from "../../src/takeover.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../shell/icons.ts";
import type { PersonVisit } from "../visit.ts";
import { avatar } from "./blocks.ts";
import { plainText, type Reading } from "./message-text.ts";
import { ago } from "./times.ts";
import { commonWords } from "./words.ts";

export type LiveEntry = LiveRow & {
  /** Until when its member is shown as typing. */
  readonly typingUntilMs: number | null;
};

type Showing = {
  readonly nameOf: Reading["nameOf"];
  /** Which server each is in, where the list has several. */
  readonly guilds: boolean;
};

export function liveList(visit: PersonVisit, rows: readonly LiveEntry[], showing: Showing): Html {
  const words = commonWords[visit.language].live;
  const waiting = rows.filter((row) => row.waitingSinceMs !== null).length;
  return html`
    ${waiting > 0 && html`<p class="notice notice-warn" data-heard>${icon("alert")}<span>${words.waiting(waiting)}</span></p>`}
    <ul class="live-list">${rows.map((row) => item(visit, row, showing))}</ul>
  `;
}

/** app.js takes it away when its time is up. */
export function typingMark(visit: PersonVisit, name: string, untilMs: number): Html {
  const says = commonWords[visit.language].live.typing(name);
  return html`<span class="typing" data-until="${new Date(untilMs).toISOString()}"><span aria-hidden="true"></span>${says}</span>`;
}

function item(
  visit: PersonVisit,
  { conversation, guildName, memberText, waitingSinceMs, typingUntilMs }: LiveEntry,
  { nameOf, guilds }: Showing,
): Html {
  const words = commonWords[visit.language].live;
  const { id, guild, member, memberName, channelName, lastText, lastAtMs, lastRole, readAtMs } = conversation;
  const agent = speaker(conversation.takeover, visit.nowMs) !== "bot";
  const unread = lastRole === "member" && (readAtMs === null || readAtMs < lastAtMs);
  const speaks = agent
    ? html`<span class="chip chip-blue">${words.speaks.agent(conversation.agentName ?? "?")}</span>`
    : html`<span class="chip chip-green">${lastRole === "member" ? words.speaks.nobody : words.speaks.bot}</span>`;
  return html`<li class="live-item" id="live-${id}">
    ${avatar(memberName, member)}
    <div class="live-main">
      <p class="live-head"><a class="stretch" href="/guilds/${guild}/live/${id}" dir="auto">${memberName}</a>
        ${guilds && html`<strong dir="auto">${guildName}</strong>`}
        <span class="tag">#${channelName}</span>
        ${waitingSinceMs !== null && html`<span class="chip chip-amber">${words.waits} ${ago(visit, waitingSinceMs)}</span>`}
        ${speaks} ${typingUntilMs !== null && typingMark(visit, memberName, typingUntilMs)} ${unread && html`<span class="chip chip-red">${words.unread}</span>`}</p>
      <p class="clamp quiet" dir="auto">${plainText(memberText === "" ? lastText : memberText, nameOf)}</p>
    </div>
    <span class="quiet">${ago(visit, lastAtMs)}</span>
  </li>`;
}
