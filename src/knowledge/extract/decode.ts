/** Bytes → text that a database and a reader can take: in the right encoding, and clean. */
import chardet from "chardet";
import { cleanFileText } from "./clean.ts";

/** Below this confidence (0 to 100) chardet's guesses are as often wrong as right. */
const CONFIDENCE_MIN = 20;

const LETTERS_SHARE_MIN = 0.6;

/** Two-byte encodings prove themselves by decoding without an error; a few characters are little to count frequencies in. */
const CJK_CONFIDENCE_MIN = 10;
const CJK = new Set(["Shift_JIS", "EUC-JP", "EUC-KR", "Big5", "GB18030", "ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN"]);

/** Bytes that decide: more of a file says nothing new about its encoding. */
const DETECT_BYTES_MAX = 64_000;

/** Bytes of a UTF-8 file that may be damaged: cut characters, a byte that another program left. */
const DAMAGED_SHARE_MAX = 0.001;

/**
 * A byte order mark decides, then `label` (a charset somebody declared) where the bytes are of it, then UTF-8, then what the bytes
 * look like (chardet). Throws where nobody can tell: no text is made of U+FFFD.
 */
export function decodeText(bytes: Uint8Array, label?: string | null): string {
  const marked = markedEncoding(bytes);
  if (marked !== null) return cleanFileText(new TextDecoder(marked).decode(bytes).replaceAll("\ufffd", ""));
  const declared = label == null ? null : strictly(bytes, label);
  const text =
    declared ??
    strictly(bytes, "utf-8") ??
    wideText(bytes) ??
    damagedUtf8(bytes) ??
    forgedUtf8(bytes) ??
    guessed(bytes);
  if (text === null) throw new Error("its text encoding cannot be told; save it as UTF-8 and import it again");
  return cleanFileText(text);
}

/** The text, or null where the bytes are not of this encoding or nobody knows it. */
function strictly(bytes: Uint8Array, label: string): string | null {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return text.includes("\ufffd") && label !== "utf-8" ? null : text.replaceAll("\ufffd", "");
  } catch {
    return null;
  }
}

/** UTF-16 without a mark: every other byte of a text in Latin letters is zero. */
function wideText(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, DETECT_BYTES_MAX & ~1);
  if (sample.length < 4) return null;
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const half = sample.length / 2;
  if ((zeros[1] ?? 0) > half * 0.4 && (zeros[0] ?? 0) < half * 0.1) return strictly(bytes, "utf-16le");
  if ((zeros[0] ?? 0) > half * 0.4 && (zeros[1] ?? 0) < half * 0.1) return strictly(bytes, "utf-16be");
  return null;
}

function damagedUtf8(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes);
  const damaged = text.split("\ufffd").length - 1;
  const whole = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  return damaged <= text.length * DAMAGED_SHARE_MAX && whole > damaged * 4 ? text.replaceAll("\ufffd", "") : null;
}

/** Sequences that only imitate UTF-8 (overlong, five bytes, half of a surrogate pair): the file is still UTF-8, and they become U+FFFD. */
function forgedUtf8(bytes: Uint8Array): string | null {
  for (let i = 0; i + 1 < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    const next = bytes[i + 1] ?? 0;
    const forged = lead === 0xc0 || lead === 0xc1 || (lead >= 0xf8 && lead <= 0xfd) || (lead === 0xed && next >= 0xa0);
    if (forged && next >= 0x80 && next <= 0xbf && (i === 0 || (bytes[i - 1] ?? 0) < 0x41))
      return new TextDecoder().decode(bytes);
  }
  return null;
}

function guessed(bytes: Uint8Array): string | null {
  for (const { name, confidence } of chardet.analyse(bytes.subarray(0, DETECT_BYTES_MAX))) {
    if (confidence < (CJK.has(name) ? CJK_CONFIDENCE_MIN : CONFIDENCE_MIN)) continue;
    const text = strictly(bytes, WEB_NAMES[name] ?? name);
    if (text !== null && !CONTROLS_C1.test(text) && isMostlyLetters(text)) return text;
  }
  return null;
}

/** A wrong guess shows signs and currencies where words should be. */
function isMostlyLetters(text: string): boolean {
  const foreign = text.match(/[\u0080-\uffff]/g) ?? [];
  const letters = foreign.filter((char) => /[\p{L}\p{M}’‘“”„«»–—…·。、！？，]/u.test(char)).length;
  return letters >= foreign.length * LETTERS_SHARE_MIN;
}

/** Encodings that chardet calls by the names of their subsets: Windows writes the larger ones. */
const WEB_NAMES: Readonly<Record<string, string>> = {
  "ISO-8859-1": "windows-1252",
  "ISO-8859-9": "windows-1254",
  GB18030: "gb18030",
};
/** No text holds them: bytes that become these are of another encoding. */
const CONTROLS_C1 = /[\x80-\x9f]/;

function markedEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : null;
}

/** The charset an HTML page declares in its first kilobyte. */
export function declaredCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString("latin1");
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1] ?? null;
}
