/** Result of every extractor: Markdown, and the file's own metadata. */

export type Extracted = {
  /** Always Markdown. */
  readonly text: string;
  /** "" where the file has none. */
  readonly title: string;
  /** Where the file says it is read, or null. */
  readonly url: string | null;
  /** ISO 639-1 as declared, or null. */
  readonly language: string | null;
  /** Characters of a page that were left out as its frame: navigation, forms, what its style hides. 0 for other files. */
  readonly leftOutChars?: number;
  /** Only of a fetched page. */
  readonly page?: {
    /** Where its links lead, absolute, without fragments; none where the page asks not to follow them. */
    readonly links: readonly string[];
    /** The page asks not to be indexed. */
    readonly noindex: boolean;
    /** Where it sends its reader at once (`<meta http-equiv=refresh>`), absolute; null for a page that stays. */
    readonly refresh: string | null;
  };
};

/** An expected "no", in words for the admin who imported the file. */
export type Refused = { readonly refused: string };

/** A longer file is a dump and not a document: it would cost more to index than it can answer. */
export const TEXT_CHARS_MAX = 4_000_000;

/** "en-GB" → "en"; null for anything but a language code. */
export function languageCode(value: unknown): string | null {
  return typeof value === "string" ? (/^\s*([a-z]{2})(?:[-_].*)?\s*$/i.exec(value)?.[1]?.toLowerCase() ?? null) : null;
}

/** A link people may be shown: http(s), no credentials. */
export function publicLink(value: unknown): string | null {
  if (typeof value !== "string" || !URL.canParse(value)) return null;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" ? url.href : null;
}
