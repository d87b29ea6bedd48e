/**
 * Text of a Markdown page → what a reader sees of it: tags, comments and scripts taken out, titles in the attributes of components
 * kept, code spans untouched. A tag or comment that is only talked about ("put the <script> tag…", never closed) stays as it is.
 * One pass from left to right; every look ahead is bounded. Called by markdown.ts for what is no code block.
 */

/** Elements whose content is never shown as text. */
const UNREAD = new Set("script style iframe object embed noscript template svg".split(" "));
const HTML = new Set(
  (
    "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code col colgroup " +
    "data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head " +
    "header hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object ol optgroup " +
    "option output p param picture pre progress q rp rt ruby s samp script section select slot small source span strong style sub " +
    "summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"
  ).split(" "),
);
/** Attributes of components that hold words for the reader, the most telling first. */
const TITLES = [
  "title",
  "label",
  "question",
  "heading",
  "header",
  "summary",
  "caption",
  "text",
  "name",
  "body",
  "path",
  "query",
];
const TAG_CHARS_MAX = 4_000;
const LINE_START = /(?:^|\n)[ ]{0,3}$/;
const PARAGRAPH_CHARS_MAX = 20_000;
const CODE_SPAN_CHARS_MAX = 5_000;

type Tag = {
  readonly name: string;
  readonly closing: boolean;
  readonly selfClosing: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where the text after the tag begins. */
  readonly end: number;
};

export function readable(text: string): string {
  const closers = closersIn(text);
  let out = "";
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === "`") {
      const end = codeSpanEnd(text, at);
      out += text.slice(at, end);
      at = end;
    } else if (char === "{" && text.startsWith("{/*", at)) {
      const end = closers.jsxComment(at + 3);
      if (end < 0) out += char;
      at = end < 0 ? at + 1 : end;
    } else if (char === "<" && text.startsWith("<!--", at)) {
      const end = within(text, at, closers.comment(at + 4));
      if (end < 0) out += char;
      at = end < 0 ? at + 1 : end;
    } else if (char === "<") {
      const step = readTag(text, at, closers);
      out += step.shown;
      at = step.end;
    } else {
      const next = nextOf(text, at + 1);
      out += text.slice(at, next);
      at = next;
    }
  }
  return out;
}

/** The tag that begins at `at`, or null where `<` is only a sign: a link in angle brackets, a comparison, a tag without an end. */
function tagAt(text: string, at: number): Tag | null {
  const head = /^<(\/?)([A-Za-z][\w.-]{0,60})?/.exec(text.slice(at, at + 64));
  if (head === null) return null;
  const name = head[2] ?? "";
  let i = at + head[0].length;
  if (name === "" && text[i] !== ">") return null;
  const attributes = new Map<string, string>();
  const limit = Math.min(text.length, at + TAG_CHARS_MAX);
  if (!text.slice(at, limit).includes(">")) return null;
  while (i < limit) {
    const char = text[i] ?? "";
    if (char === ">") return { name, closing: head[1] === "/", selfClosing: false, attributes, end: i + 1 };
    if (char === "/" && text[i + 1] === ">") {
      return { name, closing: false, selfClosing: true, attributes, end: i + 2 };
    }
    if (/\s/.test(char) || char === "/") {
      i++;
      continue;
    }
    const attribute = readAttribute(text, i, limit);
    if (attribute === null || !/\s/.test(text[i - 1] ?? "")) return null;
    attributes.set(attribute.name, attribute.value);
    i = attribute.end;
  }
  return null;
}

function readTag(text: string, at: number, closers: Closers): { readonly shown: string; readonly end: number } {
  const tag = tagAt(text, at);
  if (tag === null) return { shown: "<", end: at + 1 };
  const { name, end } = tag;
  const lower = name.toLowerCase();
  const component = /[A-Z.]/.test(name[0] ?? "") || name.includes(".");
  if (UNREAD.has(lower) && !component) {
    if (tag.closing || tag.selfClosing) return { shown: "", end };
    const close = within(text, at, closers.element(lower, end));
    return close < 0 ? { shown: text.slice(at, end), end } : { shown: "", end: close };
  }
  if (isHidden(tag.attributes.get("style") ?? "") && !tag.closing && !tag.selfClosing) {
    const close = closers.element(lower, end);
    if (close >= 0) return { shown: "", end: close };
  }
  if (component) return { shown: tag.closing ? "" : titleOf(tag), end };
  if (lower === "br") return { shown: "\n", end };
  if (lower === "summary" || lower === "dt") return { shown: tag.closing ? "**\n\n" : "\n\n**", end };
  if (lower === "" || HTML.has(lower) || tag.closing || tag.selfClosing || tag.attributes.size > 0)
    return { shown: "", end };
  // Custom elements are closed somewhere; an unclosed one is a placeholder that the reader has to fill in.
  return closers.element(lower, end) >= 0 ? { shown: "", end } : { shown: text.slice(at, end), end };
}

