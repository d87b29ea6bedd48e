/**
 * A claim made of two statements: "moderators can ban members" out of "moderators can time members out" and "only admins can ban". Each of
 * its words stands in the source, and no clause there holds all of them. Pure.
 *
 * A clause that says nothing beside what is claimed may leave the rest to the sentence before it ("managers can invite them"); so the claim
 * is false only where every clause that comes nearest says it of something else.
 */
import { type Clause, hasAnywhere } from "./clauses.ts";
import { isContent } from "./parts.ts";

export function apartProblem(claim: Clause, clauses: readonly Clause[]): string | null {
  // A number was compared with all others of its kind already.
  if (claim.figures.length > 0) return null;
  const known = [...claim.own].filter((stem) => isContent(stem) && clauses.some(({ own }) => own.has(stem)));
  if (known.length < 2) return null;
  const heldBy = (clause: Clause) => known.filter((stem) => hasAnywhere(clause, stem)).length;
  const best = Math.max(...clauses.map(heldBy));
  if (best === known.length) return null;
  const nearest = clauses.filter((clause) => heldBy(clause) === best);
  return nearest.every((clause) => saysMore(clause, claim)) ? "its source says that of something else" : null;
}

/** That something "is allowed" is no more than a claim about it says; that it is forbidden is, where the claim calls it required. */
function saysMore({ own, ofWhom, sides, sided }: Clause, claim: Clause): boolean {
  const isTold = [...sides.keys()].every((pair) => claim.sides.get(pair) === sides.get(pair));
  const agrees = claim.sides.size === 0 || isTold;
  return [...own, ...ofWhom].some(
    (stem) => isContent(stem) && !hasAnywhere(claim, stem) && !(agrees && sided.has(stem)),
  );
}
