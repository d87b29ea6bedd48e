/**
 * Reads compact JSON by its bytes: where each value ends, and where the members of an object stand that somebody wants. Nothing becomes
 * an object or a string on the way.
 *
 * Algorithm: one walk over the bytes that holds JSON's whole grammar (RFC 8259), so that what JSON.parse refuses is refused here too.
 * Values are made of the few members that somebody asks for. What is not compact, a key with an escape, one key twice, or more than
 * DEPTH_MAX levels is a doubt: the caller parses then. JSON.parse alone makes an object of everything, most of which nobody reads.
 */

/** What a walk answers besides a position, below 0: only JSON.parse can tell. */
const DOUBT = -1;

const DEPTH_MAX = 64;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const LOWER_F = 102;
const LOWER_N = 110;
const LOWER_T = 116;
const LOWER_U = 117;
const OPEN = 123;
const CLOSE = 125;

/** MemberPlaces that are wanted of an object, and where the last walk over one found them. */
export type MemberPlaces = {
  /** Wanted keys by their length: the longest is the last. */
  readonly byLength: readonly (readonly { readonly key: Uint8Array; readonly at: number }[])[];
  /** Where a member's value starts and ends; a start of -1: it is not there. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** What stands in a text: 0 plain ASCII, 1 other letters, 2 escapes. */
  readonly kinds: Uint8Array;
  /** Of members whose own members are wanted, where they are objects. */
  readonly inner: readonly (MemberPlaces | undefined)[];
};

export function membersOf(keys: readonly string[], inner: Readonly<Record<string, MemberPlaces>> = {}): MemberPlaces {
  const byLength: { key: Uint8Array; at: number }[][] = [];
  for (const [at, key] of keys.entries()) {
    for (let length = byLength.length; length <= key.length; length++) byLength.push([]);
    byLength[key.length]?.push({ key: Buffer.from(key), at });
  }
  const count = keys.length;
  return {
    byLength,
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    kinds: new Uint8Array(count),
    inner: keys.map((key) => inner[key]),
  };
}

/** Notes in `members` where they stand in the object that starts at `at`; answers where the object ends. */
export function walkObject(bytes: Uint8Array, start: number, members: MemberPlaces, depth = 0): number {
  const { starts, ends, kinds, inner } = members;
  starts.fill(-1);
  if (bytes[start] !== OPEN || depth > DEPTH_MAX) return DOUBT;
  let at = start + 1;
  if (bytes[at] === CLOSE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) return DOUBT;
    const keyEnd = stringEnd(bytes, at);
    if (keyEnd < 0 || text === ESCAPED || bytes[keyEnd] !== COLON) return DOUBT;
    const member = memberAt(bytes, at + 1, keyEnd - 1, members);
    const own = member < 0 || bytes[keyEnd + 1] !== OPEN ? undefined : inner[member];
    const end =
      own === undefined ? valueEnd(bytes, keyEnd + 1, depth + 1) : walkObject(bytes, keyEnd + 1, own, depth + 1);
    if (end < 0) return DOUBT;
    if (member >= 0) {
      if (starts[member] !== -1) return DOUBT;
      starts[member] = keyEnd + 1;
      ends[member] = end;
      kinds[member] = text;
    }
    if (bytes[end] === CLOSE) return end + 1;
    if (bytes[end] !== COMMA) return DOUBT;
    at = end + 1;
  }
}

/** A member's value as JSON.parse makes it; undefined where it is not there. Call `walkObject` before. */
export function memberValue(bytes: Buffer, { starts, ends, kinds }: MemberPlaces, member: number): unknown {
  const start = starts[member] as number;
  if (start < 0) return undefined;
  const end = ends[member] as number;
  switch (bytes[start]) {
    case QUOTE:
      if (kinds[member] === ESCAPED) break;
      return bytes.toString(kinds[member] === WIDE ? "utf8" : "latin1", start + 1, end - 1);
    case LOWER_T:
      return true;
    case LOWER_F:
      return false;
    case LOWER_N:
      return null;
    case OPEN_LIST:
      if (end === start + 2) return EMPTY;
      break;
    default:
      if (end === start + 1) return (bytes[start] as number) - ZERO;
  }
  return JSON.parse(bytes.toString("utf8", start, end));
}

