/**
 * What a file is, by its name and its first bytes together: a name that its bytes contradict is refused, so that nothing
 * gets to a parser that was not meant for it.
 */

const FILE_KINDS = ["markdown", "html", "text", "pdf", "docx", "csv", "archive"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  md: "markdown",
  mdx: "markdown",
  markdown: "markdown",
  html: "html",
  htm: "html",
  xhtml: "html",
  txt: "text",
  text: "text",
  rst: "text",
  pdf: "pdf",
  docx: "docx",
  csv: "csv",
  tsv: "csv",
  zip: "archive",
};

const BY_MEDIA_TYPE: Readonly<Record<string, FileKind>> = {
  "text/markdown": "markdown",
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/plain": "text",
  "application/pdf": "pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "text/csv": "csv",
  "application/zip": "archive",
};

/** First bytes, in hex, of files that are no text. */
const MAGIC: readonly (readonly [string, string])[] = [
  ["25504446", "a PDF"],
  ["504b0304", "a zip archive"],
  ["504b0506", "a zip archive"],
  ["1f8b", "a gzip archive"],
  ["28b52ffd", "a zstd archive"],
  ["425a68", "a bzip2 archive"],
  ["fd377a585a00", "an xz archive"],
  ["377abcaf271c", "a 7z archive"],
  ["526172211a07", "a rar archive"],
  ["4d5a", "a program"],
  ["7f454c46", "a program"],
  ["cafebabe", "a program"],
  ["cffaedfe", "a program"],
  ["47494638", "an image"],
  ["89504e47", "an image"],
  ["ffd8ff", "an image"],
  ["d0cf11e0a1b11ae1", "an old Office file"],
  ["7b5c727466", "an RTF file"],
];

/** A PDF's header may have a few bytes before it: a line's end, a byte order mark, a mail program's header. */
const PDF_HEADER_BYTES_MAX = 1_024;

/** The kind a name or a media type promises; null for those we do not read. */
export function promisedKind(path: string, mediaType?: string | null): FileKind | null {
  const type = mediaType?.split(";")[0]?.trim().toLowerCase();
  if (type !== undefined && Object.hasOwn(BY_MEDIA_TYPE, type)) return BY_MEDIA_TYPE[type] ?? null;
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? null) : null;
}

export function kindOf(
  bytes: Uint8Array,
  path: string,
  mediaType?: string | null,
): { readonly kind: FileKind } | { readonly refused: string } {
  const kind = promisedKind(path, mediaType);
  if (kind === null) {
    return { refused: "not a kind of file that is read here (Markdown, HTML, text, PDF, DOCX, CSV, or a ZIP of them)" };
  }
  if (bytes.length === 0) return { refused: "the file is empty" };
  const head = Buffer.from(bytes.subarray(0, PDF_HEADER_BYTES_MAX));
  const start = head.subarray(0, 8).toString("hex");
  const magic = MAGIC.find(([hex]) => start.startsWith(hex))?.[1];
  if (kind === "pdf") return head.includes("%PDF-") ? { kind } : { refused: "the name says PDF, the content does not" };
  if (kind === "docx") {
    return magic === "a zip archive" ? { kind } : { refused: "the name says DOCX, the content does not" };
  }
  if (kind === "archive") {
    return magic === "a zip archive" ? { kind } : { refused: "the name says ZIP, the content does not" };
  }
  return magic === undefined ? { kind } : { refused: `the name says ${kind}, the content is ${magic}` };
}
