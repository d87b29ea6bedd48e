/** The log as a table with its filters, and one case with all its facts and acts. */

import { failedActs, isOfName, moderationWords, OWN_FILTER, raidOf, reasonOf, troubles } from "../../src/moderation.ts";
import { signalInWords } from "../../src/prefilter.ts";
import { ACTIONS, type Action } from "../../src/settings/form.ts";
import {
  type AlertRow,
  CASE_STATES,
  type CaseEvent,
  type CaseRow,
  type CaseState,
} from "../../src/store/ports/moderation.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { avatar, beginning, emptyState, heading } from "../parts/blocks.ts";
import { ago, money } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { invitePanel } from "./invite-view.ts";
import { misreadDays } from "./query.ts";
import type { CaseFacts, LogFacts } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

/** Of a CSV. */
export const CSV_MAX = 10_000;

const COLOURS: Readonly<Record<CaseState, string>> = {
  planned: "chip-amber",
  applied: "chip-red",
  failed: "chip-amber",
  "dry-run": "chip-blue",
  review: "chip-amber",
  held: "",
  undone: "chip-green",
};

export function logPage(visit: GuildVisit, facts: LogFacts): Html {
  const say = moderationPageWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const isAdmin = visit.role === "admin" || visit.role === "operator";
  const csv = html`<a class="button button-quiet" href="${link(`${base}/cases.csv`, facts.query)}" title="${say.csvWhat(CSV_MAX)}" download>${icon("file")}${say.csv}</a>`;
  const links = html`${csv}${
    isAdmin &&
    html`<a class="button button-quiet" href="${base}/rehearsal">${icon("history")}${say.toRehearsal}</a>
    <a class="button" href="${base}/rules">${icon("sliders")}${say.toRules}</a>`
  }`;
  return page(visit, {
    title: say.title,
    section: "moderation",
    body: html`
      ${heading(say.title, say.lead, links)}
      <div class="stack">
        ${status(visit, isAdmin)}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${facts.alerts.map(
          (
            alert,
          ) => html`<div class="notice notice-warn" role="alert">${icon("alert")}<span>${alertText(visit, alert)}</span>
          ${isAdmin && html`<form class="inline" method="post" action="${base}/alerts/${alert.kind}"><button class="button button-quiet button-small" type="submit">${alert.kind === "cap" ? say.reset : raidOf(alert)?.dryRun === false ? say.raidEnd : say.seen}</button></form>`}</div>`,
        )}
        ${misreadDays(facts.query).map((name) => html`<p class="notice notice-warn" role="alert">${icon("info")}<span>${commonWords[visit.language].noDay(facts.query[name])}</span></p>`)}
        ${filters(visit, facts)}
        ${table(visit, facts)}
      </div>
    `,
  });
}

function status(visit: GuildVisit, isAdmin: boolean): Html {
  const say = moderationPageWords[visit.language];
  const { moderation } = visit.guild.settings;
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const { on, live } = moderation;
  const dry = on && !live;
  const act = html`<details class="ask-first"><summary class="button button-small">${say.actForReal}</summary>
    <form method="post" action="${base}/live"><input type="hidden" name="live" value="1" /><input type="hidden" name="version" value="${visit.guild.version}" /><p>${say.actForRealAsk}</p>
      <button class="button button-small" type="submit">${say.actForRealYes}</button></form></details>`;
  const back = html`<form class="inline" method="post" action="${base}/live"><button class="button button-quiet button-small" type="submit">${say.backToDry}</button></form>`;
  return html`
    <div class="notice${on && live ? " notice-good" : ""}">${icon("shield")}<span>${!on ? say.status.off : dry ? say.status.dry : say.status.act}</span>${isAdmin && on && (dry ? act : back)}</div>
    ${on && live && moderation.raid.on && raidStatus(visit, isAdmin)}
    ${on && visit.services.llm === null && html`<p class="notice notice-warn">${icon("info")}<span>${say.status.noModel}</span></p>`}
    ${on && !moderation.rules.some((rule) => rule.on) && html`<p class="notice notice-warn">${icon("info")}<span>${say.status.noRules}</span></p>`}
  `;
}

