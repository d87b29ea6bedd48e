/** Coming in and going out. */
import type { Page } from "../page.ts";
import { discordRoutes } from "./discord.ts";
import { signInRoutes } from "./routes.ts";
import { signInWords } from "./words.ts";

export const signIn: Page = {
  section: "sign-in",
  entry: null,
  words: signInWords,
  // Discord first: "discord" is no secret of a link.
  routes: (kit) => [...discordRoutes(kit), ...signInRoutes],
};
