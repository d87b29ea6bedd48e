/** A case page's part for a member that the case removed: the offer of an invitation, and the one that was made. */
import { INVITE_DAYS, type Invited, invitationsOf, moderationWords, wasPutOut } from "../../src/moderation.ts";
import { type Html, html } from "../html.ts";
import { copyField } from "../parts/blocks.ts";
import { ago } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import type { GuildVisit } from "../visit.ts";
import type { CaseFacts } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

export function invitePanel(visit: GuildVisit, { case: one, events }: CaseFacts): Html | false {
  if (!wasPutOut(one, events)) return false;
  const say = moderationPageWords[visit.language];
  const made = invitationsOf(events);
  const last = made.at(-1);
  const open = last !== undefined && last.expiresAtMs > visit.nowMs;
  const label = moderationWords(visit.language).invite(INVITE_DAYS);
  return html`<section class="panel stack" id="invite">
    <h2>${say.inviteBack}</h2>
    <p class="quiet">${one.plan.acts.includes("kick") ? say.inviteAfterKick : say.inviteAfterBan}</p>
    ${open && invitation(visit, last)}
    ${last !== undefined && !open && html`<p class="quiet">${say.inviteOver} ${ago(visit, last.expiresAtMs)}</p>`}
    <div class="row"><details class="ask-first"><summary class="button button-quiet">${last === undefined ? label : say.inviteAnother}</summary>
      <form method="post" action="/guilds/${visit.guild.guild}/moderation/${one.id}"><input type="hidden" name="step" value="invite" /><input type="hidden" name="after" value="${made.length}" />
        <p>${say.inviteAsk}</p><button class="button" type="submit">${say.inviteYes}</button></form></details></div>
  </section>`;
}

function invitation(visit: GuildVisit, { url, expiresAtMs, told }: Invited): Html {
  const say = moderationPageWords[visit.language];
  const { inviteTold } = moderationWords(visit.language);
  return html`${copyField(visit, say.inviteLink, url, html`${say.inviteUntil} ${ago(visit, expiresAtMs)}`)}
    <p class="notice${told === "told" ? " notice-good" : ""}">${icon(told === "told" ? "check" : "info")}<span>${told === null ? say.inviteSending : inviteTold[told]}</span></p>`;
}
