/** The file as it is now, the form that takes one in, and the changes that it would make. */

import { settingsChanges } from "../../src/settings/differences.ts";
import { SETTINGS_FILE_BYTES_MAX, type SettingsFileProblem, writeSettingsFile } from "../../src/settings/file.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { type Html, html } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { changedSettings } from "../parts/changes.ts";
import type { SettingNames } from "../parts/setting-values.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { settingsFileWords } from "./words.ts";

type Problem = SettingsFileProblem | { readonly kind: "empty" | "changed-meanwhile" };

export type FileFacts = {
  readonly text: string;
  /** The settings that the file would put in force; null before a file was looked at. */
  readonly preview: GuildSettings | null;
  readonly problem: Problem | null;
  readonly names: SettingNames;
};

export function filePage(visit: GuildVisit, facts: FileFacts): Html {
  const say = settingsFileWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/settings`;
  const { problem, preview } = facts;
  return page(visit, {
    title: say.title,
    section: "settings",
    body: html`
      <a class="crumb" href="${base}">${icon("back")}${say.back}</a>
      ${heading(say.title, say.lead, html`<a class="button button-quiet" href="${base}/file/download">${icon("file")}${say.download}</a>`)}
      <div class="stack">
        ${problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[problem.kind]} ${"where" in problem && problem.where !== "" && html`<code>${problem.where}</code>`}</span></p>`}
        ${preview !== null && difference(visit, facts, preview)}
        <form class="panel form" method="post" action="${base}/file/preview" enctype="multipart/form-data">
          <h2>${say.import}</h2>
          <label class="label">${say.file}<input type="file" name="file" accept=".yaml,.yml,application/yaml" /></label>
          <label class="label">${say.text}<textarea name="text" class="file" maxlength="${SETTINGS_FILE_BYTES_MAX}" spellcheck="false" placeholder="mode: mention">${facts.text}</textarea></label>
          <p class="help">${say.what}</p>
          <div class="save"><button class="button" type="submit">${say.preview}</button></div>
        </form>
        <section class="panel"><h2>${say.export}</h2><pre><code>${writeSettingsFile(visit.guild.settings, visit.guild.name)}</code></pre></section>
      </div>
    `,
  });
}

function difference(visit: GuildVisit, { text, names }: FileFacts, preview: GuildSettings): Html {
  const say = settingsFileWords[visit.language];
  const row = { before: visit.guild.settings, after: preview };
  const count = settingsChanges(row.before, row.after).length;
  if (count === 0) return html`<p class="notice">${icon("info")}<span>${say.same}</span></p>`;
  return html`<section class="panel stack"><h2>${say.differences(count)}</h2>
    ${changedSettings(visit, names, row)}
    <form class="save" method="post" action="/guilds/${visit.guild.guild}/settings/file">
      <input type="hidden" name="version" value="${visit.guild.version}" /><input type="hidden" name="text" value="${text}" />
      <button class="button" type="submit">${icon("check")}${say.apply}</button></form>
  </section>`;
}
