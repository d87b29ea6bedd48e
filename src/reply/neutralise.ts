/**
 * Takes the sting out of what a model wrote. It may have been told anything by anybody, so this trusts nothing but the
 * passages: a link that is not in them goes, an invite goes, a mention becomes text.
 */
import type { BotWords } from "../i18n.ts";

/** Links of the passages in a form that survives a different trailing slash, fragment or capital. */
export type AllowedLinks = { readonly links: ReadonlySet<string>; readonly hosts: ReadonlySet<string> };

const WEB_LINK =
  /(?:https?|ftp|discord|steam|javascript|(?<![\w-])(?:data|file|tel|sms|mailto)):(?:\/\/)?[^\s<>"'`\])}|]+/gi;
/** `name.tld/…` or `www.…` without a scheme; Discord does not link it, people still follow it. */
const BARE_LINK =
  /(?<![\w@./-])(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|gg|co|ru|xyz|gift|gifts|me|app|dev|link|info|top|site|online|shop|click|live|pro|tk|ml|ga|cf|gq|cc|to|ly|su|club|space|fun|win|bid|zip|mov|evil|test|example|invalid)(?:[/?#][^\s<>"'`\])}|]*|(?=[\s,;:!?)\]]|\.(?:\s|$)|$))/gi;
const INVITE =
  /(?:https?:\/\/)?(?:www\.)?(?:discord(?:app)?\s*\.\s*(?:gg|com\s*\/\s*invite|me|io|li)|dsc\s*\.\s*gg|invite\.gg|disboard\.org\/server)\s*\/\s*[\w-]+(?:[/?#][^\s<>)\]]*)?/gi;
const MASKED_LINK = /\[([^\]\n]{0,500})\]\(\s*<?([^)\s>]{1,2000})>?(?:[^\S\n][^)\n]{0,200})?\)/g;
/** Not so `[&](int x)`, which is a function. */
const LEADS_AWAY = /^[a-z][\w+.-]*:(?!:)|[/?#\\]|\.[\p{L}\d]/iu;
const INVISIBLE = /[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]/g;

export function allowedLinks(
  passages: readonly { readonly text: string; readonly url: string | null }[],
): AllowedLinks {
  const links = new Set<string>();
  const hosts = new Set<string>();
  const add = (link: string) => {
    links.add(linkKey(link));
    const host = /^(?:[a-z]+:\/\/)?([^/?#:]+)/i.exec(link)?.[1];
    if (host !== undefined) hosts.add(host.toLowerCase());
  };
  for (const { text, url } of passages) {
    if (url !== null) add(url);
    for (const match of text.matchAll(WEB_LINK)) add(match[0]);
    for (const match of text.matchAll(BARE_LINK)) add(match[0]);
  }
  return { links, hosts };
}

export function neutralise(text: string, allowed: AllowedLinks, words: BotWords): string {
  return text
    .replace(INVISIBLE, (character) => (character === "\u200d" || character === "\u200c" ? character : ""))
    .replace(INVITE, words.inviteRemoved)
    .replace(MASKED_LINK, (whole, label: string, target: string) =>
      !LEADS_AWAY.test(target) || isAllowed(target, allowed) ? whole : label,
    )
    .replace(WEB_LINK, (link) => keepOr(link, allowed, words.linkRemoved))
    .replace(BARE_LINK, (link) => keepOr(link, allowed, words.linkRemoved))
    .replace(/<(@[!&]?\d+|@everyone|@here|id:\w+|\/[^>\n]{1,64}:\d+)>/g, "<\u200b$1>")
    .replace(/@(?=everyone|here)/gi, "@\u200b");
}

function keepOr(link: string, allowed: AllowedLinks, removed: string): string {
  // A sentence's full stop is not the link's.
  const tail = /[.,;:!?…]+$/.exec(link)?.[0] ?? "";
  const bare = link.slice(0, link.length - tail.length);
  return isAllowed(bare, allowed) ? link : removed + tail;
}

function isAllowed(link: string, allowed: AllowedLinks): boolean {
  if (/^(?:javascript|discord|steam):/i.test(link)) return false;
  const key = linkKey(link);
  if (allowed.links.has(key)) return true;
  // A bare host that the passages speak of is a name, not a way out.
  return !/[/?#]/.test(key) && allowed.hosts.has(key);
}

/** Without scheme, fragment and trailing slash; only the host is without case. */
function linkKey(link: string): string {
  const key = link
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/#.*$/, "")
    .replace(/[.,;:!?…]+$/, "")
    .replace(/\/+$/, "");
  const path = key.search(/[/?]/);
  return path < 0 ? key.toLowerCase() : key.slice(0, path).toLowerCase() + key.slice(path);
}
