/** One conversation at the desk: turns, its holder and until when, the box to answer in, notes, state. */
import { AGENT_FILE_BYTES_MAX } from "../../src/agents.ts";
import { CONVERSATION_STATES, type ConversationRow, type TurnRow } from "../../src/store/ports/conversations.ts";
import type { NoteRow, SavedReply } from "../../src/store/ports/desk.ts";
import type { EscalationRow } from "../../src/store/ports/escalations.ts";
import type { OutboxTask } from "../../src/store/ports/outbox.ts";
import { speaker } from "../../src/takeover.ts";
import { attributes, type Html, html } from "../html.ts";
import { avatar } from "../parts/blocks.ts";
import { typingMark } from "../parts/live-list.ts";
import { messageText, type Reading } from "../parts/message-text.ts";
import { sourceList } from "../parts/sources.ts";
import { ago } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { reasonToldIn } from "./reasons.ts";
import { liveWords } from "./words.ts";

export type Talk = {
  readonly conversation: ConversationRow;
  readonly turns: readonly TurnRow[];
  readonly notes: readonly NoteRow[];
  readonly escalations: readonly EscalationRow[];
  /** How the team was told of the newest one, but by mail. */
  readonly tellings: readonly OutboxTask[];
  readonly replies: readonly SavedReply[];
  readonly nameOf: Reading["nameOf"];
  /** Until when the member is shown as typing. */
  readonly typingUntilMs: number | null;
  readonly box: Box;
};

/** The box's text, and the notice about the last send. */
export type Box = {
  readonly text: string;
  readonly sources: TurnRow["sources"];
  readonly problem: string | null;
  readonly told: string | null;
  /** Names the next message, so that a form sent twice is one message. */
  readonly form: string;
  readonly pair: { readonly question: string; readonly answer: string } | null;
};

const TURNS_SHOWN = 100;

