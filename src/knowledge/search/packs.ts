/**
 * Passages as an index keeps them: up to 16 of one document in a pack, as JSON that zstd made small. They are unpacked for the few that an
 * answer is made of; as objects they took more memory than all that is searched.
 */
import type { PassageRow } from "../../knowledge.ts";

/** About 10 kB of text: more is not compressed better, and all of a pack is unpacked for one of its passages. */
export const PASSAGES_A_PACK = 16;

/** What an object of the index takes beside its bytes, about. */
const PACK_BYTES = 100;

export type Pack = { readonly passages: number; readonly bytes: Uint8Array };

/** At most PASSAGES_A_PACK rows. */
export function packRows(rows: readonly PassageRow[]): Pack {
  // A copy: what the compressor gives may stand in a larger buffer.
  return { passages: rows.length, bytes: new Uint8Array(Bun.zstdCompressSync(JSON.stringify(rows), { level: 1 })) };
}

export function unpackRows({ bytes }: Pack): readonly PassageRow[] {
  return JSON.parse(Bun.zstdDecompressSync(bytes).toString()) as PassageRow[];
}

export function packedBytes(packs: readonly Pack[]): number {
  return packs.reduce((sum, { bytes }) => sum + bytes.byteLength + PACK_BYTES, 0);
}
