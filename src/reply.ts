/**
 * ⑧ An answer → what Discord accepts: at most 2,000 characters a part, code fences whole or re-opened, nobody pinged,
 * no link that is not in the passages, no invites. Pure. `splitText` is also behind `gatehouse probe split`.
 */
import type { Outgoing } from "./discord.ts";
import type { BotWords } from "./i18n.ts";
import type { GuildId } from "./ids.ts";
import { allowedLinks } from "./reply/links.ts";
import { neutralise } from "./reply/neutralise.ts";
import { PART_CHARS_MAX, split } from "./reply/split.ts";
import type { Source } from "./store/ports/conversations.ts";

/** More than this is no chat answer; four parts hold it. */
export const ANSWER_CHARS_MAX = 6_000;
const TITLE_CHARS_MAX = 90;
const TITLE_READ_MAX = 500;

/** Texts and links of the passages an answer may quote. */
export type Quotable = { readonly text: string; readonly url: string | null };

/** A model's text made harmless: links only from `passages`, no mentions, no invites, cut to the length of a chat answer. */
export function harmless(text: string, passages: readonly Quotable[], words: BotWords): string {
  return neutralise(cutToSize(text), allowedLinks(passages), words).trim();
}

/** The messages to send, in order: the answer, then its sources in small print. */
export function render(text: string, sources: readonly Source[], words: BotWords): readonly string[] {
  const parts = [...split(text)];
  const footer = sourceLines(sources, words);
  if (footer === "") return parts;
  const last = parts.at(-1);
  if (last !== undefined && last.length + footer.length + 2 <= PART_CHARS_MAX) {
    return [...parts.slice(0, -1), `${last}\n\n${footer}`];
  }
  return [...parts, ...split(footer)];
}

/** 👍, 👎 and the way to a person; the guild goes along, since a direct message has none. */
export function feedbackButtons(guild: GuildId, words: BotWords): NonNullable<Outgoing["buttons"]> {
  return [
    { id: `feedback:up:${guild}`, emoji: "👍", label: words.helpful },
    { id: `feedback:down:${guild}`, emoji: "👎", label: words.notHelpful },
    { id: `human:${guild}`, emoji: "🙋", label: words.person },
  ];
}

/** Parts of at most 2,000 characters, none empty. */
export function splitText(text: string): readonly string[] {
  return split(text);
}

/** A page by its title, with its address where it has one; null where it has neither. */
export function linkTo({ n, title, url }: Source, words: BotWords): string | null {
  if (title.trim() === "" && url === null) return null;
  return nameOf({ n, title, url }, allowedLinks([{ text: "", url }]), words);
}

/** `-# [1] [Title](<url>)`, one line a source: small print, no previews. */
function sourceLines(sources: readonly Source[], words: BotWords): string {
  if (sources.length === 0) return "";
  const allowed = allowedLinks(sources.map(({ url }) => ({ text: "", url })));
  const lines = sources.map((source) => `-# [${source.n}] ${nameOf(source, allowed, words)}`);
  return [`-# ${words.sources}`, ...lines].join("\n");
}

function nameOf(
  { n, title, url }: Pick<Source, "n" | "title" | "url">,
  allowed: ReturnType<typeof allowedLinks>,
  words: BotWords,
): string {
  // A title is the page's text: it may be written to look like a link, or an invitation.
  const name = plainTitle(neutralise(title.slice(0, TITLE_READ_MAX), allowed, words)) || `${words.source} ${n}`;
  const link = url === null ? null : safeUrl(url);
  return link === null ? name : `[${name}](<${link}>)`;
}

function plainTitle(title: string): string {
  const plain = title
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[[\]()`*_~|<>\\]/g, "")
    .replace(/@\u200b?/g, "@\u200b")
    .trim();
  return plain.length > TITLE_CHARS_MAX
    ? `${plain.slice(0, TITLE_CHARS_MAX - 1).replace(/\p{Surrogate}$/u, "")}…`
    : plain;
}

/** Http only, and nothing in it that could end the link early. */
function safeUrl(url: string): string | null {
  if (!URL.canParse(url) || url.length > 500) return null;
  const { protocol, username, password, href } = new URL(url);
  if ((protocol !== "https:" && protocol !== "http:") || username !== "" || password !== "") return null;
  return href.replace(/[()<>\s]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

function cutToSize(text: string): string {
  if (text.length <= ANSWER_CHARS_MAX) return text;
  return `${text.slice(0, ANSWER_CHARS_MAX).replace(/\p{Surrogate}$/u, "")}…`;
}
