/**
 * Reads a gateway frame's op, s, t and the ids in it from its bytes, without making an object.
 *
 * Algorithm: inside a JSON string every quote is escaped, so the bytes `,"key":` can only be a key. Three ways, the cheapest first:
 * look at the frame's head and tail (a member just before a closing brace belongs to that object); walk over one object's members
 * and skip their values; on any doubt (escapes in keys, broken JSON) return null, and the caller parses. JSON.parse alone would be
 * simpler, but costs three times as much for the frames that are dropped.
 * It assumes that a payload has the protocol's four members, each at most once, and no other members that are objects.
 * Source: https://discord.com/developers/docs/events/gateway-events#payload-structure
 */

export type Envelope = {
  readonly op: number;
  readonly s: number | null;
  readonly t: string | null;
};

export type MessageIds = {
  readonly id: string | null;
  readonly channel: string | null;
  readonly guild: string | null;
  readonly author: string | null;
};

/** Results of the offset functions besides an offset: the member is not there (or null), or only JSON.parse can tell. */
export const ABSENT = -1;
const DOUBT = -2;

const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const LOWER_N = 110;
const OPEN = 123;
const CLOSE = 125;

const D = 100;
const OP = 111;
const S = 115;
const T = 116;

/** `op`, `s` and `t` of a compact frame, its members in any order. Null: parse it. */
export function scanEnvelope(bytes: Uint8Array): Envelope | null {
  const last = bytes.length - 1;
  if (bytes[0] !== OPEN || bytes[last] !== CLOSE) return null;
  let op = -1;
  let s: number | null | undefined;
  let t: string | null | undefined;

  // Forward to `d`, which may be long, then backward from the end for the members behind it.
  let at = 1;
  for (;;) {
    const key = forwardKey(bytes, at);
    if (key === D) break;
    if (key === 0) return null;
    at += key === OP ? 5 : 4;
    const end = valueEnd(bytes, at);
    if (end < 0) return null;
    if (key === OP && op === -1) op = whole(bytes, at, end) ?? -2;
    else if (key === S && s === undefined) s = whole(bytes, at, end);
    else if (key === T && t === undefined) t = typeName(bytes, at, end);
    else return null;
    if (bytes[end] !== COMMA) return null;
    at = end + 1;
  }
  let end = last;
  while (op === -1 || s === undefined || t === undefined) {
    const start = valueStart(bytes, end);
    const key = start < 0 ? 0 : backwardKey(bytes, start);
    if (key === OP && op === -1) op = whole(bytes, start, end) ?? -2;
    else if (key === S && s === undefined) s = whole(bytes, start, end);
    else if (key === T && t === undefined) t = typeName(bytes, start, end);
    else return null;
    end = start - (key === OP ? 6 : 5);
  }
  return op < 0 || Number.isNaN(s) ? null : { op, s, t };
}

/** Where the digits of `d.guild_id` start. Looks at the end of `d` first: Discord puts the guild there. */
export function guildAt(bytes: Uint8Array): number {
  let end = bytes.length - 1;
  if (bytes[end] === CLOSE) {
    while (bytes[end - 1] !== CLOSE) {
      const start = valueStart(bytes, end);
      const key = start < 0 ? 0 : backwardKey(bytes, start);
      if (key === 0) break;
      end = start - (key === OP ? 6 : 5);
    }
    if (bytes[end - 1] === CLOSE && bytes[end - 2] === QUOTE) {
      let at = end - 3;
      while (isDigit(bytes[at])) at--;
      if (at < end - 3 && bytes[at] === QUOTE && endsWith(bytes, at, GUILD_MEMBER)) return at + 1;
    }
  }
  return memberDigits(bytes, KEY.guild_id);
}

/** Where the digits of `d.channel_id` start. */
export function channelAt(bytes: Uint8Array): number {
  return memberDigits(bytes, KEY.channel_id);
}

/** Where the digits of `d.id` start: a guild's or channel's own. */
export function ownIdAt(bytes: Uint8Array): number {
  return memberDigits(bytes, KEY.id);
}

/** The ids of a message by one walk over `d` and one over its author. Null: parse it. */
export function scanMessage(bytes: Uint8Array): MessageIds | null {
  const at = dataAt(bytes);
  if (at < 0 || !walk(bytes, at)) return null;
  const id = idText(bytes, KEY.id);
  const channel = idText(bytes, KEY.channel_id);
  const guild = idText(bytes, KEY.guild_id);
  const authorAt = found[KEY.author] as number;
  if (id === undefined || channel === undefined || guild === undefined) return null;
  if (authorAt === ABSENT || bytes[authorAt] === LOWER_N) return { id, channel, guild, author: null };
  if (!walk(bytes, authorAt)) return null;
  const author = idText(bytes, KEY.id);
  return author === undefined ? null : { id, channel, guild, author };
}

