/** A server's settings as a file: taken out, looked at, put in. */
import type { Page } from "../page.ts";
import { settingsFileRoutes } from "./routes.ts";
import { settingsFileWords } from "./words.ts";

export const settingsFile: Page = {
  section: "settings-file",
  entry: null,
  words: settingsFileWords,
  routes: () => settingsFileRoutes,
};
