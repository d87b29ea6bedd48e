/** Drafts that wait for a yes first, then the schedules with their forms, then what was posted. */
import { FREQUENCIES, POST_CHARS_MAX, SCHEDULES_MAX } from "../../src/proactive.ts";
import type { PostRow, ScheduleRow } from "../../src/store/ports/proactive.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { formVersion } from "../parts/form-version.ts";
import { ago, count } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { ProactiveFacts } from "./routes.ts";
import { proactiveWords } from "./words.ts";

export function proactivePage(visit: GuildVisit, facts: ProactiveFacts): Html {
  const say = proactiveWords[visit.language];
  const full = facts.schedules.length >= SCHEDULES_MAX;
  return page(visit, {
    title: say.title,
    section: "proactive",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${facts.refused !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.refused(why(visit, facts.refused))}</span></p>`}
        ${facts.drafts.map((draft) => draftForm(visit, facts, draft))}
        ${facts.schedules.length === 0 && emptyState("megaphone", say.none, say.noneNext)}
        ${facts.schedules.map((row) => schedulePanel(visit, facts, row))}
        ${
          full
            ? html`<p class="quiet">${say.full}</p>`
            : html`<details class="panel"${attributes({ open: facts.schedules.length === 0 || typedInto(facts, null) !== null })}><summary><strong>${say.add}</strong></summary>${scheduleForm(visit, facts, null)}</details>`
        }
        ${history(visit, facts)}
      </div>
    `,
  });
}

function why(visit: GuildVisit, word: string): string {
  const known: Readonly<Record<string, string>> = proactiveWords[visit.language].reasons;
  return Object.hasOwn(known, word) ? (known[word] ?? word) : word;
}

function draftForm(visit: GuildVisit, facts: ProactiveFacts, draft: PostRow): Html {
  const say = proactiveWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/proactive/${draft.schedule}/posts/${draft.slotMs}`;
  const { text } = typedFields(typedInto(facts, `${draft.schedule}.${draft.slotMs}`));
  return html`<form class="panel form" method="post" action="${path}"><input type="hidden" name="version" value="${formVersion(draft.text)}" />
    <div><h2>${say.draft}</h2><p class="help">${draft.topic} · #${nameOf(facts, draft.channel)} · ${ago(visit, draft.atMs)}</p></div>
    <label class="label">${say.text}<textarea name="text" rows="7" required maxlength="${POST_CHARS_MAX}">${text("text", draft.text)}</textarea></label>
    <div class="save">
      <button class="button" type="submit" name="step" value="send">${say.send}</button>
      <button class="button button-quiet" type="submit" name="step" value="save">${say.saveDraft}</button>
      <button class="button button-danger" type="submit" name="step" value="discard">${say.discard}</button>
    </div>
  </form>`;
}

function schedulePanel(visit: GuildVisit, facts: ProactiveFacts, row: ScheduleRow): Html {
  const say = proactiveWords[visit.language];
  const { schedule, paused } = row;
  const path = `/guilds/${visit.guild.guild}/proactive/${row.id}`;
  const act = (name: string, label: string) =>
    html`<form class="inline" method="post" action="${path}/${name}"><button class="button button-quiet button-small" type="submit">${label}</button></form>`;
  return html`<section class="panel stack">
    <div><h2>#${nameOf(facts, schedule.channel)}</h2>
      <p class="help">${say.frequencies[schedule.frequency]} · ${schedule.timeZone} · ${say.topicCount(schedule.topics.length)}${schedule.approval && ` · ${say.withApproval}`}</p></div>
    ${row.problem !== null && html`<p class="notice notice-warn">${icon("alert")}<span>${why(visit, row.problem)}</span></p>`}
    <p>${paused ? html`<span class="chip chip-amber">${say.paused}</span>` : html`${say.next} ${ago(visit, row.nextAtMs)}`}</p>
    <div class="row">
      ${act("draft", say.preview)}
      ${act("post", say.postNow)}
      ${act("pause", paused ? say.resume : say.pause)}
      <details class="ask-first"><summary class="button button-danger button-small">${icon("bin")}${say.remove}</summary>
        <form method="post" action="${path}/delete"><p>${say.removeAsk}</p><button class="button button-danger button-small" type="submit">${say.removeYes}</button></form></details>
    </div>
    <details${attributes({ open: typedInto(facts, row.id) !== null })}><summary>${say.edit}</summary>${scheduleForm(visit, facts, row)}</details>
  </section>`;
}

function scheduleForm(visit: GuildVisit, facts: ProactiveFacts, row: ScheduleRow | null): Html {
  const say = proactiveWords[visit.language];
  const schedule = row?.schedule;
  const { text, isOn } = typedFields(typedInto(facts, row?.id ?? null));
  const action = `/guilds/${visit.guild.guild}/proactive${row === null ? "" : `/${row.id}`}`;
  return html`<form class="form" method="post" action="${action}"><input type="hidden" name="version" value="${formVersion(schedule)}" />
    <div class="row">
      <label class="label">${say.channel}${channelField(visit, facts, text("channel", schedule?.channel ?? ""))}</label>
      <label class="label">${say.frequency}<select name="frequency">${FREQUENCIES.map(
        (frequency) =>
          html`<option value="${frequency}"${attributes({ selected: frequency === text("frequency", schedule?.frequency ?? "daily") })}>${say.frequencies[frequency]}</option>`,
      )}</select></label>
      <label class="label">${say.at}<input name="at" type="time" required value="${text("at", clockOf(schedule?.at ?? 540))}" /></label>
      <label class="label">${say.weekday}<select name="weekday">${say.weekdays
        .split(" ")
        .map(
          (name, day) =>
            html`<option value="${day}"${attributes({ selected: String(day) === text("weekday", String(schedule?.weekday ?? 1)) })}>${name}</option>`,
        )}</select></label>
    </div>
    <div class="row">
      <label class="label">${say.timeZone}<input name="timeZone" required maxlength="64" value="${text("timeZone", schedule?.timeZone ?? "UTC")}" placeholder="Europe/Istanbul" /></label>
      <label class="label">${say.quietFrom}<input name="quietFrom" type="time" value="${text("quietFrom", schedule?.quiet ? clockOf(schedule.quiet.from) : "")}" /></label>
      <label class="label">${say.quietUntil}<input name="quietUntil" type="time" value="${text("quietUntil", schedule?.quiet ? clockOf(schedule.quiet.until) : "")}" /></label>
    </div>
    <label class="label">${say.topics}<textarea name="topics" rows="4" required placeholder="${say.topicsExample}">${text("topics", schedule?.topics.join("\n") ?? "")}</textarea><small>${say.topicsWhat}</small></label>
    <div>
      ${toggle("approval", isOn("approval", schedule?.approval ?? false), say.approval, say.approvalWhat)}
      ${toggle("publish", isOn("publish", schedule?.publish ?? false), say.publish, say.publishWhat)}
    </div>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}

