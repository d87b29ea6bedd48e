/** Decisions as a table: when, where, what, and above all why. */
import type { DecisionRow } from "../../src/store.ts";
import { outcomeColour, reasonText } from "../conversations/transcript.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { icon } from "../icons.ts";
import { emptyState, heading, page } from "../layout.ts";
import { ago, count, duration } from "../times.ts";
import type { GuildVisit } from "../visit.ts";
import { type DecisionList, KINDS } from "./query.ts";

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
      <form class="filters" method="get" action="${path}">
        <label class="field"><span class="visually-hidden">${say.what}</span>
          <select name="kind"${refine}><option value="">${say.anything}</option>
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

export function decisionsPart(visit: GuildVisit, list: DecisionList): Html {
  const { words } = visit;
  const say = words.decisions;
  const path = `/guilds/${visit.guild.guild}/decisions`;
  const query = { kind: list.kind, channel: list.channel };
  return html`<section id="decisions">
    ${
      list.found.items.length === 0
        ? emptyState(
            "quiet",
            list.kind === "" && list.channel === "" ? say.empty : words.conversations.nothingFound,
            say.emptyNext,
          )
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
  return html`<tr>
    <td class="cell-when">${ago(visit, row.atMs)}</td>
    <td class="cell-channel"><span class="tag">#${name}</span></td>
    <td class="cell-state"><span class="chip ${outcomeColour(outcome.kind)}">${words.outcomes.kinds[outcome.kind]}</span></td>
    <td class="cell-text">${row.conversation === null ? why : html`<a class="stretch" href="/guilds/${visit.guild.guild}/conversations/${row.conversation}">${why}</a>`}</td>
    <td class="number cell-turns">${duration(outcome.ms, language)}</td>
    <td class="number cell-turns">${tokens > 0 && html`${count(tokens, language)}<span class="only-phone"> ${words.decisions.tokens}</span>`}</td>
  </tr>`;
}
