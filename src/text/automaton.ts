/**
 * All word lists in one pass: Aho and Corasick's automaton, as a full table of transitions over folded bytes.
 *
 * A pattern is a text and a group. `word` stands alone; `stem` begins a word (Turkish adds its endings); `part` stands anywhere.
 * Digits and signs that pass for letters (0 o, 1 i, 3 e, 4 a, 5 s, 7 t, @ a, $ s, ! i) run as these letters; a hit in which
 * fewer than half are letters is none.
 * Source: Aho, Corasick, "Efficient string matching", CACM 18 (1975).
 */
import { type Folded, isWordByte } from "./fold.ts";

export type Fit = "word" | "stem" | "part";
export type Pattern = { readonly text: string; readonly group: number; readonly fit: Fit };

/** The matches of a scan. The arrays are reused: valid until the automaton's next scan. */
export type Hits = {
  /** How often each group was met. */
  readonly counts: Uint16Array;
  /** Where each group was first met, as folded indices. */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  /** One bit a group met: of groups 0–30, and of groups 31–61. */
  readonly groups: number;
  readonly more: number;
};

/** Folded bytes; the one after the last is a space. */
type Bytes = Pick<Folded, "bytes" | "length">;

export type Automaton = { scan(folded: Bytes): Hits; readonly states: number };

const CLASSES = 32;
const FITS: readonly Fit[] = ["word", "stem", "part"];

export function createAutomaton(patterns: readonly Pattern[], groupCount: number): Automaton {
  const classOf = buildClasses();
  const { go, first, listed, ending } = compile(patterns, classOf);
  const lengthOf = Uint8Array.from(patterns, (pattern) => pattern.text.length);
  const groupOf = Uint8Array.from(patterns, (pattern) => pattern.group);
  const fitOf = Uint8Array.from(patterns, (pattern) => FITS.indexOf(pattern.fit));
  const counts = new Uint16Array(groupCount);
  const from = new Uint16Array(groupCount);
  const to = new Uint16Array(groupCount);
  const hits = { counts, from, to, groups: 0, more: 0 };

  function scan(folded: Bytes): Hits {
    const { bytes, length } = folded;
    counts.fill(0);
    hits.groups = 0;
    hits.more = 0;
    let state = 0;
    for (let i = 0; i < length; i++) {
      state = go[state * CLASSES + (classOf[bytes[i] ?? 0] ?? 0)] ?? 0;
      if (ending[state] === 1) collect(state, bytes, i + 1);
    }
    return hits;
  }

  function collect(state: number, bytes: Uint8Array, end: number): void {
    const last = first[state + 1] ?? 0;
    for (let k = first[state] ?? 0; k < last; k++) {
      const index = listed[k] ?? 0;
      const length = lengthOf[index] ?? 0;
      const begin = end - length;
      const fit = fitOf[index] ?? 0;
      if (fit !== 2 && begin > 0 && isWordByte(bytes[begin - 1] ?? 0)) continue;
      if (fit === 0 && isWordByte(bytes[end] ?? 0)) continue;
      if (!mostlyLetters(bytes, begin, end)) continue;
      const group = groupOf[index] ?? 0;
      if (counts[group] === 0) {
        from[group] = begin;
        to[group] = end;
        if (group < 31) hits.groups |= 1 << group;
        else if (group < 62) hits.more |= 1 << (group - 31);
      }
      counts[group] = (counts[group] ?? 0) + 1;
    }
  }

  return { scan, states: ending.length };
}

type Tables = {
  /** Where each state goes, CLASSES places a state. */
  readonly go: Uint16Array;
  /** The patterns that end in a state, one after the other; `first[state]` is where its list begins. */
  readonly first: Uint16Array;
  readonly listed: Uint16Array;
  /** 1: a pattern ends in this state. */
  readonly ending: Uint8Array;
};

/** Apart from what scans: a closure there would keep what the tables were made of, an object a state. */
function compile(patterns: readonly Pattern[], classOf: Uint8Array): Tables {
  const statesMax = patterns.reduce((sum, { text }) => sum + text.length, 1);
  // First the children alone, 0 where there is none; each state's row is filled up once the row that it falls back to is.
  const trie = new Uint16Array(statesMax * CLASSES);
  const own = new Map<number, number[]>();
  let states = 1;
  patterns.forEach(({ text }, index) => {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const at = state * CLASSES + (classOf[text.charCodeAt(i) & 255] ?? 0);
      if (trie[at] === 0) trie[at] = states++;
      state = trie[at] ?? 0;
    }
    own.set(state, [...(own.get(state) ?? []), index]);
  });

  const go = trie.slice(0, states * CLASSES);
  const fail = new Uint16Array(states);
  /** The states by their depth, and for each the patterns that end in it. */
  const queue = new Uint16Array(states);
  const ends: (readonly number[])[] = Array.from({ length: states }, (_, state) => own.get(state) ?? NONE);
  for (let head = 0, tail = 1; head < tail; head++) {
    const state = queue[head] ?? 0;
    const back = fail[state] ?? 0;
    const more = ends[back] ?? NONE;
    if (state !== 0 && more.length > 0) ends[state] = [...(ends[state] ?? NONE), ...more];
    for (let symbol = 0; symbol < CLASSES; symbol++) {
      const at = state * CLASSES + symbol;
      const otherwise = state === 0 ? 0 : (go[back * CLASSES + symbol] ?? 0);
      const child = go[at] ?? 0;
      if (child === 0) go[at] = otherwise;
      else {
        fail[child] = otherwise;
        queue[tail++] = child;
      }
    }
  }

  const first = new Uint16Array(states + 1);
  const listed = new Uint16Array(ends.reduce((sum, list) => sum + list.length, 0));
  let filled = 0;
  ends.forEach((list, state) => {
    first[state] = filled;
    for (const index of list) listed[filled++] = index;
  });
  first[states] = filled;
  return { go, first, listed, ending: Uint8Array.from(ends, ({ length }) => (length > 0 ? 1 : 0)) };
}

const NONE: readonly number[] = [];

function mostlyLetters(bytes: Uint8Array, begin: number, end: number): boolean {
  let others = 0;
  for (let i = begin; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 97 || byte > 122) others += byte === 32 ? 0 : 1;
  }
  return others * 2 <= end - begin;
}

/** 1–26 letters, 27 space, 28 apostrophe, 29 colon, 30 dot, 31 hyphen, 0 anything else. */
function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let letter = 0; letter < 26; letter++) classes[97 + letter] = letter + 1;
  for (const [sign, letter] of ["0o", "1i", "3e", "4a", "5s", "7t", "$s", "!i", "@a"].map((pair) => [...pair])) {
    classes[sign?.charCodeAt(0) ?? 0] = (letter?.charCodeAt(0) ?? 97) - 96;
  }
  classes[32] = 27;
  classes[39] = 28;
  classes[58] = 29;
  classes[46] = 30;
  classes[45] = 31;
  return classes;
}
