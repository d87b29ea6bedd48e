/** The team page's facts. */
import type { TeamRow } from "../../src/store/ports/people.ts";
import type { GivenRole, TeamMatches, TeamProblem } from "../parts/team-members.ts";

export type TeamFacts = {
  readonly team: readonly TeamRow[];
  /** Without it only the operator can come in, even if others have roles. */
  readonly signIn: boolean;
  readonly saved: boolean;
  readonly problem: TeamProblem | null;
  /** Members of the typed name, to choose from; null: no name was looked for. */
  readonly matches: TeamMatches | null;
  /** Refused input, to be shown again. */
  readonly typed: { readonly person: string; readonly role: GivenRole };
};
