/** The servers that a person can look into. */
import type { Page } from "../page.ts";
import { guildRoutes } from "./routes.ts";
import { guildWords } from "./words.ts";

export const guilds: Page = {
  section: "guilds",
  entry: { path: "/guilds", icon: "servers", guard: "person" },
  words: guildWords,
  routes: () => guildRoutes,
};
