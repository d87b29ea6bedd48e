/** The conversations of a guild, newest first: a table that becomes cards on a phone. */

import type { ConversationRow } from "../../src/store/ports/conversations.ts";
import { maySee } from "../guard.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { avatar, emptyState, heading } from "../parts/blocks.ts";
import { marked } from "../parts/marked.ts";
import { plainText } from "../parts/message-text.ts";
import { ago, count } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { type ConversationList, type ConversationQuery, STATES } from "./query.ts";
import { stateChip } from "./state-chip.ts";
import { conversationWords } from "./words.ts";

export function conversationsPage(visit: GuildVisit, list: ConversationList): Html {
  const words = conversationWords[visit.language];
  const { query } = list;
  const path = `/guilds/${visit.guild.guild}/conversations`;
  const refine = attributes({
    "hx-get": path,
    "hx-target": "#conversations",
    "hx-include": "closest form",
    "hx-sync": "closest form:replace",
  });
  return page(visit, {
    title: words.title,
    section: "conversations",
    body: html`
      ${heading(words.title, words.lead)}
      <form class="filters" method="get" action="${path}" role="search" aria-label="${words.search}">
        <label class="field field-search"><span class="visually-hidden">${words.searchWhat}</span>${icon("search")}
          <input type="search" name="q" value="${query.text}" placeholder="${words.search}" title="${words.searchWhat}" maxlength="200"
            hx-trigger="input changed delay:300ms"${refine} />
        </label>
        <label class="field"><span class="visually-hidden">${commonWords[visit.language].channel}</span>
          <select name="channel"${refine}>
            <option value="">${commonWords[visit.language].allChannels}</option>
            ${list.channels.map(
              ({ id, name }) =>
                html`<option value="${id}"${attributes({ selected: id === query.channel })}>#${name}</option>`,
            )}
          </select>
        </label>
        <label class="field"><span class="visually-hidden">${words.state}</span>
          <select name="state"${refine}>
            <option value="">${words.allStates}</option>
            ${STATES.map(
              (state) =>
                html`<option value="${state}"${attributes({ selected: state === query.state })}>${words.states[state]}</option>`,
            )}
          </select>
        </label>
        <button class="button button-quiet no-script" type="submit">${commonWords[visit.language].filter}</button>
      </form>
      ${conversationsPart(visit, list)}
    `,
  });
}

/** The part that changes; its first page listens for news and is replaced by them. */
export function conversationsPart(visit: GuildVisit, list: ConversationList): Html {
  const { query, found } = list;
  const path = `/guilds/${visit.guild.guild}/conversations`;
  const live = query.before === "" && {
    "hx-sse:connect": link(`${path}/live`, parameters(query)),
    "hx-target": "find .live-part",
    "hx-swap": "innerMorph",
    "hx-select": ".live-part > *",
  };
  return html`<section id="conversations"${attributes(live || {})}><div class="live-part">
    ${found.items.length === 0 ? nothing(visit, list) : table(visit, list)}
    <nav class="pager" aria-label="${commonWords[visit.language].pages}">
      ${query.before !== "" && html`<a class="button button-quiet" href="${link(path, parameters(query))}">${icon("back")}${commonWords[visit.language].newest}</a>`}
      ${
        found.cursor !== null &&
        html`<a class="button button-quiet" rel="next" href="${link(path, { ...parameters(query), before: found.cursor })}">${commonWords[visit.language].older}${icon("next")}</a>`
      }
    </nav>
  </div></section>`;
}

function parameters(query: ConversationQuery) {
  return { q: query.text, channel: query.channel, state: query.state };
}

function nothing(visit: GuildVisit, { query, knowledgeEmpty, found }: ConversationList): Html {
  const words = conversationWords[visit.language];
  if (found.cursor !== null) return emptyState("search", words.nothingHere, words.nothingHereNext);
  const filtered = query.text !== "" || query.channel !== "" || query.state !== "";
  if (!filtered && knowledgeEmpty && maySee("admin", visit)) {
    const knowledge = `/guilds/${visit.guild.guild}/knowledge`;
    return emptyState("chat", words.empty, html`${words.emptyFill} <a href="${knowledge}">${words.emptyFillLink}</a>`);
  }
  if (!filtered) return emptyState("chat", words.empty, words.emptyNext[visit.guild.settings.mode]);
  const path = `/guilds/${visit.guild.guild}/conversations`;
  const next = html`${query.text !== "" && html`${words.foundBy}<br />`}<a href="${path}">${words.showAll}</a>`;
  return emptyState("search", commonWords[visit.language].nothingFound, next);
}

function table(visit: GuildVisit, list: ConversationList): Html {
  const words = conversationWords[visit.language];
  return html`<table class="list">
    <thead><tr>
      <th scope="col">${words.member}</th>
      <th scope="col">${words.lastMessage}</th>
      <th scope="col">${words.state}</th>
      <th scope="col" class="number">${words.turns}</th>
      <th scope="col" class="number">${words.when}</th>
    </tr></thead>
    <tbody>${list.found.items.map((row) => tableRow(visit, row, list))}</tbody>
  </table>`;
}

function tableRow(visit: GuildVisit, row: ConversationRow, { nameOf, glimpses, query }: ConversationList): Html {
  const words = conversationWords[visit.language];
  const seen = glimpses.get(row.id);
  const path = `/guilds/${visit.guild.guild}/conversations/${row.id}`;
  const hit = seen?.hit ?? null;
  const to = hit === null ? `${path}#newest` : `${path}?all=1#turn-${hit.turn}`;
  return html`<tr id="conversation-${row.id}">
    <td class="cell-who">${avatar(row.memberName, row.member)}
      <span class="card-text"><a class="stretch" href="${to}">${row.memberName}</a><small class="quiet no-phone">#${row.channelName}</small></span></td>
    <td class="cell-text">${
      hit === null
        ? html`<span class="clamp" dir="auto">${plainText(seen?.question || row.lastText, nameOf)}</span>
            ${seen !== undefined && seen.reply !== "" && html`<span class="clamp quiet" dir="auto">→ ${plainText(seen.reply, nameOf)}</span>`}`
        : html`<span class="clamp" dir="auto">${marked(plainText(hit.text, nameOf), query.text)}</span>`
    }</td>
    <td class="cell-channel only-phone"><span class="tag">#${row.channelName}</span></td>
    <td class="cell-state">${stateChip(visit, row, seen ?? { notFound: false, disliked: false })}</td>
    <td class="number cell-turns"><span class="no-phone">${count(row.turns, visit.language)}</span><span class="only-phone">${words.messages(row.turns)}</span></td>
    <td class="number cell-when">${ago(visit, row.lastAtMs)}</td>
  </tr>`;
}
