/** Decisions as a table: when, where, what, and above all why. */
import type { Message } from "../../src/message.ts";
import type { DecisionRow } from "../../src/store.ts";
import { messageText, type Reading } from "../conversations/message-text.ts";
import { outcomeColour, reasonText } from "../conversations/transcript.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { icon } from "../icons.ts";
import { emptyState, heading, page } from "../layout.ts";
import { ago, count, duration } from "../times.ts";
import type { GuildVisit } from "../visit.ts";
import { ANY, type DecisionList, KINDS } from "./query.ts";

export function decisionsPage(visit: GuildVisit, list: DecisionList): Html {
  const { words } = visit;
  const say = words.decisions;
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
            ${KINDS.map((kind) => html`<option value="${kind}"${attributes({ selected: kind === list.kind })}>${words.outcomes.kinds[kind]}</option>`)}</select></label>
        <label class="field"><span class="visually-hidden">${words.conversations.channel}</span>
          <select name="channel"${refine}><option value="">${words.conversations.allChannels}</option>
            ${list.channels.map(({ id, name }) => html`<option value="${id}"${attributes({ selected: id === list.channel })}>#${name}</option>`)}</select></label>
        <button class="button button-quiet no-script" type="submit">${words.conversations.filter}</button>
      </form>
      ${decisionsPart(visit, list)}
    `,
  });
}

/** What is not on the list, by the mode the server is in: most silences need no explaining one by one. */
function note(visit: GuildVisit): string {
  const { mode, smart } = visit.guild.settings;
  const say = visit.words.decisions.notes;
  const server = mode === "all" ? (smart ? say.smart : say.all) : say[mode];
  return Object.keys(visit.guild.settings.channels).length === 0 ? server : `${server} ${say.channels}`;
}

function nothing(visit: GuildVisit, list: DecisionList): string {
  const { words } = visit;
  if (list.channel !== "") return words.conversations.nothingFound;
  if (list.kind === ANY) return words.decisions.empty;
  return list.kind === "silent" ? words.decisions.emptySilent : words.conversations.nothingFound;
}

export function decisionsPart(visit: GuildVisit, list: DecisionList): Html {
  const { words } = visit;
  const say = words.decisions;
  const path = `/guilds/${visit.guild.guild}/decisions`;
  const query = { kind: list.kind, channel: list.channel };
  return html`<section id="decisions">
    ${
      list.found.items.length === 0
        ? emptyState("quiet", nothing(visit, list), list.kind === "silent" ? say.emptySilentNext : say.emptyNext)
        : html`<table class="list">
            <thead><tr><th scope="col">${say.when}</th><th scope="col">${words.conversations.channel}</th><th scope="col">${say.what}</th>
              <th scope="col">${say.why}</th><th scope="col" class="number">${say.time}</th><th scope="col" class="number">${words.conversations.tokensUsed}</th></tr></thead>
            <tbody>${list.found.items.map((row) => decision(visit, list, row))}</tbody>
          </table>`
    }
    <nav class="pager" aria-label="${words.conversations.pages}">
      ${list.before !== "" && html`<a class="button button-quiet" href="${link(path, query)}">${icon("back")}${words.conversations.newest}</a>`}
      ${list.found.cursor !== null && html`<a class="button button-quiet" rel="next" href="${link(path, { ...query, before: list.found.cursor })}">${words.conversations.older}${icon("next")}</a>`}
    </nav>
  </section>`;
}

function decision(visit: GuildVisit, list: DecisionList, row: DecisionRow): Html {
  const { words, language } = visit;
  const { outcome } = row;
  const name = list.channels.find(({ id }) => id === row.channel)?.name ?? row.channel;
  const tokens = outcome.tokensIn + outcome.tokensOut;
  const why = reasonText(visit, outcome.reason);
  const base = `/guilds/${visit.guild.guild}`;
  const id = messageId(row);
  return html`<tr>
    <td class="cell-when">${ago(visit, row.atMs)}</td>
    <td class="cell-channel"><span class="tag">#${name}</span></td>
    <td class="cell-state"><span class="chip ${outcomeColour(outcome.kind)}">${words.outcomes.kinds[outcome.kind]}</span></td>
    <td class="cell-text">${why}
      ${row.why !== null && html`<q class="quiet" dir="auto">${row.why}</q>`}
      ${row.conversation !== null && html`<a class="more" href="${base}/conversations/${row.conversation}">${words.decisions.conversation}</a>`}
      ${
        row.conversation === null &&
        id !== null &&
        html`<a class="more" href="${base}/decisions/${id}"${attributes({ "hx-get": `${base}/decisions/${id}`, "hx-target": "this" })}>${words.decisions.show}</a>`
      }</td>
    <td class="number cell-turns">${duration(outcome.ms, language)}</td>
    <td class="number cell-turns">${tokens > 0 && html`${count(tokens, language)}<span class="only-phone"> ${words.decisions.tokens}</span>`}</td>
  </tr>`;
}

/** A trigger is `application:message`; a command has none to show. */
function messageId(row: DecisionRow): string | null {
  return row.outcome.kind === "silent" ? (/^\d+:(\d{15,20})$/.exec(row.trigger)?.[1] ?? null) : null;
}

export function saidPage(visit: GuildVisit, ...said: Said): Html {
  const say = visit.words.decisions;
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
  const say = visit.words.decisions;
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
