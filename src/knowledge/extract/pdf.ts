/**
 * A PDF's text, page by page (unpdf: pdf.js without a browser). Scripts in it never run; scanned pages have no text and say so. The
 * predefined character maps of Chinese, Japanese and Korean fonts come from pdfjs-dist. A word that was cut at a line's end is joined.
 */
import { dirname, join } from "node:path";
import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { cleanFileText } from "./clean.ts";
import { type Extracted, languageCode, type Refused, TEXT_CHARS_MAX } from "./document.ts";

const PAGES_MAX = 2_000;

/** Readers accept a header that begins within the first kilobyte. ISO 32000-1, implementation note 13. */
const HEADER_BYTES_MAX = 1_024;

export async function extractPdf(bytes: Uint8Array): Promise<Extracted | Refused> {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES_MAX)).indexOf("%PDF-");
  const document = await getDocumentProxy(from > 0 ? bytes.slice(from) : bytes, {
    disableFontFace: true,
    verbosity: 0,
    cMapUrl: "cmaps/",
    cMapPacked: true,
    ...{ BinaryDataFactory: PackagedData },
  });
  try {
    if (document.numPages > PAGES_MAX) return { refused: `the PDF has more than ${PAGES_MAX} pages` };
    const { text: pages } = await extractText(document, { mergePages: false });
    const text = joinCutWords(
      pages
        .map((page) => cleanFileText(page).trim())
        .filter((page) => page !== "")
        .join("\n\n"),
    );
    if (text === "") return { refused: "the PDF has no text: scanned pages need text recognition first" };
    const { info } = await getMeta(document);
    const { Title, Language } = info as { readonly Title?: unknown; readonly Language?: unknown };
    const title = typeof Title === "string" ? cleanFileText(Title).trim() : "";
    return { text: text.slice(0, TEXT_CHARS_MAX), title, url: null, language: languageCode(Language) };
  } finally {
    await document.loadingTask.destroy();
  }
}

/** pdf.js asks for a character map by its name; nothing else is given to it. */
class PackagedData {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    if (kind !== "cMapUrl" || !/^[\w-]{1,60}\.bcmap$/.test(filename)) throw new Error(`There is no ${kind} here.`);
    const folder = join(dirname(Bun.fileURLToPath(import.meta.resolve("pdfjs-dist/package.json"))), "cmaps");
    return new Uint8Array(await Bun.file(join(folder, filename)).arrayBuffer());
  }
}

/**
 * "tempera-\nture" → "temperature". The hyphen stays where the text writes the word with a hyphen in the middle of a line too
 * ("well-\nknown" beside "well-known"), and before a capital or a digit.
 */
function joinCutWords(text: string): string {
  const hyphenated = new Set<string>();
  for (const word of text.matchAll(/[\p{L}\p{N}]{1,40}-[\p{L}\p{N}]{1,40}/gu)) hyphenated.add(word[0].toLowerCase());
  return text
    .replaceAll("\u00ad\n", "")
    .replaceAll("\u00ad", "")
    .replace(/([\p{L}\p{N}]{1,40})[-‐]\n(\p{Ll}{1,40})/gu, (_, before: string, after: string) =>
      hyphenated.has(`${before}-${after}`.toLowerCase()) ? `${before}-${after}` : `${before}${after}`,
    );
}
