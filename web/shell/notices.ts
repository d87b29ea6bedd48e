/** Missing parts of this deployment and their remedies, for people who can act; others read whose act it is. */

import { type Html, html } from "../html.ts";
import type { PersonVisit } from "../visit.ts";
import { icon } from "./icons.ts";
import { shellWords } from "./words.ts";

export function notices(visit: PersonVisit, section: string): Html | false {
  const { config, llm } = visit.services;
  const words = shellWords[visit.language].notices;
  const home = section === "guilds";
  const list: { readonly text: string; readonly todo: string; readonly elsewhere?: string; readonly href?: string }[] =
    [];
  if (home && visit.person.operator && config.discord.token === null) list.push({ ...words.noBot, href: "/setup" });
  if ((home || section === "playground" || section === "conversations") && llm === null) list.push(words.extractive);
  if (home && visit.person.operator && config.redisUrl === null) list.push(words.noRedis);
  return (
    list.length > 0 &&
    html`<div class="notices">${list.map(
      (notice) =>
        html`<p class="notice">${icon("info")}<span><strong>${notice.text}</strong> ${visit.person.operator ? notice.todo : notice.elsewhere}${notice.href !== undefined && html` <a href="${notice.href}">${shellWords[visit.language].setup}</a>`}</span></p>`,
    )}</div>`
  );
}
