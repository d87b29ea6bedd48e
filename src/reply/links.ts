/**
 * Which links an answer may hold: those of the passages, by exact host and path. A link is judged as a browser reads it
 * (`new URL`), since what looks like an allowed one to a person or a pattern may lead elsewhere (`https://docs.example'@evil`).
 */

/** Links of the passages, each in one spelling: without scheme, fragment and trailing slash. */
export type AllowedLinks = {
  readonly links: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** Mail addresses in small letters, phone numbers as `+` and digits. */
  readonly contacts: ReadonlySet<string>;
};

const URL_CHARS_MAX = 2_000;
const WEB_ADDRESS = /(?:https?|ftp):\/\//gi;
const MAIL = /(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}/g;
const PHONE = /\+\d[\d ()/.-]{5,24}/g;
/** A name with a path, without a scheme: Discord does not link it, people follow it all the same. */
export const BARE_ADDRESS =
  /(?<![\p{L}\p{N}_/-]|[\p{L}\p{N}_][@.])(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?!js\/)\p{L}[\p{L}\p{N}-]{1,62}(?::\d{1,5})?\/[^\s<>"'`\])}|]{1,2000}/giu;
/** An address in digits with a path, which is no range (`10.0.0.0/8`). */
export const BARE_DIGITS =
  /(?<![\w./-])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\/(?!\d{1,2}(?![\w/]))[^\s<>"'`\])}|]{1,2000}/g;
/** A name without a path, by the endings that people know. */
export const BARE_HOST =
  /(?<![\w./-]|\w@)(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|gg|co|ru|xyz|gift|gifts|me|app|dev|link|info|top|site|online|shop|click|live|pro|tk|ml|ga|cf|gq|cc|to|ly|su|club|space|fun|win|bid|zip|mov|new|evil|test|example|invalid)(?:[/?#][^\s<>"'`\])}|]{0,2000}|(?=[\s,;:!?)\]"'`<>*_|]|\.(?:\s|$)|$))/gi;

export function allowedLinks(
  passages: readonly { readonly text: string; readonly url: string | null }[],
): AllowedLinks {
  const links = new Set<string>();
  const hosts = new Set<string>();
  const contacts = new Set<string>();
  const add = (link: string) => {
    const read = readLink(link);
    if (read === null) return;
    links.add(read.key);
    hosts.add(read.host);
  };
  for (const { text, url } of passages) {
    if (url !== null) add(url);
    let readTo = 0;
    for (const { index } of text.matchAll(WEB_ADDRESS)) {
      if (index < readTo) continue;
      const token = text.slice(index, index + URL_CHARS_MAX);
      const plain = upTo(token, /[\s<>"'`\])}|]/);
      readTo = index + plain.length;
      add(withoutEnd(plain));
      // A bracket or quote may be the link's own.
      add(withoutEnd(upTo(token, /[\s<]/)));
    }
    for (const match of text.matchAll(BARE_ADDRESS)) add(withoutEnd(match[0]));
    for (const match of text.matchAll(BARE_HOST)) add(withoutEnd(match[0]));
    for (const match of text.matchAll(BARE_DIGITS)) add(withoutEnd(match[0]));
    for (const match of text.matchAll(MAIL)) contacts.add(match[0].toLowerCase());
    for (const match of text.matchAll(PHONE)) contacts.add(phoneKey(match[0]));
  }
  return { links, hosts, contacts };
}

/** `link`: as Discord would follow it, nothing else around it. */
export function isAllowed(link: string, allowed: AllowedLinks): boolean {
  const contact = /^(?:mailto|tel|sms):/i.exec(link);
  // With a query (`?cc=`) it reaches others too.
  if (contact !== null) return isContact(link.slice(contact[0].length), allowed);
  const read = readLink(link);
  if (read === null) return false;
  // A bare host that the passages speak of is a name, not a way out.
  return allowed.links.has(read.key) || (read.key === read.host && allowed.hosts.has(read.host));
}

export function isContact(text: string, allowed: AllowedLinks): boolean {
  return allowed.contacts.has(text.toLowerCase()) || allowed.contacts.has(phoneKey(text));
}

/** How much of a token is the link: a sentence's full stop, a closing quote or bracket is not. */
export function withoutEnd(token: string): string {
  let end = token.length;
  let open = 0;
  for (const character of token) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  for (; end > 0; end--) {
    const last = token[end - 1] ?? "";
    if (last === ")" && open < 0) open++;
    else if (!ENDINGS.has(last)) break;
  }
  return token.slice(0, end);
}

const ENDINGS = new Set([...".,;:!?…\"'`*_~|]}>”’»。，！？"]);

function upTo(token: string, end: RegExp): string {
  const at = token.search(end);
  return at < 0 ? token : token.slice(0, at);
}

/** Null for an address that no browser opens as a web page, one with credentials, and one that is too long to judge. */
function readLink(link: string): { readonly key: string; readonly host: string } | null {
  // A browser reads a backslash as a slash, Discord as what takes the next character's meaning.
  if (link.length > URL_CHARS_MAX || link.includes("\\")) return null;
  const written = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(written)) return null;
  const { protocol, username, password, host, pathname, search } = new URL(written);
  if (protocol !== "https:" && protocol !== "http:" && protocol !== "ftp:") return null;
  if (username !== "" || password !== "" || host === "") return null;
  let end = pathname.length;
  while (end > 0 && pathname[end - 1] === "/") end--;
  return { key: host + pathname.slice(0, end) + search, host };
}

function phoneKey(text: string): string {
  const digits = text.replace(/\D/g, "");
  return digits.length < 6 ? "" : `+${digits}`;
}
