/** A passage of the knowledge base, which is Markdown, as one line for a list: what its reader sees, without signs and targets. */

/** What stands for itself: a block of code, code in a line, an escaped sign. */
const LITERAL =
  /^[ \t]{0,3}(?:```|~~~)[^\n`]{0,100}\n([^`]{0,4000}?)^[ \t]{0,3}(?:```|~~~)[ \t]*$|(`{1,2})(?!`)([^`]{1,2000})\2(?!`)|\\([!-/:-@[-`{-~])/gm;
const PLACE = /\uE000(\d{1,6})\uE001/g;
/** Of a block that is cut. */
const FENCE = /^[ \t]{0,3}(?:`{3,}|~{3,})[^\n`]{0,100}$/gm;
/** A heading's, a quote's and a list's signs, and a line of dashes below a table's head or between sections. */
const LINE_SIGNS = /^[ \t]{0,8}(?:#{1,6}[ \t]|>[ \t]?|[-*+][ \t](?:\[[ xX]\][ \t])?|[|:=*_ \t-]{3,}$)/gm;
const LINK = /!?\[([^\][\n]{0,300})\](?:\(<?[^)\s]{0,2000}(?:[ \t]"[^"\n]{0,200}")?\)|\[[^\][\n]{0,100}\])/g;
const ADDRESS = /<((?:https?:\/\/|mailto:)[^>\s]{1,2000})>/g;
const EMPHASIS = /(?<![\p{L}\p{N}*_~])(?:[*_]{1,3}|~~)(?=[^\s*_~])|(?<=[^\s*_~])(?:[*_]{1,3}|~~)(?![\p{L}\p{N}*_~])/gu;

export function oneLine(markdown: string): string {
  const literal: string[] = [];
  const text = markdown
    .replaceAll(/[\uE000\uE001]/g, "")
    .replaceAll(LITERAL, (_, block?: string, _signs?: string, code?: string, escaped?: string) => {
      literal.push(block ?? code ?? escaped ?? "");
      return `\uE000${literal.length - 1}\uE001`;
    })
    .replaceAll(FENCE, "")
    .replaceAll(LINE_SIGNS, "")
    .replaceAll(LINK, "$1")
    .replaceAll(ADDRESS, "$1")
    .replaceAll(EMPHASIS, "")
    .replaceAll(/[ \t]*\|[ \t]*/g, " · ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/(?: ·)+(?= ·| ?$)|^(?: ?·)+/g, "");
  return text
    .replaceAll(PLACE, (_, place: string) => literal[Number(place)] ?? "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
