/**
 * Folds a text once, for all signals: upper case, accents, İ/ı, look-alikes of other scripts, full-width and mathematical letters become
 * plain ASCII bytes; zero-width and combining marks are dropped. Characters without an ASCII form become a byte that names their kind.
 *
 *   32 space · 33–126 ASCII in lower case · 128–191 letters of other scripts · 192–255 emoji and symbols · 1 a mention
 *
 * One pass with one table lookup a character. The buffers are this module's: what `fold` returns is valid until its next call.
 * Source of the look-alikes: Unicode's confusables for the letters that Cyrillic, Greek, Armenian and Cherokee share with Latin.
 */

/** Content and embeds at their longest (8,000 each), attachment names, and the spaces between. */
export const FOLD_BYTES_MAX = 18_000;
const MENTION = 1;
const EMOJI_MIN = 192;
/** How many places of a message are checked for a host name. A message with more dots than this is a wall of dots. */
const DOTS_MAX = 48;

export type Folded = {
  readonly bytes: Uint8Array;
  /** For each byte, the UTF-16 unit of the source it came from. */
  readonly at: Uint16Array;
  readonly length: number;
  /** Of the folded bytes without spaces: equal for texts that look the same. */
  readonly hash: number;
  readonly letters: number;
  readonly upper: number;
  /** Combining marks and zero-width characters that were dropped. */
  readonly marks: number;
  readonly emoji: number;
  readonly mentions: number;
  /** The longest run of one character. */
  readonly run: number;
  /** Indices of dots between letters or digits: where a host name may stand. */
  readonly dots: Uint16Array;
  readonly dotCount: number;
};

type Fold = { -readonly [K in keyof Folded]: Folded[K] };

const DROP = 0;
const TABLE = buildTable();
const bytes = new Uint8Array(FOLD_BYTES_MAX);
const at = new Uint16Array(FOLD_BYTES_MAX);
const dots = new Uint16Array(DOTS_MAX);
const folded: Fold = {
  bytes,
  at,
  length: 0,
  hash: 0,
  letters: 0,
  upper: 0,
  marks: 0,
  emoji: 0,
  mentions: 0,
  run: 0,
  dots,
  dotCount: 0,
};

export function fold(text: string): Folded {
  const end = Math.min(text.length, FOLD_BYTES_MAX - 1);
  let n = 0;
  let hash = 0x811c9dc5;
  let letters = 0;
  let upper = 0;
  let marks = 0;
  let emoji = 0;
  let mentions = 0;
  let run = 0;
  let longest = 0;
  let dotCount = 0;
  let before = 32;
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i);
    let byte = TABLE[unit] ?? DROP;
    if (byte === DROP) {
      marks++;
      continue;
    }
    const from = i;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      byte = astral(unit, text.charCodeAt(++i));
      if (byte === DROP) {
        marks++;
        continue;
      }
      if (byte >= EMOJI_MIN) emoji++;
    } else if (unit === 0x3c) {
      const close = tagEnd(text, i);
      if (close > 0) {
        const mention = text.charCodeAt(i + 1) === 0x40;
        byte = mention ? MENTION : EMOJI_MIN;
        if (mention) mentions++;
        else emoji++;
        i = close;
      }
    } else if (byte >= 97 && byte <= 122) {
      letters++;
      if (unit <= 90) upper++;
    } else if (byte >= 128) {
      if (byte >= EMOJI_MIN) emoji++;
      else letters++;
    }

    if (byte === 32) {
      if (before === 32) continue;
    } else {
      hash = Math.imul(hash ^ byte, 0x01000193);
      if (byte === before) {
        if (++run > longest) longest = run;
      } else {
        run = 1;
        // The byte before is a dot and the one before that can end a label: a host name may stand here.
        if (before === 46 && n > 1 && dotCount < DOTS_MAX && isHostByte(byte) && isHostByte(bytes[n - 2] ?? 0)) {
          dots[dotCount++] = n - 1;
        }
      }
    }
    bytes[n] = byte;
    at[n++] = from;
    before = byte;
  }
  bytes[n] = 32;
  at[n] = end;
  folded.length = n;
  folded.hash = hash >>> 0;
  folded.letters = letters;
  folded.upper = upper;
  folded.marks = marks;
  folded.emoji = emoji;
  folded.mentions = mentions;
  folded.run = longest;
  folded.dotCount = dotCount;
  return folded;
}

/** A short text read as it looks, without the buffers: a host name, while a message lies in them. */
export function looksLike(text: string): string {
  let ascii = "";
  for (let i = 0; i < text.length; i++) {
    const byte = TABLE[text.charCodeAt(i)] ?? DROP;
    if (byte !== DROP) ascii += String.fromCharCode(byte);
  }
  return ascii;
}

/** `<@1>`, `<@!1>`, `<@&1>`, `<#1>`, `<:name:1>`, `<a:name:1>`, `<t:1:R>`: the index of its `>`, or 0. */
function tagEnd(text: string, open: number): number {
  const next = text.charCodeAt(open + 1);
  const ok =
    next === 0x40 ||
    next === 0x23 ||
    next === 0x3a ||
    ((next === 0x61 || next === 0x74) && text.charCodeAt(open + 2) === 0x3a);
  if (!ok) return 0;
  for (let i = open + 2; i < open + 64 && i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x3e) return i > open + 2 ? i : 0;
    const word = (unit >= 48 && unit <= 58) || unit === 95 || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
    if (!word && unit !== 0x21 && unit !== 0x26) return 0;
  }
  return 0;
}

