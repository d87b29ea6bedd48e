/**
 * Is a post like one before? Jaccard similarity of word trigrams (shingles; Broder 1997), over text without case, marks and
 * links, so that another greeting or a moved comma makes no new post. Of two short texts single words are compared.
 */

const SHINGLE_WORDS = 3;
/** Past this a reader would say that they have read it before. */
const ALIKE_MIN = 0.4;
const CHARS_MAX = 4_000;

export function alike(text: string, before: string): boolean {
  return similarity(text, before) >= ALIKE_MIN;
}

/** 0…1 */
export function similarity(a: string, b: string): number {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const size = Math.min(SHINGLE_WORDS, one.length, other.length);
  if (size === 0) return one.length === other.length ? 1 : 0;
  const [mine, theirs] = [shingles(one, size), shingles(other, size)];
  let shared = 0;
  for (const shingle of mine) if (theirs.has(shingle)) shared++;
  return shared / (mine.size + theirs.size - shared);
}

function shingles(words: readonly string[], size: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 0; at + size <= words.length; at++) found.add(words.slice(at, at + size).join(" "));
  return found;
}

function wordsOf(text: string): readonly string[] {
  const plain = text
    .slice(0, CHARS_MAX)
    .replace(/https?:\/\/[^\s)>]+/g, " ")
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
