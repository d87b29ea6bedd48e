/** What every page has around it: head, navigation, the switches for language and theme, notices, the skip link. */
import { allows } from "./guard.ts";
import { attributes, type Html, html, type Part } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { notices } from "./notices.ts";
import { type GuildVisit, type PersonVisit, THEMES, type Visit } from "./visit.ts";

/** Scripts come from our own files only; htmx may not evaluate text, keep history, or load an extension we did not name. */
const HTMX_CONFIG = JSON.stringify({
  extensions: "gatehouse,sse",
  history: false,
  includeIndicatorCSS: false,
  defaultSwap: "outerHTML",
  defaultTimeout: 20_000,
  mode: "same-origin",
  noSwap: [204, 304, "5xx"],
});

type GuildSection = "conversations" | "knowledge" | "playground" | "decisions" | "settings" | "team" | "doctor";
export type Section = GuildSection | "guilds" | "operator" | "setup";

type Entry = { readonly section: Section; readonly icon: IconName; readonly href: string; readonly label: string };

/** A page of somebody signed in; a guild's when `visit` is a guild's. */
export function page(
  visit: PersonVisit | GuildVisit,
  content: { readonly title: string; readonly section: Section; readonly body: Part },
): Html {
  const guild = "guild" in visit ? visit : null;
  const { words } = visit;
  return frame(
    visit,
    [content.title, guild?.guild.name, "Gatehouse"].filter(Boolean).join(" · "),
    html`
      <a class="skip" href="#main">${words.layout.skip}</a>
      <div class="shell">
        <header class="bar">
          <button class="button-bare" type="button" popovertarget="nav" aria-label="${words.layout.menu}">${icon("menu")}</button>
          <a class="brand" href="/guilds">${icon("gate")}<span>Gatehouse</span></a>
          ${guild && html`<span class="bar-guild">${guild.guild.name}</span>`}
        </header>
        <nav class="side" id="nav" popover="auto" aria-label="${words.layout.navigation}">
          <a class="brand" href="/guilds">${icon("gate")}<span>Gatehouse</span></a>
          ${guild && guildSwitcher(guild)}
          <ul class="nav">${entries(visit, guild).map((entry) => navigationEntry(entry, content.section))}</ul>
          <div class="side-foot">
            ${preferences(visit)}
            <form class="account" method="post" action="/sign-out">
              <span class="account-name">${icon("person")}<span>${visit.person.name}</span></span>
              <button class="button-bare" type="submit" aria-label="${words.layout.signOut}" title="${words.layout.signOut}">${icon("out")}</button>
            </form>
          </div>
        </nav>
        <main id="main" tabindex="-1">
          ${notices(visit, content.section)}
          ${content.body}
        </main>
      </div>
    `,
  );
}

/** A page of nobody: sign-in, errors. */
export function barePage(visit: Visit, content: { readonly title: string; readonly body: Part }): Html {
  return frame(
    visit,
    `${content.title} · Gatehouse`,
    html`
      <a class="skip" href="#main">${visit.words.layout.skip}</a>
      <div class="bare">
        <header class="bare-head"><a class="brand" href="/">${icon("gate")}<span>Gatehouse</span></a></header>
        <main id="main" tabindex="-1">${content.body}</main>
        <footer class="bare-foot">${preferences(visit)}</footer>
      </div>
    `,
  );
}

/** The heading of a page, with what can be done on it at the right. */
export function heading(title: Part, lead?: Part, actions?: Part): Html {
  return html`
    <div class="heading">
      <div><h1>${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
  `;
}

/** Nothing here yet: what that means and what to do next. */
export function emptyState(name: IconName, title: string, next: Part): Html {
  return html`<div class="empty">${icon(name)}<h2>${title}</h2><p>${next}</p></div>`;
}

