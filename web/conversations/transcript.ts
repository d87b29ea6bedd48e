/** One conversation, turn by turn: who said what, from which sources, with what outcome, how long it took. */

import { words } from "../../src/i18n.ts";
import type { ConversationRow, TurnRow } from "../../src/store/ports/conversations.ts";
import { maySee } from "../guard.ts";
import { type Html, html } from "../html.ts";
import { avatar, emptyState } from "../parts/blocks.ts";
import { messageText, type Reading } from "../parts/message-text.ts";
import { outcomeColour, reasonText } from "../parts/outcomes.ts";
import { sourceList } from "../parts/sources.ts";
import { ago, count, duration, money, span } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { stateChip } from "./state-chip.ts";
import { conversationWords } from "./words.ts";

type Conversation = {
  readonly conversation: ConversationRow;
  readonly turns: readonly TurnRow[];
  readonly nameOf: Reading["nameOf"];
};

/** A silence so long is worth a line of its own. */
const GAP_MS_MIN = 5 * 60_000;
/** Of a long conversation the newest turns are shown, and the others when asked for. */
const TURNS_SHOWN = 100;
/** Reasons of an answer that held nothing. */
const NOT_FOUND: ReadonlySet<string> = new Set(["not-in-knowledge", "no-knowledge", "two-failures"]);

export function transcriptPage(visit: GuildVisit, found: Conversation): Html {
  const { conversation } = found;
  const words = conversationWords[visit.language];
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
  const words = conversationWords[visit.language];
  const shown = visit.url.searchParams.has("all") ? turns : turns.slice(-TURNS_SHOWN);
  const earlier = turns.length - shown.length;
  const seen = {
    notFound: turns.some(({ outcome }) => NOT_FOUND.has(outcome?.reason ?? "")),
    disliked: turns.some(({ feedback }) => feedback === "down"),
  };
  const path = `/guilds/${visit.guild.guild}/conversations/${conversation.id}`;
  const wants = conversation.escalatedAtMs !== null && conversation.state !== "resolved";
  return html`<article class="transcript" id="transcript">
    <header class="transcript-head">
      ${avatar(conversation.memberName, conversation.member)}
      <div>
        <h1 dir="auto">${conversation.memberName}</h1>
        <p class="quiet"><span class="tag">#${conversation.channelName}</span> · ${words.started} ${ago(visit, conversation.startedAtMs)}</p>
      </div>
      ${stateChip(visit, conversation, seen)}
      ${
        wants &&
        maySee("agent-or-admin", visit) &&
        html`<form method="post" action="${path}/resolve"><button class="button button-quiet button-small" type="submit">${icon("check")}${words.resolve}</button></form>`
      }
    </header>
    <div class="transcript-body">
      ${
        turns.length === 0
          ? emptyState("chat", words.noTurns, words.noTurnsNext)
          : html`<div role="log" aria-relevant="additions" aria-label="${words.turns}">
              ${earlier > 0 && html`<p class="earlier"><a href="${path}?all=1">${words.earlier(count(earlier, visit.language))}</a></p>`}
              <ol class="turns">${shown.map((turn, index) => [gap(visit, shown[index - 1], turn), turnItem(visit, turn, found, turn === shown.at(-1))])}</ol>
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
  return html`<li class="turn-gap"><span>${conversationWords[visit.language].later(long)}</span></li>`;
}

function turnItem(visit: GuildVisit, turn: TurnRow, { conversation, nameOf }: Conversation, newest: boolean): Html {
  const words = conversationWords[visit.language];
  const who =
    turn.role === "member"
      ? avatar(turn.author, conversation.member)
      : html`<span class="avatar avatar-${turn.role}" aria-hidden="true">${icon(turn.role === "bot" ? "bot" : "headset")}</span>`;
  return html`<li class="turn turn-${turn.role}" id="turn-${turn.id}">
    ${who}
    <div class="turn-main">
      ${newest && html`<span id="newest"></span>`}
      <p class="turn-head"><strong dir="auto">${turn.author}</strong>
        ${turn.role !== "member" && html`<span class="chip chip-small">${words.roles[turn.role]}</span>`}
        ${ago(visit, turn.atMs)}</p>
      ${turn.text !== "" && html`<div class="turn-text" dir="auto">${messageText(turn.text, { nameOf, links: turn.role !== "member" })}</div>`}
      ${turn.sources.length > 0 && sourceList(visit, turn.sources)}
      ${turn.outcome !== null && outcome(visit, turn)}
    </div>
  </li>`;
}

function outcome(visit: GuildVisit, turn: TurnRow): Html | false {
  if (turn.outcome === null) return false;
  const { language } = visit;
  const { kind, reason, ms, model, tokensIn, tokensOut, costUsd } = turn.outcome;
  return html`<ul class="facts-line">
    <li><span class="chip chip-small ${outcomeColour(kind)}">${words(visit.language).outcomes.kinds[kind]}</span></li>
    <li>${reasonText(visit, reason)}</li>
    <li><details class="about"><summary aria-label="${conversationWords[visit.language].details}" title="${conversationWords[visit.language].details}">${icon("info")}</summary><span class="number">${[
      duration(ms, language),
      model,
      tokensIn + tokensOut > 0
        ? commonWords[language].tokens(count(tokensIn, language), count(tokensOut, language))
        : null,
      costUsd > 0 ? money(costUsd, language) : null,
    ]
      .filter((fact) => fact !== null)
      .join(" · ")}</span></details></li>
    ${turn.feedback !== null && html`<li class="feedback feedback-${turn.feedback}">${icon(turn.feedback)}<span>${conversationWords[visit.language].feedback[turn.feedback]}</span></li>`}
  </ul>`;
}

function facts(visit: GuildVisit, conversation: ConversationRow, turns: readonly TurnRow[]): Html {
  const { language } = visit;
  const outcomes = turns.flatMap((turn) => turn.outcome ?? []);
  const tokens = outcomes.reduce((sum, one) => sum + one.tokensIn + one.tokensOut, 0);
  const cost = outcomes.reduce((sum, one) => sum + one.costUsd, 0);
  const entry = (label: string, value: string | Html) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<aside class="facts" aria-label="${conversationWords[visit.language].details}"><dl>
    ${entry(conversationWords[visit.language].turns, count(conversation.turns, language))}
    ${entry(conversationWords[visit.language].lastActivity, ago(visit, conversation.lastAtMs))}
    ${outcomes.length > 0 && entry(conversationWords[visit.language].longest, duration(Math.max(...outcomes.map((one) => one.ms)), language))}
    ${tokens > 0 && entry(commonWords[visit.language].tokensUsed, count(tokens, language))}
    ${cost > 0 && entry(conversationWords[visit.language].cost, money(cost, language))}
    ${entry(conversationWords[visit.language].memberId, html`<code>${conversation.member}</code>`)}
  </dl></aside>`;
}
