import { expect, test } from "bun:test";
import { buildIndex, findTerm } from "../../../../src/knowledge/search/index.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
import type { PassageRow } from "../../../../src/knowledge.ts";

test("a word of the title finds the page before one that only mentions it", async () => {
  const index = await buildIndex([
    passage({
      document: "mention",
      text: "Pets, plants and a router stand in the hall, which has a window and a door.",
    }),
    passage({ document: "title", title: "Router", text: "Give it a place with air around it." }),
  ]);
  expect(documents(retrieveFrom(index, "where do I put the router?", 5))).toEqual(["title", "mention"]);
});

test("a slip of the finger still finds", async () => {
  const index = await buildIndex([
    passage({ document: "battery", text: "Change the battery once a year." }),
    passage({ document: "other", text: "Keep the window shut at night." }),
  ]);
  expect(documents(retrieveFrom(index, "how to chagne the batery", 5))).toEqual(["battery"]);
});

test("a long message is ranked by what it asks: its story and a pasted log only help, and speak where it asks nothing", async () => {
  const story =
    "The pump in the cellar runs at night, the pump hums, and my neighbour hears the pump through the wall. ";
  const log = `\n\`\`\`\n${"pump=3 cellar=on hum=41 ".repeat(20)}\n\`\`\`\n`;
  const index = await buildIndex([
    passage({ document: "pump", title: "The cellar's pump", text: "The pump in the cellar hums at night." }),
    passage({ document: "refund", title: "Refunds", text: "A refund takes ten days, by card or transfer." }),
  ]);
  const first = (question: string) => documents(retrieveFrom(index, question, 5))[0];
  expect(first(`${story.repeat(3)}${log}anyway, how many days does a refund take?`)).toBe("refund");
  expect(first(`Which card gets the refund after how many days? ${story.repeat(3)}${log}`)).toBe("refund");
  expect(first(`${story.repeat(3)}${log}any ideas?`)).toBe("pump");
});

test("slips are seen through in every language of the base, and misspelt small words say nothing", async () => {
  const index = await buildIndex([
    passage({ document: "ports", language: "en", text: "Open these ports in the firewall of the server." }),
    passage({ document: "garanti", language: "tr", text: "Garantisi üç yıldır, garantiyi faturayla kullanın." }),
  ]);
  expect(documents(retrieveFrom(index, "garnati ne kadar", 5))).toEqual(["garanti"]);
  const found = retrieveFrom(index, "wich prots do i hav to open in teh fierwall", 5);
  expect(documents(found)[0]).toBe("ports");
  expect(found.answerable).toBe(retrieveFrom(index, "prots to open in the fierwall", 5).answerable);
});

test("a Turkish question finds Turkish text through suffixes, dotless i and missing marks", async () => {
  const index = await buildIndex([
    passage({ document: "pil", language: "tr", text: "Pilleri yılda bir değiştirin. Işık iki kez yanıp söner." }),
    passage({ document: "fatura", language: "tr", text: "Faturanız her ayın ilk günü gönderilir." }),
  ]);
  expect(documents(retrieveFrom(index, "PİLİ NASIL DEĞİŞTİRİRİM", 5))[0]).toBe("pil");
  expect(documents(retrieveFrom(index, "isik neden yaniyor", 5))[0]).toBe("pil");
  expect(documents(retrieveFrom(index, "faturam ne zaman gelir", 5))[0]).toBe("fatura");
});

test("a matching question-and-answer pair stands before everything else; one that does not match has no privilege", async () => {
  const rows = [
    passage({
      document: "page",
      title: "Refunds and refund times",
      text: "Refund refund refund, the refund takes ten days.",
    }),
    passage({ document: "pair", kind: "pair", title: "How long does a refund take?", text: "Ten days." }),
    passage({ document: "other", text: "Something else entirely." }),
  ];
  const index = await buildIndex(rows);
  expect(documents(retrieveFrom(index, "how long does my refund take", 3))[0]).toBe("pair");
  expect(documents(retrieveFrom(index, "refund times for pages about something", 3))[0]).toBe("page");
});

