/** Unanswered questions, and the check set that shows which questions a change broke. */
import type { Page } from "../page.ts";
import { questionRoutes } from "./routes.ts";
import { questionWords } from "./words.ts";

export const questions: Page = {
  section: "questions",
  entry: { path: "/guilds/:guild/questions", icon: "info", guard: "admin" },
  words: questionWords,
  routes: questionRoutes,
};
