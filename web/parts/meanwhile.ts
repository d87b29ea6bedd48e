/** The refusal of a form that another person saved since it was opened: it keeps the input, and shows the changes that saving again would make. */
import { settingsChanges } from "../../src/settings/differences.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../shell/icons.ts";
import type { GuildVisit } from "../visit.ts";
import { changedSettings } from "./changes.ts";
import type { SettingNames } from "./setting-values.ts";
import { commonWords } from "./words.ts";

/** `mine`: the settings as the form would leave them; null where it cannot be saved as it stands. */
export function settingsChangedMeanwhile(visit: GuildVisit, names: SettingNames, mine: GuildSettings | null): Html {
  const say = commonWords[visit.language].meanwhile;
  const row = { before: visit.guild.settings, after: mine ?? visit.guild.settings };
  const same = settingsChanges(row.before, row.after).length === 0;
  return html`<div class="notice notice-warn" role="alert">${icon("alert")}<div class="stack"><p>${say.settings}</p>
    ${mine !== null && (same ? html`<p>${say.same}</p>` : html`<p>${say.saving}</p>${changedSettings(visit, names, row)}`)}</div></div>`;
}
