/**
 * An HTML page → Markdown of what it is about: the one `main` or `article` where the page marks it, else what Readability
 * takes for the content, else the body; navigation, forms, scripts and hidden parts gone. linkedom parses (it loads nothing
 * and runs nothing), turndown writes.
 */
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { cleanText, declaredCharset, decodeText } from "./decode.ts";
import { type Extracted, languageCode, publicLink, type Refused } from "./document.ts";

const PAGE_BYTES_MAX = 6_000_000;
const ELEMENTS_MAX = 60_000;
const DEPTH_MAX = 400;

/** A marked main part with less text than this is a shell that scripts would fill: the rest of the page may say more. */
const MAIN_CHARS_MIN = 200;

const NOISE =
  "script,style,noscript,template,iframe,object,embed,svg,canvas,video,audio,form,button,input,select,textarea,nav,dialog,[hidden],[aria-hidden=true],[role=navigation],[role=search],[role=banner],[role=contentinfo]";
const FRAME = "header,footer,aside";

/** `address`: where the page was fetched from; its links are read then. */
export function extractHtml(bytes: Uint8Array, charset: string | null, address: string | null): Extracted | Refused {
  if (bytes.length > PAGE_BYTES_MAX) return { refused: `the page is larger than ${PAGE_BYTES_MAX / 1_000_000} MB` };
  const source = decodeText(bytes, charset ?? declaredCharset(bytes));
  if (depthOf(source) > DEPTH_MAX) return { refused: `the page nests its elements deeper than ${DEPTH_MAX}` };
  const { document } = parseHTML(source);
  const elements = document.querySelectorAll("*").length;
  if (elements === 0) return { refused: "the page has no elements: it is not HTML" };
  if (elements > ELEMENTS_MAX) return { refused: `the page has more than ${ELEMENTS_MAX} elements` };
  return extractDocument(document, address);
}

function extractDocument(document: Document, address: string | null): Extracted {
  const meta = (name: string) =>
    document.querySelector(`meta[property="${name}"],meta[name="${name}"]`)?.getAttribute("content")?.trim() || null;
  const heading = document.querySelector("h1")?.textContent?.replace(/\s+/g, " ").trim() || null;
  const title = cleanText(meta("og:title") ?? heading ?? document.title.trim());
  const page = address === null ? {} : { page: pageOf(document, address, meta("robots") ?? "") };
  const url = publicLink(canonicalOf(document, address)) ?? publicLink(meta("og:url"));
  const language = languageCode(document.documentElement?.getAttribute("lang")) ?? languageCode(meta("language"));

  for (const node of document.querySelectorAll(NOISE)) node.remove();
  const content = mainOf(document);
  return { text: cleanText(writeMarkdown(content)), title, url, language, ...page };
}

function canonicalOf(document: Document, address: string | null): string | null {
  const href = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? null;
  if (href === null || address === null) return href;
  return URL.canParse(href, address) ? new URL(href, address).href : null;
}

const LINKS_MAX = 3_000;

function pageOf(document: Document, address: string, robots: string): NonNullable<Extracted["page"]> {
  const baseHref = document.querySelector("base[href]")?.getAttribute("href") ?? address;
  const base = URL.canParse(baseHref, address) ? new URL(baseHref, address).href : address;
  const links = new Set<string>();
  if (!/nofollow|none/i.test(robots)) {
    for (const link of document.querySelectorAll("a[href]")) {
      if (links.size >= LINKS_MAX) break;
      const href = link.getAttribute("href") ?? "";
      if (/nofollow/i.test(link.getAttribute("rel") ?? "") || !URL.canParse(href, base)) continue;
      const target = new URL(href, base);
      target.hash = "";
      if (publicLink(target.href) !== null) links.add(target.href);
    }
  }
  return { links: [...links], noindex: /noindex|none/i.test(robots) };
}

