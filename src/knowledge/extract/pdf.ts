/** A PDF's text, page by page (unpdf: pdf.js without a browser). Scripts in it never run; scanned pages have no text and say so. */
import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { cleanText } from "./decode.ts";
import { type Extracted, languageCode, type Refused, TEXT_CHARS_MAX } from "./document.ts";

const PAGES_MAX = 2_000;

export async function extractPdf(bytes: Uint8Array): Promise<Extracted | Refused> {
  const document = await getDocumentProxy(bytes, { disableFontFace: true, verbosity: 0 });
  try {
    if (document.numPages > PAGES_MAX) return { refused: `the PDF has more than ${PAGES_MAX} pages` };
    const { text: pages } = await extractText(document, { mergePages: false });
    const text = pages
      .map((page) => cleanText(page).trim())
      .filter((page) => page !== "")
      .join("\n\n");
    if (text === "") return { refused: "the PDF has no text: scanned pages need text recognition first" };
    const { info } = await getMeta(document);
    const { Title, Language } = info as { readonly Title?: unknown; readonly Language?: unknown };
    const title = typeof Title === "string" ? cleanText(Title).trim() : "";
    return { text: text.slice(0, TEXT_CHARS_MAX), title, url: null, language: languageCode(Language) };
  } finally {
    await document.loadingTask.destroy();
  }
}
