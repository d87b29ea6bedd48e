/** The navigation: the entries of pages.ts that this visitor may see, a server's inside a server and the deployment's outside. */
import { maySee } from "../guard.ts";
import { attributes, type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { avatar } from "../parts/blocks.ts";
import type { GuildVisit, PersonVisit } from "../visit.ts";
import { icon } from "./icons.ts";
import { shellWords } from "./words.ts";

export function navigation(visit: PersonVisit, current: string): Html {
  return html`<ul class="nav">${visit.pages.map((one) => entry(visit, one, current))}</ul>`;
}

function entry(visit: PersonVisit | GuildVisit, { section, entry, words }: Page, current: string): Html | null {
  const inGuild = "guild" in visit;
  if (entry === null || entry.path.includes("/:guild") !== inGuild || !maySee(entry.guard, visit)) return null;
  const href = inGuild ? entry.path.replace(":guild", visit.guild.guild) : entry.path;
  const state = attributes({ "aria-current": section === current ? "page" : null });
  return html`<li><a href="${href}"${state}>${icon(entry.icon)}<span>${words[visit.language].section}</span></a></li>`;
}

/** Reached by the key `/` from anywhere: app.js puts the cursor into it. */
export function searchField(visit: GuildVisit): Html {
  const say = shellWords[visit.language].layout;
  return html`<form class="side-search" method="get" action="/guilds/${visit.guild.guild}/search" role="search" aria-label="${say.search}">
    <label class="field-search"><span class="visually-hidden">${say.search}</span>${icon("search")}<input type="search" name="q" id="side-search" maxlength="200" placeholder="${say.search}" aria-keyshortcuts="/" /></label>
  </form>`;
}

export function guildSwitcher(visit: GuildVisit): Html {
  return html`
    <a class="switcher" href="/guilds">
      ${avatar(visit.guild.name, visit.guild.guild)}
      <span class="switcher-name">${visit.guild.name}<small>${shellWords[visit.language].layout.switchGuild}</small></span>
    </a>
  `;
}
