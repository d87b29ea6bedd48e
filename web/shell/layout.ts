/** The frame of every page: head, navigation, the switches for language and theme, notices, the skip link. */
import { attributes, type Html, html, type Part } from "../html.ts";
import { type GuildVisit, type PersonVisit, THEMES, type Visit } from "../visit.ts";
import { icon } from "./icons.ts";
import { guildSwitcher, navigation, searchField } from "./navigation.ts";
import { notices } from "./notices.ts";
import { shellWords } from "./words.ts";

/** Scripts come from our own files only; htmx may not evaluate text, keep history, or load an extension we did not name. */
const HTMX_CONFIG = JSON.stringify({
  extensions: "gatehouse,sse",
  history: false,
  includeIndicatorCSS: false,
  defaultSwap: "outerHTML",
  defaultTimeout: 20_000,
  mode: "same-origin",
  noSwap: [204, 304, "5xx"],
  // A `details` that the reader opened stays open when its part is rendered again.
  morphIgnore: ["data-htmx-powered", "open"],
  sse: { reconnectMaxDelay: 15_000 },
});

/** A page of somebody signed in; a guild's when `visit` is a guild's. */
export function page(
  visit: PersonVisit | GuildVisit,
  content: { readonly title: string; readonly section: string; readonly body: Part },
): Html {
  const say = shellWords[visit.language].layout;
  const guild = "guild" in visit ? visit : null;
  return frame(
    visit,
    [content.title, guild?.guild.name, "Gatehouse"].filter(Boolean).join(" · "),
    html`
      <a class="skip" href="#main">${say.skip}</a>
      <div class="shell">
        <header class="bar">
          <button class="button-bare" type="button" popovertarget="nav" aria-label="${say.menu}">${icon("menu")}</button>
          <a class="brand" href="/guilds">${icon("gate")}<span>Gatehouse</span></a>
          ${guild && html`<span class="bar-guild">${guild.guild.name}</span>`}
        </header>
        <nav class="side" id="nav" popover="auto" aria-label="${say.navigation}">
          <a class="brand" href="/guilds">${icon("gate")}<span>Gatehouse</span></a>
          ${guild && guildSwitcher(guild)}
          ${guild && searchField(guild)}
          ${navigation(visit, content.section)}
          <div class="side-foot">
            ${preferences(visit)}
            <form class="account" method="post" action="/sign-out">
              <span class="account-name">${icon("person")}<span>${visit.person.name}</span></span>
              <button class="button-bare" type="submit" aria-label="${say.signOut}" title="${say.signOut}">${icon("out")}</button>
            </form>
          </div>
        </nav>
        <main id="main" tabindex="-1">
          <p class="cut-off" id="cut-off" role="status" data-says="${say.cutOff}"></p>
          ${notices(visit, content.section)}
          ${content.body}
        </main>
      </div>
    `,
  );
}

/** A page of nobody: sign-in, errors. */
export function barePage(visit: Visit, content: { readonly title: string; readonly body: Part }): Html {
  const say = shellWords[visit.language].layout;
  return frame(
    visit,
    `${content.title} · Gatehouse`,
    html`
      <a class="skip" href="#main">${say.skip}</a>
      <div class="bare">
        <header class="bare-head"><a class="brand" href="/">${icon("gate")}<span>Gatehouse</span></a></header>
        <main id="main" tabindex="-1">${content.body}</main>
        <footer class="bare-foot">${preferences(visit)}</footer>
      </div>
    `,
  );
}

function frame(visit: Visit, title: string, body: Html): Html {
  const say = shellWords[visit.language].layout;
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
        <script defer src="${visit.asset("app.js")}"></script>
      </head>
      <body>
        ${body}
        <p class="visually-hidden" id="heard" role="status"></p>
        <p class="toast" id="toast" role="status" aria-live="polite" data-failed="${say.requestFailed}" data-offline="${say.offline}"></p>
      </body>
    </html>`;
}

function preferences(visit: Visit): Html {
  const say = shellWords[visit.language].layout;
  const choice = (name: string, value: string, label: Part, title: string, chosen: boolean) =>
    html`<button type="submit" name="${name}" value="${value}" title="${title}"${attributes({ "aria-pressed": String(chosen), lang: name === "language" ? value : null })}>${label}</button>`;
  const themeIcons = { auto: "half", light: "sun", dark: "moon" } as const;
  return html`
    <form class="preferences" method="post" action="/preferences">
      <input type="hidden" name="back" value="${visit.url.pathname}${visit.url.search}" />
      <div class="segments" role="group" aria-label="${say.theme}">
        ${THEMES.map((theme) =>
          choice(
            "theme",
            theme,
            html`${icon(themeIcons[theme])}<span class="visually-hidden">${say.themes[theme]}</span>`,
            say.themes[theme],
            visit.theme === theme,
          ),
        )}
      </div>
      <div class="segments" role="group" aria-label="${say.language}">
        ${choice("language", "en", "EN", "English", visit.language === "en")}
        ${choice("language", "tr", "TR", "Türkçe", visit.language === "tr")}
      </div>
    </form>
  `;
}
