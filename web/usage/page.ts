/** Usage of a server and its account in the month, and the server's own limits. */
import type { Page } from "../page.ts";
import { usageRoutes } from "./routes.ts";
import { usageWords } from "./words.ts";

export const usage: Page = {
  section: "usage",
  entry: { path: "/guilds/:guild/usage", icon: "chart", guard: "viewer-or-admin" },
  words: usageWords,
  routes: () => usageRoutes,
};
