/** All settings of moderation in one form: allowed acts, exemptions and bounds. Works without scripts. */

import { ACTIONS, type Action, LADDER_ACTIONS, LADDER_MAX } from "../../src/settings/form.ts";
import { attributes, type Html, html } from "../html.ts";
import { picked } from "../parts/picked.ts";
import { type FormFields, typedFields } from "../parts/typed.ts";
import type { GuildVisit } from "../visit.ts";
import type { RulesFacts } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

/** A ban's choices for deleting the member's messages, as Discord's own client offers them. */
const BAN_SECONDS = [0, 3_600, 21_600, 43_200, 86_400, 259_200, 604_800];
const BLANK_STEPS = 2;

export function settingsForm(visit: GuildVisit, facts: RulesFacts, version: Html): Html {
  const say = moderationPageWords[visit.language];
  const { settings, channels, typed } = facts;
  const fields = typedFields(typed?.has("confidence") ? typed : null);
  const { text, isOn } = fields;
  const logChannel = text("logChannel", settings.logChannel ?? "");
  const list = (name: string, label: string, what: string, kept: readonly string[]) =>
    html`<label class="label">${label}<textarea name="${name}" rows="4" dir="auto" spellcheck="false">
${text(name, kept.join("\n"))}</textarea><small>${what}</small></label>`;
  const number = (name: string, label: string, value: number, min: number, max: number) =>
    html`<label class="label">${label}<input name="${name}" type="number" required min="${min}" max="${max}" value="${text(name, String(value))}" /></label>`;
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/moderation/settings">${version}
    <h2>${say.settings}</h2>
    ${toggle("on", isOn("on", settings.on), say.switchOn, say.switchOnWhat)}
    <fieldset><legend>${say.whichActions}</legend>${ACTIONS.map((action) =>
      toggle(
        `action-${action}`,
        isOn(`action-${action}`, settings.actions[action]),
        say.actions[action],
        say.actionsWhat[action],
      ),
    )}</fieldset>
    ${ladder(visit, facts, fields)}
    <div class="row">
      ${number("strikeDays", say.strikeDays, settings.strikeDays, 0, 365)}
      ${number("warnSeconds", say.warnSeconds, settings.warnSeconds, 0, 86_400)}
      ${banDelete(visit, Number(text("banDelete", String(settings.banDeleteSeconds))))}
    </div>
    <fieldset><legend>${say.judging}</legend>
      ${toggle("thorough", isOn("thorough", settings.thorough), say.thorough, say.thoroughWhat)}
      ${toggle("names", isOn("names", settings.names), say.names, say.namesWhat)}
      <div class="row">
        ${number("confidence", say.confidenceMin, Math.round(settings.confidence * 100), 50, 100)}
        <label class="label">${say.certain}<select name="certain">${options(
          ACTIONS.map((action) => [action, say.actions[action]]),
          text("certain", settings.certain),
        )}</select></label>
      </div>
      <p class="help">${say.certainWhat}</p>
    </fieldset>
    ${picked(visit, { name: "exemptRoles", label: say.exemptRoles, known: facts.roles, sign: "@" }, fields.all("exemptRoles", settings.exemptRoles))}
    ${picked(visit, { name: "exemptChannels", label: say.exemptChannels, known: channels, sign: "#" }, fields.all("exemptChannels", settings.exemptChannels))}
    <p class="help">${say.exemptWhat}</p>
    <label class="label">${say.logChannel}<select name="logChannel"><option value="">${say.logChannelNone}</option>${options(
      channels.map(({ id, name }) => [id, `#${name}`]),
      logChannel,
    )}</select><small>${say.logChannelWhat}</small></label>
    <fieldset><legend>${say.filter}</legend><div class="stack">
      ${list("filterWords", say.filterLists.words, say.filterWordsWhat, settings.filter.words)}
      ${list("filterPatterns", say.filterLists.patterns, say.filterPatternsWhat, settings.filter.patterns)}
      ${list("filterDomains", say.filterLists.allowedDomains, say.filterDomainsWhat, settings.filter.allowedDomains)}
      <label class="label">${say.filterMentions}<input name="filterMentions" type="number" min="1" max="100" value="${text("filterMentions", String(settings.filter.mentionsMax ?? ""))}" /><small>${say.filterMentionsWhat}</small></label>
    </div></fieldset>
    <fieldset><legend>${say.caps}</legend><div class="row">
      ${number("capTimeout", say.actions.timeout, settings.caps.timeout, 0, 1_000)}
      ${number("capKick", say.actions.kick, settings.caps.kick, 0, 100)}
      ${number("capBan", say.actions.ban, settings.caps.ban, 0, 100)}
    </div><p class="help">${say.capsWhat}</p></fieldset>
    <fieldset><legend>${say.raid}</legend>${toggle("raid", isOn("raid", settings.raid.on), say.raid, say.raidWhat)}
      ${toggle("raidFloods", isOn("raidFloods", settings.raid.floods), say.raidFloods, say.raidFloodsWhat)}
      <div class="row">
        ${number("raidMembers", say.raidMembers, settings.raid.membersMin, 4, 32)}
        ${number("raidWindow", say.raidWindow, settings.raid.windowS, 5, 60)}
      </div>
      ${toggle("raidJoins", isOn("raidJoins", settings.raid.joins), say.raidJoins, say.raidJoinsWhat)}
      <div class="row">
        ${number("raidJoinsMin", say.raidJoinsMin, settings.raid.joinsMin, 3, 200)}
        ${number("raidJoinsWindow", say.raidWindow, settings.raid.joinsWindowS, 5, 600)}
      </div>
      ${toggle("raidSlows", isOn("raidSlows", settings.raid.slow), say.raidSlows, say.raidSlowsWhat)}
      ${toggle("raidTimesOut", isOn("raidTimesOut", settings.raid.timeout), say.raidTimesOut, say.raidTimesOutWhat)}
      <div class="row">
        ${number("raidSlow", say.raidSlow, settings.raid.slowS, 1, 21_600)}
        ${number("raidMinutes", say.raidMinutes, settings.raid.minutes, 1, 1_440)}
      </div>
    </fieldset>
    <div class="row">${number("keepDays", say.keepDays, settings.keepDays, 1, 365)}</div>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}

