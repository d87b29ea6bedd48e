import { expect, test } from "bun:test";
import fc from "fast-check";
import { createGrowing } from "../../../../src/knowledge/search/growing.ts";
import { stopWordsOf } from "../../../../src/knowledge/search/languages.ts";
import { createReader } from "../../../../src/knowledge/search/reader.ts";
import { eachWord, termOf } from "../../../../src/knowledge/search/words.ts";
import type { PassageRow } from "../../../../src/knowledge.ts";

const WORDS =
  `the sensors Hub hubs ray.data.readText max_retries C++ C# v2.1.0 don't Pip’i garden-hose naïve Größe 東京都 배터리를 ERR-017
  AI/ML IPv6 a.b.c. (x) https://example.org/a?b=c`.split(/\s+/);
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join(" "));
const passage = fc.record({
  title: fc.constantFrom("Hub", "Hub", "The garden-hose"),
  headings: fc.array(fc.constantFrom("Reset", "C++"), { maxLength: 2 }),
  url: fc.constantFrom(
    null,
    "https://example.org/the/reset-hub.html",
    "https://example.org/the/reset-hub.html#part-two",
    "https://example.org/pip%27i",
    "https://example.org/100%",
    "not an address",
  ),
  language: fc.constantFrom("en", "tr"),
  text,
});

test("passages that share titles, headings and addresses are read as each by itself", () => {
  fc.assert(
    fc.property(fc.array(passage, { maxLength: 12 }), (passages) => {
      const reader = createReader();
      for (const one of passages) {
        const words = createGrowing();
        const { title, above, address } = reader.read(row(one), one.language, words);
        const terms = Array.from(words.view(), (number) => (number === 0 ? "" : reader.terms[number - 1]));
        const plain = [one.title, one.headings.join("\n"), one.text].map((field) => plainly(field, one.language));
        const path = plainly(pathOf(one.url), one.language).filter((term) => term !== "");
        expect(terms).toEqual([...plain.flat(), ...path]);
        expect([title, above, address]).toEqual([
          ...[plain[0]?.length ?? 0, (plain[0]?.length ?? 0) + (plain[1]?.length ?? 0), path.length],
        ]);
        for (const [place, term] of reader.terms.entries()) expect(reader.numberOf(term)).toBe(place + 1);
      }
    }),
  );
});

test("what is too long for a word's table is remembered too, and a field of too many words ends early", () => {
  const reader = createReader();
  const long = `${"a1".repeat(40_000)}/hub`;
  const read = (text: string) => {
    const words = createGrowing();
    reader.read(row({ text }), "en", words);
    return [...words.view()];
  };
  expect(read(`${long} hub`)).toEqual([1, 1]);
  expect(read(long)).toEqual([1]);
  expect(read("hub ".repeat(40_000))).toHaveLength(30_000);
});

/** "" for a small word. */
function plainly(field: string, language: string): string[] {
  const terms: string[] = [];
  eachWord(field, (surface) => terms.push(termOf(surface, language)));
  return terms.map((term) => (stopWordsOf(language).has(term) ? "" : term));
}

function pathOf(url: string | null): string {
  if (url === null || !URL.canParse(url)) return "";
  const path = new URL(url).pathname;
  return path === "/100%" ? path : decodeURIComponent(path).replace(".html", "");
}

function row(fields: Partial<PassageRow>): PassageRow {
  return {
    ...{ id: "d.0", document: "d", source: "s", kind: "text", title: "", headings: [], url: null },
    ...{ language: "en", text: "", position: 0 },
    ...fields,
  };
}
