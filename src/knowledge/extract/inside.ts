/** Bytes → Markdown, by kind. Runs inside the child process of extract.ts; by itself it has no limit in time or memory. */
import { type Extracted, type Refused, TEXT_CHARS_MAX } from "./document.ts";
import { kindOf } from "./kinds.ts";

export async function extractInside(
  bytes: Uint8Array,
  path: string,
  mediaType: string | null,
  address: string | null,
): Promise<Extracted | Refused> {
  const kind = kindOf(bytes, path, mediaType);
  if ("refused" in kind) return kind;
  const extracted = await extractKind(kind.kind, bytes, mediaType, address);
  if ("refused" in extracted) return extracted;
  // A page that only sends its reader on needs no text.
  if (typeof extracted.page?.refresh === "string") return extracted;
  if (extracted.text.trim() === "") return { refused: "there is no text in it" };
  if (extracted.text.length > TEXT_CHARS_MAX) {
    return { refused: `there is more than ${TEXT_CHARS_MAX / 1_000_000} million characters of text in it` };
  }
  return extracted;
}

/** The heavy libraries are loaded by the first file that needs them. */
async function extractKind(
  kind: string,
  bytes: Uint8Array,
  mediaType: string | null,
  address: string | null,
): Promise<Extracted | Refused> {
  switch (kind) {
    case "markdown":
      return (await import("./markdown.ts")).extractMarkdown(bytes);
    case "html":
      return (await import("./html.ts")).extractHtml(bytes, charsetOf(mediaType), address);
    case "csv":
      return (await import("./csv.ts")).extractCsv(bytes);
    case "pdf":
      return (await import("./pdf.ts")).extractPdf(bytes);
    case "docx":
      return (await import("./docx.ts")).extractDocx(bytes);
    case "archive":
      return (await import("./archive.ts")).extractArchive(bytes, (entry, name) =>
        extractInside(entry, name, null, null),
      );
    default:
      return (await import("./text.ts")).extractText(bytes);
  }
}

function charsetOf(mediaType: string | null): string | null {
  return /charset=["']?([\w-]+)/i.exec(mediaType ?? "")?.[1] ?? null;
}
