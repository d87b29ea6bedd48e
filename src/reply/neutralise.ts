/**
 * Takes the sting out of what a model wrote. It may have been told anything by anybody, so this trusts nothing but the
 * passages: a link that is not in them goes, an invite goes, a mention becomes text.
 *
 * Links are found as Discord's client finds them: a web link is the longest run without whitespace or `<`, a masked link is
 * `[label](target)` with brackets that may nest, `<…>` holds links, mail addresses and phone numbers. Taking one out may leave
 * another, so the text is rewritten until nothing changes.
 */
import type { BotWords } from "../i18n.ts";
import { type MaskedLink, maskedLinks } from "../text/masked-links.ts";
import { type AllowedLinks, BARE_ADDRESS, BARE_DIGITS, BARE_HOST, isAllowed, isContact, withoutEnd } from "./links.ts";

/** Letters and colons that only look like those of `https://` too: a reader types what they look like. */
const SCHEME =
  /(?:https?|ftp|discord|steam):(?:\/\/)?|[hｈһ][tｔ]{2}[pｐр][sｓѕ]?[:：]\/\/|(?:javascript|vbscript):|(?<![\w-])(?:data|file|tel|sms|mailto):(?=[^\s])/i;
const INVITE =
  /(?:https?:\/\/)?(?:www\.)?(?:discord(?:app)?\s{0,9}[[({]?\.[\])}]?\s{0,9}(?:gg|new|gift|me|io|li|com\s{0,9}\/\s{0,9}(?:invite|template|gifts))|dsc\s{0,9}\.\s{0,9}gg|invite\.gg|disboard\.org\/server|(?<![\w.])\.gg(?=[/\\]))\s{0,9}[/\\]\s{0,9}[\w-]{1,100}(?:[/?#][^\s<>)\]]{0,2000})?/gi;
/** Not so `[&](int x)`, which is a function. */
const LEADS_AWAY = /^[a-z][\w+.-]{0,40}:(?!:)|[/?#\\]|\.[\p{L}\d]/iu;
/** Not so `std::move`. */
const ANY_SCHEME = /[a-z][\w+.-]{0,40}:(?!:)/gi;
const INVISIBLE = /[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]/g;
/** `http://<name-of-the-computer>` leads nowhere: a reader puts a name in. */
const SCHEME_ALONE = /^[`"'(]{0,4}https?:\/\/$/i;
const PLACEHOLDER = /^<[\p{L}][\p{L}\d _-]{0,60}>/u;
const PLACEHOLDER_CHARS_MAX = 80;
const PHONE = /^\+[\d ()/.-]{5,30}$/;
/** In angle brackets it may hold spaces. */
const ANGLED_PHONE = /<(\+[\d ()/.-]{5,30})>/g;
/** Dots of other scripts, where Latin letters stand around them: browsers read them as dots. */
const OTHER_DOTS = /(?<=[a-z0-9-])[。．｡](?=[a-z0-9-])/gi;
/** `//host.name/…`: what follows is read by itself. */
const WITHOUT_SCHEME = /(?<![\p{L}\p{N}:/.?=&#_-])\/\/(?=[\p{L}\p{N}-]{1,63}\.)/gu;

/** More rewrites than this are an attack: what is left of links is broken up then. */
const REWRITES_MAX = 8;

export function neutralise(text: string, allowed: AllowedLinks, words: BotWords): string {
  let before = text
    .replace(INVISIBLE, (character) => (character === "\u200d" || character === "\u200c" ? character : ""))
    .replace(OTHER_DOTS, ".");
  for (let times = 0; times < REWRITES_MAX; times++) {
    const after = rewriteOnce(before, allowed, words);
    if (after === before) return withoutMentions(after);
    before = after;
  }
  return withoutMentions(before.replaceAll("](", "] (").replaceAll("://", ": //").replaceAll("<", "< "));
}

function rewriteOnce(text: string, allowed: AllowedLinks, words: BotWords): string {
  const apart = text
    .replace(INVITE, words.inviteRemoved)
    .replace(ANGLED_PHONE, (whole, phone: string) => (isContact(phone, allowed) ? whole : words.linkRemoved))
    .replace(WITHOUT_SCHEME, "// ");
  const plain = withoutMasks(withoutLateAngles(apart), allowed);
  return withoutNestedMasks(tokens(plain, allowed, words.linkRemoved), allowed);
}

function withoutMentions(text: string): string {
  return text
    .replace(/<(@[!&]?\d{1,30}|@everyone|@here|id:\w{1,100}|\/[^>\n]{1,64}:\d{1,30})>/g, "<\u200b$1>")
    .replace(/@(?=everyone|here)/gi, "@\u200b");
}

/**
 * To Discord a link or mail address in angle brackets goes on over line ends and further `<`, up to a space or `>`. Such a `<`
 * gets a space behind it, so that what follows is read by itself.
 */
function withoutLateAngles(text: string): string {
  return text.replace(/[^ >]{1,8000}>?/g, (stretch) =>
    stretch.endsWith(">") && /[@:]/.test(stretch) ? stretch.replace(/<(?![^\s<]*$)/g, "< ") : stretch,
  );
}

/** A masked link that leads elsewhere keeps its label. */
function withoutMasks(text: string, allowed: AllowedLinks): string {
  const gone: { from: number; to: number }[] = [];
  for (const { open, close, to, target } of maskedLinks(text)) {
    if (!LEADS_AWAY.test(target) || isAllowed(target, allowed)) continue;
    if (open >= 0) gone.push({ from: open, to: open + 1 });
    gone.push({ from: close, to });
  }
  if (gone.length === 0) return text;
  let out = "";
  let at = 0;
  for (const { from, to } of gone.sort((a, b) => a.from - b.from)) {
    // A place inside one that is gone already.
    if (from < at) continue;
    out += text.slice(at, from);
    at = to;
  }
  return out + text.slice(at);
}

/**
 * Brackets that nest may be read as another mask than ours, whose target is what stands up to the next `)`. So where a scheme
 * stands in there and the mask is none that stays, `](` is broken up.
 */
function withoutNestedMasks(text: string, allowed: AllowedLinks): string {
  const kept = new Set(maskedLinks(text).flatMap(({ close, target }) => (isAllowed(target, allowed) ? [close] : [])));
  let from = 0;
  return text
    .split(")")
    .map((stretch) => {
      const at = from;
      from += stretch.length + 1;
      let scheme = -1;
      for (const { index } of stretch.matchAll(ANY_SCHEME)) scheme = index;
      return stretch.replace(/\]\(/g, (whole, offset: number) =>
        offset < scheme && !kept.has(at + offset) ? "] (" : whole,
      );
    })
    .join(")");
}

/** Each run without whitespace or `<`; what stands in a masked link that stays is one by itself. */
function tokens(text: string, allowed: AllowedLinks, removed: string): string {
  const kept = maskedLinks(text).filter(({ target }) => isAllowed(target, allowed));
  let out = "";
  let at = 0;
  for (const link of kept) {
    const { close, to, target } = link;
    if (close < at) continue;
    out += runs(apartFromAngle(text.slice(at, close)), allowed, removed, true);
    // Without its title, which is plain text where Discord does not take this for a masked link.
    const whole = text.slice(close, to);
    out +=
      whole.includes(target) && /["']/.test(whole.slice(whole.indexOf(target) + target.length))
        ? `](${target})`
        : whole;
    const behind = /^[^\s<]{0,2000}/.exec(text.slice(to, to + 2_000))?.[0] ?? "";
    if (behind !== "" && !holds(text, link) && asDiscordReads(`${target})${behind}`) !== target) out += " ";
    at = to;
  }
  return out + runs(text.slice(at), allowed, removed, false);
}

/**
 * Does Discord take it for a masked link? Not with a link in its label, nor where the label reaches to a later target; then it
 * reads the target as plain text, and on behind it.
 */
function holds(text: string, { open, close, to }: MaskedLink): boolean {
  if (open < 0 || text.slice(open, close).includes("://")) return false;
  const next = text.indexOf("](", to);
  return next < 0 || text.slice(to, next).includes("[");
}

/** Where Discord ends a run that is a link: before what ends a sentence, a quote, a bracket that it did not open. */
function asDiscordReads(run: string): string {
  let end = run.length;
  while (end > 0 && ".,:;\"']".includes(run[end - 1] ?? "")) end--;
  let open = 0;
  for (const character of run.slice(0, end)) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  for (; end > 0 && run[end - 1] === ")" && open < 0; end--) open++;
  return run.slice(0, end);
}

/** `<[label](target)>` is a link in angle brackets to some readers: a space makes it none. */
function apartFromAngle(text: string): string {
  const angle = text.lastIndexOf("<");
  return angle < 0 || /[\s>]/.test(text.slice(angle)) ? text : `${text.slice(0, angle + 1)} ${text.slice(angle + 1)}`;
}

/** `mask`: the text is a label, and the run must not grow into its target. */
function runs(text: string, allowed: AllowedLinks, removed: string, mask: boolean): string {
  return text.replace(/(<?)([^\s<]{1,8000})/g, (whole, angle: string, run: string, offset: number) => {
    const inAngle = angle === "<" ? angled(run, allowed, removed) : null;
    if (inAngle !== null) return inAngle;
    const behind = offset + whole.length;
    if (SCHEME_ALONE.test(run) && PLACEHOLDER.test(text.slice(behind, behind + PLACEHOLDER_CHARS_MAX))) return whole;
    const last = behind === text.length;
    return angle + oneRun(run, allowed, removed, mask && last);
  });
}

/** `<https://…>`, `<mail@host>`, `<+49 …>` begin here; null for what is no such thing. */
function angled(run: string, allowed: AllowedLinks, removed: string): string | null {
  const end = run.indexOf(">");
  if (end < 0) return null;
  const inside = run.slice(0, end);
  const rest = run.slice(end + 1);
  const contact = !/^(?:mailto|tel|sms):/i.test(inside) && (inside.lastIndexOf("@") > 0 || PHONE.test(inside));
  if (!contact && !/^[a-z][\w+.-]{0,40}:(?!\d)/i.test(inside)) return null;
  // Discord's own: an animated emoji, a moment, a place of the server.
  if (/^(?:[at]|id):[^@/]*$/i.test(inside)) return null;
  const stays = contact ? isContact(inside, allowed) : isAllowed(inside, allowed);
  const after = rest === "" ? "" : oneRun(rest, allowed, removed, false);
  return stays ? `<${inside}>${/^[\w@/-]/.test(after) ? " " : ""}${after}` : removed + after;
}

function oneRun(run: string, allowed: AllowedLinks, removed: string, beforeTarget: boolean): string {
  const at = run.search(SCHEME);
  if (at < 0) return bare(run, allowed, removed);
  const token = run.slice(at);
  const link = withoutEnd(token);
  const rest = token.slice(link.length);
  const before = bare(run.slice(0, at), allowed, removed);
  if (!isAllowed(link, allowed)) return before + removed + rest;
  const grows = beforeTarget || asDiscordReads(token) !== link;
  return before + link + (grows ? " " : "") + rest;
}

function bare(run: string, allowed: AllowedLinks, removed: string): string {
  const judge = (found: string) => {
    const link = withoutEnd(found);
    return isAllowed(link, allowed) ? found : removed + found.slice(link.length);
  };
  return run.replace(BARE_ADDRESS, judge).replace(BARE_HOST, judge).replace(BARE_DIGITS, judge);
}
