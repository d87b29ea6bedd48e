/**
 * Markup as a value: a tagged template that escapes by default, by the place a value stands in.
 *
 *   text        escaped; an `Html` goes in as it is         attribute="…"   escaped
 *   href="…"    at the start only http(s), mailto and own paths; further in percent-encoded as one part
 *   <tag …>     only `attributes()`                         script, style, on…=, style=, unquoted: a bug, thrown at once
 *
 * The static parts are scanned once a template. Every view returns `Html`; nothing else reaches a response.
 */

/** Markup known to be safe. Made by `html`, and by `trusted` for markup of our own. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** Attributes of a tag, from `attributes()`. */
class Attributes extends Html {}

export type Part = Html | string | number | false | null | undefined | readonly Part[];

type Place = "text" | "attribute" | "url" | "url-part" | "tag";

const URL_ATTRIBUTES = /^(?:href|src|action|formaction|poster|cite|data|hx-(?:get|post|put|patch|delete|sse:connect))$/;
const SAFE_URL = /^(?:https?:\/\/|mailto:|\/(?![/\\])|[#?]|$)/i;
const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

const placesOf = new WeakMap<TemplateStringsArray, readonly Place[]>();

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let places = placesOf.get(strings);
  if (places === undefined) {
    places = scan(strings);
    placesOf.set(strings, places);
  }
  let out = strings[0] ?? "";
  for (let index = 0; index < parts.length; index += 1) {
    out += render(parts[index], places[index] ?? "text") + (strings[index + 1] ?? "");
  }
  return new Html(out);
}

/** Markup of our own that needs no escaping (icons). Never called with anything that came in. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** `true` is a bare attribute, `false`, `null` and `undefined` none. Names are ours; values are escaped. */
export function attributes(values: Readonly<Record<string, string | number | boolean | null | undefined>>): Html {
  let out = "";
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z0-9:-]*$/.test(name) || /^(?:on|style$|hx-on)/.test(name)) throw new Error(`no attribute: ${name}`);
    if (value === true) out += ` ${name}`;
    else if (value !== false && value !== null && value !== undefined) {
      const text = String(value);
      out += ` ${name}="${escapeHtml(URL_ATTRIBUTES.test(name) ? safeUrl(text) : text)}"`;
    }
  }
  return new Attributes(out);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? character);
}

/** A URL that a link may lead to; `#` for any other scheme, and for spellings that browsers read as one (`\tjava…`, `//host`). */
export function safeUrl(url: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop these before they read the scheme
  const read = url.replace(/[\u0000-\u0020\u007f-\u009f]/g, (c) => (c === " " ? "%20" : ""));
  return SAFE_URL.test(read) ? read : "#";
}

/** A path of our own with a query: `false`, `null`, `undefined` and `""` are left out. */
export function link(
  path: string,
  query: Readonly<Record<string, string | number | boolean | null | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== false && value !== "") search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

function render(part: Part, place: Place): string {
  if (part === null || part === undefined || part === false) return "";
  if (place === "tag") {
    if (part instanceof Attributes) return part.toString();
    throw new Error("inside a tag only attributes() may stand");
  }
  if (part instanceof Html) {
    if (place === "text" && !(part instanceof Attributes)) return part.toString();
    throw new Error(`markup cannot stand in ${place}`);
  }
  if (typeof part === "object") return part.map((item) => render(item, place)).join("");
  const text = String(part);
  if (place === "url") return escapeHtml(safeUrl(text));
  return escapeHtml(place === "url-part" ? encodeURIComponent(text) : text);
}

/** Where each value stands. Throws for places in which no escaping is enough. */
function scan(strings: TemplateStringsArray): Place[] {
  const places: Place[] = [];
  let state: "text" | "tag" | "value" | "raw" = "text";
  let tag = "";
  let name = "";
  let value = "";
  for (const [index, text] of strings.entries()) {
    for (let at = 0; at < text.length; at += 1) {
      const c = text[at] ?? "";
      if (state === "text" && c === "<") {
        const match = /^<(\/?[a-z][a-z0-9-]*)/i.exec(text.slice(at));
        if (match === null) continue;
        state = "tag";
        tag = (match[1] ?? "").toLowerCase();
        name = "";
        at += match[0].length - 1;
      } else if (state === "raw" && text.slice(at).toLowerCase().startsWith(`</${tag}`)) {
        state = "text";
        at -= 1;
      } else if (state === "tag") {
        if (c === ">") state = tag === "script" || tag === "style" ? "raw" : "text";
        else if (c === '"') {
          if (!name.endsWith("=")) throw new Error(`a quote without an attribute in <${tag}>`);
          name = name.slice(0, -1);
          state = "value";
          value = "";
        } else if (c === "'") throw new Error("attributes are quoted with double quotes");
        else if (/\s/.test(c)) name = "";
        else name += c;
      } else if (state === "value") {
        if (c === '"') {
          state = "tag";
          name = "";
        } else value += c;
      }
    }
    if (index === strings.length - 1) break;
    if (state === "raw") throw new Error(`no value may stand in <${tag}>`);
    if (state === "text") places.push("text");
    else if (state === "tag") {
      if (name !== "") throw new Error(`an unquoted value after "${name}" in <${tag}>`);
      places.push("tag");
    } else {
      if (/^(?:on|hx-on|style$|srcdoc$)/.test(name)) throw new Error(`no value may stand in ${name}`);
      places.push(!URL_ATTRIBUTES.test(name) ? "attribute" : value === "" ? "url" : "url-part");
      value += "?";
    }
  }
  if (state !== "text") throw new Error(`a template ends inside <${tag}>`);
  return places;
}
