/** The log of what moderation found and did, each case with what can be done about it, and the rules it goes by. */
import type { Page } from "../page.ts";
import { moderationRoutes } from "./routes.ts";
import { moderationPageWords } from "./words.ts";

export const moderation: Page = {
  section: "moderation",
  entry: { path: "/guilds/:guild/moderation", icon: "shield", guard: "viewer-or-admin" },
  words: moderationPageWords,
  routes: moderationRoutes,
};
