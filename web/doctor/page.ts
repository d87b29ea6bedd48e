/** What is wrong in a server, and what to do about it. */
import type { Page } from "../page.ts";
import { doctorRoutes } from "./routes.ts";
import { doctorWords } from "./words.ts";

export const doctor: Page = {
  section: "doctor",
  entry: { path: "/guilds/:guild/doctor", icon: "doctor", guard: "admin" },
  words: doctorWords,
  routes: () => doctorRoutes,
};
