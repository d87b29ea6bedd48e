/**
 * Words written so that a filter misses them: "f r e e  n i t r o", "s-t-e-a-m", "free.nitro.for.all", "n*gga", "niiitro". The text is
 * written again without what stands between its letters and with each letter once, and searched for lures and slurs in the
 * same form. Only texts that show such a trick are (a run of single letters, separators inside words, a letter three times).
 */
import { createAutomaton } from "../text/automaton.ts";
import { fold, isWordByte, sawOf } from "../text/fold.ts";
import type { Sign, TextLook } from "./look.ts";

const SINGLES_MIN = 4;
const SEPARATORS_MIN = 2;
const BYTES_MAX = 4_000;

const squeezed = { bytes: new Uint8Array(BYTES_MAX + 1), length: 0 };

export function evasion({ text, folded, links }: TextLook, signs: Sign[]): void {
  if (!tricky(folded.bytes, Math.min(folded.length, BYTES_MAX))) return;
  squeeze(folded.bytes, Math.min(folded.length, BYTES_MAX), links);
  const { counts } = hidden.scan(squeezed);
  if ((counts[LURE] ?? 0) > 0) {
    const saw = sawOf(text, folded, 0, folded.length);
    signs.push({ name: "hidden-lure", saw, weight: "weak", kind: "words", risk: 0.6 });
  }
  if ((counts[SLUR] ?? 0) > 0) {
    const saw = sawOf(text, folded, 0, folded.length);
    signs.push({ name: "hidden-insult", saw, weight: "weak", kind: "abuse", risk: 0.55 });
  }
}

/** The text as `squeeze` left it, where it shows a trick: an admin's own words are looked for in it too. */
export function squeezedText({ folded, links }: TextLook): string | null {
  const length = Math.min(folded.length, BYTES_MAX);
  if (!tricky(folded.bytes, length)) return null;
  squeeze(folded.bytes, length, links);
  return Buffer.from(squeezed.bytes.buffer, 0, squeezed.length).toString("latin1");
}

/** A word as `squeeze` writes it. */
export function squeezedWord(word: string): string {
  return word.replace(/[^a-z0-9\x80-\xff]/g, "").replace(/(.)\1+/g, "$1");
}

/** Class of each folded byte: part of a word, a separator between a word's letters, or neither. */
const PLAIN = 0;
const WORD = 1;
const SEPARATOR = 2;
const STAR = 3;
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) =>
  isWordByte(byte) ? WORD : isSeparator(byte) ? SEPARATOR : byte === 42 ? STAR : PLAIN,
);

function tricky(bytes: Uint8Array, length: number): boolean {
  let singles = 0;
  let separators = 0;
  let earlier = PLAIN;
  let before = PLAIN;
  let here = length > 0 ? (CLASSES[bytes[0] ?? 32] ?? PLAIN) : PLAIN;
  let run = 1;
  for (let i = 0; i < length; i++) {
    const next = i + 1 < length ? (CLASSES[bytes[i + 1] ?? 32] ?? PLAIN) : PLAIN;
    if (here === WORD) {
      const byte = bytes[i] ?? 0;
      run = i > 0 && byte === bytes[i - 1] ? run + 1 : 1;
      if (run === 3 && byte >= 97 && byte <= 122) return true;
      if (before !== WORD && next !== WORD) {
        // One letter by itself, and the one before it stood alone as well.
        singles = earlier === WORD || i < 2 ? singles + 1 : 1;
        if (singles >= SINGLES_MIN) return true;
      } else if (before !== WORD) singles = 0;
    } else if (before === WORD && next === WORD) {
      if (here === STAR) return true;
      if (here === SEPARATOR && ++separators >= SEPARATORS_MIN) return true;
    }
    earlier = before;
    before = here;
    here = next;
  }
  return false;
}

/** - . _ | ~ + ' */
function isSeparator(byte: number): boolean {
  return byte === 45 || byte === 46 || byte === 95 || byte === 124 || byte === 126 || byte === 43;
}

function squeeze(bytes: Uint8Array, length: number, links: TextLook["links"]): void {
  const out = squeezed.bytes;
  let n = 0;
  let link = 0;
  for (let i = 0; i < length; i++) {
    while (link < links.length && (links[link]?.to ?? 0) <= i) link++;
    const here = links[link];
    if (here !== undefined && i >= here.from) {
      i = here.to - 1;
      out[n++] = 32;
      continue;
    }
    const byte = bytes[i] ?? 32;
    if (isSeparator(byte) || byte === 42) continue;
    if (byte === 32) {
      // Between two single letters a space is a trick; else it ends a word.
      const singleBefore = !isWordByte(bytes[i - 2] ?? 32);
      const singleAfter = !isWordByte(i + 2 < length ? (bytes[i + 2] ?? 32) : 32);
      if (singleBefore && singleAfter) continue;
    }
    if (n > 0 && byte === out[n - 1]) continue;
    out[n++] = byte;
  }
  out[n] = 32;
  squeezed.length = n;
}

const LURE = 0;
const SLUR = 1;
const LURES =
  "free nitro,nitro free,free steam,steam gift,gift card,free robux,robux free,free skins,free gift,free money,earn money,make money,claim your,promo code,telegram,whatsapp,onlyfans,casino,airdrop,bedava nitro,ücretsiz nitro,bedava robux,ücretsiz robux,bedava skin,bedava uc,hediye kart,para kazan,deneme bonus,gratis nitro,nitro gratis,kostenlos nitro,kostenlos steam,gratis robux,kostenlose robux,geld verdienen,steam karte,steam guthaben,discord nitro,nitro gift,discord gift";
const SLURS =
  "nigga,nigger,faggot,retard,kill yourself,kys,motherfucker,whore,ngga,nggr,nggers,ngger,fggot,fgt,btch,rtard,cnt,orospu,orspu,orosp,siktir,sktir,yarrak,yrrak,amk,aminakoy,ibne,pezevenk,gavat,hurensohn,hrensohn,fotze,wichser,arschloch,missgeburt,schlampe,kanake,schwuchtel";

const hidden = createAutomaton(
  [
    ...LURES.split(",").map((word) => ({ text: squeezedWord(foldedWord(word)), group: LURE, fit: "part" as const })),
    ...SLURS.split(",").map((word) => ({ text: squeezedWord(foldedWord(word)), group: SLUR, fit: "word" as const })),
  ],
  2,
);

function foldedWord(word: string): string {
  const { bytes, length } = fold(word);
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
}
