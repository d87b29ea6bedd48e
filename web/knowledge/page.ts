/** The knowledge that the bot answers from. */
import type { Page } from "../page.ts";
import { knowledgeRoutes } from "./routes.ts";
import { knowledgeWords } from "./words.ts";

export const knowledge: Page = {
  section: "knowledge",
  entry: { path: "/guilds/:guild/knowledge", icon: "book", guard: "viewer-or-admin" },
  words: knowledgeWords,
  routes: knowledgeRoutes,
};
