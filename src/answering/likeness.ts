/** How alike two clauses are: the words that they share, those that a clause leaves to its sentence less than its own. Pure. */
import { type Clause, hasAnywhere } from "./clauses.ts";
import { isContent } from "./parts.ts";

const INHERITED_WEIGHT = 0.85;
const AROUND_WEIGHT = 0.5;
/** Weight of a claim's neighbours beside its own words. */
const CLAIM_INHERITED_WEIGHT = 0.4;
const CLAIM_AROUND_WEIGHT = 0.3;
const EXTRA_WEIGHT = 0.25;
const TURNED_WEIGHT = 2;

/** What the clause says besides. */
export function extrasOf(clause: Clause, claim: Clause): readonly string[] {
  return [...clause.own].filter((stem) => !hasAnywhere(claim, stem) && isContent(stem));
}

/** What they share, less what the clause says besides: "Premium members keep them for 90 days" is not about everybody. */
export function likeness(claim: Clause, clause: Clause): number {
  const turned = claim.turns.has("not") !== clause.turns.has("not");
  // "At most 8 euros" is nearer to "a maximum of 8 euros" than to another price of the same thing.
  const amount = claim.sides.get("amount");
  const alike = amount !== undefined && clause.sides.get("amount") === amount ? 1 : 0;
  return (
    sharedWeight(claim, clause) + alike - EXTRA_WEIGHT * extrasOf(clause, claim).length - (turned ? TURNED_WEIGHT : 0)
  );
}

/** Words that a claim and a clause share: the clause's own count whole, those around either of them less. */
export function sharedWeight({ own, inherited, around }: Clause, clause: Clause): number {
  return (
    weightOf(own, clause) +
    CLAIM_INHERITED_WEIGHT * weightOf(inherited, clause) +
    CLAIM_AROUND_WEIGHT * weightOf(around, clause)
  );
}

export function weightOf(stems: ReadonlySet<string>, { own, inherited, around }: Clause): number {
  let weight = 0;
  for (const stem of stems) {
    if (!isContent(stem)) continue;
    if (own.has(stem)) weight += 1;
    else if (inherited.has(stem)) weight += INHERITED_WEIGHT;
    else if (around.has(stem)) weight += AROUND_WEIGHT;
  }
  return weight;
}
