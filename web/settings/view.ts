/** The settings as one form, the exceptions of single channels below it, and who changed what. */

import type { ChannelId } from "../../src/ids.ts";
import { isSettingsRow } from "../../src/settings/differences.ts";
import { INSTRUCTIONS_CHARS_MAX, LANGUAGES, RESPONSE_MODES } from "../../src/settings/form.ts";
import { attributes, type Html, html } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { changedBy, changedSettings, otherChange } from "../parts/changes.ts";
import { settingsChangedMeanwhile } from "../parts/meanwhile.ts";
import { settingWords } from "../parts/setting-words.ts";
import { ago } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { DAYS_MAX } from "./form.ts";
import type { SettingsFacts } from "./routes.ts";
import { settingsWords } from "./words.ts";

export function settingsPage(visit: GuildVisit, facts: SettingsFacts): Html {
  const words = settingsWords[visit.language];
  return page(visit, {
    title: words.title,
    section: "settings",
    body: html`
      ${heading(words.title, words.lead)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${words.saved}</span></p>`}
        ${facts.problem !== null && problemNotice(visit, facts, facts.problem)}
        ${answering(visit, facts)}
        ${overrides(visit, facts)}
        ${changes(visit, facts)}
      </div>
    `,
  });
}

function problemNotice(visit: GuildVisit, facts: SettingsFacts, problem: NonNullable<SettingsFacts["problem"]>): Html {
  if (problem === "changed-meanwhile") {
    return settingsChangedMeanwhile(visit, facts.names, facts.refused?.mine ?? null);
  }
  const text = settingsWords[visit.language].problems[problem];
  return html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${text}</span></p>`;
}

/** A refused form is one channel's or the server's: the input of one is not shown in the other. */
function typedInto(of: "server" | "channel", { refused }: SettingsFacts): FormData | null {
  return refused !== null && refused.form.has("channel") === (of === "channel") ? refused.form : null;
}

function answering(visit: GuildVisit, facts: SettingsFacts): Html {
  const say = settingsWords[visit.language];
  const { settings } = facts;
  const { text, isOn } = typedFields(typedInto("server", facts));
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/settings">
    ${version(visit)}
    <fieldset class="choices">
      <legend>${say.mode}</legend>
      ${RESPONSE_MODES.map(
        (mode) => html`<label class="choice">
          <input type="radio" name="mode" value="${mode}"${attributes({ checked: text("mode", settings.mode) === mode })} />
          <strong>${commonWords[visit.language].modes[mode].name}</strong><span>${commonWords[visit.language].modes[mode].what}</span>
        </label>`,
      )}
    </fieldset>
    <div>
      ${toggle("smart", isOn("smart", settings.smart), say.smart, say.smartWhat)}
      ${toggle("awareness", isOn("awareness", settings.awareness), say.awareness, say.awarenessWhat)}
    </div>
    <label class="label">${say.instructions}
      <textarea name="instructions" rows="6" maxlength="${INSTRUCTIONS_CHARS_MAX}" placeholder="${say.instructionsExample}">${text("instructions", settings.instructions)}</textarea>
      <small>${say.instructionsWhat}</small>
    </label>
    <label class="label">${say.language}
      <select name="language">${LANGUAGES.map(
        (language) =>
          html`<option value="${language}"${attributes({ selected: text("language", settings.language) === language })}>${settingWords[visit.language].languages[language]}</option>`,
      )}</select>
      <small>${say.languageWhat}</small>
    </label>
    <fieldset class="choices">
      <legend>${say.retention}</legend>
      ${(["turnsDays", "silencesDays", "leftDays"] as const).map(
        (name) => html`<label class="label">${say[name]}
          <input type="number" name="${name}" min="1" max="${DAYS_MAX}" required value="${text(name, String(settings.retention[name]))}" /></label>`,
      )}
    </fieldset>
    <p class="help">${say.retentionWhat}</p>
    <div class="save"><button class="button" type="submit">${say.save}</button><span class="quiet">${say.inForce}</span></div>
  </form>`;
}

function toggle(name: string, on: boolean, label: string, what: string): Html {
  return html`<label class="switch"><strong>${label}</strong><small>${what}</small>
    <input type="checkbox" role="switch" name="${name}"${attributes({ checked: on })} /></label>`;
}

function overrides(visit: GuildVisit, facts: SettingsFacts): Html {
  const say = settingsWords[visit.language];
  const listed = Object.keys(facts.settings.channels);
  const typed = typedInto("channel", facts);
  const typedChannel = String(typed?.get("channel") ?? "");
  return html`<section class="panel stack">
    <div><h2>${say.channels}</h2><p class="help">${say.channelsWhat}</p></div>
    ${
      listed.length > 0 &&
      html`<table class="list">
        <thead><tr><th scope="col">${say.channel}</th><th scope="col">${say.mode}</th><th scope="col">${say.smartShort}</th><th scope="col">${say.awarenessShort}</th><th scope="col"><span class="visually-hidden">${say.save}, ${say.remove}</span></th></tr></thead>
        <tbody>${listed.map((id) => override(visit, facts, id, typedChannel === id ? typed : null))}</tbody>
      </table>`
    }
    ${newOverride(visit, facts, listed.includes(typedChannel) ? null : typed)}
  </section>`;
}

/** One channel's exception, changed where it stands: its fields belong to the form in the last cell. */
function override(visit: GuildVisit, facts: SettingsFacts, id: string, typed: FormData | null): Html {
  const say = settingsWords[visit.language];
  const name = nameOf(facts, id);
  const form = `channel-${id}`;
  const one = facts.settings.channels[id as ChannelId] ?? {};
  const { text } = typedFields(typed);
  const cell = (field: OverrideField, label: string, held: string) =>
    html`<td class="cell-wide" data-label="${label}">${choose(visit, field, text(field, held), { form, "aria-label": `#${name}: ${label}` })}</td>`;
  return html`<tr>
    <td class="cell-wide" data-label="${say.channel}"><strong dir="auto">#${name}</strong></td>
    ${cell("mode", say.mode, one.mode ?? "")}
    ${cell("smart", say.smartShort, onOff(one.smart))}
    ${cell("awareness", say.awarenessShort, onOff(one.awareness))}
    <td class="cell-act cell-wide"><div class="actions">
      <form id="${form}" method="post" action="${overridesPath(visit)}">${version(visit)}<input type="hidden" name="channel" value="${id}" />
        <button class="button button-quiet button-small" type="submit" aria-label="${say.saveChannel(name)}">${icon("check")}${say.save}</button></form>
      <form method="post" action="${overridesPath(visit)}">${version(visit)}<input type="hidden" name="channel" value="${id}" />
        <button class="button button-danger button-small" type="submit" aria-label="${say.removeChannel(name)}">${icon("bin")}${say.remove}</button></form></div></td>
  </tr>`;
}

function newOverride(visit: GuildVisit, facts: SettingsFacts, typed: FormData | null): Html {
  const say = settingsWords[visit.language];
  const { text } = typedFields(typed);
  const free = facts.names.channels.filter(({ id }) => facts.settings.channels[id as ChannelId] === undefined);
  const field = (name: OverrideField, label: string) =>
    html`<label class="label">${label}${choose(visit, name, text(name, ""), {})}</label>`;
  return html`<form class="row" method="post" action="${overridesPath(visit)}">
    ${version(visit)}
    <label class="label">${say.channel}
      ${
        facts.names.channels.length === 0
          ? html`<input name="channel" inputmode="numeric" required placeholder="${say.channelId}" pattern="[0-9]{15,20}" value="${text("channel", "")}" />`
          : html`<select name="channel" required><option value="">${say.choose}</option>${free.map(({ id, name }) => html`<option value="${id}"${attributes({ selected: id === text("channel", "") })}>#${name}</option>`)}</select>`
      }
    </label>
    ${field("mode", say.mode)}
    ${field("smart", say.smartShort)}
    ${field("awareness", say.awarenessShort)}
    <button class="button button-quiet" type="submit">${icon("plus")}${say.addChannel}</button>
  </form>`;
}

type OverrideField = "mode" | "smart" | "awareness";

function overridesPath(visit: GuildVisit): string {
  return `/guilds/${visit.guild.guild}/settings/channels`;
}

function onOff(value: boolean | undefined): string {
  return value === undefined ? "" : value ? "on" : "off";
}

function choose(visit: GuildVisit, name: OverrideField, chosen: string, more: Record<string, string>): Html {
  const say = settingsWords[visit.language];
  const options =
    name === "mode"
      ? RESPONSE_MODES.map((mode) => [mode, commonWords[visit.language].modes[mode].name] as const)
      : ([
          ["on", say.on],
          ["off", say.off],
        ] as const);
  return html`<select name="${name}"${attributes(more)}><option value="">${say.asServer}</option>${options.map(
    ([value, label]) => html`<option value="${value}"${attributes({ selected: value === chosen })}>${label}</option>`,
  )}</select>`;
}

function changes(visit: GuildVisit, facts: SettingsFacts): Html {
  const say = settingsWords[visit.language];
  const base = `/guilds/${visit.guild.guild}`;
  return html`<section class="panel stack">
    <h2>${say.changes}</h2>
    ${
      facts.audit.length === 0
        ? html`<p class="help">${say.noChanges}</p>`
        : html`<ul class="changes">${facts.audit.map(
            (row) =>
              html`<li>${isSettingsRow(row) ? changedSettings(visit, facts.names, row) : html`<span dir="auto">${otherChange(visit, facts.names, row)}</span>`}<span class="quiet" dir="auto">${changedBy(visit, row)} · ${ago(visit, row.atMs)}</span></li>`,
          )}</ul>`
    }
    <p class="actions"><a class="button button-quiet button-small" href="${base}/audit">${icon("history")}${say.allChanges}</a>
      <a class="button button-quiet button-small" href="${base}/settings/file">${icon("file")}${say.file}</a></p>
  </section>`;
}

function nameOf(facts: SettingsFacts, channel: string): string {
  return facts.names.channels.find(({ id }) => id === channel)?.name ?? channel;
}

function version(visit: GuildVisit): Html {
  return html`<input type="hidden" name="version" value="${visit.guild.version}" />`;
}
