/** Posts that the bot makes by itself: schedules, drafts, history. */
import type { Page } from "../page.ts";
import { proactiveRoutes } from "./routes.ts";
import { proactiveWords } from "./words.ts";

export const proactive: Page = {
  section: "proactive",
  entry: { path: "/guilds/:guild/proactive", icon: "megaphone", guard: "admin" },
  words: proactiveWords,
  routes: () => proactiveRoutes,
};
