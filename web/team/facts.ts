/** The team page's facts, and the roles it can give. */
import type { TeamRow } from "../../src/store/ports/people.ts";

export const GIVEN_ROLES = ["agent", "viewer"] as const;
export type GivenRole = (typeof GIVEN_ROLES)[number];

export type TeamProblem = "id" | "role" | "not-member" | "nobody-named" | "fixed";

export type TeamFacts = {
  readonly team: readonly TeamRow[];
  /** Without it only the operator can come in, even if others have roles. */
  readonly signIn: boolean;
  readonly saved: boolean;
  readonly problem: TeamProblem | null;
  /** Members of the typed name, to choose from; null: no name was looked for. */
  readonly matches: readonly { readonly id: string; readonly name: string }[] | null;
  /** Refused input, to be shown again. */
  readonly typed: { readonly person: string; readonly role: GivenRole };
};
