/** A question tried out. */
import type { Page } from "../page.ts";
import { playgroundRoutes } from "./routes.ts";
import { playgroundWords } from "./words.ts";

export const playground: Page = {
  section: "playground",
  entry: { path: "/guilds/:guild/playground", icon: "play", guard: "admin" },
  words: playgroundWords,
  routes: () => playgroundRoutes,
};
