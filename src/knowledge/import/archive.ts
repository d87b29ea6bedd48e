/**
 * A ZIP → its files, each a document of its own. What is no document is left out and told in one line: an archive of a website's
 * pages holds its pictures too.
 */
import { extname } from "node:path";
import { type Extractor, promisedKind, type Refused } from "../extract.ts";

/** Something that can become a document. */
export type Readable = {
  /** Unique within its source. */
  readonly key: string;
  /** The path that its kind, title and link are read from. */
  readonly name: string;
  bytes(): Promise<Uint8Array | Refused>;
};

type Opened = {
  readonly files: readonly Readable[];
  /** The left-out files in a sentence; null when all of them are read. */
  readonly skipped: string | null;
};

const ENDINGS_NAMED_MAX = 5;

/** The files are in the order of their names, so that an import goes on where it stopped. */
export async function openArchive(extractor: Extractor, bytes: Uint8Array, key: string): Promise<Opened | Refused> {
  const entries = await extractor.unpack(bytes, key);
  if ("refused" in entries) return entries;
  const readable = entries.filter(({ name }) => isReadHere(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (readable.length === 0) return { refused: "there is nothing in the archive that is read here" };
  const others = entries.filter(({ name }) => !isReadHere(name));
  return {
    files: readable.map(({ name, content }) => ({ key: `${key}/${name}`, name, bytes: async () => content })),
    skipped: others.length === 0 ? null : skippedLine(others.map(({ name }) => name)),
  };
}

/** Is `key` the archive's own document, or one of its files? */
export function isOf(archive: string, key: string): boolean {
  return key === archive || key.startsWith(`${archive}/`);
}

function isReadHere(name: string): boolean {
  const kind = promisedKind(name);
  return kind !== null && kind !== "archive";
}

function skippedLine(names: readonly string[]): string {
  const endings = [...new Set(names.map((name) => extname(name).toLowerCase() || "no ending"))].sort();
  const shown = endings.slice(0, ENDINGS_NAMED_MAX).join(", ");
  return `${names.length} of its files are of a kind that is not read here (${shown}${endings.length > ENDINGS_NAMED_MAX ? ", …" : ""})`;
}
