/** Accounts, their plans and servers: the operator's to edit. */
import type { Page } from "../page.ts";
import { accountsRoutes } from "./routes.ts";
import { accountsWords } from "./words.ts";

export const accounts: Page = {
  section: "accounts",
  entry: { path: "/accounts", icon: "wallet", guard: "operator" },
  words: accountsWords,
  routes: () => accountsRoutes,
};
