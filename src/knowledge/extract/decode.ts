/** Bytes → text that a database and a reader can take: right encoding, no NUL, no invisible or direction-changing characters. */

/** Characters that show nothing but steer: zero-width, direction overrides, tags. Joiners stay: emoji and some scripts need them. */
const STEERING = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** A byte order mark decides, then `label` (a charset somebody declared), then UTF-8; what does not decode becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, label?: string | null): string {
  return cleanText(new TextDecoder(encodingOf(bytes, label ?? null)).decode(bytes));
}

export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROL, "").replace(STEERING, "").toWellFormed();
}

function encodingOf(bytes: Uint8Array, label: string | null): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (label === null) return "utf-8";
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return "utf-8";
  }
}

/** The charset an HTML page declares in its first kilobyte. */
export function declaredCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString("latin1");
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1] ?? null;
}