/** Raid mode has a dry run of its own, once moderation acts. */
function raidStatus(visit: GuildVisit, isAdmin: boolean): Html {
  const say = moderationPageWords[visit.language];
  const { live } = visit.guild.settings.moderation.raid;
  const path = `/guilds/${visit.guild.guild}/moderation/live`;
  const what = html`<input type="hidden" name="what" value="raid" />`;
  const act = html`<details class="ask-first"><summary class="button button-small">${say.actForReal}</summary>
    <form method="post" action="${path}">${what}<input type="hidden" name="live" value="1" /><input type="hidden" name="version" value="${visit.guild.version}" /><p>${say.raidActForRealAsk}</p>
      <button class="button button-small" type="submit">${say.actForRealYes}</button></form></details>`;
  const back = html`<form class="inline" method="post" action="${path}">${what}<button class="button button-quiet button-small" type="submit">${say.backToDry}</button></form>`;
  return html`<div class="notice${live ? " notice-good" : ""}">${icon("shield")}<span>${live ? say.raidActs : say.raidDryRun}</span>${isAdmin && (live ? back : act)}</div>`;
}

function filters(visit: GuildVisit, { query, channels }: LogFacts): Html {
  const say = moderationPageWords[visit.language];
  const common = commonWords[visit.language];
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}"${attributes({ selected: value === chosen })}>${label}</option>`;
  const rules = visit.guild.settings.moderation.rules;
  const misread = misreadDays(query);
  // A date field of the browser's own is written as the browser's language has it, not the page's.
  const day = (name: "from" | "to", label: string) =>
    html`<label class="field field-date"><span class="quiet">${label}</span><input name="${name}" value="${query[name]}" placeholder="${common.dayForm}" title="${common.dayForm}" maxlength="10" inputmode="numeric" autocomplete="off"${attributes({ "aria-invalid": misread.includes(name) ? "true" : null })} /></label>`;
  const typed = (name: "member" | "text", label: string, type: string) =>
    html`<label class="field"><span class="visually-hidden">${label}</span><input name="${name}" type="${type}" value="${query[name]}" placeholder="${label}" title="${label}" /></label>`;
  return html`<form class="filters" method="get" action="/guilds/${visit.guild.guild}/moderation">
    <label class="field"><span class="visually-hidden">${say.state}</span><select name="state">${option("", say.anyState, query.state)}
      ${CASE_STATES.map((state) => option(state, say.states[state], query.state))}</select></label>
    <label class="field"><span class="visually-hidden">${say.action}</span><select name="action">${option("", say.anyAction, query.action)}
      ${ACTIONS.map((action) => option(action, say.actions[action], query.action))}</select></label>
    <label class="field"><span class="visually-hidden">${say.rule}</span><select name="rule">${option("", say.anyRule, query.rule)}
      ${rules.map(({ n, text }) => option(String(n), ruleName(n, beginning(text, 42)), query.rule))}</select></label>
    <label class="field"><span class="visually-hidden">${common.channel}</span><select name="channel">${option("", common.allChannels, query.channel)}
      ${channels.map(({ id, name }) => option(id, `#${name}`, query.channel))}</select></label>
    ${typed("member", say.member, "text")} ${typed("text", say.search, "search")} ${day("from", say.from)} ${day("to", say.to)}
    <button class="button button-quiet" type="submit">${common.filter}</button>
  </form>`;
}

function table(visit: GuildVisit, { query, before, found }: LogFacts): Html {
  const say = moderationPageWords[visit.language];
  const common = commonWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/moderation`;
  if (found.items.length === 0) {
    const filtered = Object.values(query).some((value) => value !== "");
    const next = visit.guild.settings.moderation.on ? say.emptyNext : say.emptyOff;
    const all = html`${query.text !== "" && html`${say.foundBy}<br />`}<a href="${base}">${say.showAll}</a>`;
    return filtered ? emptyState("search", common.nothingFound, all) : emptyState("shield", say.empty, next);
  }
  return html`<table class="list">
      <thead><tr><th scope="col">${say.when}</th><th scope="col">${say.who}</th><th scope="col">${say.message}</th>
        <th scope="col">${say.rule}</th><th scope="col">${say.action}</th><th scope="col">${say.state}</th></tr></thead>
      <tbody>${found.items.map(
        (one) => html`<tr>
          <td class="cell-when"><a href="${base}/${one.id}">${say.case(one.number)}</a> ${ago(visit, one.atMs)}</td>
          <td class="cell-who">${avatar(one.authorName, one.author)}<span class="card-text"><strong dir="auto">${one.authorName}</strong><small class="quiet">${placeOf(visit, one)}</small></span></td>
          <td class="cell-wide" data-label="${say.message}"><span dir="auto">${one.redacted ? say.redacted : beginning(one.evidence, 160) || "–"}</span></td>
          <td class="cell-wide" data-label="${say.rule}">${one.rule === null ? foundBy(visit, one) : ruleName(one.rule.n, beginning(one.rule.text, 36))}</td>
          <td class="cell-acts" data-label="${say.action}">${actsOf(visit, one)}${heldOf(visit, one)}</td>
          <td class="cell-state"><span class="chip ${COLOURS[one.state]}">${say.states[one.state]}</span></td>
        </tr>`,
      )}</tbody>
    </table>
    <nav class="pager" aria-label="${common.pages}">
      ${before !== "" && html`<a class="button button-quiet" href="${link(base, query)}">${icon("back")}${common.newest}</a>`}
      ${found.cursor !== null && html`<a class="button button-quiet" rel="next" href="${link(base, { ...query, before: found.cursor })}">${common.older}${icon("next")}</a>`}
    </nav>`;
}

