/** Conversations of a server, and one of them in full. */
import type { Page } from "../page.ts";
import { conversationRoutes } from "./routes.ts";
import { conversationWords } from "./words.ts";

export const conversations: Page = {
  section: "conversations",
  entry: { path: "/guilds/:guild/conversations", icon: "chat", guard: "any-role" },
  words: conversationWords,
  routes: conversationRoutes,
};
