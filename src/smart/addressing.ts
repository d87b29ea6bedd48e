/**
 * Whom does a line speak to by name? "name: …", "@name …", "name, …" with a name that spoke in the channel before, or "…, name"
 * at its end. Names are matched folded. Of names that never spoke here, "@name" is somebody, and so is a common first name before a colon
 * or comma. Any other word before a colon opens a line ("Python: how …", "soru: …"), but where a channel's people address each
 * other by "name: …", as on IRC, it is taken for one more name.
 */

import { type Folded, looksLike } from "../text/fold.ts";
import type { Speaker } from "./channel-talk.ts";
import { FIRST_NAMES } from "./first-names.ts";
import { type KnownNames, namedIn } from "./known-names.ts";

export type Addressed = {
  readonly to: Speaker | null;
  readonly somebody: boolean;
  /** "name: …" to somebody who spoke here: the channel's habit. */
  readonly byColon?: true;
};

const NAME_BYTES_MAX = 32;
const NOBODY: Addressed = { to: null, somebody: false };

/** `names`: who spoke here; `habit`: people here address each other by "name: …". */
export function addressedIn(folded: Folded, names: KnownNames, self: Speaker | null, habit: boolean): Addressed {
  const { bytes, length } = folded;
  let from = 0;
  const at = bytes[0] === 64;
  if (at) from = 1;
  let end = from;
  while (end < length && bytes[end] !== 32 && end - from < NAME_BYTES_MAX) end++;
  let stop = end;
  while (stop > from && isClosing(bytes[stop - 1] ?? 0)) stop--;
  const mark = stop < end ? (bytes[stop] ?? 0) : bytes[end] === 32 ? (bytes[end + 1] ?? 0) : 0;
  if (stop - from >= 2) {
    const known = namedIn(names, bytes, from, stop);
    const marked = at || mark === 58 || mark === 44 || mark === 62;
    const ordinary = () => ORDINARY.has(nameAt(bytes, from, stop));
    if (known !== undefined && known !== self && (marked || (stop === end && !ordinary() && end < length))) {
      return mark === 58 && !at ? { to: known, somebody: true, byColon: true } : { to: known, somebody: true };
    }
    if (known === undefined && at) return { to: null, somebody: true };
    const colon = mark === 58 && stop < end && bytes[stop + 1] !== 47;
    if (known === undefined && end < length && (colon || (mark === 44 && stop < end))) {
      if (FIRST_NAMES.has(nameAt(bytes, from, stop)) || (colon && habit && !ordinary())) {
        return { to: null, somebody: true };
      }
    }
  }
  // "thanks name", "…, name": the last word.
  let tail = length;
  while (tail > 0 && isClosing(bytes[tail - 1] ?? 0)) tail--;
  let head = tail;
  while (head > 0 && bytes[head - 1] !== 32 && tail - head < NAME_BYTES_MAX) head--;
  if (head > 0 && tail - head >= 3) {
    if (bytes[head] === 64) head++;
    const known = namedIn(names, bytes, head, tail);
    if (known !== undefined && known !== self && !ORDINARY.has(nameAt(bytes, head, tail))) {
      return { to: known, somebody: true };
    }
  }
  return NOBODY;
}

/** A short string made of its bytes costs less than a view of them. */
function nameAt(bytes: Uint8Array, from: number, to: number): string {
  let name = "";
  for (let i = from; i < to; i++) name += String.fromCharCode(bytes[i] ?? 32);
  return name;
}

/** , . : ; ! ? > and closing brackets after a name. */
function isClosing(byte: number): boolean {
  return byte === 44 || byte === 46 || byte === 58 || byte === 59 || byte === 33 || byte === 63 || byte === 62;
}

/** Words that are somebody's nick too, or begin a line without being a name. */
const ORDINARY: ReadonlySet<string> = new Set(
  "question problem error note edit update ps btw fyi http https ftp steps step q a re fwd warning info also so but and then ok oh hi hello hey yes no the this that what how why when where who which there here all guys please thanks thank sorry well anyone someone everybody everyone it is in on to of for my me you we they he she i im i'm can could should would will do does did was were are be has have had not if or as at by from with one two new old help need try use just like get got go see now still any some more"
    .split(" ")
    .map(looksLike),
);
