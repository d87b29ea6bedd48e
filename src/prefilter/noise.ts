/** Texts that shout or break the page: capitals, stacked marks (zalgo), emoji and character floods, walls of empty lines. */
import type { Sign, TextLook } from "./look.ts";

const CAPITALS_LETTERS_MIN = 24;
const CAPITALS_SHARE = 0.8;
const MARKS_MIN = 24;
const EMOJI_MANY = 25;
const RUN_LONG = 40;
const LINES_MANY = 60;

export function noise({ text, folded }: TextLook, signs: Sign[]): void {
  const { letters, upper, marks, emoji, run, length } = folded;
  if (letters >= CAPITALS_LETTERS_MIN && upper > letters * CAPITALS_SHARE) {
    const saw = String(Math.round((upper * 100) / letters));
    signs.push({ name: "capitals", saw, weight: "note", kind: "form", risk: 0.15 });
  }
  if (marks >= MARKS_MIN && marks > length) {
    signs.push({ name: "zalgo", saw: String(marks), weight: "weak", kind: "form", risk: 0.55 });
  }
  if (emoji >= EMOJI_MANY) {
    signs.push({ name: "emoji-flood", saw: String(emoji), weight: "weak", kind: "form", risk: 0.5 });
  }
  if (run >= RUN_LONG) {
    signs.push({ name: "character-flood", saw: String(run), weight: "weak", kind: "form", risk: 0.5 });
  }
  if (text.length >= LINES_MANY && lines(text) >= LINES_MANY) {
    signs.push({ name: "line-flood", saw: String(LINES_MANY), weight: "weak", kind: "form", risk: 0.5 });
  }
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && count < LINES_MANY; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
