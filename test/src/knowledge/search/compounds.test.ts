import { expect, test } from "bun:test";
import { fixedKnowledge } from "../../../../src/knowledge.ts";

const PAGES = [
  { id: "space", title: "", text: "Speicherplatz\n\nMit einer Karte wird der Platz größer.", url: null },
  { id: "cost", title: "", text: "Versandkosten\n\nNeun Euro für jedes Paket.", url: null },
  { id: "key", title: "", text: "Tor\n\nDas Tor hat einen Schlüssel, der Garten auch.", url: null },
  { id: "release", title: "", text: "Release 4.2.0\n\nThe importer is faster. Fixes ERR-112.", url: null },
  { id: "older", title: "", text: "Release 4.1.0\n\nAdds Python 3.12 support. Mends ERR-113.", url: null },
];

const first = async (question: string): Promise<string | undefined> =>
  (await fixedKnowledge(PAGES)).retrieve(question, 5).passages[0]?.passage.document;

test("a compound is found by its half, and its halves by the compound", async () => {
  expect(await first("mehr Speicher")).toBe("space");
  expect(await first("Was kostet der Versand?")).toBe("cost");
  expect(await first("Gartenschlüssel")).toBe("key");
});

test("versions and codes are found however they are written", async () => {
  for (const question of ["what is new in v4.2.0", "pip install tool@4.2.0", "ERR112"])
    expect(await first(question)).toBe("release");
  for (const question of ["python3.12 needed?", "ERR 113"]) expect(await first(question)).toBe("older");
});