/** Where the item of a list that starts at `at` ends. Call `walkObject` over what holds the list before. */
export function itemEnd(bytes: Uint8Array, at: number): number {
  return valueEnd(bytes, at, 0);
}

const EMPTY: readonly unknown[] = [];

/** What stood in the last text that was walked over. */
let text = 0;
const WIDE = 1;
const ESCAPED = 2;

function memberAt(bytes: Uint8Array, at: number, end: number, { byLength }: MemberPlaces): number {
  const alike = byLength[end - at];
  if (alike === undefined) return -1;
  for (const { key, at: member } of alike) {
    let i = 0;
    while (i < key.length && bytes[at + i] === key[i]) i++;
    if (i === key.length) return member;
  }
  return -1;
}

/** Where the value that starts at `at` ends. */
function valueEnd(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return stringEnd(bytes, at);
    case OPEN:
      return depth > DEPTH_MAX ? DOUBT : objectEnd(bytes, at, depth);
    case OPEN_LIST:
      return depth > DEPTH_MAX ? DOUBT : listEnd(bytes, at, depth);
    case LOWER_N:
      return bytes[at + 1] === LOWER_U && bytes[at + 2] === 108 && bytes[at + 3] === 108 ? at + 4 : DOUBT;
    case LOWER_T:
      return bytes[at + 1] === 114 && bytes[at + 2] === LOWER_U && bytes[at + 3] === 101 ? at + 4 : DOUBT;
    case LOWER_F:
      return bytes[at + 1] === 97 && bytes[at + 2] === 108 && bytes[at + 3] === 115 && bytes[at + 4] === 101
        ? at + 5
        : DOUBT;
    default:
      return numberEnd(bytes, at);
  }
}

function objectEnd(bytes: Uint8Array, start: number, depth: number): number {
  let at = start + 1;
  if (bytes[at] === CLOSE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) return DOUBT;
    const keyEnd = stringEnd(bytes, at);
    if (keyEnd < 0 || bytes[keyEnd] !== COLON) return DOUBT;
    const end = valueEnd(bytes, keyEnd + 1, depth + 1);
    if (end < 0) return DOUBT;
    if (bytes[end] === CLOSE) return end + 1;
    if (bytes[end] !== COMMA) return DOUBT;
    at = end + 1;
  }
}

function listEnd(bytes: Uint8Array, start: number, depth: number): number {
  let at = start + 1;
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    const end = valueEnd(bytes, at, depth + 1);
    if (end < 0) return DOUBT;
    if (bytes[end] === CLOSE_LIST) return end + 1;
    if (bytes[end] !== COMMA) return DOUBT;
    at = end + 1;
  }
}

/** The end of the string whose quote is at `start`; says in `text` what stood in it. */
function stringEnd(bytes: Uint8Array, start: number): number {
  text = 0;
  for (let at = start + 1; ; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    // Raw control characters, or the bytes are over.
    if (byte === undefined || byte < 32) return DOUBT;
    if (byte === BACKSLASH) {
      text = ESCAPED;
      const escaped = bytes[++at];
      if (escaped === undefined || !ESCAPES.has(escaped)) return DOUBT;
      if (escaped !== LOWER_U) continue;
      for (let digits = 0; digits < 4; digits++) if (!isHex(bytes[++at])) return DOUBT;
    } else if (byte >= 128 && text === 0) text = WIDE;
  }
}

const ESCAPES: ReadonlySet<number> = new Set([...Buffer.from('"\\/bfnrtu')]);

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}

function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  if (bytes[at] === ZERO) at++;
  else if (isDigit(bytes[at])) at = digitsEnd(bytes, at);
  else return DOUBT;
  if (bytes[at] === DOT) {
    if (!isDigit(bytes[at + 1])) return DOUBT;
    at = digitsEnd(bytes, at + 1);
  }
  // With an exponent: rare enough to be left to JSON.parse.
  return bytes[at] === 69 || bytes[at] === 101 ? DOUBT : at;
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 57;
}
