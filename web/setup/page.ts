/** Getting the deployment ready. */
import type { Page } from "../page.ts";
import { setupRoutes } from "./routes.ts";
import { setupWords } from "./words.ts";

export const setup: Page = {
  section: "setup",
  entry: { path: "/setup", icon: "plug", guard: "operator" },
  words: setupWords,
  routes: setupRoutes,
};
