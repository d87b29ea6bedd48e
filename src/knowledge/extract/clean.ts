/** Text that a database and a reader can take: no NUL, no invisible or direction-changing characters. Every thread cleans; only a child decodes. */

/** Characters that show nothing but steer: zero-width, direction overrides, tags. Joiners stay: emoji and some scripts need them. */
const STEERING = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

export function cleanFileText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROL, "").replace(STEERING, "").toWellFormed();
}