function frame(visit: Visit, title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="${visit.language}" data-theme="${visit.theme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="htmx-config" content="${HTMX_CONFIG}" />
        <title>${title}</title>
        <link rel="icon" href="${visit.asset("icon.svg")}" type="image/svg+xml" />
        <link rel="stylesheet" href="${visit.asset("app.css")}" />
        <script defer src="${visit.asset("htmx.js")}"></script>
        <script defer src="${visit.asset("sse.js")}"></script>
        <script defer src="${visit.asset("app.js")}"></script>
      </head>
      <body>
        ${body}
        <p class="visually-hidden" id="heard" role="status"></p>
        <p class="toast" id="toast" role="status" aria-live="polite" data-failed="${visit.words.layout.requestFailed}"></p>
      </body>
    </html>`;
}

function guildSwitcher(visit: GuildVisit): Html {
  return html`
    <a class="switcher" href="/guilds">
      ${avatar(visit.guild.name, visit.guild.guild)}
      <span class="switcher-name">${visit.guild.name}<small>${visit.words.layout.switchGuild}</small></span>
    </a>
  `;
}

function entries(visit: PersonVisit, guild: GuildVisit | null): Entry[] {
  const words = visit.words.sections;
  const list: Entry[] = [];
  if (guild === null) {
    list.push({ section: "guilds", icon: "servers", href: "/guilds", label: words.guilds });
    if (visit.person.operator) list.push({ section: "setup", icon: "sliders", href: "/setup", label: words.setup });
    if (visit.person.operator)
      list.push({ section: "operator", icon: "pulse", href: "/operator", label: words.operator });
  }
  if (guild !== null) {
    const base = `/guilds/${guild.guild.guild}`;
    list.push({ section: "conversations", icon: "chat", href: `${base}/conversations`, label: words.conversations });
    const viewer = allows("viewer", guild.role);
    const admin = allows("admin", guild.role);
    if (viewer) list.push({ section: "decisions", icon: "quiet", href: `${base}/decisions`, label: words.decisions });
    if (viewer) list.push({ section: "knowledge", icon: "book", href: `${base}/knowledge`, label: words.knowledge });
    if (admin) list.push({ section: "playground", icon: "play", href: `${base}/playground`, label: words.playground });
    if (admin) list.push({ section: "settings", icon: "sliders", href: `${base}/settings`, label: words.settings });
    if (admin) list.push({ section: "team", icon: "person", href: `${base}/team`, label: words.team });
    if (admin) list.push({ section: "doctor", icon: "pulse", href: `${base}/doctor`, label: words.doctor });
  }
  return list;
}

function navigationEntry(entry: Entry, current: Section): Html {
  const state = attributes({ "aria-current": entry.section === current ? "page" : null });
  return html`<li><a href="${entry.href}"${state}>${icon(entry.icon)}<span>${entry.label}</span></a></li>`;
}

function preferences(visit: Visit): Html {
  const { words } = visit;
  const choice = (name: string, value: string, label: Part, title: string, chosen: boolean) =>
    html`<button type="submit" name="${name}" value="${value}" title="${title}"${attributes({ "aria-pressed": String(chosen), lang: name === "language" ? value : null })}>${label}</button>`;
  const themeIcons = { auto: "half", light: "sun", dark: "moon" } as const;
  return html`
    <form class="preferences" method="post" action="/preferences">
      <input type="hidden" name="back" value="${visit.url.pathname}${visit.url.search}" />
      <div class="segments" role="group" aria-label="${words.layout.theme}">
        ${THEMES.map((theme) =>
          choice(
            "theme",
            theme,
            html`${icon(themeIcons[theme])}<span class="visually-hidden">${words.layout.themes[theme]}</span>`,
            words.layout.themes[theme],
            visit.theme === theme,
          ),
        )}
      </div>
      <div class="segments" role="group" aria-label="${words.layout.language}">
        ${choice("language", "en", "EN", "English", visit.language === "en")}
        ${choice("language", "tr", "TR", "Türkçe", visit.language === "tr")}
      </div>
    </form>
  `;
}

/** The first letter on a colour that stays with `id`: there are no pictures from outside. */
export function avatar(name: string, id: string): Html {
  const hue = [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 8, 0);
  const letter = [...new Intl.Segmenter().segment(name.trim())][0]?.segment ?? "?";
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${letter.toLocaleUpperCase()}</span>`;
}

/** Where a conversation stands, in one chip. */
export function stateChip(visit: Visit, state: { readonly agent: boolean; readonly escalated: boolean }): Html | null {
  const words = visit.words.conversations.states;
  if (state.agent) return html`<span class="chip chip-blue">${words.agent}</span>`;
  if (state.escalated) return html`<span class="chip chip-amber">${words.escalated}</span>`;
  return html`<span class="chip chip-green">${words.open}</span>`;
}