/** This form's unsaved input. */
function typedInto({ typed }: ProactiveFacts, of: string | null): FormData | null {
  return typed !== null && typed.of === of ? typed.form : null;
}

/** A list where Discord says which there are; a typed name or id otherwise. */
function channelField(visit: GuildVisit, { channels }: ProactiveFacts, chosen: string): Html {
  const say = proactiveWords[visit.language];
  if (channels.length === 0) {
    return html`<input name="channel" required maxlength="100" value="${chosen}" placeholder="${say.channelTyped}" />`;
  }
  const known = channels.some(({ id }) => id === chosen);
  return html`<select name="channel" required><option value="">${say.choose}</option>
    ${chosen !== "" && !known && html`<option value="${chosen}" selected>${chosen}</option>`}
    ${channels.map(({ id, name }) => html`<option value="${id}"${attributes({ selected: id === chosen })}>#${name}</option>`)}</select>`;
}

function toggle(name: string, on: boolean, label: string, what: string): Html {
  return html`<label class="switch"><strong>${label}</strong><small>${what}</small>
    <input type="checkbox" role="switch" name="${name}"${attributes({ checked: on })} /></label>`;
}

function history(visit: GuildVisit, facts: ProactiveFacts): Html | false {
  const { language } = visit;
  const say = proactiveWords[language];
  if (facts.posts.length === 0) return false;
  return html`<section>
    <h2 class="section-title">${say.history}</h2>
    <table class="list">
      <thead><tr><th scope="col">${say.when}</th><th scope="col">${say.topic}</th><th scope="col">${say.state}</th>
        <th scope="col" class="number">${say.reactions}</th><th scope="col" class="number">${say.replies}</th></tr></thead>
      <tbody>${facts.posts.map(
        (post) => html`<tr>
          <td class="cell-wide" data-label="${say.when}">${ago(visit, post.slotMs)}</td>
          <td class="cell-wide" data-label="${say.topic}"><span class="card-text"><strong dir="auto">${post.topic}</strong><small class="quiet">#${nameOf(facts, post.channel)}</small></span>
            ${post.text !== "" && html`<details><summary>${say.read}</summary><p class="turn-text" dir="auto">${post.text}</p></details>`}</td>
          <td class="cell-wide" data-label="${say.state}"><span class="chip ${post.state === "posted" ? "chip-green" : post.state === "failed" ? "chip-red" : "chip-amber"}">${say.states[post.state]}</span>${post.problem !== null && html` <span class="quiet">${why(visit, post.problem)}</span>`}</td>
          <td class="number" data-label="${say.reactions}">${count(post.reactions, language)}</td>
          <td class="number" data-label="${say.replies}">${count(post.replies, language)}</td>
        </tr>`,
      )}</tbody>
    </table>
    ${facts.cursor !== null && html`<p><a class="button button-quiet" href="${link(`/guilds/${visit.guild.guild}/proactive`, { before: facts.cursor })}">${say.older}</a></p>`}
  </section>`;
}

function nameOf({ channels }: ProactiveFacts, id: string): string {
  return channels.find((channel) => channel.id === id)?.name ?? id;
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
