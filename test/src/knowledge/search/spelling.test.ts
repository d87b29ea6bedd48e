import { expect, test } from "bun:test";
import fc from "fast-check";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { type PassageIndex, termAt } from "../../../../src/knowledge/search/index.ts";
import { type HelpBudget, nearTerms } from "../../../../src/knowledge/search/spelling.ts";
import { slipsBetween, slipsIn } from "../../../../src/text/slips.ts";
import { passage } from "../../../support/build.ts";

const VOWEL = /[aeiouyäöüıé]/u;

/** Few letters, so that words are near each other and many begin alike; the last two are one letter of a language's own. */
const word = fc.string({ unit: fc.constantFrom("a", "b", "e", "n", "o", "é", "ж"), minLength: 1, maxLength: 11 });
const budgets = fc.constantFrom(1, 7, 20, 60, 400_000);

/** Words of an index, and others: of those most are a written one with a slip or two. */
const words = fc.array(word, { minLength: 1, maxLength: 60 }).chain((written) =>
  fc.record({
    written: fc.constant(written),
    asked: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...written).chain(slipped) }, word), {
      maxLength: 12,
    }),
  }),
);

function slipped(written: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(written.length), fc.constantFrom("", "a", "e", "ж"), fc.boolean())
    .map(([at, letter, twice]) => {
      const once = written.slice(0, at) + letter + written.slice(at + 1);
      return twice ? `${once.slice(0, 2)}${once.charAt(3)}${once.charAt(2)}${once.slice(4)}` : once;
    });
}

test("words with few slips are found as by comparing each term with the first letter, for the same of the budget", async () => {
  await fc.assert(
    fc.asyncProperty(words, budgets, async ({ written, asked }, left) => {
      const index = await buildIndex([{ ...passage(written.join(" ")), language: "und" }]);
      const quick = { left };
      const plain = { left };
      for (const one of asked) {
        expect(nearTerms(index, one, quick)).toEqual(comparedOneByOne(index, one, plain));
        expect(quick).toEqual(plain);
      }
    }),
    { numRuns: 200 },
  );
});

test("the longest word that has slips is compared to its end", async () => {
  const long = `n${"ab".repeat(19)}`;
  const index = await buildIndex([{ ...passage(`${long}e ${long}en ${long}ene`), language: "und" }]);
  const near = nearTerms(index, long, { left: 400_000 });
  expect(near.map((term) => termAt(index, term))).toEqual([`${long}e`]);
});

/** The same, as it is told: no row is kept from one term to the next. */
function comparedOneByOne(index: PassageIndex, asked: string, budget: HelpBudget): readonly number[] {
  const three = /^\p{L}{3}$/u.test(asked);
  const most = three ? 1 : slipsIn(asked);
  if (most === 0) return [];
  const found: { readonly term: number; readonly slips: number; readonly spread: number }[] = [];
  const all = Array.from({ length: index.termStarts.length - 1 }, (_, term) => termAt(index, term));
  for (const [term, text] of all.entries()) {
    if (text < asked.charAt(0)) continue;
    if (budget.left <= 0) break;
    budget.left--;
    if (text.charAt(0) !== asked.charAt(0)) break;
    if (Math.abs(text.length - asked.length) > most) continue;
    budget.left -= 8;
    const slips = slipsBetween(asked, text, most);
    if (slips > most || (three && !lacksVowel(asked, text))) continue;
    found.push({ term, slips, spread: index.having[term] ?? 0 });
  }
  const fewest = Math.min(...found.map(({ slips }) => slips));
  return found
    .filter(({ slips }) => slips === fewest)
    .sort((a, b) => b.spread - a.spread)
    .slice(0, 3)
    .map(({ term }) => term);
}

function lacksVowel(asked: string, whole: string): boolean {
  if (whole.length !== asked.length + 1) return false;
  const at = [...asked].findIndex((letter, i) => whole[i] !== letter);
  return at >= 0 && VOWEL.test(whole[at] ?? "");
}
