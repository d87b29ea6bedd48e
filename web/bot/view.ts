/** The bot of this server: what is there, the form for one's own, and the question whether it is the right one. */
import type { CheckedBot, CustomBotProblem } from "../../src/bots/custom.ts";
import { inviteUrl } from "../../src/oauth.ts";
import { neededBits } from "../../src/permissions.ts";
import type { BotRow } from "../../src/store/ports/bots.ts";
import { attributes, type Html, html } from "../html.ts";
import { avatar, copyField, heading } from "../parts/blocks.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { SelfTest } from "../webhook.ts";
import { botWords } from "./words.ts";

export type TypedBot = { readonly application: string; readonly publicKey: string };

export type OwnBotFacts = {
  readonly own: BotRow | null;
  readonly checked: CheckedBot | null;
  readonly problem: CustomBotProblem | null;
  readonly typed: TypedBot;
  readonly test: SelfTest | null;
  readonly saved: boolean;
};

export function botPage(visit: GuildVisit, facts: OwnBotFacts): Html {
  const say = botWords[visit.language];
  const { own, checked, problem, saved } = facts;
  return page(visit, {
    title: say.title,
    section: "bot",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${saved && own !== null && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved(own.name)}</span></p>`}
        ${problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[problem]}</span></p>`}
        ${checked !== null && question(visit, checked)}
        ${own === null ? html`<p class="notice">${icon("info")}<span>${say.shared}</span></p>` : current(visit, own, facts.test)}
        ${checked === null && form(visit, facts)}
      </div>
    `,
  });
}

function question(visit: GuildVisit, checked: CheckedBot): Html {
  const say = botWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/bot`;
  const hidden = (name: "application" | "publicKey" | "name" | "pending") =>
    html`<input type="hidden" name="${name}" value="${checked[name]}" />`;
  const line = (well: boolean, text: string) =>
    html`<li class="finding finding-${well ? "ok" : "warning"}"><span class="finding-sign">${icon(well ? "check" : "alert")}</span><p>${text}</p></li>`;
  return html`<section class="panel stack">
    <h2>${say.isThisIt}</h2>
    <p class="who">${avatar(checked.name, checked.application)}<span class="card-text"><strong dir="auto">${checked.name}</strong><small class="quiet">${checked.application}</small></span></p>
    <ul class="findings">
      ${line(checked.messageContentIntent, checked.messageContentIntent ? say.contentThere : say.contentMissing)}
      ${line(checked.guildMembersIntent, checked.guildMembersIntent ? say.membersThere : say.membersMissing)}
    </ul>
    <form class="save" method="post" action="${base}">${hidden("application")}${hidden("publicKey")}${hidden("name")}${hidden("pending")}
      <button class="button" type="submit">${icon("check")}${say.yes}</button><a class="button button-quiet" href="${base}">${say.no}</a></form>
  </section>`;
}

function current(visit: GuildVisit, own: BotRow, test: SelfTest | null): Html {
  const say = botWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/bot`;
  const endpoint = `${visit.publicUrl}/discord/webhook/${own.application}`;
  const line = (what: string, well: boolean, status: number | null) =>
    html`<li class="finding finding-${well ? "ok" : "problem"}"><span class="finding-sign">${icon(well ? "check" : "cross")}</span><p>${what}</p><span class="number quiet">${status ?? "–"}</span></li>`;
  return html`<section class="panel stack">
    <h2>${say.current}</h2>
    <p class="who">${avatar(own.name, own.application)}<span class="card-text"><strong dir="auto">${own.name}</strong><small class="quiet">${own.application}</small></span></p>
    <p class="help">${say.sealed}</p>
    <p class="actions"><a class="button" href="${inviteUrl(visit.services.config.discord.apiBase, own.application, neededBits(visit.guild.settings), visit.guild.guild)}" rel="noopener noreferrer" target="_blank">${icon("plus")}${say.invite}</a></p>
    ${copyField(visit, "Interactions Endpoint URL", endpoint, say.endpoint)}
    ${!visit.publicUrl.startsWith("https:") && html`<p class="help">${say.notReachable}</p>`}
    <form method="post" action="${base}/self-test"><button class="button button-quiet button-small" type="submit">${say.test}</button></form>
    ${test !== null && html`<ul class="findings" role="status">${line(say.testPing, test.ping === 200, test.ping)}${line(say.testForged, test.forged === 401, test.forged)}</ul>`}
    <details class="ask-first"><summary class="button button-danger button-small">${icon("bin")}${say.remove}</summary>
      <form method="post" action="${base}/delete"><p>${say.removeAsk}</p><button class="button button-danger button-small" type="submit">${say.removeYes}</button></form></details>
  </section>`;
}

function form(visit: GuildVisit, { own, typed, problem }: OwnBotFacts): Html {
  const say = botWords[visit.language];
  const wrong = (...problems: readonly CustomBotProblem[]) =>
    attributes({ "aria-invalid": problem !== null && problems.includes(problem) ? "true" : null });
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/bot/check" autocomplete="off">
    <div><h2>${own === null ? say.add : say.change}</h2><p class="help">${say.addWhat} <a href="https://discord.com/developers/applications" rel="noopener noreferrer" target="_blank">Discord Developer Portal</a></p></div>
    <label class="label">Application ID<input name="application" required inputmode="numeric" maxlength="30" value="${typed.application || (own?.application ?? "")}"${wrong("application", "other-application", "shared", "taken")} /><small>${say.applicationWhere}</small></label>
    <label class="label">Public Key<input name="publicKey" required maxlength="100" spellcheck="false" value="${typed.publicKey || (own?.publicKey ?? "")}"${wrong("public-key", "other-key")} /><small>${say.keyWhere}</small></label>
    <label class="label">Bot Token<input type="password" name="token" required maxlength="300" autocomplete="off"${wrong("token", "token-refused")} /><small>${say.tokenWhere}</small></label>
    <div class="save"><button class="button" type="submit">${say.check}</button></div>
  </form>`;
}
