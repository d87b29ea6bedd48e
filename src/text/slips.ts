/**
 * How far two spellings of a word are apart, in slips of a hand: a letter added, missing or replaced, or two swapped
 * (Damerau–Levenshtein). Used by search and by quotes.
 */

/** Misspelt English stop words. Without this list they would count as words that the knowledge base does not hold. */
export const MISSPELT_SMALL_WORDS =
  "wich whcih wihch waht wat wut hwo teh hte adn taht thta hav ahve haev thier theri jsut shoud coud woud shuold becuase beacuse cna yuo abuot wiht";

/** People do not type longer words than this by hand. */
const WORD_LETTERS_MAX = 40;

/** Slips that a word may have and still be known: one from four letters on, two from eight. */
export function slipsIn(word: string): number {
  if (word.length > WORD_LETTERS_MAX || !(isPlain(word) || /^\p{L}+$/u.test(word))) return 0;
  return word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
}

/** Nothing but a to z, as most stems are: told in a fraction of what a pattern of Unicode's letters takes. */
export function isPlain(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code < 97 || code > 122) return false;
  }
  return word.length > 0;
}

/** Optimal string alignment; anything above `most` is told as `most + 1`. */
export function slipsBetween(a: string, b: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(most + 1, row[b.length] ?? most + 1);
}
