/** Search across a server. */
import type { Page } from "../page.ts";
import { searchRoutes } from "./routes.ts";
import { searchWords } from "./words.ts";

export const search: Page = {
  section: "search",
  entry: null,
  words: searchWords,
  routes: searchRoutes,
};
