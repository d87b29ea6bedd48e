/** Changes in a server and their authors. */
import type { Page } from "../page.ts";
import { auditRoutes } from "./routes.ts";
import { auditWords } from "./words.ts";

export const audit: Page = {
  section: "audit",
  entry: { path: "/guilds/:guild/audit", icon: "history", guard: "admin" },
  words: auditWords,
  routes: () => auditRoutes,
};
