/**
 * A message as Discord would show it: code, quotes, lists, emphasis, mentions by name. Everything is escaped, and what a member
 * wrote never becomes a link, so that nobody on the team clicks one by accident: a masked link shows where it leads.
 */
import { type Html, html, type Part, safeUrl } from "../html.ts";

export type Mention = "member" | "role" | "channel";

export type Reading = {
  /** A name, without its @ or #. */
  readonly nameOf: (kind: Mention, id: string) => string;
  /** True for texts of the bot or the team. */
  readonly links: boolean;
};

/** As far as one emphasis stands within another. */
const DEPTH_MAX = 4;

const FENCE = /```(?:[\w+-]{0,20}\n)?([\s\S]*?)```\n?/g;
const INLINE = new RegExp(
  [
    /`(?<code>[^`\n]{1,500})`/,
    /\*\*(?<bold>[^*\n]{1,500})\*\*/,
    /__(?<underlined>[^_\n]{1,500})__/,
    /~~(?<struck>[^~\n]{1,500})~~/,
    /\|\|(?<hidden>[^|\n]{1,500})\|\|/,
    /(?<![\w*])\*(?<starred>[^*\s][^*\n]{0,500})\*(?![\w*])/,
    /(?<!\w)_(?<leaning>[^_\s][^_\n]{0,500})_(?!\w)/,
    /<(?<sign>@!?|@&|#)(?<id>\d{15,20})>/,
    /<a?:(?<emoji>\w{2,32}):\d{15,20}>/,
    /<t:(?<instant>\d{1,11})(?::[a-zA-Z])?>|<\/(?<command>[\w -]{1,100}):\d{15,20}>/,
    /\[(?<label>[^\]\n]{1,300})\]\(<?(?<masked>https?:\/\/[^\s<>)]{1,2000})>?\)/,
    /<?(?<url>https?:\/\/[^\s<>]{1,2000})>?/,
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

const LINES = {
  quote: /^> ?/,
  bullet: /^[ \t]{0,8}[-*•] (?=\S)/,
  number: /^[ \t]{0,8}\d{1,3}[.)] (?=\S)/,
  heading: /^#{1,3} (?=\S)/,
  small: /^-# (?=\S)/,
} as const;
type LineKind = keyof typeof LINES | "plain";

export function messageText(text: string, reading: Reading): Html {
  return html`${pieces(
    text,
    FENCE,
    (match) => html`<pre><code>${match[1]}</code></pre>`,
    (plain) => blocks(plain, reading),
  )}`;
}

/** The same without its marks, for one line in a list. */
export function plainText(text: string, nameOf: Reading["nameOf"]): string {
  return text
    .replaceAll(/```(?:[\w+-]{0,20}\n)?|[*_~|]{2}|`|^(?:> ?|#{1,3} |-# )/gm, "")
    .replaceAll(/^[ \t]{0,8}[-*] /gm, "• ")
    .replaceAll(/<(@!?|@&|#)(\d{15,20})>/g, (_, sign: string, id: string) => mention(sign, id, nameOf))
    .replaceAll(
      /<t:(\d{1,11})(?::[a-zA-Z])?>/g,
      (_, seconds: string) => `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    )
    .replaceAll(/<a?(:\w{2,32}:)\d{15,20}>/g, "$1");
}

/** Lines of one kind that stand together are one block. */
function blocks(text: string, reading: Reading): Html[] {
  const out: { readonly kind: LineKind; readonly lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const kind = kindOf(line);
    const last = out.at(-1);
    if (last?.kind === kind && kind !== "heading") last.lines.push(line);
    else out.push({ kind, lines: [line] });
  }
  return out.map(({ kind, lines }) => block(kind, lines, reading));
}

function kindOf(line: string): LineKind {
  for (const [kind, pattern] of Object.entries(LINES)) if (pattern.test(line)) return kind as LineKind;
  return "plain";
}

