/** Conversations as they happen, and the desk from which somebody of the team speaks in them. */
import type { Page } from "../page.ts";
import { liveRoutes } from "./routes.ts";
import { liveWords } from "./words.ts";

export const live: Page = {
  section: "live",
  entry: { path: "/guilds/:guild/live", icon: "headset", guard: "agent-or-admin" },
  words: liveWords,
  routes: liveRoutes,
};
