import { describe, expect, test } from "bun:test";
import { UNCALIBRATED } from "../../../../src/knowledge/search/answerable.ts";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { findTerm } from "../../../../src/knowledge/search/index.ts";
import { rank, retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
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

test("a code is found however it is spelled: with a hyphen, a space or neither", async () => {
  const others = {
    together: "ML stands for the maker. ML 5 is old. Dial 503; at night 503 too.",
    apart: "ML stands for the maker's name. The hotline is 503 or 504.",
  };
  for (const [written, other] of [
    ["ML-503", others.together],
    ["ML503", others.together],
    ["ML 503", others.apart],
  ] as const) {
    const index = await buildIndex([
      passage({ document: "code", text: `When the light says ${written}, a second program holds the file.` }),
      passage({ document: "other", text: other }),
      passage({ document: "far", text: "Keep the window shut at night." }),
    ]);
    for (const asked of ["ml 503", "ml503", "ML-503", "what is ml 503?"]) {
      const found = retrieveFrom(index, asked, 5);
      expect([written, asked, documents(found)[0]]).toEqual([written, asked, "code"]);
      expect(found.answerable).toBeGreaterThan(0.5);
    }
  }
});

test("a request is as likely answerable as the question in it: the words around it need no page", async () => {
  const index = await buildIndex([
    passage({ document: "export", text: "Messwerte exportieren: Befehl eingeben, Monat nennen." }),
    passage({ document: "other", text: "Die Möglichkeit, im Hafen zu baden, gibt es im Sommer." }),
  ]);
  const plain = retrieveFrom(index, "wie Messwerte exportieren", 5);
  expect(retrieveFrom(index, "gibt es eine Möglichkeit Messwerte exportieren", 5)).toEqual(plain);
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

test("what is less answerable than was asked for gives no passage, and is as answerable", async () => {
  const index = await buildIndex([
    passage({ document: "battery", title: "Batteries", text: "Change the battery of a sensor once a year." }),
    passage({ document: "other", text: "Keep the window shut at night." }),
  ]);
  for (const question of ["how often must a sensor's battery be changed", "who sings the song of the year"]) {
    const all = retrieveFrom(index, question, 5);
    const { answerable } = all;
    expect(answerable).toBeGreaterThan(0);
    expect(retrieveFrom(index, question, 5, UNCALIBRATED, null, answerable)).toEqual(all);
    expect(retrieveFrom(index, question, 5, UNCALIBRATED, null, answerable + 1e-9)).toEqual({
      passages: [],
      answerable,
    });
  }
});

test("a word of three letters is found where a vowel is missing in it, and only then", async () => {
  const index = await buildIndex([
    passage({ document: "ports", text: "Open these ports in the firewall." }),
    passage({ document: "rooms", text: "Close the window at night." }),
  ]);
  expect(documents(retrieveFrom(index, "opn", 5))).toEqual(["ports"]);
  expect(documents(retrieveFrom(index, "opm", 5))).toEqual([]);
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

test("no page crowds out the others: its second passage counts half, its third a quarter", async () => {
  const index = await buildIndex([
    ...[1, 3, 5].map((position) =>
      passage({
        document: "big",
        position,
        title: "Sensor",
        text: `Sensor number ${position} is a sensor of kind ${"abcdef"[position]}${position}.`,
      }),
    ),
    passage({ document: "small", text: "A sensor sleeps between two of its measurements: a sensor is small." }),
  ]);
  const { passages } = retrieveFrom(index, "sensor", 7);
  expect(documents({ passages })).toEqual(["big", "small", "big", "big"]);
  const [first = 0, second = 0, third = 0] = passages.flatMap(({ passage: row, score }) =>
    row.document === "big" ? [score] : [],
  );
  expect(second / first).toBeCloseTo(0.5);
  expect(third / first).toBeCloseTo(0.25);
});

test("of two pages that say the same in nearly the same words, one stands behind what says something else", async () => {
  const text = "Hold the hub button for three seconds until the light blinks blue.";
  const other = "The hub has a light beside the door, and it stands where a person would look for it first of all.";
  const second = async (copy: string) => {
    const index = await buildIndex([
      passage({ document: "one", text }),
      passage({ document: "copy", text: copy }),
      passage({ document: "other", text: other }),
      passage({ document: "refunds", text: "Refunds take ten days." }),
    ]);
    return documents(retrieveFrom(index, "hub button light", 5))[1];
  };
  expect(await second(text)).toBe("other");
  expect(await second(`${text} Then wait.`)).toBe("other");
  // As long and as much about it, in words of its own.
  expect(await second("Press the hub button twice, and its green light shows that updates arrive.")).not.toBe("other");
});

test("words that stand together as they do in the question count more than the same words apart", async () => {
  const index = await buildIndex([
    passage({ document: "apart", text: "The hub stands in the hall beside a door with some old button on it." }),
    passage({ document: "near", text: "Press what is on top: the hub button glows, which takes a second or so." }),
  ]);
  expect(documents(retrieveFrom(index, "where is the hub button", 5))).toEqual(["near", "apart"]);
});

test("a title that the question has in full goes before one that it has a part of", async () => {
  const index = await buildIndex([
    passage({ document: "part", title: "Router placement and guest network", text: "The router needs air." }),
    passage({ document: "whole", title: "Router", text: "Give it a place with air around it." }),
    passage({ document: "refunds", text: "Refunds take ten days." }),
  ]);
  expect(documents(retrieveFrom(index, "router", 5))).toEqual(["whole", "part"]);
});

test("a pair stands first only where at least half of its question was asked, and most of what was asked is in it", async () => {
  const page = { document: "page", title: "Refund days" };
  const index = await buildIndex([
    passage({
      ...{ document: "pair", kind: "pair" as const, text: "A refund takes days." },
      title: "How many days does an express voucher of the shop last in summer?",
    }),
    passage({ ...page, text: "A refund takes ten days. Refund days are counted from the purchase." }),
    passage({ document: "other", text: "The hub stands in the hall." }),
  ]);
  expect(documents(retrieveFrom(index, "refund days", 5))).toEqual(["page", "pair"]);
  const little = await buildIndex([
    passage({ document: "pair", kind: "pair", title: "Refund days?", text: "Ten." }),
    passage({
      ...page,
      title: "Refund days of an express voucher in the shop",
      text: "An express voucher from the shop.",
    }),
    passage({ document: "other", text: "The hub stands in the hall." }),
  ]);
  expect(documents(retrieveFrom(little, "refund days express voucher shop", 5))).toEqual(["page", "pair"]);
});

test("passages that follow each other and fit together come as one, in their order, within the bound", async () => {
  const [open, close] = ["Open the case of the Wren with a coin.", "Then close the Wren case until it clicks."];
  const found = async (first: string, second: string, position = 1) => {
    const index = await buildIndex([
      passage({ document: "d", position: 0, title: "", text: first }),
      passage({ document: "d", position, text: second }),
    ]);
    return retrieveFrom(index, "wren case", 5).passages.map((hit) => hit.passage.text);
  };
  expect(await found(open, close)).toEqual([`${open}\n\n${close}`]);
  // The second is found first.
  expect(await found("The case.", close)).toEqual([`The case.\n\n${close}`]);
  // Not neighbours.
  expect(await found(open, close, 2)).toEqual([close, open]);
  const filled = (text: string, chars: number) => `${text} ${"more ".repeat(chars)}`.slice(0, chars - 1).concat(".");
  // Two and an empty line between them: 1,000 characters together, and one more.
  expect(await found(filled(open, 500), filled(close, 498))).toHaveLength(1);
  expect(await found(filled(open, 500), filled(close, 499))).toHaveLength(2);
});

test("an opening and the passage below it that together go beyond the bound stay apart", async () => {
  const opening = `${"Pairing introduces a sensor. ".repeat(12)}`.trim();
  const found = async (below: number) => {
    const rows = [
      passage({ document: "pair", title: "Pair sensors", text: opening }),
      passage({ document: "pair", position: 1, title: "Other things", text: "x".repeat(below) }),
    ];
    return retrieveFrom(await buildIndex(rows), "how do I pair a sensor", 5).passages[0]?.passage.text;
  };
  const room = 1_000 - 2 - opening.length;
  expect(await found(room)).toBe(`${opening}\n\n${"x".repeat(room)}`);
  expect(await found(room + 1)).toBe(opening);
});

test("sections that follow each other come as one in whichever order they are found one after the other", async () => {
  const [wren, lid, coin] = ["The Wren is a case.", "A case of the Wren has a lid.", "Wren: case, Wren case, coin."];
  const found = async (...texts: readonly string[]) => {
    const rows = texts.map((text, at) => passage({ document: "d", position: at + 3, text }));
    return retrieveFrom(await buildIndex(rows), "wren case", 5).passages.map((hit) => hit.passage.text);
  };
  for (const texts of [
    [coin, wren, lid],
    [lid, wren, coin],
    [wren, coin, lid],
  ] as string[][]) {
    expect(await found(...texts)).toEqual([texts.join("\n\n")]);
  }
});

test("an opening of 400 characters goes on in the section below it wherever its page stands; one of 401, a pair's and a later section do not", async () => {
  const opening = (chars: number) => `Pair sensors. ${"x".repeat(chars - 15)}.`;
  const found = async (chars: number, kind: PassageRow["kind"] = "text", position = 0) => {
    const rows = [
      passage({ document: "hall", text: "The hall has a door." }),
      passage({ document: "pair", position, title: "Pair sensors", kind, text: opening(chars) }),
      passage({
        document: "pair",
        position: position + 1,
        title: "Another thing",
        kind,
        text: "Nothing of that kind.",
      }),
    ];
    return retrieveFrom(await buildIndex(rows), "how do I pair a sensor", 5).passages[0]?.passage.text;
  };
  expect(await found(400)).toBe(`${opening(400)}\n\nNothing of that kind.`);
  expect(await found(401)).toBe(opening(401));
  expect(await found(400, "pair")).toBe(opening(400));
  expect(await found(400, "text", 3)).toBe(opening(400));
});

test("sixty passages are looked at closely: the best, and of those that are as good the first", async () => {
  // Passages are held in their documents' order.
  const document = (n: number) => `d${String(n).padStart(3, "0")}`;
  const better = [3, 35, 36, 70, 94];
  const index = await buildIndex(
    Array.from({ length: 195 }, (_, n) => {
      const title = better.includes(n) ? "Sensor" : "";
      return passage({ document: document(n), title, text: n < 95 ? "A sensor sleeps here." : "The hall has a door." });
    }),
  );
  const plain = Array.from({ length: 95 }, (_, n) => n).filter((n) => !better.includes(n));
  const { candidates } = rank(index, "sensor", 5);
  expect(candidates.map((one) => one.passage)).toEqual([...better, ...plain.slice(0, 55)]);
  expect(rank(index, "sensor", 50).chosen).toHaveLength(20);
  expect(rank(index, "sensor", 3).chosen.map((one) => one.passage)).toEqual(better.slice(0, 3));
});

describe("a ranking by meaning", () => {
  const rows = ["a sensor and its sensor", "a sensor in the hall", "the hall's door", "a garden", "a lamp"];
  const ranked = async (question: string, meant: readonly number[] | null) => {
    const held = rows.map((text, n) => passage({ document: `d${n}`, title: n === 0 ? "Sensor" : "", text }));
    const { chosen } = rank(await buildIndex(held), question, 9, undefined, meant);
    return chosen.map(({ passage: at, score }) => ({ at, score }));
  };
  const places = (found: readonly { readonly at: number }[]) => found.map(({ at }) => at);

  test("brings what has no word of the question, and of what both find it lifts what it has first", async () => {
    expect(places(await ranked("sensor", null))).toEqual([0, 1]);
    expect(places(await ranked("sensor", []))).toEqual([0, 1]);
    // Both have the second passage; the first and the fourth only one of them.
    expect(places(await ranked("sensor", [1, 3]))).toEqual([1, 0, 3]);
    expect(places(await ranked("sensor", [0, 1, 4, 3]))).toEqual([0, 1, 4, 3]);
    expect(places(await ranked("zebra", [3, 4, 2]))).toEqual([3, 4, 2]);
  });

  test("changes places, not scores: each place has what the words gave it, and those behind the last ever less", async () => {
    const words = await ranked("sensor", null);
    const [first = 0, second = 0] = words.map(({ score }) => score);
    const both = await ranked("sensor", [1, 0, 4, 3]);
    expect(both.map(({ score }) => score)).toEqual([first, second, second / 2, second / 3]);
    expect((await ranked("zebra", [3, 4])).map(({ score }) => score)).toEqual([1 / 2, 1 / 3]);
  });
});

test("a pair that was asked for stands before a page that says more of it: half of its question is enough", async () => {
  const first = async (title: string, question: string) => {
    const index = await buildIndex([
      passage({ document: "page", title: "Refund days", text: "Refund days: a refund takes days, ten refund days." }),
      passage({ document: "other", text: "The hub stands in the hall." }),
      passage({ document: "pair", kind: "pair", title, text: "Ten of them." }),
    ]);
    return documents(retrieveFrom(index, question, 5))[0];
  };
  expect(await first("Which days has a refund?", "refund days")).toBe("pair");
  expect(await first("Refund of vouchers?", "refund")).toBe("pair");
  expect(await first("Refund of summer vouchers?", "refund")).toBe("page");
});

test("pages come best first, and of those that are as good the first, however many there are", async () => {
  const said = (times: number) => `${"A sensor sleeps. ".repeat(times)}${"More of other things. ".repeat(9 - times)}`;
  const times = [3, 8, 1, 8, 5, 2, 8, 6];
  const index = await buildIndex(times.map((n, at) => passage({ document: `d${at}`, text: said(n) })));
  const { candidates, chosen } = rank(index, "sensor", 9);
  expect(candidates.map((one) => one.passage)).toEqual([1, 3, 6, 7, 4, 0, 5, 2]);
  // Copies of what stands before them come last.
  expect(chosen.map((one) => one.passage).filter((at) => times[at] !== 8)).toEqual([7, 4, 0, 5, 2]);
});

test("of one page's sections the best comes first, each with what it is worth beside those before it", async () => {
  const said = (times: number) => `${"A sensor sleeps. ".repeat(times)}${"More of other things. ".repeat(9 - times)}`;
  const index = await buildIndex([
    ...[2, 8, 5].map((times, n) => passage({ document: "big", position: n * 2 + 1, text: said(times) })),
    passage({ document: "small", text: "The hub has one sensor in a hall with a door and a window." }),
  ]);
  const { passages } = retrieveFrom(index, "sensor", 4);
  expect(passages.filter((hit) => hit.passage.document === "big").map((hit) => hit.passage.position)).toEqual([
    3, 5, 1,
  ]);
});

test("a page that says the same and then something else is no copy of the first", async () => {
  const text = "Hold the hub button for three seconds until the light blinks blue.";
  const index = await buildIndex([
    passage({ document: "one", text }),
    passage({ document: "more", text: `${text} Updates arrive over night, and a green ring shows it.` }),
    passage({ document: "other", text: "Press the hub button for seven minutes until the fan turns green." }),
    passage({ document: "refunds", text: "Refunds take ten days." }),
  ]);
  expect(documents(retrieveFrom(index, "hub button light", 5))).toEqual(["one", "more", "other"]);
});

test("nothing is found in nothing, and nothing of nothing but small words", async () => {
  const empty = await buildIndex([]);
  expect(retrieveFrom(empty, "anything at all?", 5)).toEqual({ passages: [], answerable: 0, asked: [] });
  const index = await buildIndex([passage({ text: "Change the battery once a year." })]);
  expect(retrieveFrom(index, "how do I do it?", 5)).toEqual({ passages: [], answerable: 0, asked: [] });
  expect(retrieveFrom(index, "", 5)).toEqual({ passages: [], answerable: 0, asked: [] });
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

test("where words are written apart, a page that repeats what is asked is well above one that says it once", async () => {
  const filler = Array.from({ length: 12 }, (_, i) =>
    passage({ document: `f${i}`, text: `Invoice number ${i} is paid.` }),
  );
  const index = await buildIndex([
    ...filler,
    passage({ document: "once", text: "A refund takes days, and whoever wants it asks for it in the shop." }),
    passage({
      document: "repeats",
      text: "Refund here, refund there: a refund is a refund, refund or refund or refund.",
    }),
  ]);
  const { passages } = retrieveFrom(index, "refund", 5);
  const [repeats = 0, once = 1] = passages.map(({ score }) => score);
  expect(documents({ passages })).toEqual(["repeats", "once"]);
  expect(repeats / once).toBeGreaterThan(2);
});

test("in Chinese, a page that repeats one phrase is not far above a page that says more of what is asked", async () => {
  const filler = [
    "会员每月有积分",
    "设备可以离线",
    "发票可以下载",
    "地址可以修改",
    "客服在线时间很长",
    "礼品卡有效期一年",
  ];
  const index = await buildIndex([
    ...Array.from({ length: 12 }, (_, i) =>
      passage({ document: `f${i}`, language: "zh", text: `${filler[i % filler.length]}，编号${i}。` }),
    ),
    passage({ document: "says", language: "zh", text: "会员退款须满足条件，款项原路返回，时间视银行而定。" }),
    passage({
      document: "repeats",
      language: "zh",
      text: "申请退款，申请退款，申请退款，申请退款，申请退款，申请退款。",
    }),
  ]);
  const { passages } = retrieveFrom(index, "会员申请退款的条件", 5);
  const scoreOf = (document: string) => passages.find(({ passage: row }) => row.document === document)?.score ?? 0;
  expect(scoreOf("says")).toBeGreaterThan(0);
  expect(scoreOf("repeats") / scoreOf("says")).toBeLessThan(4);
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