/** The end of the digits that start at `at`. */
export function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end++;
  return end;
}

/** The same number for the same id, in whichever frame: which worker a guild belongs to. FNV-1a over the digits. */
export function hashDigits(bytes: Uint8Array, at: number): number {
  let hash = 0x811c9dc5;
  for (let i = at; ; i++) {
    const digit = bytes[i] as number;
    if (!isDigit(digit)) return finish(hash);
    hash = Math.imul(hash ^ digit, 0x01000193);
  }
}

export function hashId(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return finish(hash);
}

/** FNV's low bits follow the last digits closely; fold the high ones in. */
function finish(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

// — the frame's own members ——————————————————————————————————————————————————

/** The letter of the member that starts at `at`: op, s, t or d; 0 when it is none of them. */
function forwardKey(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return 0;
  const letter = bytes[at + 1] as number;
  if (letter === OP) return bytes[at + 2] === 112 && bytes[at + 3] === QUOTE && bytes[at + 4] === COLON ? OP : 0;
  if (letter !== S && letter !== T && letter !== D) return 0;
  return bytes[at + 2] === QUOTE && bytes[at + 3] === COLON ? letter : 0;
}

/** The letter of the member whose value starts at `start`, when it is op, s or t and follows a comma; else 0. */
function backwardKey(bytes: Uint8Array, start: number): number {
  if (bytes[start - 1] !== COLON || bytes[start - 2] !== QUOTE) return 0;
  const letter = bytes[start - 3];
  if (letter === 112) {
    return bytes[start - 4] === OP && bytes[start - 5] === QUOTE && bytes[start - 6] === COMMA ? OP : 0;
  }
  if (letter !== S && letter !== T) return 0;
  return bytes[start - 4] === QUOTE && bytes[start - 5] === COMMA ? letter : 0;
}

/** The end of a whole number, `null` or a plain name that starts at `at`; -1 when it is something else. */
function valueEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === QUOTE) {
    let end = at + 1;
    while (isName(bytes[end])) end++;
    return bytes[end] === QUOTE ? end + 1 : -1;
  }
  if (bytes[at] === LOWER_N) return isNull(bytes, at) ? at + 4 : -1;
  const end = digitsEnd(bytes, at);
  return end > at ? end : -1;
}

/** The start of such a value that ends before `end`; -1 when it is something else. */
function valueStart(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  if (bytes[at] === QUOTE) {
    at--;
    while (isName(bytes[at])) at--;
    return bytes[at] === QUOTE ? at : -1;
  }
  if (bytes[at] === 108) return isNull(bytes, end - 4) ? end - 4 : -1;
  while (isDigit(bytes[at])) at--;
  return at < end - 1 ? at + 1 : -1;
}

/** NaN when this is not certainly a whole number. */
function whole(bytes: Uint8Array, at: number, end: number): number | null {
  if (bytes[at] === LOWER_N) return null;
  if (end - at > 15 || !isDigit(bytes[at]) || (bytes[at] === ZERO && end - at > 1)) return Number.NaN;
  let value = 0;
  for (let i = at; i < end; i++) value = value * 10 + (bytes[i] as number) - ZERO;
  return value;
}

/** Event names that came before, by length and hash, so that each string is made once. */
const names = new Map<number, string>();
const NAMES_MAX = 512;

/** The event name of the previous frame. The next frame usually has the same one. */
let lastName = "";

function typeName(bytes: Uint8Array, at: number, end: number): string | null | undefined {
  if (bytes[at] !== QUOTE) return bytes[at] === LOWER_N ? null : undefined;
  if (isText(bytes, at + 1, end - 1, lastName)) return lastName;
  lastName = knownName(bytes, at, end);
  return lastName;
}