function block(kind: LineKind, lines: readonly string[], reading: Reading): Html {
  if (kind === "plain") return html`${inline(lines.join("\n"), reading)}`;
  const bare = lines.map((line) => line.replace(LINES[kind], "").trimEnd());
  const items = () => bare.map((line) => html`<li>${inline(line, reading)}</li>`);
  switch (kind) {
    case "quote":
      return html`<blockquote>${inline(bare.join("\n"), reading)}</blockquote>`;
    case "bullet":
      return html`<ul>${items()}</ul>`;
    case "number":
      return html`<ol>${items()}</ol>`;
    case "heading":
      return html`<strong class="text-heading">${inline(bare.join(" "), reading)}</strong>`;
    case "small":
      return html`<small>${inline(bare.join("\n"), reading)}</small>`;
  }
}

function inline(text: string, reading: Reading, depth = 0): Html[] {
  const plain = (rest: string) => html`${rest}`;
  if (depth >= DEPTH_MAX) return [plain(text)];
  const within = (part: string) => inline(part, reading, depth + 1);
  return pieces(text, INLINE, ({ groups = {} }) => special(groups, reading, within), plain);
}

function special(
  groups: Readonly<Record<string, string | undefined>>,
  { nameOf, links }: Reading,
  within: (part: string) => Html[],
): Html {
  const {
    code,
    bold,
    underlined,
    struck,
    hidden,
    starred,
    leaning,
    sign,
    id,
    emoji,
    instant,
    command,
    label,
    masked,
    url,
  } = groups;
  if (code !== undefined) return html`<code>${code}</code>`;
  if (bold !== undefined) return html`<strong>${within(bold)}</strong>`;
  if (underlined !== undefined) return html`<u>${within(underlined)}</u>`;
  if (struck !== undefined) return html`<s>${within(struck)}</s>`;
  if (hidden !== undefined) return html`<span class="spoiler">${within(hidden)}</span>`;
  if (starred !== undefined || leaning !== undefined) return html`<em>${within(starred ?? leaning ?? "")}</em>`;
  if (sign !== undefined && id !== undefined) return html`<span class="mention">${mention(sign, id, nameOf)}</span>`;
  if (emoji !== undefined) return html`:${emoji}:`;
  if (instant !== undefined) {
    const iso = new Date(Number(instant) * 1_000).toISOString();
    return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
  }
  if (command !== undefined) return html`<span class="mention">/${command}</span>`;
  if (label !== undefined && masked !== undefined) {
    return links ? anchor(masked, html`${within(label)}`) : html`${within(label)} (${masked})`;
  }
  return address(url ?? "", links);
}

function mention(sign: string, id: string, nameOf: Reading["nameOf"]): string {
  if (sign === "#") return `#${nameOf("channel", id)}`;
  return `@${nameOf(sign === "@&" ? "role" : "member", id)}`;
}

/** Punctuation that ends a sentence does not belong to the address in it. */
function address(found: string, links: boolean): Html {
  const end = /[.,;:!?'"]*$/.exec(found)?.[0] ?? "";
  const open = found.includes("(") ? "" : (/\)+[.,;:!?'"]*$/.exec(found)?.[0] ?? "");
  const rest = open.length > end.length ? open : end;
  const url = found.slice(0, found.length - rest.length);
  return links ? html`${anchor(url, url)}${rest}` : html`${found}`;
}

function anchor(url: string, label: Part): Html {
  return html`<a href="${safeUrl(url)}" rel="noopener noreferrer nofollow" target="_blank">${label}</a>`;
}

function pieces(
  text: string,
  pattern: RegExp,
  special: (match: RegExpMatchArray) => Html,
  plain: (text: string) => Html | Html[],
): Html[] {
  const out: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) out.push(html`${plain(text.slice(at, match.index))}`);
    out.push(special(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push(html`${plain(text.slice(at))}`);
  return out;
}
