/** The form of a case: a folder with `case.json`, which holds checks of one of these kinds. `has` and `hasNot` are strings. */
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";
import type { FixedDocument } from "../../src/knowledge.ts";

type Text = { readonly has?: readonly string[]; readonly hasNot?: readonly string[] };

export type ExtractCheck = Text & { readonly kind: "extract"; readonly file: string };
export type PassagesCheck = Text & {
  readonly kind: "passages";
  readonly file: string;
  readonly title?: string;
  /** Lines that must not have become headings. */
  readonly noHeading?: readonly string[];
  /** How many passages there must be at least. */
  readonly least?: number;
};
export type RetrieveCheck = {
  readonly kind: "retrieve";
  readonly corpus: string;
  readonly queries: readonly { readonly text: string; readonly want: string }[];
};
export type QuoteCheck = {
  readonly kind: "quote";
  readonly corpus: string;
  readonly queries: readonly { readonly text: string; readonly language: string; readonly has: string }[];
};
export type SplitCheck = {
  readonly kind: "split";
  readonly file: string;
  readonly rule: "spoilers" | "bold" | "quote-rest" | "quoted-fence";
};
export type CrawlCheck = {
  readonly kind: "crawl";
  readonly what: string;
  readonly start?: string;
  readonly site: Readonly<
    Record<
      string,
      string | { readonly headers?: Readonly<Record<string, string>>; readonly body: string; readonly gzip?: boolean }
    >
  >;
  /** Paths of the pages that must have become documents, and no others. */
  readonly expect: readonly string[];
};
export type DiscordCheck = Text & {
  readonly kind: "discord";
  readonly scene: "reply" | "thread" | "forum" | "forward" | "forward-dm" | "file";
  readonly text: string;
  readonly mode?: "mention" | "all";
  readonly title?: string;
  readonly replied?: string;
  /** Said after a forwarded direct message. */
  readonly caption?: string;
  /** The attached file's name and text. */
  readonly name?: string;
  readonly body?: string;
};
export type Check = ExtractCheck | PassagesCheck | RetrieveCheck | QuoteCheck | SplitCheck | CrawlCheck | DiscordCheck;

/** What came of one check; `problem` is null where it holds. */
export type Finding = { readonly case: string; readonly what: string; readonly problem: string | null };

export type Place = { readonly name: string; readonly folder: string; readonly clock: Clock };

/** Null where `text` has all it must have and nothing it must not have. */
export function textProblem(text: string, check: Text): string | null {
  const missing = (check.has ?? []).find((part) => !text.includes(part));
  if (missing !== undefined) return `lacks ${short(missing)}`;
  const unwanted = (check.hasNot ?? []).find((part) => text.includes(part));
  return unwanted === undefined ? null : `holds ${short(unwanted)}`;
}

export async function corpusOf(place: Place, file: string): Promise<readonly FixedDocument[]> {
  const lines = (await Bun.file(join(place.folder, file)).text()).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const { _id, title, text } = JSON.parse(line) as { _id: string; title?: string; text: string };
    return { id: _id, title: title ?? "", text, url: null };
  });
}

export function short(text: string): string {
  return JSON.stringify(text.length > 160 ? `${text.slice(0, 160)}…` : text);
}
