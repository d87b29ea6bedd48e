/** Small knowledge bases of made-up words, for what must hold of any text: each word its own stem, in no language's small words. */
import fc from "fast-check";
import type { PassageRow } from "../../src/knowledge.ts";

export const WORDS = ["bako", "limu", "tuva", "rovo", "zuna"];
/** A small word of English: it has a place, and is not looked up. */
const SMALL = "the";

export type MadeText = {
  readonly document: number;
  readonly position: number;
  readonly title: readonly string[];
  readonly headings: readonly string[];
  readonly body: readonly string[];
  readonly address: readonly string[];
};

const words = (max: number) => fc.array(fc.constantFrom(...WORDS, SMALL), { maxLength: max });

export const madeTexts: fc.Arbitrary<readonly MadeText[]> = fc.uniqueArray(
  fc.record({
    ...{ document: fc.nat({ max: 2 }), position: fc.nat({ max: 3 }) },
    ...{ title: words(3), headings: words(3), body: words(12) },
    address: fc.array(fc.constantFrom(...WORDS), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 7, selector: ({ document, position }) => `${document}:${position}` },
);

export function rowsOf(texts: readonly MadeText[]): readonly PassageRow[] {
  return texts.map(({ document, position, title, headings, body, address }, i) => ({
    ...{ id: `p${i}`, document: `d${document}`, source: "s", kind: "text", language: "en", position },
    ...{ title: title.join(" "), headings: [headings.join(" ")], text: body.join(" ") },
    url: address.length === 0 ? null : `https://example.com/${address.join("%20")}`,
  }));
}
