/** Conversations as they happen in every server that a person may watch, in one list. */
import type { Page } from "../page.ts";
import { liveEverywhereRoutes } from "./routes.ts";
import { liveEverywhereWords } from "./words.ts";

export const liveEverywhere: Page = {
  section: "live-everywhere",
  entry: { path: "/live", icon: "headset", guard: "person" },
  words: liveEverywhereWords,
  routes: liveEverywhereRoutes,
};