function mainOf(document: Document): Element {
  const marked = document.querySelectorAll("main,[role=main],article");
  const outermost = [...marked].filter((node) => node.parentElement?.closest("main,[role=main],article") == null);
  const [only] = outermost;
  if (outermost.length === 1 && only !== undefined && lengthOf(only) >= MAIN_CHARS_MIN) {
    for (const node of only.querySelectorAll("nav,aside,footer")) node.remove();
    return only;
  }
  const all = lengthOf(document.body);
  const read = new Readability(document.cloneNode(true) as Document, { keepClasses: false }).parse()?.content;
  if (read) {
    const { document: part } = parseHTML(`<html><body>${read}</body></html>`);
    // Readability drops what it takes for the frame; on short pages that is half of the page.
    if (lengthOf(part.body) >= MAIN_CHARS_MIN && lengthOf(part.body) >= all / 3) return part.body;
  }
  for (const node of document.querySelectorAll(FRAME)) node.remove();
  return document.body;
}

function lengthOf(node: Element | null): number {
  return (node?.textContent ?? "").replace(/\s+/g, " ").trim().length;
}

/** HTML from another extractor (mammoth's, a page's) → Markdown. */
export function markdownOf(html: string): string {
  const { document } = parseHTML(`<html><body>${html}</body></html>`);
  return cleanText(writeMarkdown(document.body));
}

function writeMarkdown(node: Element): string {
  const turndown = new TurndownService({
    headingStyle: "atx",
    codeBlockStyle: "fenced",
    bulletListMarker: "-",
    emDelimiter: "*",
  });
  // What is read here is quoted and searched, not rendered again.
  turndown.escape = (text) => text;
  turndown.addRule("tables", {
    filter: "table",
    replacement: (content, table) => tableOf(table as Element) ?? content,
  });
  turndown.addRule("pictures", { filter: "img", replacement: (_, img) => (img as Element).getAttribute("alt") ?? "" });
  turndown.addRule("anchored-headings", {
    filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
    replacement: (content, heading) => {
      const text = content
        .replace(/\s+/g, " ")
        .replace(/\[?(?:¶|#|🔗)\]?(?:\([^)]*\))?\s*$/u, "")
        .trim();
      const id = (heading as Element).getAttribute("id");
      const anchor = id !== null && /^[\w.:-]{1,120}$/.test(id) ? ` {#${id}}` : "";
      return text === "" ? "" : `\n\n${"#".repeat(Number(heading.nodeName.charAt(1)))} ${text}${anchor}\n\n`;
    },
  });
  turndown.addRule("links", {
    filter: "a",
    replacement: (content, link) => {
      const href = (link as Element).getAttribute("href") ?? "";
      const text = content.trim();
      return publicLink(href) === null || text === "" ? text : `[${text.replace(/\n+/g, " ")}](${href})`;
    },
  });
  return turndown
    .turndown(node as unknown as TurndownService.Node)
    .replace(/^(\s*(?:-|\d+\.)) {2,3}/gm, "$1 ")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Rows as Markdown; null for a table that only lays out the page. */
function tableOf(table: Element): string | null {
  if (table.querySelector("table") !== null) return null;
  const rows = [...table.querySelectorAll("tr")].map((row) =>
    [...row.querySelectorAll("th,td")].map((cell) =>
      (cell.textContent ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|").trim(),
    ),
  );
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns < 2) return null;
  const written = rows.map((row) => `| ${Array.from({ length: columns }, (_, i) => row[i] ?? "").join(" | ")} |`);
  const rule = `| ${Array.from({ length: columns }, () => "---").join(" | ")} |`;
  return `\n\n${[written[0] ?? "", rule, ...written.slice(1)].join("\n")}\n\n`;
}

/** The deepest nesting, by counting tags: parsers and walkers recurse, and a page must not choose how deep. */
function depthOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (const match of source.matchAll(/<(\/?)([a-z][a-z0-9-]*)[^>]*?(\/?)>/gi)) {
    if (match[3] === "/" || VOID.has((match[2] ?? "").toLowerCase())) continue;
    depth =
      match[1] === "/" ? Math.max(0, depth - 1) : depth + (CLOSES_ITSELF.has((match[2] ?? "").toLowerCase()) ? 0 : 1);
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Often left open, and closed by the next of their kind. */
const CLOSES_ITSELF = new Set("p li dt dd tr td th option thead tbody tfoot colgroup".split(" "));
