/** The rules in the admin's own words, and all settings: what may happen, to whom never, and within which bounds. */

import { refusalInWords } from "../../src/prefilter.ts";
import { ACTIONS, type Rule } from "../../src/settings/form.ts";
import { attributes, type Html, html } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { RulesFacts } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

const RULES_MAX = 50;
const LINES_SHOWN = 50;

export function rulesPage(visit: GuildVisit, facts: RulesFacts): Html {
  const say = moderationPageWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const version = html`<input type="hidden" name="version" value="${visit.guild.version}" />`;
  const { rules } = facts.settings;
  return page(visit, {
    title: say.toRules,
    section: "moderation",
    body: html`
      ${heading(say.toRules, say.rulesWhat, html`<a class="button button-quiet" href="${base}">${icon("back")}${say.toLog}</a>`)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${facts.lines.length > 0 && refusedLines(visit, facts)}
        <form class="panel form" method="post" action="${base}/rules">${version}
          <h2>${say.rules}</h2>
          ${rules.map((rule, at) => ruleRow(visit, rule, at))}
          ${rules.length < RULES_MAX && ruleRow(visit, null, rules.length)}
          <div class="save"><button class="button" type="submit">${say.saveRules}</button></div>
        </form>
        <form class="panel" method="post" action="${base}/presets">${version}
          <div class="row"><span>${say.presets}</span><button class="button button-quiet" type="submit">${icon("plus")}${say.presetsAdd}</button></div>
        </form>
        ${settingsForm(visit, facts, version)}
      </div>
    `,
  });
}

function ruleRow(visit: GuildVisit, rule: Rule | null, at: number): Html {
  const say = moderationPageWords[visit.language];
  const label = rule === null ? say.newRule : `${say.rule} ${rule.n}`;
  return html`<div class="row rule-row">
    <input type="hidden" name="n-${at}" value="${rule?.n ?? 0}" />
    <label class="label grow">${label}<textarea name="text-${at}" rows="2" maxlength="500">${rule?.text}</textarea></label>
    <label class="label">${say.hardest}<select name="action-${at}">${ACTIONS.map(
      (action) =>
        html`<option value="${action}"${attributes({ selected: action === (rule?.action ?? "timeout") })}>${say.actions[action]}</option>`,
    )}</select></label>
    <label class="label">${say.on}<input type="checkbox" role="switch" name="on-${at}"${attributes({ checked: rule?.on ?? true })} /></label>
  </div>`;
}

function refusedLines(visit: GuildVisit, { lines }: RulesFacts): Html {
  const say = moderationPageWords[visit.language];
  const why = ({ list, line, written, refusal }: RulesFacts["lines"][number]) =>
    html`<li>${say.filterLine(say.filterLists[list], line)} <code dir="auto">${written.slice(0, 80)}</code>: ${refusalInWords(refusal, visit.language)}</li>`;
  return html`<div class="notice notice-warn" role="alert"><ul class="stack">${lines.slice(0, LINES_SHOWN).map(why)}</ul></div>`;
}

function settingsForm(visit: GuildVisit, { settings, channels, typed }: RulesFacts, version: Html): Html {
  const say = moderationPageWords[visit.language];
  // What was typed and refused is shown again, so that nothing of it is lost.
  const text = (name: string, kept: string) => (typed === null ? kept : String(typed.get(name) ?? ""));
  const isOn = (name: string, kept: boolean) => (typed === null ? kept : typed.has(name));
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
    ${toggle("thorough", isOn("thorough", settings.thorough), say.thorough, say.thoroughWhat)}
    ${toggle("names", isOn("names", settings.names), say.names, say.namesWhat)}
    <label class="label">${say.exemptRoles}<input name="exemptRoles" maxlength="1500" value="${text("exemptRoles", settings.exemptRoles.join(" "))}" /></label>
    <label class="label">${say.exemptChannels}<input name="exemptChannels" maxlength="5000" value="${text("exemptChannels", settings.exemptChannels.join(" "))}" /><small>${say.idsWhat}</small></label>
    <label class="label">${say.logChannel}<select name="logChannel"><option value="">${say.logChannelNone}</option>${channels.map(
      ({ id, name }) => html`<option value="${id}"${attributes({ selected: id === logChannel })}>#${name}</option>`,
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
    </div></fieldset>
    <fieldset><legend>${say.raid}</legend>${toggle("raid", isOn("raid", settings.raid.on), say.raid, say.raidWhat)}<div class="row">
      ${number("raidMembers", say.raidMembers, settings.raid.membersMin, 4, 32)}
      ${number("raidWindow", say.raidWindow, settings.raid.windowS, 5, 60)}
      ${number("raidSlow", say.raidSlow, settings.raid.slowS, 1, 21_600)}
      ${number("raidMinutes", say.raidMinutes, settings.raid.minutes, 1, 1_440)}
    </div></fieldset>
    <div class="row">
      ${number("confidence", say.confidenceMin, Math.round(settings.confidence * 100), 50, 100)}
      ${number("strikeDays", say.strikeDays, settings.strikeDays, 0, 365)}
      ${number("warnSeconds", say.warnSeconds, settings.warnSeconds, 0, 86_400)}
      ${number("keepDays", say.keepDays, settings.keepDays, 1, 365)}
    </div>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}

function toggle(name: string, on: boolean, label: string, what: string): Html {
  return html`<label class="switch"><strong>${label}</strong><small>${what}</small>
    <input type="checkbox" role="switch" name="${name}"${attributes({ checked: on })} /></label>`;
}
