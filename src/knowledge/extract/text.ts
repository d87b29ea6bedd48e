/**
 * Plain text as people write it: a short first line is the title, a link on the line below it where the text is read, and a
 * line in capitals with text below it a heading.
 */
import { decodeText } from "./decode.ts";
import { type Extracted, publicLink } from "./document.ts";

const TITLE = /^(\S[^\n]{0,98}[^\s.,;])\n(?:\(?(https?:\/\/[^\s()]+)\)?[ \t]*\n)?[ \t]*(?:[=\-~#*]{3,})?[ \t]*\n/;
const CAPITALS = /(?<=\n[ \t]*\n)(\p{Lu}[\p{Lu}\p{N} ,:&/'’-]{3,70})(?=\n[^\n])/gu;

export function extractText(bytes: Uint8Array): Extracted {
  const text = decodeText(bytes).trim();
  const [, title = "", link] = TITLE.exec(text) ?? [];
  return {
    text: text.replace(CAPITALS, (line) => (/\p{Lu}{3}/u.test(line) ? `## ${line}\n` : line)),
    title,
    url: publicLink(link),
    language: null,
  };
}
