/**
 * A Word document → Markdown (mammoth makes HTML, turndown Markdown). Its XML may declare no entities; pictures and links to
 * other files are never fetched.
 */
import mammoth from "mammoth";
import type { Extracted, Refused } from "./document.ts";
import { markdownOf } from "./write-markdown.ts";
import { readZip } from "./zip.ts";

export async function extractDocx(bytes: Uint8Array): Promise<Extracted | Refused> {
  const problem = problemOf(bytes);
  if (problem !== null) return { refused: problem };
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(bytes) },
    { convertImage: mammoth.images.imgElement(async () => ({ src: "" })), externalFileAccess: false },
  );
  const text = markdownOf(value);
  if (text === "") return { refused: "the document has no text" };
  const title = /^#[ \t]+(.+)$/m.exec(text)?.[1]?.trim() ?? "";
  return { text, title, url: null, language: null };
}

function problemOf(bytes: Uint8Array): string | null {
  const entries = readZip(bytes);
  if ("refused" in entries) return entries.refused;
  if (!entries.some(({ name }) => name === "word/document.xml"))
    return "the file is a zip archive, but no Word document";
  const declares = entries.some(
    ({ name, content }) => /\.(xml|rels)$/i.test(name) && /<!(?:DOCTYPE|ENTITY)/i.test(content.toString("latin1")),
  );
  return declares ? "the document's XML declares entities, which no word processor does" : null;
}
