/**
 * Every page of the dashboard, in the order of the navigation. What a path holds decides where its entry stands: with
 * `/:guild` in a server's navigation, without it in the deployment's.
 *
 * To add a page (the example is team/, the smallest of them):
 *   1. Make a folder `web/NAME/` with
 *        words.ts    `export const nameWords = inEveryLanguage({ en: {…}, tr: {…} })`. `section` is the entry in the
 *                    navigation. Read them as `nameWords[visit.language].title`. What several pages say is in parts/words.ts.
 *        routes.ts   each route made by `route(guard, method, path, handle)` of guard.ts, which lists the guards. A handler
 *                    parses, makes one call into src/, and gives the view the facts. `route` takes GET and POST;
 *                    `withForm` makes a PUT or DELETE for htmx and the POST for a plain form beside it.
 *        view.ts     `page(visit, { title, section: "NAME", body })` of shell/layout.ts around html`…` (escaped by default).
 *        page.ts     the `Page`: section, entry (path, icon, guard), words, routes. Icons are in shell/icons.ts.
 *   2. Add its line to PAGES below (`bun run format` sorts the import).
 * Nothing else enters the folder: what two pages share goes to parts/ (views) or shell/ (what stands around each page).
 * The tests in test/src/i18n.test.ts, test/web/guard.test.ts and test/web/pages.test.ts then hold for the page by themselves.
 */
import { accounts } from "./accounts/page.ts";
import { audit } from "./audit/page.ts";
import { bot } from "./bot/page.ts";
import { contact } from "./contact/page.ts";
import { conversations } from "./conversations/page.ts";
import { decisions } from "./decisions/page.ts";
import { deployment } from "./deployment/page.ts";
import { doctor } from "./doctor/page.ts";
import { guildSetup } from "./guild-setup/page.ts";
import { guilds } from "./guilds/page.ts";
import { home } from "./home/page.ts";
import { knowledge } from "./knowledge/page.ts";
import { live } from "./live/page.ts";
import { liveEverywhere } from "./live-everywhere/page.ts";
import { moderation } from "./moderation/page.ts";
import { operator } from "./operator/page.ts";
import type { Page } from "./page.ts";
import { playground } from "./playground/page.ts";
import { proactive } from "./proactive/page.ts";
import { questions } from "./questions/page.ts";
import { search } from "./search/page.ts";
import { settings } from "./settings/page.ts";
import { settingsFile } from "./settings-file/page.ts";
import { setup } from "./setup/page.ts";
import { signIn } from "./sign-in/page.ts";
import { team } from "./team/page.ts";
import { usage } from "./usage/page.ts";

export const PAGES: readonly Page[] = [
  signIn,
  // The deployment.
  guilds,
  liveEverywhere,
  deployment,
  setup,
  operator,
  accounts,
  // A server.
  home,
  guildSetup,
  search,
  live,
  conversations,
  decisions,
  moderation,
  knowledge,
  questions,
  playground,
  settings,
  settingsFile,
  bot,
  team,
  audit,
  proactive,
  contact,
  usage,
  doctor,
];
