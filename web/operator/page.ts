/** Shards, workers and stores of the deployment. */
import type { Page } from "../page.ts";
import { operatorRoutes } from "./routes.ts";
import { operatorWords } from "./words.ts";

export const operator: Page = {
  section: "operator",
  entry: { path: "/operator", icon: "pulse", guard: "operator" },
  words: operatorWords,
  routes: operatorRoutes,
};
