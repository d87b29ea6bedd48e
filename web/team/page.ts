/** The people who may look into a server. */
import type { Page } from "../page.ts";
import { teamRoutes } from "./routes.ts";
import { teamWords } from "./words.ts";

export const team: Page = {
  section: "team",
  entry: { path: "/guilds/:guild/team", icon: "team", guard: "admin" },
  words: teamWords,
  routes: () => teamRoutes,
};
