/**
 * A message as Discord would show it, as far as it helps reading: code, quotes, bold, lists as they stand. Everything is escaped;
 * what a member wrote never becomes a link, so that nobody on the team clicks one by accident.
 */
import { type Html, html } from "../html.ts";

const FENCE = /```(?:[\w+-]{0,20}\n)?([\s\S]*?)```\n?/g;
const QUOTE = /(?:^|(?<=\n))(?:> ?.*(?:\n|$))+/g;
const INLINE = /`([^`\n]{1,500})`|\*\*([^*\n]{1,500})\*\*/g;

export function messageText(text: string): Html {
  return html`${pieces(text, FENCE, (match) => html`<pre><code>${match[1]}</code></pre>`, quoted)}`;
}

function quoted(text: string): Html {
  const bare = (quote: string) => quote.replaceAll(/^> ?/gm, "").trimEnd();
  return html`${pieces(text, QUOTE, (match) => html`<blockquote>${inline(bare(match[0]))}</blockquote>`, inline)}`;
}

/** The same without its marks, for one line in a list. */
export function plainText(text: string): string {
  return text.replaceAll(/```(?:[\w+-]{0,20}\n)?|[*_]{2}|`|^> ?/gm, "");
}

function inline(text: string): Html {
  return html`${pieces(
    text,
    INLINE,
    (match) => (match[1] === undefined ? html`<strong>${match[2]}</strong>` : html`<code>${match[1]}</code>`),
    (plain) => html`${plain}`,
  )}`;
}

function pieces(
  text: string,
  pattern: RegExp,
  special: (match: RegExpMatchArray) => Html,
  plain: (text: string) => Html,
): Html[] {
  const out: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) out.push(plain(text.slice(at, match.index)));
    out.push(special(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push(plain(text.slice(at)));
  return out;
}