function toggle(name: string, on: boolean, label: string, what: string): Html {
  return html`<label class="switch"><strong>${label}</strong><small>${what}</small>
    <input type="checkbox" role="switch" name="${name}"${attributes({ checked: on })} /></label>`;
}

function options(choices: readonly (readonly [value: string, label: string])[], chosen: string): readonly Html[] {
  return choices.map(
    ([value, label]) => html`<option value="${value}"${attributes({ selected: value === chosen })}>${label}</option>`,
  );
}

/** A row a step; a step without an action is none, so that one is taken away or put behind the last without a script. */
function ladder(visit: GuildVisit, { settings }: RulesFacts, { text }: FormFields): Html {
  const say = moderationPageWords[visit.language];
  const rows = Math.min(LADDER_MAX, settings.ladder.length + BLANK_STEPS);
  const choices: (readonly [string, string])[] = [
    ["", say.ladderNone],
    ...LADDER_ACTIONS.map((action: Action) => [action, say.actions[action]] as const),
  ];
  return html`<fieldset><legend>${say.ladder}</legend><p class="help">${say.ladderWhat}</p>
    ${Array.from({ length: rows }, (_, at) => {
      const step = settings.ladder[at];
      const minutes = text(`ladder-minutes-${at}`, step?.action === "timeout" ? String(step.minutes) : "");
      return html`<div class="row">
        <label class="label">${say.ladderStep(at + 1)}<select name="ladder-${at}">${options(choices, text(`ladder-${at}`, step?.action ?? ""))}</select></label>
        <label class="label">${say.ladderMinutes}<input name="ladder-minutes-${at}" type="number" min="1" max="40320" value="${minutes}" /></label>
      </div>`;
    })}</fieldset>`;
}

function banDelete(visit: GuildVisit, chosen: number): Html {
  const say = moderationPageWords[visit.language];
  const all = [...new Set([...BAN_SECONDS, chosen])].filter((one) => one >= 0).sort((a, b) => a - b);
  return html`<label class="label">${say.banDelete}<select name="banDelete">${options(
    all.map((seconds) => [String(seconds), seconds === 0 ? say.banDeleteNone : say.hours(seconds / 3_600)]),
    String(chosen),
  )}</select></label>`;
}
