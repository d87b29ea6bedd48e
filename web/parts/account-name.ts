/** An account as pages name it: the one that servers are in to begin with has a name in every language, until the operator gives it one. */
import { type Account, FIRST_ACCOUNT } from "../../src/plans/plans.ts";
import type { Visit } from "../visit.ts";
import { commonWords } from "./words.ts";

export function accountName(visit: Pick<Visit, "language">, { id, name }: Pick<Account, "id" | "name">): string {
  const { thisDeployment } = commonWords[visit.language];
  return id === FIRST_ACCOUNT.id && name === FIRST_ACCOUNT.name ? thisDeployment : name;
}
