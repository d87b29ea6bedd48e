/**
 * A zip archive's entries, unpacked under a cap. What a header claims counts for nothing: sizes are measured while unpacking,
 * and an entry that lied refuses the archive. Paths that lead out, links and folders are passed over.
 */
import { inflateRawSync } from "node:zlib";
import { cleanFileText } from "./clean.ts";

const ENTRIES_MAX = 2_000;
const INFLATED_BYTES_MAX = 64_000_000;
const NAME_CHARS_MAX = 200;

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const LINK_MODE = 0o120000;

export type ZipEntry = { readonly name: string; readonly content: Buffer };

export function readZip(bytes: Uint8Array): readonly ZipEntry[] | { readonly refused: string } {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = zip.lastIndexOf(END);
  if (end < 0 || end + 22 > zip.length) return { refused: "it is damaged: no zip directory" };
  const count = zip.readUInt16LE(end + 10);
  if (count > ENTRIES_MAX) return { refused: `it holds more than ${ENTRIES_MAX} entries` };

  const entries = new Map<string, ZipEntry>();
  let at = zip.readUInt32LE(end + 16);
  let inflated = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL)
      return { refused: "it is damaged: its directory is cut" };
    const nameLength = zip.readUInt16LE(at + 28);
    const raw = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const header = {
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      mode: zip.readUInt16LE(at + 40),
      local: zip.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const content = unpack(zip, header, INFLATED_BYTES_MAX - inflated);
    if ("refused" in content) return content;
    inflated += content.bytes.length;
    const name = safeName(raw);
    const isLink = (header.mode & 0o170000) === LINK_MODE;
    // Of several entries of one name the first stays.
    if (name !== null && !isLink && !entries.has(name)) entries.set(name, { name, content: content.bytes });
  }
  return [...entries.values()];
}

type Header = { readonly method: number; readonly packed: number; readonly size: number; readonly local: number };

function unpack(zip: Buffer, header: Header, room: number): { readonly bytes: Buffer } | { readonly refused: string } {
  const { local, packed, method, size } = header;
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL)
    return { refused: "it is damaged: an entry is missing" };
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const body = zip.subarray(from, from + packed);
  if (method !== 0 && method !== 8) return { refused: "it uses a packing that is not read here" };
  if (size > room) return { refused: `it unpacks to more than ${INFLATED_BYTES_MAX / 1_000_000} MB` };
  try {
    const bytes = method === 0 || body.length === 0 ? body : inflateRawSync(body, { maxOutputLength: size + 1 });
    return bytes.length === size ? { bytes } : { refused: "an entry is not of the size it claims" };
  } catch {
    return { refused: "an entry unpacks to more than it claims, or is damaged" };
  }
}

/** Null for folders, hidden files and paths that lead out. */
function safeName(raw: string): string | null {
  const name = cleanFileText(raw)
    .replace(/[\n\t<>]/g, " ")
    .trim();
  if (name === "" || name.endsWith("/") || name.length > NAME_CHARS_MAX) return null;
  if (/^[\\/]|^[a-z]:|\\/i.test(name)) return null;
  return name.split("/").some((part) => part === ".." || part.startsWith(".") || part === "__MACOSX") ? null : name;
}
