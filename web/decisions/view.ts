/** Decisions as a table: time, place, outcome, and above all the reason. */

import { words } from "../../src/i18n.ts";
import type { Message } from "../../src/message.ts";
import { type DecisionRow, REASONS_COUNTED } from "../../src/store/ports/decisions.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { messageText, type Reading } from "../parts/message-text.ts";
import { outcomeColour, reasonText } from "../parts/outcomes.ts";
import { ago, count, duration } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { ANY, type DecisionList, KINDS } from "./query.ts";
import { decisionWords } from "./words.ts";

export function decisionsPage(visit: GuildVisit, list: DecisionList): Html {
  const say = decisionWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/decisions`;
  const refine = attributes({ "hx-get": path, "hx-target": "#decisions", "hx-include": "closest form" });
  return page(visit, {
    title: say.title,
    section: "decisions",
    body: html`
      ${heading(say.title, say.lead)}
      <p class="notice">${icon("info")}<span>${note(visit)}</span></p>
      <form class="filters" method="get" action="${path}">
        <label class="field"><span class="visually-hidden">${say.what}</span>
          <select name="kind"${refine}><option value="${ANY}"${attributes({ selected: list.kind === ANY })}>${say.anything}</option>
            ${KINDS.map((kind) => html`<option value="${kind}"${attributes({ selected: kind === list.kind })}>${words(visit.language).outcomes.kinds[kind]}</option>`)}</select></label>
        <label class="field"><span class="visually-hidden">${commonWords[visit.language].channel}</span>
          <select name="channel"${refine}><option value="">${commonWords[visit.language].allChannels}</option>
            ${list.channels.map(({ id, name }) => html`<option value="${id}"${attributes({ selected: id === list.channel })}>#${name}</option>`)}</select></label>
        <button class="button button-quiet no-script" type="submit">${commonWords[visit.language].filter}</button>
      </form>
      ${decisionsPart(visit, list)}
    `,
  });
}

/** Silences that are not on the list, by the server's mode: most need no explanation one by one. */
function note(visit: GuildVisit): string {
  const { mode, smart } = visit.guild.settings;
  const say = decisionWords[visit.language].notes;
  const server = mode === "all" ? (smart ? say.smart : say.all) : say[mode];
  return Object.keys(visit.guild.settings.channels).length === 0 ? server : `${server} ${say.channels}`;
}

function nothing(visit: GuildVisit, list: DecisionList): string {
  if (list.channel !== "" || list.reason !== "") return commonWords[visit.language].nothingFound;
  if (list.kind === ANY) return decisionWords[visit.language].empty;
  return list.kind === "silent" ? decisionWords[visit.language].emptySilent : commonWords[visit.language].nothingFound;
}

export function decisionsPart(visit: GuildVisit, list: DecisionList): Html {
  const say = decisionWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/decisions`;
  const query = { kind: list.kind, channel: list.channel, reason: list.reason };
  return html`<section id="decisions">
    ${list.reasons.length > 0 && reasonGroups(visit, list)}
    ${
      list.found.items.length === 0
        ? emptyState("quiet", nothing(visit, list), list.kind === "silent" ? say.emptySilentNext : say.emptyNext)
        : html`<table class="list">
            <thead><tr><th scope="col">${say.when}</th><th scope="col">${commonWords[visit.language].channel}</th>${list.kind === ANY && html`<th scope="col">${say.what}</th>`}
              <th scope="col">${say.why}</th><th scope="col" class="number">${say.time}</th><th scope="col" class="number">${commonWords[visit.language].tokensUsed}</th></tr></thead>
            <tbody>${list.found.items.map((row, place) => decision(visit, list, row, place))}</tbody>
          </table>`
    }
    <nav class="pager" aria-label="${commonWords[visit.language].pages}">
      ${list.before !== "" && html`<a class="button button-quiet" href="${link(path, query)}">${icon("back")}${commonWords[visit.language].newest}</a>`}
      ${list.found.cursor !== null && html`<a class="button button-quiet" rel="next" href="${link(path, { ...query, before: list.found.cursor })}">${commonWords[visit.language].older}${icon("next")}</a>`}
    </nav>
  </section>`;
}