export function talkPage(visit: GuildVisit, talk: Talk): Html {
  const { conversation, box } = talk;
  const words = liveWords[visit.language];
  const path = pathOf(visit, conversation);
  return page(visit, {
    title: conversation.memberName,
    section: "live",
    body: html`
      <a class="crumb" href="/guilds/${visit.guild.guild}/live">${icon("back")}${words.title}</a>
      ${box.told !== null && html`<p class="notice notice-good" role="status">${icon("check")}<span>${box.told}</span></p>`}
      ${box.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${box.problem}</span></p>`}
      <div class="desk">
        <div hx-sse:connect="${`${path}/stream`}" hx-target="#talk" hx-swap="outerMorph">${talkPart(visit, talk)}</div>
        <div class="stack">${answerForm(visit, talk)} ${pairForm(visit, talk)} ${sideForms(visit, talk)}</div>
      </div>
    `,
  });
}

/** The live part; the box is outside of it, so that an update never replaces a text that is being typed. */
export function talkPart(visit: GuildVisit, talk: Talk): Html {
  const { conversation, turns } = talk;
  const words = liveWords[visit.language];
  return html`<article id="talk" class="transcript">
    <header class="transcript-head">
      ${avatar(conversation.memberName, conversation.member)}
      <div><h1 dir="auto">${conversation.memberName}</h1>
        <p class="quiet"><span class="tag">#${conversation.channelName}</span> ${words.states[conversation.state]}${
          conversation.assignee !== null && html` · ${words.assignee} ${conversation.assignee.name}`
        }</p></div>
    </header>
    ${holder(visit, talk)}
    ${talk.escalations.slice(0, 3).map((one, place) => escalationNotice(visit, one, place === 0 ? talk.tellings : []))}
    <div role="log" aria-relevant="additions"><ol class="turns">${turns.slice(-TURNS_SHOWN).map((turn) => turnItem(visit, turn, talk))}</ol></div>
    ${talk.typingUntilMs !== null && html`<p class="turn-typing" role="status">${typingMark(visit, conversation.memberName, talk.typingUntilMs)}</p>`}
    ${notes(visit, talk)}
  </article>`;
}

function holder(visit: GuildVisit, { conversation }: Talk): Html {
  const words = liveWords[visit.language];
  const path = pathOf(visit, conversation);
  const { takeover, wantedBy } = conversation;
  const who = speaker(takeover, visit.nowMs);
  const button = (action: string, text: string, quiet = false) =>
    html`<form method="post" action="${`${path}/${action}`}"><button class="${`button button-small${quiet ? " button-quiet" : ""}`}" type="submit">${text}</button></form>`;
  if (who === "bot") {
    return html`<div class="notice">${icon("bot")}<span>${words.botSpeaks}</span>${button("takeover", words.takeOver)}</div>`;
  }
  const until = takeover.by === "agent" ? takeover.idleAtMs : visit.nowMs;
  const mine = who === visit.person.id;
  return html`<div class="notice notice-good">${icon("headset")}<span><strong>${words.heldBy(conversation.agentName ?? who)}</strong>
      ${words.resumes} <time data-countdown datetime="${new Date(until).toISOString()}">${clockOf(until - visit.nowMs)}</time>
      ${wantedBy !== null && html`<br />${words.asked(wantedBy)}`}</span>
    ${mine ? button("takeover/delete", words.release, true) : button("want", words.ask, true)}</div>`;
}

function escalationNotice(visit: GuildVisit, one: EscalationRow, tellings: Talk["tellings"]): Html {
  const words = liveWords[visit.language];
  const open = one.takenAtMs === null && one.closedAtMs === null;
  const problem = one.mailProblem === null ? "" : `: ${reasonToldIn(visit.language, one.mailProblem)}`;
  const amiss = tellings.flatMap(({ kind, state, problem: what }) => {
    if (!Object.hasOwn(words.tellings, kind) || (state !== "failed" && state !== "unknown")) return [];
    return [
      `${words.tellings[kind as keyof typeof words.tellings][state]}${what === null ? "" : `: ${reasonToldIn(visit.language, what)}`}`,
    ];
  });
  const unsure = one.mail === "unknown" || one.mail === "failed" || amiss.length > 0;
  return html`<div class="${`notice${open || unsure ? " notice-warn" : ""}`}">${icon("alert")}<span>
    <strong>${words.reasons[one.reason]}</strong> ${ago(visit, one.atMs)}${one.takenBy !== null && html` · ${one.takenBy} ${words.events.claimed}`}<br />
    ${one.summary !== "" && html`${words.summary}: ${one.summary}<br />`}
    <small>${words.mails[one.mail]}${problem}${amiss.map((what) => html`<br />${what}`)}</small></span></div>`;
}

function turnItem(visit: GuildVisit, turn: TurnRow, { conversation, nameOf }: Talk): Html {
  const words = liveWords[visit.language];
  const gone = turn.deletedAtMs !== undefined && turn.deletedAtMs !== null;
  const who =
    turn.role === "member"
      ? avatar(turn.author, conversation.member)
      : html`<span class="avatar avatar-${turn.role}" aria-hidden="true">${icon(turn.role === "bot" ? "bot" : "headset")}</span>`;
  return html`<li class="turn turn-${turn.role}" id="turn-${turn.id}">${who}<div class="turn-main">
    <p class="turn-head"><strong dir="auto">${turn.author}</strong>${ago(visit, turn.atMs)}
      ${turn.editedAtMs && html`<small class="quiet">${words.edited}</small>`}
      ${gone && html`<span class="chip chip-small">${words.deleted}</span>`}</p>
    ${turn.text !== "" && html`<div class="turn-text" dir="auto">${messageText(turn.text, { nameOf, links: turn.role !== "member" })}</div>`}
    ${(turn.files ?? []).map((name) => html`<p class="quiet">${icon("upload")} ${name}</p>`)}
    ${turn.sources.length > 0 && sourceList(visit, turn.sources)}
    ${turn.role === "agent" && turn.message !== null && !gone && ownTools(visit, turn, conversation)}
  </div></li>`;
}

/** An agent's message can be put right, and be followed by a pair for the knowledge base. */
function ownTools(visit: GuildVisit, turn: TurnRow, conversation: ConversationRow): Html {
  const words = liveWords[visit.language];
  const path = pathOf(visit, conversation);
  return html`<div class="inline" id="tools-${turn.id}">
    <details class="ask-first"><summary class="button button-quiet button-small">${words.edit}</summary>
      <form method="post" action="${path}/messages/${turn.message ?? ""}"><textarea name="text" rows="3" maxlength="2000" aria-label="${words.say}">${turn.text}</textarea>
        <button class="button button-small" type="submit">${words.save}</button></form></details>
    <details class="ask-first"><summary class="button button-quiet button-small">${words.remove}</summary>
      <form method="post" action="${path}/messages/${turn.message ?? ""}/delete"><p>${words.removeAsk}</p>
        <button class="button button-danger button-small" type="submit">${words.removeYes}</button></form></details>
    <a class="button button-quiet button-small" href="${path}?pair=${turn.id}">${words.pair}</a>
  </div>`;
}

/** The file comes last: of a form that is too large, the fields before it are kept. */
function answerForm(visit: GuildVisit, { conversation, replies, box }: Talk): Html {
  const words = liveWords[visit.language];
  const path = pathOf(visit, conversation);
  return html`<form class="panel form" method="post" action="${`${path}/say`}" enctype="multipart/form-data">
    <input type="hidden" name="form" value="${box.form}" />
    <label class="label">${words.say}
      <textarea name="text" rows="6" maxlength="8000"${attributes({
        "hx-post": `${path}/typing`,
        "hx-trigger": "input throttle:5s",
        "hx-swap": "none",
      })}>${box.text}</textarea><small>${words.sayHint}</small></label>
    ${box.sources.length > 0 && html`<div><p class="help">${words.draftFrom}</p>${sourceList(visit, box.sources)}</div>`}
    ${
      replies.length > 0 &&
      html`<div class="row"><label class="label">${words.reply}<select name="reply">${replies.map(
        (reply) => html`<option value="${reply.id}">${reply.title}</option>`,
      )}</select></label><button class="button button-quiet" type="submit" formaction="${`${path}/insert`}">${words.insert}</button></div>`
    }
    <label class="label">${words.file}<input type="file" name="file"${attributes({
      "data-bytes-max": String(AGENT_FILE_BYTES_MAX),
      "data-too-big": words.problems["file-too-big"],
    })} /></label>
    <div class="save"><button class="button" type="submit">${words.saySubmit}</button>
      <button class="button button-quiet" type="submit" formaction="${`${path}/draft`}">${words.draft}</button></div>
  </form>`;
}

function pairForm(visit: GuildVisit, { conversation, box }: Talk): Html | false {
  if (box.pair === null) return false;
  const words = liveWords[visit.language];
  return html`<form class="panel form" method="post" action="${`${pathOf(visit, conversation)}/pair`}" id="pair">
    <h2>${words.pair}</h2><p class="help">${words.pairLead}</p>
    <label class="label">${words.question}<input name="question" required maxlength="500" value="${box.pair.question}" /></label>
    <label class="label">${words.answer}<textarea name="answer" required rows="5" maxlength="4000">${box.pair.answer}</textarea></label>
    <div class="save"><button class="button" type="submit">${words.save}</button></div>
  </form>`;
}

function sideForms(visit: GuildVisit, { conversation }: Talk): Html {
  const words = liveWords[visit.language];
  const path = pathOf(visit, conversation);
  const mine = conversation.assignee?.id === visit.person.id;
  return html`<div class="panel stack">
    <form class="inline" method="post" action="${`${path}/state`}"><label class="label">${words.state}<select name="state">${CONVERSATION_STATES.map(
      (state) =>
        html`<option value="${state}"${attributes({ selected: state === conversation.state })}>${words.states[state]}</option>`,
    )}</select></label><button class="button button-quiet button-small" type="submit">${words.save}</button></form>
    <form class="inline" method="post" action="${`${path}/assignee`}"><span>${words.assignee}: ${conversation.assignee?.name ?? words.nobody}</span>
      <input type="hidden" name="assign" value="${mine ? "nobody" : "me"}" />
      <button class="button button-quiet button-small" type="submit">${mine ? words.unassign : words.assignMe}</button></form>
    <form class="form" method="post" action="${`${path}/note`}"><label class="label">${words.note}<textarea name="text" rows="2" maxlength="4000" required></textarea></label>
      <button class="button button-quiet button-small" type="submit">${words.noteSubmit}</button></form>
  </div>`;
}

function notes(visit: GuildVisit, { notes: all }: Talk): Html {
  const words = liveWords[visit.language];
  const text = ({ kind, text: said }: NoteRow) => {
    if (kind === "note") return said;
    const event = words.events[kind as keyof typeof words.events] ?? kind;
    const more = kind === "state" ? words.states[said as keyof typeof words.states] : said;
    return kind === "claimed" ? event : `${event} ${more ?? ""}`;
  };
  return html`<section class="notes"><h2>${words.notes}</h2>${
    all.length === 0
      ? html`<p class="quiet">${words.noNotes}</p>`
      : html`<ul class="stack">${all
          .slice(-50)
          .map(
            (note) =>
              html`<li><strong dir="auto">${note.by.name}</strong> <span dir="auto">${text(note)}</span> <small class="quiet">${ago(visit, note.atMs)}</small></li>`,
          )}</ul>`
  }</section>`;
}

/** `2:59`; app.js counts it down. */
function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function pathOf(visit: GuildVisit, conversation: ConversationRow): string {
  return `/guilds/${visit.guild.guild}/live/${conversation.id}`;
}