/** A tag that begins in the middle of a line ends in the same paragraph; otherwise the text only mentions it, and this is -1. CommonMark 0.31.2, 4.6. */
function within(text: string, at: number, end: number): number {
  if (end < 0 || LINE_START.test(text.slice(Math.max(0, at - 4), at))) return end;
  const paragraph = text.slice(at, Math.min(end, at + PARAGRAPH_CHARS_MAX)).includes("\n\n");
  return paragraph ? -1 : end;
}

/** "<Tab title="Windows">" → its title on a line of its own, a question as a heading. */
function titleOf({ name, attributes }: Tag): string {
  if (/^(?:Image|Img|Icon|Frame|Video|Link|Button|Badge|Highlight|Tooltip)/.test(name)) return "";
  const title = TITLES.map((key) => attributes.get(key)?.trim() ?? "").find((value) => value !== "");
  if (title === undefined || title.length > 200) return "";
  return /[?？]$/.test(title) ? `\n\n#### ${title}\n\n` : `\n\n**${title}**\n\n`;
}

function readAttribute(
  text: string,
  at: number,
  limit: number,
): { readonly name: string; readonly value: string; readonly end: number } | null {
  let i = at;
  if (text[i] === "{") {
    const end = bracesEnd(text, i, limit);
    return end < 0 ? null : { name: "", value: "", end };
  }
  while (i < limit && /[\w@:.#*()[\]-]/.test(text[i] ?? "")) i++;
  if (i === at) return null;
  const name = text.slice(at, i).toLowerCase();
  if (text[i] !== "=") return { name, value: "", end: i };
  i++;
  const mark = text[i] ?? "";
  if (mark === '"' || mark === "'") {
    const end = text.indexOf(mark, i + 1);
    return end < 0 || end >= limit ? null : { name, value: text.slice(i + 1, end), end: end + 1 };
  }
  if (mark === "{") {
    const end = bracesEnd(text, i, limit);
    if (end < 0) return null;
    const inner = text.slice(i + 1, end - 1).trim();
    const quoted = /^(["'`])([^"'`]{0,300})\1$/.exec(inner);
    return { name, value: quoted?.[2] ?? "", end };
  }
  const from = i;
  while (i < limit && !/[\s>]/.test(text[i] ?? "")) i++;
  return { name, value: text.slice(from, i), end: i };
}

/** Where a JSX expression ends; braces in its strings do not count. */
function bracesEnd(text: string, at: number, limit: number): number {
  let depth = 0;
  for (let i = at; i < limit; i++) {
    const char = text[i] ?? "";
    if (char === '"' || char === "'" || char === "`") {
      const end = text.indexOf(char, i + 1);
      if (end < 0 || end >= limit) return -1;
      i = end;
    } else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i + 1;
  }
  return -1;
}

/** A span ends at as many backticks as began it, in the same paragraph; else the backticks are only signs. */
function codeSpanEnd(text: string, at: number): number {
  let open = at;
  while (text[open] === "`") open++;
  const ticks = open - at;
  const limit = Math.min(text.length, open + CODE_SPAN_CHARS_MAX);
  for (let i = open; i < limit; i++) {
    if (text[i] === "\n" && text[i + 1] === "\n") break;
    if (text[i] !== "`") continue;
    let end = i;
    while (text[end] === "`") end++;
    if (end - i === ticks) return end;
    i = end - 1;
  }
  return open;
}

function nextOf(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x60 || code === 0x3c || code === 0x7b) return i;
  }
  return text.length;
}

type Closers = {
  comment(from: number): number;
  jsxComment(from: number): number;
  element(name: string, from: number): number;
};

/** Where things end, each kind remembered: when there is no more end of a kind, the text is not searched for it again. */
function closersIn(text: string): Closers {
  const lower = text.toLowerCase();
  const found = new Map<string, number>();
  const find = (what: string, from: number): number => {
    const known = found.get(what);
    if (known === -1 || (known !== undefined && known >= from)) return known;
    const at = lower.indexOf(what, from);
    found.set(what, at);
    return at;
  };
  const after = (what: string, from: number): number => {
    const at = find(what, from);
    return at < 0 ? -1 : at + what.length;
  };
  return {
    comment: (from) => after("-->", from),
    jsxComment: (from) => after("*/}", from),
    element(name, from) {
      const at = find(`</${name}`, from);
      if (at < 0) return -1;
      const end = lower.indexOf(">", at);
      return end < 0 || end - at > TAG_CHARS_MAX ? -1 : end + 1;
    },
  };
}

/** True for an inline style that hides text from a person. */
export function isHidden(style: string): boolean {
  const plain = style.toLowerCase().replace(/\s|!important/g, "");
  return (
    /(?:^|;)display:none/.test(plain) ||
    /(?:^|;)visibility:(?:hidden|collapse)/.test(plain) ||
    /(?:^|;)(?:opacity|font-size):0*(?:\.0+)?(?:%|[a-z]{1,4})?(?:;|$)/.test(plain) ||
    /(?:^|;)(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}/.test(plain) ||
    /(?:^|;)transform:[^;]{0,60}translate[xy3d]?\(-?\d{4,}/.test(plain) ||
    /(?:^|;)clip(?:-path)?:(?:rect\(0(?:px)?,0|rect\(1px,1px|inset\((?:50|100)%)/.test(plain)
  );
}