/** Reasons with how often they came up: a click shows the messages of one. */
function reasonGroups(visit: GuildVisit, { kind, channel, reason, reasons }: DecisionList): Html {
  const say = decisionWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/decisions`;
  const all = reasons.reduce((sum, one) => sum + one.count, 0);
  const group = (to: string, label: string, times: number) =>
    html`<li><a class="chip" href="${link(path, { kind, channel, reason: to })}"${attributes({ "aria-current": to === reason ? "true" : null })}>${label} <span class="number">${count(times, visit.language)}</span></a></li>`;
  return html`<nav aria-label="${say.byReason}"><ul class="groups">${group("", say.anyReason, all)}${reasons.map((one) => group(one.reason, reasonText(visit, one.reason), one.count))}</ul>
    ${all >= REASONS_COUNTED && html`<p class="help">${say.counted(count(REASONS_COUNTED, visit.language))}</p>`}</nav>`;
}

/** So many texts are shown at once; Discord is asked for each. */
const TEXTS_SHOWN = 8;

function decision(visit: GuildVisit, list: DecisionList, row: DecisionRow, place: number): Html {
  const { language } = visit;
  const { outcome } = row;
  const name = list.channels.find(({ id }) => id === row.channel)?.name ?? row.channel;
  const tokens = outcome.tokensIn + outcome.tokensOut;
  const why = reasonText(visit, outcome.reason);
  const base = `/guilds/${visit.guild.guild}`;
  const id = messageId(row);
  return html`<tr>
    <td class="cell-when">${ago(visit, row.atMs)}</td>
    <td class="cell-channel"><span class="tag">#${name}</span></td>
    ${list.kind === ANY && html`<td class="cell-state"><span class="chip ${outcomeColour(outcome.kind)}">${words(visit.language).outcomes.kinds[outcome.kind]}</span></td>`}
    <td class="cell-text">${why}
      ${row.why !== null && html`<q class="quiet" dir="auto">${row.why}</q>`}
      ${row.conversation !== null && html`<a class="more" href="${base}/conversations/${row.conversation}">${decisionWords[visit.language].conversation}</a>`}
      ${
        row.conversation === null &&
        id !== null &&
        html`<a class="more" href="${base}/decisions/${id}"${attributes({ "hx-get": `${base}/decisions/${id}`, "hx-target": "this", "hx-trigger": place < TEXTS_SHOWN ? "load, click" : "click" })}>${decisionWords[visit.language].show}</a>`
      }</td>
    <td class="number cell-turns">${duration(outcome.ms, language)}</td>
    <td class="number cell-turns">${tokens > 0 && html`${count(tokens, language)}<span class="only-phone"> ${decisionWords[visit.language].tokens}</span>`}</td>
  </tr>`;
}

/** A trigger is `application:message`; a command has none to show. */
function messageId(row: DecisionRow): string | null {
  return row.outcome.kind === "silent" ? (/^\d+:(\d{15,20})$/.exec(row.trigger)?.[1] ?? null) : null;
}

export function saidPage(visit: GuildVisit, ...said: Said): Html {
  const say = decisionWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "decisions",
    body: html`
      <a class="crumb" href="/guilds/${visit.guild.guild}/decisions">${icon("back")}${say.title}</a>
      ${heading(reasonText(visit, said[0].outcome.reason))}
      ${saidPart(visit, ...said)}
    `,
  });
}

type Said = [row: DecisionRow, id: string, said: Message | null, nameOf: Reading["nameOf"]];

/** The message itself, and where it stands. */
export function saidPart(visit: GuildVisit, ...[row, id, said, nameOf]: Said): Html {
  const say = decisionWords[visit.language];
  const there = `https://discord.com/channels/${visit.guild.guild}/${row.channel}/${id}`;
  return html`<div class="said">
    ${
      said === null
        ? html`<p class="quiet">${say.gone}</p>`
        : html`<p class="quiet" dir="auto">${said.author.name}</p>
          <div class="turn-text" dir="auto">${said.content === "" ? say.noText : messageText(said.content, { nameOf, links: false })}</div>`
    }
    <a href="${there}" rel="noopener noreferrer" target="_blank">${say.open}</a>
  </div>`;
}
