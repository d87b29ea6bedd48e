/** A server's first ten minutes on one page. */
import type { Page } from "../page.ts";
import { guildSetupRoutes } from "./routes.ts";
import { guildSetupWords } from "./words.ts";

export const guildSetup: Page = {
  section: "guild-setup",
  entry: { path: "/guilds/:guild/setup", icon: "plug", guard: "admin" },
  words: guildSetupWords,
  routes: guildSetupRoutes,
};
