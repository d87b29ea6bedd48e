/** The servers as cards: what mode each is in, and whether the bot is still there. */

import { addedApplication } from "../../src/config.ts";
import type { FoundGuild } from "../../src/store/ports/guilds.ts";
import { type Html, html, link } from "../html.ts";
import { avatar, emptyState, heading } from "../parts/blocks.ts";
import { ago } from "../parts/times.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import type { GuildList } from "./routes.ts";
import { guildWords } from "./words.ts";

/** A search field earns its place only when there is something to search. */
const SEARCH_FROM = 8;

export function guildsPage(visit: PersonVisit, list: GuildList): Html {
  const words = guildWords[visit.language];
  return page(visit, {
    title: words.title,
    section: "guilds",
    body: html`
      ${heading(words.title, words.lead, addedApplication(visit.services.config) !== null && html`<a class="button" href="/sign-in/discord/add">${icon("plus")}${words.add}</a>`)}
      ${
        (list.query !== "" || list.before !== "" || list.found.items.length >= SEARCH_FROM) &&
        html`<form class="filters" method="get" action="/guilds" role="search" aria-label="${words.search}">
          <label class="field field-search"><span class="visually-hidden">${words.search}</span>${icon("search")}
            <input type="search" name="q" value="${list.query}" placeholder="${words.search}"
              hx-get="/guilds" hx-trigger="input changed delay:250ms" hx-target="#guilds" hx-sync="this:replace" />
          </label>
        </form>`
      }
      ${guildsPart(visit, list)}
    `,
  });
}

export function guildsPart(visit: PersonVisit, list: GuildList): Html {
  const words = guildWords[visit.language];
  const { query, before, found } = list;
  const turning = commonWords[visit.language];
  return html`<section id="guilds">
    ${
      found.items.length === 0
        ? query === "" && before === ""
          ? emptyState("servers", words.empty, visit.person.operator ? words.emptyOperator : words.emptyPerson)
          : emptyState("search", words.nothingFound, words.nothingFoundNext)
        : html`<ul class="cards">${found.items.map((card) => guildCard(visit, card))}</ul>`
    }
    <p class="visually-hidden" data-heard>${query !== "" && words.found(found.items.length, found.cursor !== null)}</p>
    <nav class="pager" aria-label="${turning.pages}">
      ${before !== "" && html`<a class="button button-quiet" href="${link("/guilds", { q: query })}">${icon("back")}${words.first}</a>`}
      ${found.cursor !== null && html`<a class="button button-quiet" rel="next" href="${link("/guilds", { q: query, before: found.cursor })}">${words.next}${icon("next")}</a>`}
    </nav>
  </section>`;
}

function guildCard(visit: PersonVisit, { guild, role }: FoundGuild): Html {
  const gone = guild.leftAtMs !== null;
  return html`<li class="card card-link">
    ${avatar(guild.name, guild.guild)}
    <div class="card-text">
      <a class="card-title stretch" href="/guilds/${guild.guild}">${guild.name}</a>
      <span class="quiet">${commonWords[visit.language].roles[role]} · ${guildWords[visit.language].joined} ${ago(visit, guild.joinedAtMs)}</span>
    </div>
    ${
      gone
        ? html`<span class="chip">${guildWords[visit.language].left}</span>`
        : html`<span class="chip ${guild.settings.mode === "off" ? "" : "chip-green"}">${commonWords[visit.language].modes[guild.settings.mode].name}</span>`
    }
  </li>`;
}
