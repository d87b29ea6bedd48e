/** One conversation, turn by turn: who said what, from which sources, with what outcome, how long it took. */
import type { ConversationRow, Source, TurnRow } from "../../src/store.ts";
import { speaker } from "../../src/takeover.ts";
import { type Html, html, safeUrl } from "../html.ts";
import { icon } from "../icons.ts";
import { avatar, emptyState, page, stateChip } from "../layout.ts";
import { ago, count, duration, money, span } from "../times.ts";
import type { GuildVisit } from "../visit.ts";
import { messageText, type Reading } from "./message-text.ts";

type Conversation = {
  readonly conversation: ConversationRow;
  readonly turns: readonly TurnRow[];
  readonly nameOf: Reading["nameOf"];
};

/** A silence so long is worth a line of its own. */
const GAP_MS_MIN = 5 * 60_000;
/** Of a long conversation the newest turns are shown, and the others when asked for. */
const TURNS_SHOWN = 100;

export function transcriptPage(visit: GuildVisit, found: Conversation): Html {
  const { conversation } = found;
  const words = visit.words.conversations;
  const list = `/guilds/${visit.guild.guild}/conversations`;
  const all = visit.url.searchParams.has("all") ? "?all=1" : "";
  return page(visit, {
    title: words.with(conversation.memberName),
    section: "conversations",
    body: html`
      <a class="crumb" href="${list}">${icon("back")}${words.title}</a>
      <div hx-sse:connect="${`${list}/${conversation.id}/live${all}`}" hx-target="#transcript" hx-swap="outerMorph">
        ${transcriptPart(visit, found)}
      </div>
    `,
  });
}

export function transcriptPart(visit: GuildVisit, found: Conversation): Html {
  const { conversation, turns } = found;
  const words = visit.words.conversations;
  const shown = visit.url.searchParams.has("all") ? turns : turns.slice(-TURNS_SHOWN);
  const earlier = turns.length - shown.length;
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
          : html`<div role="log" aria-relevant="additions" aria-label="${words.turns}">
              ${earlier > 0 && html`<p class="earlier"><a href="/guilds/${visit.guild.guild}/conversations/${conversation.id}?all=1">${words.earlier(count(earlier, visit.language))}</a></p>`}
              <ol class="turns">${shown.map((turn, index) => [gap(visit, shown[index - 1], turn), turnItem(visit, turn, found)])}</ol>
            </div>`
      }
      ${facts(visit, conversation, turns)}
    </div>
  </article>`;
}

/** How long nobody said anything, where it was long. */
function gap(visit: GuildVisit, before: TurnRow | undefined, turn: TurnRow): Html | false {
  if (before === undefined || turn.atMs - before.atMs < GAP_MS_MIN) return false;
  const long = span(turn.atMs - before.atMs, visit.language);
  return html`<li class="turn-gap"><span>${visit.words.conversations.later(long)}</span></li>`;
}

function turnItem(visit: GuildVisit, turn: TurnRow, { conversation, nameOf }: Conversation): Html {
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
      ${turn.text !== "" && html`<div class="turn-text" dir="auto">${messageText(turn.text, { nameOf, links: turn.role !== "member" })}</div>`}
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
    ${cost > 0 && entry(words.conversations.cost, money(cost, language))}
    ${entry(words.conversations.memberId, html`<code>${conversation.member}</code>`)}
  </dl></aside>`;
}