/** Letters, digits and the hyphen: the characters of a host name's label. */
export function isHostByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 45 || (byte >= 128 && byte < EMOJI_MIN);
}

export function isWordByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || (byte >= 128 && byte < EMOJI_MIN);
}

/** The source text of the folded bytes `from` to `to`, at most 100 characters, as evidence of a signal. */
export function sawOf(text: string, { at: places, length }: Folded, from: number, to: number): string {
  const begin = places[from] ?? 0;
  const end = to >= length ? text.length : (places[to] ?? text.length);
  return text
    .slice(begin, Math.min(end, begin + 100))
    .trim()
    .replace(/\p{Surrogate}$/u, "");
}

function astral(high: number, low: number): number {
  const code = (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
  if (code >= 0x1d400 && code <= 0x1d7ff) return mathematical(code);
  // Enclosed and squared letters: 🄰 🅐 🅰; regional indicators spell words too, but mostly they are flags.
  if (code >= 0x1f130 && code <= 0x1f149) return 97 + code - 0x1f130;
  if (code >= 0x1f150 && code <= 0x1f169) return 97 + code - 0x1f150;
  if (code >= 0x1f170 && code <= 0x1f189) return 97 + code - 0x1f170;
  if (code >= 0xe0000 && code <= 0xe0fff) return DROP;
  if (code >= 0x1f3fb && code <= 0x1f3ff) return DROP;
  if (code >= 0x1f000 && code <= 0x1faff) return EMOJI_MIN + (code & 63);
  return 128 + (code & 63);
}

/** Mathematical alphanumerics: 13 alphabets of 52 letters, Greek, then five sets of digits. */
function mathematical(code: number): number {
  if (code >= 0x1d7ce) return 48 + ((code - 0x1d7ce) % 10);
  if (code >= 0x1d6a8) return 128 + (code & 63);
  return 97 + ((code - 0x1d400) % 26);
}

function buildTable(): Uint8Array {
  const table = new Uint8Array(65_536);
  for (let unit = 0; unit < 65_536; unit++) table[unit] = byteOf(unit);
  const pairs: readonly (readonly [string, string])[] = [
    ["абвгеёзийкмнорстухьіїјѕһԁԛԝѵӏԍпшщц", "abbreezijkmhopctyxbiijshdqwvlgnwwu"],
    ["АВЕЁЗІЇКМНОРСТУХЅЈҺԌӀГЬ", "abeeziikmhopctyxsjhglrb"],
    ["αβγδεζηικλμνοπρστυχω", "abydeznikluvonpotuxw"],
    ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"],
    ["աոսցօհզԼՏՍՕ", "wnugohqltuo"],
    ["ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ", "abcdeghijklmprstvwz"],
    ["ıɪɩłøđðħŋœæßþſɑɡɢʀɴʟʙʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰʏƒɓɗɠɦɨɲʂʈʋʐə", "iiilodohnoabpsaggrnlbhacdejkmoptuvwzsfyfbdghinstvze"],
    ["ĸɐɔǝɟɥʇʌʍʎ", "kacefhtvwy"],
    ["’‘´`ʼ“”„«»‹›", "''''''''''''"],
    ["‐‑‒–—―−․。．·•∙⋅／⧸∕：∶ː｡", "-------.........///:::."],
  ];
  for (const [from, to] of pairs) {
    for (let i = 0; i < from.length; i++) table[from.charCodeAt(i)] = to.charCodeAt(i);
  }
  return table;
}

function byteOf(unit: number): number {
  if (unit < 128) {
    if (unit >= 65 && unit <= 90) return unit + 32;
    return unit <= 32 || unit === 127 ? 32 : unit;
  }
  if (unit >= 0xd800 && unit <= 0xdfff) return 128;
  const character = String.fromCharCode(unit);
  if (/\p{M}|\p{Cf}|\u115f|\u1160|\u3164|\uffa0|\u034f/u.test(character)) return DROP;
  if (/\s|\p{Z}|\p{Cc}/u.test(character)) return 32;
  if (composed(unit)) {
    const base = character.normalize("NFKD").replace(/\p{M}/gu, "");
    const first = base.toLowerCase().charCodeAt(0);
    if (first > 32 && first < 127) return first;
  }
  if (/\p{L}|\p{N}/u.test(character)) return 128 + (lowered(character) & 63);
  if (/\p{So}|\p{Sk}|\p{Sm}/u.test(character)) return EMOJI_MIN + (unit & 63);
  return 33 + ((unit * 7) % 15);
}

/** Blocks in which a character may be a dressed-up ASCII one; the rest of Unicode is not asked, to start in milliseconds. */
function composed(unit: number): boolean {
  return (
    unit < 0x250 ||
    (unit >= 0x1d00 && unit < 0x1f00) ||
    (unit >= 0x2000 && unit < 0x2190) ||
    (unit >= 0x2460 && unit < 0x2500) ||
    (unit >= 0x2c60 && unit < 0x2c80) ||
    (unit >= 0xff00 && unit < 0xfff0)
  );
}

function lowered(character: string): number {
  return character.toLowerCase().charCodeAt(0);
}
