/**
 * Host names in folded text, found at the dots that folding saw: with a scheme or without, in Markdown's `[text](url)`,
 * with user information, as an address in digits. Bounded in number and length; no regular expression touches the text.
 */
import { type Folded, isHostByte } from "./fold.ts";

export type Link = {
  /** Folded: lower case, look-alikes read as what they look like, without "www.". */
  readonly host: string;
  readonly from: number;
  readonly to: number;
  /** Clickable: `https://` (or `hxxp`, or `steam://`…) stands before it. */
  readonly scheme: boolean;
  /** A path, query or port follows. */
  readonly path: boolean;
  /** `https://name@host`: the name before the @ poses as the host. */
  readonly userInfo: boolean;
  /** Letters that only look Latin stand in the host. */
  readonly lookAlikeLetters: boolean;
  /** Stands as the target in `[shown](target)`. */
  readonly target: boolean;
};

export const LINKS_MAX = 12;
const HOST_CHARS_MAX = 253;

export function linksOf(text: string, folded: Folded): readonly Link[] {
  if (folded.dotCount === 0) return NONE;
  const { bytes, dots, dotCount } = folded;
  const links: Link[] = [];
  let readTo = -1;
  for (let k = 0; k < dotCount && links.length < LINKS_MAX; k++) {
    const dot = dots[k] ?? 0;
    if (dot <= readTo) continue;
    let from = dot;
    while (from > 0 && dot - from < HOST_CHARS_MAX && inHost(bytes[from - 1] ?? 0)) from--;
    let to = dot + 1;
    while (to < folded.length && to - from < HOST_CHARS_MAX && inHost(bytes[to] ?? 0)) to++;
    while (to > dot && bytes[to - 1] === 46) to--;
    while (from < dot && bytes[from] === 46) from++;
    readTo = to;
    const link = readLink(text, folded, from, to);
    if (link !== null) links.push(link);
  }
  return links;
}

const NONE: readonly Link[] = [];

function readLink(text: string, { bytes, at }: Folded, from: number, to: number): Link | null {
  const whole = Buffer.from(bytes.buffer, from, to - from).toString("latin1");
  const host = whole.startsWith("www.") ? whole.slice(4) : whole;
  const top = host.slice(host.lastIndexOf(".") + 1);
  const numeric = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
  if (!numeric && !/^[a-z][a-z0-9-]{1,23}$/.test(top)) return null;

  let begin = from;
  let userInfo = false;
  if (bytes[from - 1] === 64) {
    // Walk back over `user:password` to a scheme; without one it is a mail address.
    while (begin > 0 && from - begin < 100 && bytes[begin - 1] !== 32 && bytes[begin - 1] !== 47) begin--;
    userInfo = true;
  }
  const scheme = bytes[begin - 1] === 47 && bytes[begin - 2] === 47 && bytes[begin - 3] === 58;
  if (userInfo && !scheme) return null;
  const after = bytes[to] ?? 32;
  const next = bytes[to + 1] ?? 32;
  const path = after === 47 || (after === 63 && isHostByte(next)) || (after === 58 && isDigit(next));
  if (!scheme && host === whole && (numeric || !TOP_LEVELS.has(top) || isPiece(bytes, from, to))) return null;
  if (numeric && !scheme) return null;
  return {
    host,
    from,
    to,
    scheme,
    path,
    userInfo,
    lookAlikeLetters: !asciiHost(text, at[from] ?? 0, at[to] ?? 0),
    target: scheme && isTarget(bytes, begin),
  };
}

/** Part of a path (`src/client.app`), of an address (`a@b.com`), or a call (`guild.me()`): no host of its own. */
function isPiece(bytes: Uint8Array, from: number, to: number): boolean {
  const before = bytes[from - 1] ?? 32;
  return before === 47 || before === 92 || before === 95 || before === 64 || bytes[to] === 40 || bytes[to] === 95;
}

/** Is the link the target of a Markdown link: `](` before `https://`? */
function isTarget(bytes: Uint8Array, begin: number): boolean {
  let i = begin - 4;
  while (i > 0 && begin - i < 12 && bytes[i] !== 40) i--;
  if (bytes[i] === 40 && bytes[i - 1] === 93) return true;
  return bytes[i] === 60 && bytes[i - 1] === 40 && bytes[i - 2] === 93;
}

function asciiHost(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function inHost(byte: number): boolean {
  return byte === 46 || isHostByte(byte);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** Where no scheme says so, only these endings make a host: `index.ts`, `e.g` and `main.py` are none. */
const TOP_LEVELS: ReadonlySet<string> = new Set(
  "com net org io gg gift fun sbs cfd icu cyou buzz lol rest zip mov surf hair skin makeup boats autos beer cafe work pics wiki page link email blog art vote team market cheap deals sale shopping fund loan credit capital markets trading wtf ninja guru social lat bond gay ink one ltd gmbh name mobi asia biz pro ooo kim moe sx to is im ly am fm vc la nu st gs ms tk pw ws cm co ai ie pt gr hu ro bg ua by kz ge il za mx cl pe ve id my th vn ph sg hk tw nz ir pk in ru xyz info biz co me tv gift gifts app dev site online top club shop store live fun link click pro website space tech world pw tk ml ga cf gq icu vip win cc ws su us uk de fr tr es it nl eu ca au ch at be pl cz se no fi jp cn in br mx ar kr academy promo news agency events party bid men loan stream download host press digital rest bar cam best monster quest beauty support help team group network center ltd life today email chat bet casino games game cash money finance exchange trade ai".split(
    " ",
  ),
);

/** A byte that stands for a link's letters once they are read: a text's words are judged without its addresses. */
const LINK = 2;

/** Overwrites each link, from its scheme to the next space. */
export function maskLinks({ bytes, length }: Folded, links: readonly Link[]): void {
  for (const { from, to, scheme } of links) {
    let begin = from;
    if (scheme) while (begin > 0 && bytes[begin - 1] !== 32 && from - begin < 120) begin--;
    let end = to;
    while (end < length && bytes[end] !== 32) end++;
    bytes.fill(LINK, begin, end);
  }
}
