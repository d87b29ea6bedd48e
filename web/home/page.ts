/** A server's home: what needs somebody now, and how it went. */
import type { Page } from "../page.ts";
import { homeRoutes } from "./routes.ts";
import { homeWords } from "./words.ts";

export const home: Page = {
  section: "home",
  entry: { path: "/guilds/:guild", icon: "home", guard: "any-role" },
  words: homeWords,
  routes: homeRoutes,
};
