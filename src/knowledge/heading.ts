/** A heading as Markdown writes it → the words of it, and the anchor it names. Used for passages and for the titles of pages. */

const HEADING_CHARS_MAX = 200;

/** Without links, pictures, badges, tags, anchors and marks. */
export function headingText(raw: string): string {
  return raw
    .replace(/!\[[^[\]]{0,300}\]\([^()\s]{0,1000}(?:[ \t]"[^"]{0,300}")?\)/g, "")
    .replace(/\[([^[\]]{0,300})\]\([^()\s]{0,1000}(?:[ \t]"[^"]{0,300}")?\)/g, "$1")
    .replace(/<[^<>]{1,200}>|\{#[^{}]{0,200}\}|[*`]|:\w{1,40}:(?=`)/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, HEADING_CHARS_MAX);
}

/** "Channels {#channels}", as several site generators and our HTML reader write it. */
export function explicitAnchor(raw: string): string | null {
  return /\{#([\w.:-]{1,120})\}$/.exec(raw.trimEnd())?.[1] ?? null;
}
