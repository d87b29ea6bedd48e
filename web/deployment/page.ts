/** An operator's home: all servers at a glance, and the work that goes on in the background. */
import type { Page } from "../page.ts";
import { deploymentRoutes } from "./routes.ts";
import { deploymentWords } from "./words.ts";

export const deployment: Page = {
  section: "deployment",
  entry: { path: "/overview", icon: "home", guard: "operator" },
  words: deploymentWords,
  routes: deploymentRoutes,
};
