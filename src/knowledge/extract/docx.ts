/**
 * A Word document → Markdown (mammoth makes HTML, turndown Markdown). The zip is looked at first: entry count, sizes as they
 * really inflate, no document type declarations in its XML; pictures and links to other files are never fetched.
 */
import { inflateRawSync } from "node:zlib";
import mammoth from "mammoth";
import type { Extracted, Refused } from "./document.ts";
import { markdownOf } from "./html.ts";

const ENTRIES_MAX = 2_000;
const INFLATED_BYTES_MAX = 64_000_000;

const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL = 0x04034b50;

export async function extractDocx(bytes: Uint8Array): Promise<Extracted | Refused> {
  const problem = inspectZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
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

/** Walks the central directory and inflates every XML entry under a cap; what a header claims counts for nothing. */
function inspectZip(zip: Buffer): string | null {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== END)
    return "the document is damaged: no zip directory";
  const entries = zip.readUInt16LE(end + 10);
  if (entries > ENTRIES_MAX) return `the document holds more than ${ENTRIES_MAX} entries`;
  let at = zip.readUInt32LE(end + 16);
  let inflated = 0;
  let found = false;
  for (let i = 0; i < entries; i++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL)
      return "the document is damaged: its zip directory is cut";
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL)
      return "the document is damaged: an entry is missing";
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(from, from + size);
    if (method !== 0 && method !== 8) return "the document uses a packing that is not read here";
    try {
      const content =
        method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: INFLATED_BYTES_MAX - inflated });
      inflated += content.length;
      if (inflated >= INFLATED_BYTES_MAX) return "the document unpacks to more than 64 MB";
      if (/\.(xml|rels)$/i.test(name) && /<!(?:DOCTYPE|ENTITY)/i.test(content.toString("latin1"))) {
        return "the document's XML declares entities, which no word processor does";
      }
    } catch {
      return "the document unpacks to more than 64 MB, or is damaged";
    }
    if (name === "word/document.xml") found = true;
  }
  return found ? null : "the file is a zip archive, but no Word document";
}
