/** How the bot behaves in a server. */
import type { Page } from "../page.ts";
import { settingsRoutes } from "./routes.ts";
import { settingsWords } from "./words.ts";

export const settings: Page = {
  section: "settings",
  entry: { path: "/guilds/:guild/settings", icon: "sliders", guard: "admin" },
  words: settingsWords,
  routes: () => settingsRoutes,
};
