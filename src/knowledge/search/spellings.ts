/**
 * Words → numbers, looked up where they stand in a text. A Map would want each word cut out first, which costs more than all the rest
 * of reading it. Open addressing (Knuth, "The Art of Computer Programming" 3, 6.4, algorithm L); FNV-1a over the letters.
 */
export type Spellings = {
  readonly size: number;
  /** -1 where the word is not there. */
  find(text: string, start: number, end: number): number;
  /** A word that is not there; `number` is 0 or more. */
  add(text: string, start: number, end: number, number: number): void;
};

const PLACES_FIRST = 4_096;

export function createSpellings(): Spellings {
  /** Entry + 1, 0 where nothing is. */
  let places = new Uint32Array(PLACES_FIRST);
  let letters = new Uint16Array(PLACES_FIRST * 4);
  let lettersUsed = 0;
  const hashes: number[] = [];
  const numbers: number[] = [];
  const starts: number[] = [0];

  function hashOf(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return hash ^ (hash >>> 15);
  }

  function isAt(entry: number, text: string, start: number, end: number): boolean {
    const from = starts[entry] ?? 0;
    if ((starts[entry + 1] ?? 0) - from !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (letters[from + i] !== text.charCodeAt(start + i)) return false;
    return true;
  }

  function place(hash: number, entry: number): void {
    let at = hash & (places.length - 1);
    while (places[at] !== 0) at = (at + 1) & (places.length - 1);
    places[at] = entry + 1;
  }

  return {
    get size() {
      return numbers.length;
    },
    find(text, start, end) {
      const hash = hashOf(text, start, end);
      for (let at = hash & (places.length - 1); ; at = (at + 1) & (places.length - 1)) {
        const entry = (places[at] ?? 0) - 1;
        if (entry < 0) return -1;
        if (hashes[entry] === hash && isAt(entry, text, start, end)) return numbers[entry] ?? -1;
      }
    },
    add(text, start, end, number) {
      const entry = numbers.push(number) - 1;
      const hash = hashOf(text, start, end);
      hashes.push(hash);
      if (lettersUsed + end - start > letters.length) {
        const more = new Uint16Array(Math.max(letters.length * 2, lettersUsed + end - start));
        more.set(letters);
        letters = more;
      }
      for (let at = start; at < end; at++) letters[lettersUsed++] = text.charCodeAt(at);
      starts.push(lettersUsed);
      if (numbers.length * 2 > places.length) {
        places = new Uint32Array(places.length * 2);
        for (const [other, its] of hashes.entries()) place(its, other);
      } else place(hash, entry);
    },
  };
}