export function casePage(visit: GuildVisit, facts: CaseFacts): Html {
  const say = moderationPageWords[visit.language];
  const one = facts.case;
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const { verdict } = one;
  const reason = reasonOf(verdict, visit.language);
  // A report, a raid and AutoMod bring no verdict of ours.
  const judged = !["report", "automod", "raid"].includes(verdict.source);
  const term = (name: string, what: Html | string | false) =>
    what !== false && html`<div><dt>${name}</dt><dd>${what}</dd></div>`;
  return page(visit, {
    title: say.case(one.number),
    section: "moderation",
    body: html`
      ${heading(
        html`${say.case(one.number)} <span class="chip ${COLOURS[one.state]}">${say.states[one.state]}</span>`,
        html`${one.authorName} (${one.author}) · ${placeOf(visit, one)} · ${ago(visit, one.atMs)}`,
        html`<a class="button button-quiet" href="${base}">${icon("back")}${say.toLog}</a>`,
      )}
      <div class="stack">
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${problemText(visit, facts.problem)}</span></p>`}
        ${facts.left.map((left) => html`<p class="notice notice-warn" role="alert">${icon("info")}<span>${leftText(visit, left)}</span></p>`)}
        ${message(visit, one)}
        <section class="panel stack">
          <h2>${say.why}</h2>
          <dl class="terms">
            ${term(say.rule, one.rule === null ? false : ruleName(one.rule.n, one.rule.text))}
            ${term(say.why, reason === "" ? false : html`<span dir="auto">${reason}</span>`)}
            ${term(say.severity, judged && say.severities[verdict.severity])}
            ${term(say.confidence, judged && say.percent(Math.round(verdict.confidence * 100)))}
            ${term(say.source, foundBy(visit, one))}
            ${term(say.signals, verdict.signals.length === 0 ? false : html`${verdict.signals.map((signal) => html`<p title="${signal.name}" dir="auto">${signalInWords(signal, visit.language)}</p>`)}`)}
            ${term(say.model, verdict.model ?? false)}
            ${term(say.cost, verdict.costUsd > 0 ? money(verdict.costUsd, visit.language) : false)}
            ${term(isDone(one) ? say.whatHappened : say.would, actsOf(visit, one))}
          </dl>
          ${one.state === "planned" && html`<p class="quiet">${say.underWay}</p>`}
          ${troubles(one, visit.language).map((line) => html`<p class="quiet">${line}</p>`)}
          <p class="quiet">${say.strikes(facts.strikes)}</p>
        </section>
        ${(visit.role === "admin" || visit.role === "operator") && html`${invitePanel(visit, facts)}${work(visit, facts)}`}
        <section class="panel stack">
          <h2>${say.history}</h2>
          <ul class="stack">${facts.events.map(
            (
              event,
            ) => html`<li>${ago(visit, event.atMs)} <strong>${say.events[event.kind]}</strong> <span class="quiet">${event.by === "bot" || event.by === "job" ? say.bot : event.by === one.author ? one.authorName : event.by}</span>
              ${asidesOf(visit, event).map((line) => html`<br /><small>${line}</small>`)}
              ${event.text !== null && html`<p class="turn-text" dir="auto">${event.text}</p>`}</li>`,
          )}</ul>
        </section>
      </div>
    `,
  });
}

/** The case's message; empty where a member was met on joining. */
function message(visit: GuildVisit, one: CaseRow): Html | false {
  const say = moderationPageWords[visit.language];
  if (!one.redacted && one.evidence === "" && one.context.length === 0) return false;
  return html`<section class="panel stack">
    <h2>${say.message}</h2>
    ${one.redacted ? html`<p class="quiet">${say.redacted}</p>` : html`<p class="turn-text" dir="auto">${one.evidence}</p>`}
    ${one.context.length > 0 && html`<details><summary>${say.context}</summary>${one.context.map((line) => html`<p dir="auto"><strong>${line.author}</strong> ${line.text}</p>`)}</details>`}
  </section>`;
}

/** Nothing is left to do after Discord's AutoMod, nor where no act was ever due. */
function mayApply({ state, verdict, plan }: CaseRow): boolean {
  const due = plan.acts.length + plan.held.length > 0;
  return due && verdict.source !== "automod" && ["dry-run", "review", "held"].includes(state);
}

function work(visit: GuildVisit, { case: one, events }: CaseFacts): Html {
  const say = moderationPageWords[visit.language];
  const action = `/guilds/${visit.guild.guild}/moderation/${one.id}`;
  const ask = (step: string, label: string, what: string, yes: string) =>
    html`<details class="ask-first"><summary class="button button-quiet">${label}</summary>
      <form method="post" action="${action}"><input type="hidden" name="step" value="${step}" /><p>${what}</p><button class="button" type="submit">${yes}</button></form></details>`;
  const write = (step: string, label: string, yes: string) =>
    html`<form class="form" method="post" action="${action}"><input type="hidden" name="step" value="${step}" />
      <label class="label">${label}<textarea name="text" rows="2" required maxlength="1000"></textarea></label>
      <div class="save"><button class="button button-quiet" type="submit">${yes}</button></div></form>`;
  const appealed = events.some(({ kind }) => kind === "appeal");
  const answered = events.some(({ kind }) => kind === "appeal-answer");
  return html`<section class="panel stack case-work">
    <div class="row">
      ${one.state === "applied" && ask("undo", say.undo, one.plan.acts.includes("kick") ? `${say.undoAsk} ${say.undoKick}` : say.undoAsk, say.undoYes)}
      ${!one.wrong && ask("wrong", say.wrong, say.wrongAsk, say.wrongYes)}
      ${mayApply(one) && ask("apply", say.apply, say.applyAsk, say.applyYes)}
    </div>
    ${answered && html`<p class="quiet">${say.answered}</p>`}
    ${appealed && write("answer", say.answer, say.sendAnswer)}
    ${write("note", say.note, say.addNote)}
  </section>`;
}

/** Without what Discord refused, where the rest was done. */
function actsOf(visit: GuildVisit, one: CaseRow): string {
  const { actions } = moderationPageWords[visit.language];
  const failed = one.state === "applied" ? failedActs(one) : [];
  const acts = one.plan.acts.filter((act) => !failed.includes(act));
  return acts.length === 0 ? actions[one.action] : acts.map((act) => actions[act]).join(" + ");
}

/** Whether what the case names was done; of AutoMod's cases Discord did it. */
function isDone({ state, verdict }: CaseRow): boolean {
  return verdict.source === "automod" || ["planned", "applied", "failed", "undone"].includes(state);
}

/** Its acts that were held back or failed, beside those that were done. */
function heldOf(visit: GuildVisit, one: CaseRow): Html | false {
  const { actions, states } = moderationPageWords[visit.language];
  const { plan, state } = one;
  const line = (acts: readonly Action[], what: string) =>
    acts.length > 0 && html`<br /><small class="quiet">${acts.map((act) => actions[act]).join(" + ")}: ${what}</small>`;
  const held = [...new Set(plan.held.map(({ action }) => action))].filter((action) => !plan.acts.includes(action));
  return html`${line(state === "applied" ? failedActs(one) : [], states.failed)}${line(state === "held" ? [] : held, states.held)}`;
}

/** The finder; the admin's own filter by its name. */
function foundBy(visit: GuildVisit, { verdict }: CaseRow): string {
  const { sources } = moderationPageWords[visit.language];
  const own = verdict.source === "certain" && verdict.category === OWN_FILTER;
  return own ? moderationWords(visit.language).filterRule : sources[verdict.source];
}

/** The channel; a member met on joining was in none, and a name is in all. */
function placeOf(visit: GuildVisit, one: CaseRow): string {
  const { ofName, onJoining } = moderationPageWords[visit.language];
  return isOfName(one) ? ofName : one.channelName === "" ? onJoining : `#${one.channelName}`;
}

function alertText(visit: GuildVisit, alert: AlertRow): string {
  const say = moderationPageWords[visit.language];
  const raid = raidOf(alert);
  if (alert.kind === "unjudged") {
    const why = Object.entries(say.unjudgedWhy).find(([known]) => known === alert.detail.why)?.[1] ?? "";
    return `${say.alerts.unjudged} ${why}`;
  }
  if (raid === null) return `${say.alerts[alert.kind]} ${actionName(visit, alert.detail.action)}`;
  const { members, seconds, slowS, channels } = raid;
  const does = [
    channels.length > 0 && say.raidSlowMode(slowS, channels.length),
    raid.timesOut && say.raidTimeOuts,
  ].filter((one) => one !== false);
  const seen = say.raidSeen[raid.cause](members, seconds);
  if (raid.dryRun) return say.raidDry(seen, does.join(", "));
  return `${say.alerts.raid} ${say.raidSays(seen, does.join(", "))}`;
}

function actionName(visit: GuildVisit, action: unknown): string {
  const { actions, slowMode } = moderationPageWords[visit.language];
  if (action === "slow") return slowMode;
  return ACTIONS.some((known) => known === action) ? actions[action as keyof typeof actions] : "";
}

/** `invite-…` is about an invitation. */
function problemText({ language }: GuildVisit, problem: string): string {
  const known: Readonly<Record<string, string | undefined>> = problem.startsWith("invite-")
    ? moderationWords(language).notInvited
    : moderationPageWords[language].problems;
  return known[problem.replace(/^invite-/, "")] ?? problem;
}

/** Acts that an undo could not take back; the reason why a member was not sent the invitation. */
function asidesOf(visit: GuildVisit, { kind, detail }: CaseEvent): readonly string[] {
  if (kind === "undone" && Array.isArray(detail.left)) return detail.left.map((left) => leftText(visit, String(left)));
  const { inviteTold } = moderationWords(visit.language);
  if (kind === "answer-unsent")
    return [moderationPageWords[visit.language].answerUnsent[detail.told === "closed" ? "closed" : "unknown"]];
  if (kind === "invite-unsent") return [detail.told === "closed" ? inviteTold.closed : inviteTold.unknown];
  return [];
}

function leftText(visit: GuildVisit, left: string): string {
  const say = moderationPageWords[visit.language].left;
  return left === "kick-stays" || left === "text-gone" ? say[left] : say.failed;
}

/** `3. No spam.` */
function ruleName(n: number, text: string): string {
  return `${n}. ${text}`;
}
