/**
 * An HTML page → Markdown of what it is about: the one `main` or `article` where the page marks it, else what Readability
 * takes for the content, else the body. page-parts.ts takes out what nobody reads, write-markdown.ts writes. linkedom parses: it
 * loads nothing and runs nothing.
 */
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { cleanFileText } from "./clean.ts";
import { declaredCharset, decodeText } from "./decode.ts";
import { type Extracted, languageCode, publicLink, type Refused } from "./document.ts";
import { removeNoise } from "./page-parts.ts";
import { type RobotsDirectives, robotsDirectives } from "./robots-directives.ts";
import { writeMarkdown } from "./write-markdown.ts";

const PAGE_BYTES_MAX = 6_000_000;
const ELEMENTS_MAX = 60_000;
const DEPTH_MAX = 400;

/** A marked main part with less text than this is a shell that scripts would fill: the rest of the page may say more. */
const MAIN_CHARS_MIN = 200;

/** Never shown as text, so never missed. */
const UNREAD = "script,style,template,noscript,svg";
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
  const title = cleanFileText(meta("og:title") ?? heading ?? document.title.trim());
  const page = address === null ? {} : { page: pageOf(document, address) };
  const url = publicLink(canonicalOf(document, address)) ?? publicLink(meta("og:url"));
  const language = languageCode(document.documentElement?.getAttribute("lang")) ?? languageCode(meta("language"));

  for (const node of document.querySelectorAll(UNREAD)) node.remove();
  const all = lengthOf(document.body);
  removeNoise(document);
  const content = mainOf(document);
  const leftOutChars = Math.max(0, all - lengthOf(content));
  return { text: writeMarkdown(content), title, url, language, leftOutChars, ...page };
}

function canonicalOf(document: Document, address: string | null): string | null {
  const href = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? null;
  if (href === null || address === null) return href;
  return URL.canParse(href, address) ? new URL(href, address).href : null;
}

const LINKS_MAX = 3_000;

/** A page that waits longer before it goes elsewhere is meant to be read. */
const REFRESH_SECONDS_MAX = 5;

function pageOf(document: Document, address: string): NonNullable<Extracted["page"]> {
  const baseHref = document.querySelector("base[href]")?.getAttribute("href") ?? address;
  const base = URL.canParse(baseHref, address) ? new URL(baseHref, address).href : address;
  const { noindex, nofollow } = robotsOf(document);
  const links = new Set<string>();
  if (!nofollow) {
    for (const link of document.querySelectorAll("a[href]")) {
      if (links.size >= LINKS_MAX) break;
      const target = targetOf(link.getAttribute("href"), base);
      if (target !== null && !/nofollow/i.test(link.getAttribute("rel") ?? "")) links.add(target);
    }
  }
  return { links: [...links], noindex, refresh: refreshOf(document, base) };
}

function robotsOf(document: Document): RobotsDirectives {
  const contents = [...document.querySelectorAll("meta[name]")]
    .filter((meta) => /^(?:robots|gatehouse(?:bot)?)$/i.test(meta.getAttribute("name")?.trim() ?? ""))
    .map((meta) => meta.getAttribute("content") ?? "");
  return robotsDirectives(contents.join(","));
}

function refreshOf(document: Document, base: string): string | null {
  const meta = [...document.querySelectorAll("meta[http-equiv]")].find(
    (node) => node.getAttribute("http-equiv")?.trim().toLowerCase() === "refresh",
  );
  const match =
    /^\s{0,20}(\d{1,6})(?:\.\d{0,6})?\s{0,20}[;,]\s{0,20}(?:url\s{0,20}=\s{0,20})?["']?([^"'\s]{1,2000})/i.exec(
      meta?.getAttribute("content") ?? "",
    );
  return match === null || Number(match[1]) > REFRESH_SECONDS_MAX ? null : targetOf(match[2] ?? null, base);
}

/** An absolute http(s) address without its fragment, or null. */
function targetOf(href: string | null, base: string): string | null {
  if (href === null || !URL.canParse(href, base)) return null;
  const target = new URL(href, base);
  target.hash = "";
  return publicLink(target.href);
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

/** The deepest nesting, by counting tags: parsers and walkers recurse, and a page must not choose how deep. */
function depthOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  const opening = /<(\/?)([a-z][a-z0-9-]{0,60})/gi;
  for (let match = opening.exec(source); match !== null; match = opening.exec(source)) {
    const end = source.indexOf(">", opening.lastIndex);
    // No further tag is closed: nothing else can nest.
    if (end < 0) break;
    opening.lastIndex = end + 1;
    const name = (match[2] ?? "").toLowerCase();
    if (source[end - 1] === "/" || VOID.has(name)) continue;
    depth = match[1] === "/" ? Math.max(0, depth - 1) : depth + (CLOSES_ITSELF.has(name) ? 0 : 1);
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Often left open, and closed by the next of their kind. */
const CLOSES_ITSELF = new Set("p li dt dd tr td th option thead tbody tfoot colgroup".split(" "));