test("a page found by its short opening comes with the section below it, once", async () => {
  const rows = [
    passage({ document: "pair", title: "Pair sensors", text: "Pairing introduces a sensor." }),
    passage({ document: "pair", position: 1, title: "Pair sensors", text: "Hold the button for 3 seconds." }),
    passage({ document: "other", text: "A sensor sleeps between two measurements." }),
  ];
  const found = retrieveFrom(await buildIndex(rows), "how do I pair a sensor", 5).passages;
  expect(found[0]?.passage.text).toBe("Pairing introduces a sensor.\n\nHold the button for 3 seconds.");
  expect(found.filter((hit) => hit.passage.text.includes("Hold the button"))).toHaveLength(1);
});

test("an opening that says enough stays as it is", async () => {
  const long = "Pairing introduces a sensor to the hub. ".repeat(12);
  const rows = [
    passage({ document: "pair", title: "Pair sensors", text: long }),
    passage({ document: "pair", position: 1, title: "Other things", text: "Nothing of the kind." }),
  ];
  expect(retrieveFrom(await buildIndex(rows), "how do I pair a sensor", 5).passages[0]?.passage.text).toBe(long);
});

test("no page crowds out the others", async () => {
  const index = await buildIndex([
    ...Array.from({ length: 6 }, (_, i) =>
      passage({
        document: "big",
        position: i,
        title: "Sensor",
        text: `Sensor number ${i} is a sensor of kind ${"abcdef"[i]}${i}${i}.`,
      }),
    ),
    passage({ document: "small", text: "A sensor sleeps between two measurements to spare its battery." }),
  ]);
  expect(documents(retrieveFrom(index, "sensor", 7)).slice(0, 2)).toEqual(["big", "small"]);
});

test("passages that follow each other and fit together come as one, within the bound", async () => {
  const index = await buildIndex([
    passage({ document: "d", position: 0, text: "Open the case of the Wren with a coin." }),
    passage({ document: "d", position: 1, text: "Then close the Wren case until it clicks." }),
  ]);
  const { passages } = retrieveFrom(index, "wren case", 5);
  expect(passages).toHaveLength(1);
  expect(passages[0]?.passage.text).toBe(
    "Open the case of the Wren with a coin.\n\nThen close the Wren case until it clicks.",
  );
});

test("nothing is found in nothing, and nothing of nothing but small words", async () => {
  const empty = await buildIndex([]);
  expect(retrieveFrom(empty, "anything at all?", 5)).toEqual({ passages: [], answerable: 0 });
  const index = await buildIndex([passage({ text: "Change the battery once a year." })]);
  expect(retrieveFrom(index, "how do I do it?", 5)).toEqual({ passages: [], answerable: 0 });
  expect(retrieveFrom(index, "", 5)).toEqual({ passages: [], answerable: 0 });
});

test("a question the text answers looks likelier answerable than one it does not", async () => {
  const index = await buildIndex([
    passage({ document: "a", title: "Battery", text: "Change the battery of the sensor once a year." }),
    passage({ document: "b", title: "Refunds", text: "A refund takes ten days." }),
    passage({ document: "c", title: "Sensors", text: "A sensor measures temperature and humidity." }),
  ]);
  const can = retrieveFrom(index, "how often should I change the sensor battery?", 5).answerable;
  const cannot = retrieveFrom(index, "which graphics card runs elden ring on a sensor desk?", 5).answerable;
  expect(can).toBeGreaterThan(cannot);
});

test("every term that went in is found, and no other", async () => {
  const index = await buildIndex([passage({ text: "alpha beta gamma" }), passage({ document: "e", text: "delta" })]);
  for (const term of ["alpha", "beta", "gamma", "delta"]) expect(findTerm(index, term)).toBeGreaterThanOrEqual(0);
  for (const term of ["", "alph", "alphaa", "zeta"]) expect(findTerm(index, term)).toBe(-1);
});

function documents(retrieval: { readonly passages: readonly { readonly passage: PassageRow }[] }): string[] {
  return retrieval.passages.map(({ passage: row }) => row.document);
}

let made = 0;

function passage(fields: Partial<PassageRow>): PassageRow {
  return {
    id: `p${made++}`,
    document: "d",
    source: "s",
    kind: "text",
    title: "",
    headings: [],
    url: null,
    language: "en",
    text: "",
    position: 0,
    ...fields,
  };
}
