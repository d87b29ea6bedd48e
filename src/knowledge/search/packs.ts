/**
 * Passages as an index keeps them: up to 16 of one document in a pack, as JSON that zstd made small. They are unpacked for the few that an
 * answer is made of; as objects they took more memory than all that is searched. A pack holds columns, not rows: names and what all rows
 * share are in it once, which takes two thirds of the time to write.
 */
import type { PassageRow } from "../../knowledge.ts";

/** About 10 kB of text: more is not compressed better, and all of a pack is unpacked for one of its passages. */
export const PASSAGES_A_PACK = 16;

/** What an object of the index takes beside its bytes, about. */
const PACK_BYTES = 100;

export type Pack = { readonly passages: number; readonly bytes: Uint8Array };

const COLUMNS = [
  "id",
  "document",
  "source",
  "kind",
  "title",
  "headings",
  "url",
  "language",
  "text",
  "position",
] as const;
type Column = { readonly shared: unknown } | { readonly own: readonly unknown[] };

/** At most PASSAGES_A_PACK rows. */
export function packRows(rows: readonly PassageRow[]): Pack {
  const columns = COLUMNS.map((name): Column => {
    const first = rows[0]?.[name];
    return rows.every((row) => row[name] === first) ? { shared: first } : { own: rows.map((row) => row[name]) };
  });
  const bytes = Bun.zstdCompressSync(JSON.stringify(columns), { level: 1 });
  // What the compressor gives may stand in a larger buffer, which would be kept with it.
  const isAlone = bytes.buffer.byteLength === bytes.byteLength;
  return { passages: rows.length, bytes: isAlone ? bytes : new Uint8Array(bytes) };
}

export function unpackRows({ bytes, passages }: Pack): readonly PassageRow[] {
  const columns = JSON.parse(Bun.zstdDecompressSync(bytes).toString()) as readonly Column[];
  return Array.from({ length: passages }, (_, row) => {
    const values = columns.map((column) => ("own" in column ? column.own[row] : column.shared));
    return Object.fromEntries(COLUMNS.map((name, i) => [name, values[i]])) as PassageRow;
  });
}

export function packedBytes(packs: readonly Pack[]): number {
  return packs.reduce((sum, { bytes }) => sum + bytes.byteLength + PACK_BYTES, 0);
}
