/**
 * The text of a post: on a topic, from the knowledge base, unlike the last ones.
 *
 * A model writes it, and once more when the first is a near copy; without one, or where it fails, the post is sentences of the
 * passages as they stand. Either way links come only from the passages, nobody is pinged, and it ends within its size.
 */
import { AppError } from "../errors.ts";
import { words } from "../i18n.ts";
import type { GuildId } from "../ids.ts";
import type { Knowledge, PassageRow } from "../knowledge.ts";
import type { Llm } from "../llm.ts";
import type { Logger } from "../logger.ts";
import { NOTHING_SPENT, type Spent } from "../record.ts";
import { harmless, render } from "../reply.ts";
import type { GuildSettings } from "../settings/form.ts";
import type { Source } from "../store/ports/conversations.ts";
import { alike } from "./alike.ts";

export type Written =
  | { readonly state: "written"; readonly text: string; readonly sources: readonly Source[]; readonly spent: Spent }
  | { readonly state: "nothing"; readonly why: "not-in-knowledge" | "near-copy"; readonly spent: Spent };

export type Material = {
  readonly guild: GuildId;
  readonly topic: string;
  /** The last posts of the guild, newest first. */
  readonly previous: readonly string[];
  readonly settings: GuildSettings;
  readonly botName: string;
  readonly charsMax: number;
};

export const POST_CHARS_MAX = 1_200;
const PASSAGES_MAX = 6;
const WRITE_MS_MAX = 8_000;
const TRIES_MAX = 2;
/** What the model is shown of each earlier post. */
const PREVIOUS_CHARS = 300;
const QUOTED_CHARS_MAX = 500;
const SOURCES_MAX = 3;

export async function writePost(
  material: Material,
  services: { readonly knowledge: Knowledge; readonly llm: Llm | null; readonly logger: Logger },
): Promise<Written> {
  const { guild, topic } = material;
  const { passages: ranked } = await services.knowledge.retrieve(guild, topic, PASSAGES_MAX);
  const passages = ranked.map(({ passage }) => passage);
  if (passages.length === 0) return { state: "nothing", why: "not-in-knowledge", spent: NOTHING_SPENT };
  if (services.llm === null) return { ...fromPassages(material, passages), spent: NOTHING_SPENT };
  const modelled = await byModel(material, passages, services.llm, services.logger);
  if (modelled.state !== "failed") return modelled;
  return { ...fromPassages(material, passages), spent: modelled.spent };
}

async function byModel(
  material: Material,
  passages: readonly PassageRow[],
  llm: Llm,
  logger: Logger,
): Promise<Written | { readonly state: "failed"; readonly spent: Spent }> {
  const { topic, settings, botName } = material;
  let spent = NOTHING_SPENT;
  let previous = material.previous.map((text) => text.slice(0, PREVIOUS_CHARS));
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      const { result, model, tokensIn, tokensOut, costUsd } = await llm.complete(
        {
          ...{ task: "post", topic, passages, previous, botName },
          ...{ language: settings.language, instructions: settings.instructions },
        },
        { deadlineMs: WRITE_MS_MAX, guild: material.guild },
      );
      spent = {
        model,
        tokensIn: spent.tokensIn + tokensIn,
        tokensOut: spent.tokensOut + tokensOut,
        costUsd: spent.costUsd + costUsd,
      };
      const used = passages.filter((_, index) => result.used.includes(index + 1));
      const text = harmless(result.text, passages, words(settings.language).bot);
      if (text === "") return { state: "nothing", why: "not-in-knowledge", spent };
      if (!isOld(material, text)) {
        return { state: "written", ...composed(material, text, used.length > 0 ? used : passages.slice(0, 1)), spent };
      }
      previous = [text, ...previous];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.info({ guild: material.guild, reason: error.kind }, "post-model-failed");
      return { state: "failed", spent };
    }
  }
  return { state: "nothing", why: "near-copy", spent };
}

/** The first passage's sentences that no earlier post told. */
function fromPassages(
  material: Material,
  passages: readonly PassageRow[],
): { state: "written"; text: string; sources: readonly Source[] } | { state: "nothing"; why: "near-copy" } {
  for (const passage of passages) {
    for (const quote of quotesOf(passage.text)) {
      const text = harmless(`**${passage.title}**\n${quote}`, [passage], words(material.settings.language).bot);
      if (!isOld(material, text)) return { state: "written", ...composed(material, text, [passage]) };
    }
  }
  return { state: "nothing", why: "near-copy" };
}

/** Runs of whole sentences or lines, each of a size that is read in passing. Linear in the text. */
function quotesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const line of text.split("\n")) {
    const plain = line.trim();
    if (plain === "" || plain.startsWith("```") || plain.startsWith("|")) continue;
    for (const { segment } of new Intl.Segmenter("und", { granularity: "sentence" }).segment(plain)) {
      if (segment.trim() !== "") pieces.push(segment.trim());
    }
  }
  const quotes: string[] = [];
  let quote = "";
  for (const piece of pieces) {
    if (quote !== "" && quote.length + piece.length + 1 > QUOTED_CHARS_MAX) {
      quotes.push(quote);
      quote = "";
    }
    quote = quote === "" ? piece.slice(0, QUOTED_CHARS_MAX) : `${quote} ${piece}`;
  }
  if (quote !== "") quotes.push(quote);
  return quotes;
}

function isOld({ previous }: Material, text: string): boolean {
  return previous.some((before) => alike(text, withoutSources(before)));
}

/** Small print is the same under many posts. */
function withoutSources(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("-# "))
    .join("\n");
}

/** The text with its sources below it, within its size: it is cut before they are. */
function composed(
  { charsMax, settings }: Material,
  text: string,
  used: readonly PassageRow[],
): { readonly text: string; readonly sources: readonly Source[] } {
  const sources = used.slice(0, SOURCES_MAX).map((passage, index) => ({
    ...{ n: index + 1, title: passage.title, url: passage.url },
    passage: passage.text.slice(0, 300),
  }));
  const bot = words(settings.language).bot;
  // Numbers in the text would have to follow the sources' order, and a post has no need of them.
  let body = text.replace(/ ?\[\d{1,2}\]/g, "");
  let whole = render(body, sources, bot).join("\n");
  while (whole.length > charsMax && body.length > 0) {
    body = shortened(body, Math.max(1, whole.length - charsMax));
    whole = render(body, sources, bot).join("\n");
  }
  return { text: whole, sources };
}

/** Without its end, at a sentence where there is one. */
function shortened(text: string, by: number): string {
  const room = text.length - by - 1;
  if (room <= 0) return "";
  const cut = text.slice(0, room).replace(/\p{Surrogate}$/u, "");
  const end = Math.max(cut.lastIndexOf(". "), cut.lastIndexOf("! "), cut.lastIndexOf("\n"));
  return end > room / 2 ? cut.slice(0, end + 1).trimEnd() : `${cut.trimEnd()}…`;
}
