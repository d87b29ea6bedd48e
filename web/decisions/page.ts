/** Why was it silent? */
import type { Page } from "../page.ts";
import { decisionRoutes } from "./routes.ts";
import { decisionWords } from "./words.ts";

export const decisions: Page = {
  section: "decisions",
  entry: { path: "/guilds/:guild/decisions", icon: "quiet", guard: "viewer-or-admin" },
  words: decisionWords,
  routes: decisionRoutes,
};
