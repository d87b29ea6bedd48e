/** A server's home: open work, and figures of the last days. */
import type { Page } from "../page.ts";
import { homeRoutes } from "./routes.ts";
import { homeWords } from "./words.ts";

export const home: Page = {
  section: "home",
  entry: { path: "/guilds/:guild", icon: "home", guard: "any-role" },
  words: homeWords,
  routes: homeRoutes,
};