function knownName(bytes: Uint8Array, at: number, end: number): string {
  let hash = end - at;
  for (let i = at + 1; i < end - 1; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const known = names.get(hash);
  if (known !== undefined && isText(bytes, at + 1, end - 1, known)) return known;
  const name = String.fromCharCode(...bytes.subarray(at + 1, end - 1));
  if (names.size < NAMES_MAX) names.set(hash, name);
  return name;
}

// — members of an object ————————————————————————————————————————————————————

const KEY = { id: 0, author: 1, guild_id: 2, channel_id: 3 } as const;
const GUILD_MEMBER = Buffer.from('"guild_id":');

/** Where the value of each KEY starts, after `walk`. Read before the next walk. */
const found = new Int32Array(4);

function memberDigits(bytes: Uint8Array, key: number): number {
  const data = dataAt(bytes);
  if (data < 0 || !walk(bytes, data)) return DOUBT;
  const at = found[key] as number;
  if (at === ABSENT || isNull(bytes, at)) return ABSENT;
  if (bytes[at] !== QUOTE) return DOUBT;
  const end = digitsEnd(bytes, at + 1);
  return end > at + 1 && bytes[end] === QUOTE ? at + 1 : DOUBT;
}

/** Undefined when this is not a plain id. */
function idText(bytes: Uint8Array, key: number): string | null | undefined {
  const at = found[key] as number;
  if (at === ABSENT || isNull(bytes, at)) return null;
  const end = digitsEnd(bytes, at + 1);
  if (bytes[at] !== QUOTE || end === at + 1 || bytes[end] !== QUOTE) return undefined;
  return String.fromCharCode(...bytes.subarray(at + 1, end));
}

/** Where the value of `d` starts, or -1. */
function dataAt(bytes: Uint8Array): number {
  let at = space(bytes, 0);
  if (bytes[at] !== OPEN) return -1;
  at = space(bytes, at + 1);
  for (;;) {
    if (bytes[at] !== QUOTE) return -1;
    const isData = bytes[at + 1] === D && bytes[at + 2] === QUOTE;
    at = plainKeyEnd(bytes, at + 1);
    if (at < 0) return -1;
    at = space(bytes, at + 1);
    if (bytes[at] !== COLON) return -1;
    at = space(bytes, at + 1);
    if (isData) return at;
    at = skip(bytes, at);
    if (at < 0) return -1;
    at = space(bytes, at);
    if (bytes[at] !== COMMA) return -1;
    at = space(bytes, at + 1);
  }
}

/** Notes where the known members of the object at `at` start. False when it is no object, or holds something that is not read here. */
function walk(bytes: Uint8Array, start: number): boolean {
  found.fill(ABSENT);
  if (bytes[start] !== OPEN) return false;
  let at = space(bytes, start + 1);
  if (bytes[at] === CLOSE) return true;
  for (;;) {
    if (bytes[at] !== QUOTE) return false;
    const keyAt = at + 1;
    const keyEnd = plainKeyEnd(bytes, keyAt);
    if (keyEnd < 0) return false;
    at = space(bytes, keyEnd + 1);
    if (bytes[at] !== COLON) return false;
    at = space(bytes, at + 1);
    const key = keyOf(bytes, keyAt, keyEnd);
    if (key >= 0) found[key] = at;
    at = skip(bytes, at);
    if (at < 0) return false;
    at = space(bytes, at);
    if (bytes[at] === CLOSE) return true;
    if (bytes[at] !== COMMA) return false;
    at = space(bytes, at + 1);
  }
}

function keyOf(bytes: Uint8Array, at: number, end: number): number {
  switch (end - at) {
    case 2:
      return isText(bytes, at, end, "id") ? KEY.id : -1;
    case 6:
      return isText(bytes, at, end, "author") ? KEY.author : -1;
    case 8:
      return isText(bytes, at, end, "guild_id") ? KEY.guild_id : -1;
    case 10:
      return isText(bytes, at, end, "channel_id") ? KEY.channel_id : -1;
    default:
      return -1;
  }
}

/** The closing quote of a key without escapes; -1 when it has one: `\u0069d` is a way to write `id`. */
function plainKeyEnd(bytes: Uint8Array, at: number): number {
  for (let end = at; ; end++) {
    const byte = bytes[end];
    if (byte === QUOTE) return end;
    if (byte === BACKSLASH || byte === undefined) return -1;
  }
}

/** The position after the value at `at`; -1 when the bytes end first. */
function skip(bytes: Uint8Array, start: number): number {
  const end = bytes.length;
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      for (at++; bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) at++;
        if (at >= end) return -1;
      }
      if (depth === 0) return at + 1;
    } else if (byte === OPEN || byte === 91) {
      depth++;
    } else if (byte === CLOSE || byte === 93) {
      if (depth === 0) return at > start ? at : -1;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || byte <= 32)) {
      return at > start ? at : -1;
    }
  }
  return -1;
}

function space(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) <= 32) at++;
  return at;
}

// — bytes ————————————————————————————————————————————————————————————————————

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** `A`–`Z`, `0`–`9` and `_`: the characters of event names. */
function isName(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 65 && byte <= 90) || byte === 95 || isDigit(byte));
}

function isNull(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LOWER_N && bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108;
}

function isText(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The bytes before `end` are `pattern`, and a comma or brace stands before it: a key, not the end of an escaped one. */
function endsWith(bytes: Uint8Array, end: number, pattern: Uint8Array): boolean {
  const start = end - pattern.length;
  for (let i = 0; i < pattern.length; i++) if (bytes[start + i] !== pattern[i]) return false;
  return bytes[start - 1] === COMMA || bytes[start - 1] === OPEN;
}
