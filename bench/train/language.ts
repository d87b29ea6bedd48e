/** `bun bench/train/language.ts`: packs the n-grams of the installed eld into src/text/language.ngrams.bin. Run it after eld was renewed. */
import { join } from "node:path";
// @ts-expect-error eld's data has no types.
import { ngramsData } from "../../node_modules/eld/src/ngrams/small.js";
import { type Ngrams, packTable } from "./language-table.ts";

type Data = { readonly languages: Readonly<Record<number, string>>; readonly ngrams: Ngrams };

const out = join(import.meta.dir, "..", "..", "src", "text", "language.ngrams.bin");
const { languages, ngrams }: Data = ngramsData;
const packed = packTable(Object.values(languages), ngrams);
await Bun.write(out, packed);
process.stdout.write(
  `${packed.length} bytes, ${Object.keys(ngrams).length} n-grams of ${Object.keys(languages).length} languages\n`,
);
