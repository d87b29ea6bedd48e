/** One conversation, turn by turn: who said what, from which sources, with what outcome, how long it took. */
import type { ConversationRow, Source, TurnRow } from "../../src/store.ts";
import { speaker } from "../../src/takeover.ts";
import { type Html, html, safeUrl } from "../html.ts";
import { icon } from "../icons.ts";
import { avatar, emptyState, page, stateChip } from "../layout.ts";
import { ago, count, duration } from "../times.ts";
import type { GuildVisit } from "../visit.ts";
import { messageText } from "./message-text.ts";

type Conversation = { readonly conversation: ConversationRow; readonly turns: readonly TurnRow[] };

export function transcriptPage(visit: GuildVisit, found: Conversation): Html {
  const { conversation } = found;
  const words = visit.words.conversations;
  const list = `/guilds/${visit.guild.guild}/conversations`;
  return page(visit, {
    title: words.with(conversation.memberName),
    section: "conversations",
    body: html`
      <a class="crumb" href="${list}">${icon("back")}${words.title}</a>
      <div hx-sse:connect="${list}/${conversation.id}/live" hx-target="#transcript" hx-swap="outerMorph">
        ${transcriptPart(visit, found)}
      </div>
    `,
  });
}

export function transcriptPart(visit: GuildVisit, { conversation, turns }: Conversation): Html {
  const words = visit.words.conversations;
  const state = {
    agent: speaker(conversation.takeover, visit.nowMs) !== "bot",
    escalated: conversation.escalatedAtMs !== null,
  };
  return html`<article class="transcript" id="transcript">
    <header class="transcript-head">
      ${avatar(conversation.memberName, conversation.member)}
      <div>
        <h1 dir="auto">${conversation.memberName}</h1>
        <p class="quiet"><span class="tag">#${conversation.channelName}</span> · ${words.started} ${ago(visit, conversation.startedAtMs)}</p>
      </div>
      ${stateChip(visit, state)}
    </header>
    <div class="transcript-body">
      ${
        turns.length === 0
          ? emptyState("chat", words.noTurns, words.noTurnsNext)
          : html`<ol class="turns" role="log" aria-label="${words.turns}">${turns.map((turn) => turnItem(visit, turn, conversation))}</ol>`
      }
      ${facts(visit, conversation, turns)}
    </div>
  </article>`;
}

function turnItem(visit: GuildVisit, turn: TurnRow, conversation: ConversationRow): Html {
  const words = visit.words.conversations;
  const who =
    turn.role === "member"
      ? avatar(turn.author, conversation.member)
      : html`<span class="avatar avatar-${turn.role}" aria-hidden="true">${icon(turn.role === "bot" ? "bot" : "headset")}</span>`;
  return html`<li class="turn turn-${turn.role}" id="turn-${turn.id}">
    ${who}
    <div class="turn-main">
      <p class="turn-head"><strong dir="auto">${turn.author}</strong>
        ${turn.role !== "member" && html`<span class="chip chip-small">${words.roles[turn.role]}</span>`}
        ${ago(visit, turn.atMs)}</p>
      ${turn.text !== "" && html`<div class="turn-text" dir="auto">${messageText(turn.text)}</div>`}
      ${turn.sources.length > 0 && sourceList(visit, turn.sources)}
      ${turn.outcome !== null && outcome(visit, turn)}
    </div>
  </li>`;
}

export function sourceList(visit: GuildVisit, list: readonly Source[]): Html {
  return html`<div class="sources">
    <h2 class="sources-title">${visit.words.conversations.sources}</h2>
    <ol>${list.map((source) => {
      const url = source.url === null ? "#" : safeUrl(source.url);
      return html`<li value="${source.n}">${
        url === "#"
          ? html`<span dir="auto">${source.title}</span>`
          : html`<a href="${url}" rel="noopener noreferrer nofollow" target="_blank" dir="auto">${source.title}</a>`
      }</li>`;
    })}</ol>
  </div>`;
}

function outcome(visit: GuildVisit, turn: TurnRow): Html | false {
  if (turn.outcome === null) return false;
  const { words, language } = visit;
  const { kind, reason, ms, model, tokensIn, tokensOut, costUsd } = turn.outcome;
  return html`<ul class="facts-line">
    <li><span class="chip chip-small ${outcomeColour(kind)}">${words.outcomes.kinds[kind]}</span></li>
    <li>${reasonText(visit, reason)}</li>
    <li class="number">${icon("clock")}${duration(ms, language)}</li>
    ${model !== null && html`<li>${model}</li>`}
    ${tokensIn + tokensOut > 0 && html`<li class="number">${words.conversations.tokens(count(tokensIn, language), count(tokensOut, language))}</li>`}
    ${costUsd > 0 && html`<li class="number">$${costUsd.toFixed(5)}</li>`}
    ${turn.feedback !== null && html`<li class="feedback feedback-${turn.feedback}">${icon(turn.feedback)}<span>${words.conversations.feedback[turn.feedback]}</span></li>`}
  </ul>`;
}

/** The fixed word in the reader's language where we have it; the word itself otherwise. */
export function reasonText(visit: GuildVisit, reason: string): string {
  const known: Readonly<Record<string, string>> = visit.words.outcomes.reasons;
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason.replaceAll("-", " ");
}

export function outcomeColour(kind: NonNullable<TurnRow["outcome"]>["kind"]): string {
  if (kind === "answered") return "chip-green";
  if (kind === "failed" || kind === "dropped") return "chip-red";
  if (kind === "escalated" || kind === "moderated" || kind === "refused") return "chip-amber";
  return kind === "left-to-agent" ? "chip-blue" : "";
}

function facts(visit: GuildVisit, conversation: ConversationRow, turns: readonly TurnRow[]): Html {
  const { words, language } = visit;
  const outcomes = turns.flatMap((turn) => turn.outcome ?? []);
  const tokens = outcomes.reduce((sum, one) => sum + one.tokensIn + one.tokensOut, 0);
  const cost = outcomes.reduce((sum, one) => sum + one.costUsd, 0);
  const entry = (label: string, value: string | Html) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<aside class="facts" aria-label="${words.conversations.details}"><dl>
    ${entry(words.conversations.turns, count(conversation.turns, language))}
    ${entry(words.conversations.lastActivity, ago(visit, conversation.lastAtMs))}
    ${outcomes.length > 0 && entry(words.conversations.longest, duration(Math.max(...outcomes.map((one) => one.ms)), language))}
    ${tokens > 0 && entry(words.conversations.tokensUsed, count(tokens, language))}
    ${cost > 0 && entry(words.conversations.cost, `$${cost.toFixed(5)}`)}
    ${entry(words.conversations.memberId, html`<code>${conversation.member}</code>`)}
  </dl></aside>`;
}
