/** A bot of one's own in place of the shared one. */
import type { Page } from "../page.ts";
import { botRoutes } from "./routes.ts";
import { botWords } from "./words.ts";

export const bot: Page = {
  section: "bot",
  entry: { path: "/guilds/:guild/bot", icon: "bot", guard: "admin" },
  words: botWords,
  routes: botRoutes,
};
