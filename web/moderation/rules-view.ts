/** The rules in the admin's own words, and below them all settings (settings-view.ts). */

import { refusalInWords } from "../../src/prefilter.ts";
import { ACTIONS, type Rule } from "../../src/settings/form.ts";
import { attributes, type Html, html } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { settingsChangedMeanwhile } from "../parts/meanwhile.ts";
import { typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { RulesFacts } from "./routes.ts";
import { settingsForm } from "./settings-view.ts";
import { moderationPageWords } from "./words.ts";

const RULES_MAX = 50;
const LINES_SHOWN = 50;

export function rulesPage(visit: GuildVisit, facts: RulesFacts): Html {
  const say = moderationPageWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const version = html`<input type="hidden" name="version" value="${visit.guild.version}" />`;
  const rules = rulesShown(facts);
  return page(visit, {
    title: say.toRules,
    section: "moderation",
    body: html`
      ${heading(say.toRules, say.rulesWhat, html`<a class="button button-quiet" href="${base}">${icon("back")}${say.toLog}</a>`)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem === "changed-meanwhile" && settingsChangedMeanwhile(visit, facts, facts.mine)}
        ${facts.problem !== null && facts.problem !== "changed-meanwhile" && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
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

/** The rules as they are kept; as they were typed, where they were refused. */
function rulesShown({ settings, typed }: RulesFacts): readonly ShownRule[] {
  if (typed === null || !typed.has("n-0")) return settings.rules;
  const { text, isOn } = typedFields(typed);
  const at = Array.from({ length: RULES_MAX }, (_, index) => index).filter((index) => typed.get(`text-${index}`));
  return at.map((index) => ({
    n: Number(text(`n-${index}`, "0").slice(0, 5)) || 0,
    text: text(`text-${index}`, ""),
    action: ACTIONS.find((one) => one === typed.get(`action-${index}`)) ?? "timeout",
    on: isOn(`on-${index}`, true),
  }));
}

type ShownRule = Pick<Rule, "n" | "text" | "action" | "on">;

function ruleRow(visit: GuildVisit, rule: ShownRule | null, at: number): Html {
  const say = moderationPageWords[visit.language];
  const label = rule === null || rule.n === 0 ? say.newRule : `${say.rule} ${rule.n}`;
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
