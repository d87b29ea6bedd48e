/** Other ways to ask than Discord: keys for the HTTP API. */
import type { Page } from "../page.ts";
import { contactRoutes } from "./routes.ts";
import { contactWords } from "./words.ts";

export const contact: Page = {
  section: "contact",
  entry: { path: "/guilds/:guild/contact", icon: "key", guard: "admin" },
  words: contactWords,
  routes: contactRoutes,
};
