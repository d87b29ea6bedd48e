/** Where exactly a text is cut: parts of 60 characters, of which 20 are kept for what closes a part. */
import { describe, expect, test } from "bun:test";
import { split } from "../../../src/reply/split.ts";

const cut = (text: string) => split(text, 60);
const words = (count: number, word = "word") => Array(count).fill(word).join(" ");
const a = (count: number) => "a".repeat(count);
const lines = (count: number, line: string) => `${line}\n`.repeat(count);

type Case = readonly [what: string, text: string, parts: readonly string[]];

function cuts(cases: readonly Case[]): void {
  test.each(cases.map(([what, text, parts]) => [what, text, parts] as const))("%s", (_, text, parts) => {
    expect(cut(text)).toEqual([...parts]);
  });
}

describe("text that is no more than words is cut", () => {
  cuts([
    ["not at all where it fits, its last line's end included", `${a(59)}\n`, [`${a(59)}\n`]],
    ["not at all where only blanks are too many", `${words(11)}${" ".repeat(30)}`, [words(11)]],
    ["nowhere, and there is no part, where it is blank", "   \n ", []],
    ["between paragraphs in the second half of a part", `${a(19)}\n\n${words(9)}`, [a(19), words(9)]],
    ["not between paragraphs in the first half", `${a(18)}\n\n${words(9)}`, [`${a(18)}\n\n${words(4)}`, words(5)]],
    ["between paragraphs that a line of blanks parts", `${a(25)}\n  \t\n${words(9)}`, [a(25), words(9)]],
    [
      "at a line of blanks rather than between later lines",
      `${a(25)}\n  \t\nword\n${words(9)}`,
      [a(25), `word\n${words(9)}`],
    ],
    ["with none of the empty lines there", `${a(25)}\n\n\n\n   \n${words(9)}`, [a(25), words(9)]],
    ["at the last of several paragraphs", `${a(20)}\n\n${a(12)}\n\n${words(9)}`, [`${a(20)}\n\n${a(12)}`, words(9)]],
    [
      "between paragraphs rather than between later lines",
      `${a(20)}\n\n${a(9)}\n${words(9)}`,
      [a(20), `${a(9)}\n${words(9)}`],
    ],
    [
      "between lines rather than behind a later sentence",
      `${a(20)}\nIt is. ${words(10)}`,
      [a(20), `It is. ${words(10)}`],
    ],
    ["not between lines in the first half", `Ab cd.\n${words(14)}`, [`Ab cd.\n${words(6)}`, words(8)]],
    [
      "behind a sentence rather than a later word",
      `This is a sentence it is. ${words(10)}`,
      ["This is a sentence it is.", words(10)],
    ],
    [
      "behind the marks that close a sentence",
      `He said “it is all over.” ${words(10)}`,
      ["He said “it is all over.”", words(10)],
    ],
    [
      "behind a Chinese sentence, which no space follows",
      `${"字".repeat(22)}。${"文".repeat(50)}`,
      [`${"字".repeat(22)}。`, "文".repeat(50)],
    ],
    [
      "behind the quotation mark of one",
      `「${"字".repeat(22)}。」${"文".repeat(50)}`,
      [`「${"字".repeat(22)}。」`, "文".repeat(50)],
    ],
    ["behind a word in the last 85 hundredths", `${a(7)} ${"b".repeat(70)}`, [a(7), "b".repeat(40), "b".repeat(30)]],
    [
      "within a word where the last one ends earlier",
      `${a(5)} ${"b".repeat(70)}`,
      [`${a(5)} ${"b".repeat(34)}`, "b".repeat(36)],
    ],
    ["behind the word that ends where the part must", `${a(39)} ${"b".repeat(30)}`, [a(39), "b".repeat(30)]],
    ["behind a word that fills the part", `${a(40)} ${"b".repeat(30)}`, [a(40), "b".repeat(30)]],
    ["between two flags of a long row of them", "🇩🇪".repeat(30), ["🇩🇪".repeat(10), "🇩🇪".repeat(10), "🇩🇪".repeat(10)]],
    ["between two flags behind a letter", `a${"🇩🇪".repeat(19)}`, [`a${"🇩🇪".repeat(9)}`, "🇩🇪".repeat(10)]],
    ["at 40 of a word without an end", "x".repeat(100), ["x".repeat(40), "x".repeat(60)]],
    [
      "with the next line's indentation kept",
      `${lines(5, "- item")}    - ${words(10)}`,
      [lines(5, "- item").trimEnd(), `    - ${words(10)}`],
    ],
  ]);
});

describe("marks at a line's beginning stay with what they stand before:", () => {
  const address = (count: number) => `https://${a(count)}`;
  cuts([
    ["a line's quote", `> ${address(100)}`, [`> ${address(30)}`, `> ${a(38)}`, `> ${a(32)}`]],
    ["a quote of the rest", `>>> ${address(100)}`, [`>>> ${address(28)}`, `>>> ${a(36)}`, `>>> ${a(36)}`]],
    ["a list's mark", `- ${address(40)}${a(40)}`, [`- ${address(30)}`, a(50)]],
    ["a number of a list", `12. ${address(60)}`, [`12. ${address(28)}`, a(32)]],
  ]);
});

describe("blanks at a cut are dropped", () => {
  cuts([
    ["where a text begins with them", `${"\n".repeat(30)}${words(12)}`, [words(12)]],
    ["between lines, and an indentation is not", `${a(30)}\n  \n \n    - ${words(8)}`, [a(30), `    - ${words(8)}`]],
    [
      "behind a sentence, to the line's end",
      `${words(5)} it is.   \n\n  ${words(9)}`,
      [`${words(5)} it is.`, `  ${words(9)}`],
    ],
    ["behind a sentence, tabs too", `${words(7)} is.\t \n${words(9)}`, [`${words(7)} is.`, words(9)]],
    [
      "up to a line's end that the part does not reach",
      `${words(7)} is.   \n\n\n${words(9)}`,
      [`${words(7)} is.`, words(9)],
    ],
    ["up to a word that the part does not reach", `${words(7)} abcd     ${words(9)}`, [`${words(7)} abcd`, words(9)]],
    [
      "between lines, also where the part does not reach the last of them",
      `${a(37)}\n\n\n\n\n\n${words(9)}`,
      [a(37), words(9)],
    ],
    [
      "before a line's end that the part does not reach, and the line's mark is not repeated",
      `> ${words(7)} ab \n> ${words(8)}`,
      [`> ${words(7)} ab`, `> ${words(8)}`],
    ],
    [
      "before a line's end, and the line's mark is not repeated",
      `> ${words(7)} \n> ${words(8)}`,
      [`> ${words(7)}`, `> ${words(8)}`],
    ],
  ]);
});

describe("a character is never cut", () => {
  const family = "👨‍👩‍👧";
  cuts([
    ["of two units", "😀".repeat(40), ["😀".repeat(20), "😀".repeat(20)]],
    ["of two units, at an odd place", `a${"😀".repeat(40)}`, [`a${"😀".repeat(19)}`, "😀".repeat(21)]],
    ["of several persons", family.repeat(12), [family.repeat(5), family.repeat(7)]],
    [
      "of several persons, at an odd place",
      `a${family.repeat(12)}`,
      [`a${family.repeat(4)}`, family.repeat(5), family.repeat(3)],
    ],
    ["that is a flag", "🇩🇪".repeat(20), ["🇩🇪".repeat(10), "🇩🇪".repeat(10)]],
  ]);

  test("far into a part: what stands long before it does not matter", () => {
    expect(split(family.repeat(26), 200)).toEqual([family.repeat(22), family.repeat(4)]);
    expect(split("🇩🇪".repeat(60), 200)).toEqual(["🇩🇪".repeat(45), "🇩🇪".repeat(15)]);
    expect(split(`a${"🇩🇪".repeat(60)}`, 200)).toEqual([`a${"🇩🇪".repeat(44)}`, "🇩🇪".repeat(16)]);
  });

  test.each([
    ["an accent", `${a(115)}👍`, "\u0301", 63],
    ["a sign that asks for the coloured form", `${a(113)}👍`, "\uFE0F", 65],
    ["the darkest colour of skin", `${a(99)}👍`, "🏿", 39],
    ["the darkest colour of skin, at an even place", `${a(98)}👍`, "🏿", 40],
    ["rats in a row", a(2), "🐀\u200D", 59],
  ])(
    "except one that is far longer than any that means something, and then between two code points: %s",
    (_, before, repeated, count) => {
      const first = `${before}${repeated.repeat(count)}`;
      expect(split(`${first}${repeated.repeat(40)}`, 200)).toEqual([first, repeated.repeat(40)]);
    },
  );

  test("except one of 150 marks, which no part would hold", () => {
    const ornament = `e${"\u0301".repeat(150)}`;
    const parts = cut(ornament);
    expect(parts.join("")).toBe(ornament);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(60);
  });
});

describe("what is one piece is never cut", () => {
  const rest = "and more words here";
  cuts([
    ["an address", `${a(30)} https://example.com/abcdefgh ${rest}`, [a(30), `https://example.com/abcdefgh ${rest}`]],
    [
      "an address of http",
      `${a(30)} http://example.com/abcdefgh ${rest}`,
      [a(30), `http://example.com/abcdefgh ${rest}`],
    ],
    [
      "an address in angle brackets",
      `${a(30)} <https://example.com/abcdef> ${rest}`,
      [a(30), `<https://example.com/abcdef> ${rest}`],
    ],
    [
      "a link with a title",
      `${a(30)} [a title of it](https://example.com/abc) ${words(6)}`,
      [a(30), "[a title of it](https://example.com/abc)", words(6)],
    ],
    ["a mention behind a word", `${a(34)}<@1234567890123> ${words(6)}`, [a(34), `<@1234567890123> ${words(6)}`]],
    ["a server's emoji", `${a(34)}<:party:123456789> ${words(6)}`, [a(34), `<:party:123456789> ${words(6)}`]],
    [
      "a mention among Chinese",
      `${"字".repeat(34)}<@1234567890123>${"文".repeat(30)}`,
      ["字".repeat(34), `<@1234567890123>${"文".repeat(30)}`],
    ],
    ["code in a line", `${a(34)} \`a b c d e f g\` ${words(6)}`, [a(34), `\`a b c d e f g\` ${words(6)}`]],
    ["code behind a word", `${a(34)}\`a b c d e f g\` ${words(6)}`, [a(34), `\`a b c d e f g\` ${words(6)}`]],
    ["code between two marks each", `${a(34)} \`\`a b c d e\`\` ${words(6)}`, [a(34), `\`\`a b c d e\`\` ${words(6)}`]],
    [
      "an address of http among Chinese",
      `${"字".repeat(34)}http://example.com/a ${words(6)}`,
      ["字".repeat(34), `http://example.com/a ${words(6)}`],
    ],
    [
      "code that ends where the part must, and it stays in the part",
      `abcd \`${"b".repeat(33)}\`${"字".repeat(40)}`,
      [`abcd \`${"b".repeat(33)}\``, "字".repeat(40)],
    ],
    [
      "code that ends before the part does",
      `${a(20)} \`code here it is\` ${words(8)}`,
      [`${a(20)} \`code here it is\``, words(8)],
    ],
  ]);

  cuts([
    [
      "a link within which code stands",
      `${a(30)}[a \`b c d\` h i](https://e.com/x) ${words(6)}`,
      [a(30), "[a `b c d` h i](https://e.com/x) word", words(5)],
    ],
    [
      "an address, behind a word that is early",
      `abcd https://example.com/${"b".repeat(18)} ${words(7)}`,
      ["abcd", `https://example.com/${"b".repeat(18)}`, words(7)],
    ],
  ]);

  test("but where it is longer than a part", () => {
    const address = `https://example.com/${"b".repeat(90)}`;
    const quoted = [
      `> ${words(7)}`,
      `> ${address.slice(0, 38)}`,
      `> ${address.slice(38, 76)}`,
      `> ${address.slice(76)}`,
    ];
    expect(cut(`> ${words(7)} ${address}`)).toEqual(quoted);
    expect(cut(address)).toEqual([address.slice(0, 40), address.slice(40, 80), address.slice(80)]);
  });
});

describe("emphasis is closed and opened again", () => {
  for (const mark of ["**", "__", "~~", "||", "*"]) {
    test(`where it is ${mark}`, () => {
      const half = `${mark}${words(7)}${mark}`;
      expect(cut(`${mark}${words(14)}${mark}`)).toEqual([half, half]);
    });
  }
  cuts([
    [
      "within others, in their order",
      `**bold ~~${words(14)}~~ more**`,
      [`**bold ~~${words(6)}~~**`, `**~~${words(8)}~~ more**`],
    ],
    [
      "over lines",
      "**First line is here\nsecond line of it\nthird line of it\nfourth one** end",
      ["**First line is here\nsecond line of it**", "**third line of it\nfourth one** end"],
    ],
    ["within a word of its own", `**${"x".repeat(90)}**`, [`**${"x".repeat(38)}**`, `**${"x".repeat(52)}**`]],
    [
      "before an address in it",
      `**see ${a(20)} https://example.com/${"b".repeat(20)} end**`,
      [`**see ${a(20)}**`, `**https://example.com/${"b".repeat(20)} end**`],
    ],
    [
      "in the parts that it reaches, and not in what goes before",
      `Some words **${words(14)}** end`,
      ["Some words", `**${words(7)}**`, `**${words(7)}** end`],
    ],
  ]);
  cuts([
    [
      "and begins no part that would be marks alone",
      `**https://example.com/${"b".repeat(60)}**`,
      [`**https://example.com/${"b".repeat(18)}`, `${"b".repeat(42)}**`],
    ],
    [
      "each for itself",
      `**${words(2)}** ${words(4)} **${words(9)}** ${words(3)}`,
      [`**${words(2)}** ${words(4)}`, `**${words(7)}**`, `**${words(2)}** ${words(3)}`],
    ],
    [
      "up to a mark that ends a word",
      `**${words(3)} ** ${words(5)} ${words(4)}** ${words(6)}`,
      [`**${words(3)} ** ${words(4)}**`, `**${words(5)}** ${words(6)}`],
    ],
    [
      "not where all of it fits the next part",
      `${words(3)} **${words(4)}**${"x".repeat(25)}`,
      [words(3), `**${words(4)}**${"x".repeat(25)}`],
    ],
    ["not where its one word fits the next part", `abcd **${"x".repeat(52)}**`, ["abcd", `**${"x".repeat(52)}**`]],
    ["before its last letter", `**${words(7)} b** ${words(5)}`, [`**${words(7)}**`, `**b** ${words(5)}`]],
    ["from the second of two marks", `****${words(14)}** end`, [`****${words(7)}**`, `**${words(7)}** end`]],
    ["not where nobody opened it", `${words(9)}** ${words(6)}`, [words(8), `word** ${words(6)}`]],
    [
      "not where it is over and a mark ends another word",
      `**${words(2)}** ${words(6)}** ${words(6)}`,
      [`**${words(2)}** ${words(5)}`, `word** ${words(6)}`],
    ],
    ["not where nobody closes it", `**${words(16)}`, [`**${words(7)}`, words(9)]],
    ["not where a mark begins at no word", `|| ${words(16)} ||`, [`|| ${words(7)}`, `${words(9)} ||`]],
    ["not where nothing stands between two marks", `****${words(16)}`, [`****${words(7)}`, words(9)]],
    [
      "not where a mark stands within a word",
      `snake*case ${words(9)} other*thing ${words(5)}`,
      [`snake*case ${words(5)}`, `${words(4)} other*thing ${words(5)}`],
    ],
  ]);
});

describe("a quote goes on", () => {
  cuts([
    ["where its line is cut", `> ${words(16)}`, [`> ${words(7)}`, `> ${words(9)}`]],
    ["where a small line is cut", `-# ${words(16)}`, [`-# ${words(7)}`, `-# ${words(9)}`]],
    [
      "by itself where it is cut between lines",
      `> ${words(7)}\n> ${words(7)}\n> ${words(4)}`,
      [`> ${words(7)}`, `> ${words(7)}\n> ${words(4)}`],
    ],
    [
      "in every further part where all the rest is quoted",
      `>>> ${words(24)}`,
      [`>>> ${words(7)}`, `>>> ${words(7)}`, `>>> ${words(10)}`],
    ],
    [
      "where the rest is quoted from a later line on",
      `Hello there\n>>> ${words(17)}`,
      [`Hello there\n>>> ${words(4)}`, `>>> ${words(7)}`, `>>> ${words(6)}`],
    ],
    [
      "where all the rest is quoted behind code",
      `\`\`\`\na = 1\n\`\`\`\n>>> ${words(14)}`,
      [`\`\`\`\na = 1\n\`\`\`\n>>> ${words(4)}`, `>>> ${words(10)}`],
    ],
    [
      "where all the rest is quoted, and code with it",
      `>>> word\n\`\`\`\na = 1\n\`\`\`\n${words(10)}`,
      [`>>> word\n\`\`\`\na = 1\n\`\`\``, `>>> ${words(10)}`],
    ],
    ["not where its mark stands within a line", `Hello >>> ${words(16)}`, [`Hello >>> ${words(6)}`, words(10)]],
    [
      "not where its mark stands in code",
      `\`\`\`\n>>> a\na\n\`\`\`\n${words(14)}`,
      [`\`\`\`\n>>> a\na\n\`\`\`\n${words(4)}`, words(10)],
    ],
  ]);
});

describe("a fence", () => {
  const code = (count: number, language = "js") => `\`\`\`${language}\n${lines(count, "const a = 1;")}\`\`\``;
  const numbers = (count: number, language = "") => `\`\`\`${language}\n${lines(count, "x = 1")}\`\`\``;
  cuts([
    ["that fits is moved whole", `${words(5)}\n${code(1)}\n${words(4)}`, [words(5), `${code(1)}\n${words(4)}`]],
    [
      "that fits no part is closed at a line's end and opened again with its language",
      code(8),
      [code(2), code(2), code(2), code(2)],
    ],
    [
      "begins in a part that has room for some lines of it",
      `Hi there.\n${code(8)}`,
      [`Hi there.\n${code(1)}`, code(2), code(2), code(3)],
    ],
    [
      "does not begin where there is no such room",
      `${words(6)}.\n${code(8)}`,
      [`${words(6)}.`, code(2), code(2), code(2), code(2)],
    ],
    [
      "stays whole where its last mark and another fence's first stand around one long word",
      `one\n\`\`\`\ncode\n\`\`\`${a(70)}\`\`\`\nx`,
      [`one\n\`\`\`\ncode\n\`\`\`${a(24)}`, `${a(46)}\`\`\`\nx\n\`\`\``],
    ],
    [
      "of one long line is cut within it",
      `\`\`\`\n${"x".repeat(120)}\n\`\`\``,
      [`\`\`\`\n${"x".repeat(36)}\n\`\`\``, `\`\`\`\n${"x".repeat(36)}\n\`\`\``, `\`\`\`\n${"x".repeat(48)}\n\`\`\``],
    ],
    [
      "that fits is not cut at an empty line in it",
      `Hi.\n\`\`\`\n${a(14)}\n\nbb\n\`\`\`\n${words(9)}`,
      [`Hi.\n\`\`\`\n${a(14)}\n\nbb\n\`\`\``, words(9)],
    ],
    [
      "is moved with the mark of its quote",
      `${words(5)}\n> \`\`\`\n> x = 1\n> \`\`\`\n${words(6)}`,
      [words(5), `> \`\`\`\n> x = 1\n> \`\`\`\n${words(6)}`],
    ],
    [
      "is moved with its indentation",
      `${words(5)}\n  \`\`\`\n  x = 1\n  \`\`\`\n${words(6)}`,
      [words(5), `  \`\`\`\n  x = 1\n  \`\`\`\n${words(6)}`],
    ],
    [
      "in a quote ends before the quote does",
      `> \`\`\`\n${lines(4, "> x = 1")}> \`\`\`\n> ${words(9)}`,
      [`> \`\`\`\n${lines(4, "> x = 1")}> \`\`\``, `> ${words(9)}`],
    ],
    [
      "that fills a part ends it",
      `\`\`\`\n${"x".repeat(32)}\n\`\`\` ${words(6)}`,
      [`\`\`\`\n${"x".repeat(32)}\n\`\`\``, words(6)],
    ],
    [
      "keeps its language behind another",
      `${code(1)}\nand\n${numbers(14, "ts")}`,
      [`${code(1)}\nand`, numbers(5, "ts"), numbers(5, "ts"), numbers(4, "ts")],
    ],
    [
      "that fits a part exactly is moved whole",
      `Hi there.\n\`\`\`\n${lines(5, "x = 1")}ab\n\`\`\`\n${words(3)}`,
      ["Hi there.", `\`\`\`\n${lines(5, "x = 1")}ab\n\`\`\`\n${words(3)}`],
    ],
    [
      "does not begin where a quarter of the part is left",
      `${words(5)}.\n${numbers(10)}`,
      [`${words(5)}.`, numbers(6), numbers(4)],
    ],
    [
      "is cut within a line rather than in its first third",
      `\`\`\`\n${a(11)}\n${"x".repeat(60)}\n\`\`\``,
      [`\`\`\`\n${a(11)}\n${"x".repeat(24)}\n\`\`\``, `\`\`\`\n${"x".repeat(36)}\n\`\`\``],
    ],
    [
      "behind a word of a quote is moved, and the word is not",
      `> ${words(5)} it:\`\`\`\n> x = 1\n> \`\`\`\n> ${words(4)}`,
      [`> ${words(5)} it:`, `> \`\`\`\n> x = 1\n> \`\`\`\n> ${words(4)}`],
    ],
    ["that nobody closed is closed", code(6).slice(0, -4), [code(2), code(2), code(2)]],
    [
      "that nobody closed is closed where only blanks are too many",
      `\`\`\`js\nconst a = 1;${" ".repeat(60)}`,
      [code(1)],
    ],
    [
      "in a quote stays in it",
      `> \`\`\`js\n${lines(8, "> const a = 1;")}> \`\`\``,
      Array(4).fill(`> \`\`\`js\n${lines(2, "> const a = 1;")}> \`\`\``),
    ],
    [
      "in a list keeps its indentation",
      `- item\n  \`\`\`js\n${lines(5, "  const a = 1;")}  \`\`\``,
      [
        `- item\n  \`\`\`js\n  const a = 1;\n  \`\`\``,
        `  \`\`\`js\n${lines(2, "  const a = 1;")}  \`\`\``,
        `  \`\`\`js\n${lines(2, "  const a = 1;")}  \`\`\``,
      ],
    ],
    [
      "whose last lines are empty ends before them",
      `\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(30)}\`\`\`\nThe end.`,
      [`\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(6)}\`\`\``, "The end."],
    ],
    [
      "whose last lines are empty leaves what follows it in its line",
      `\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(30)}\`\`\` and\nthe end.`,
      [`\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(6)}\`\`\``, " and\nthe end."],
    ],
    [
      "whose last lines are empty takes the blanks behind it along",
      `\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(30)}\`\`\`  \nThe end.`,
      [`\`\`\`\n${lines(5, "a = 1")}${"\n".repeat(6)}\`\`\``, "The end."],
    ],
    [
      "that ends a quote of the rest with empty lines, and blanks behind it, makes no empty part",
      `>>> \`\`\`\n${lines(5, "a = 1")}${"\n".repeat(40)}\`\`\`\n `,
      [`>>> \`\`\`\n${lines(5, "a = 1")}\n\n\`\`\``],
    ],
    [
      "that ends a quote of the rest with empty lines makes no empty part",
      `>>> \`\`\`\n${lines(5, "a = 1")}${"\n".repeat(40)}\`\`\``,
      [`>>> \`\`\`\n${lines(5, "a = 1")}\n\n\`\`\``],
    ],
    [
      "after another begins where that one ended",
      `${code(1)}\nand\n${numbers(8, "ts")}`,
      [`${code(1)}\nand`, numbers(8, "ts")],
    ],
    ["behind a mark that is no quote goes on without one", `Run > ${code(5)}`, [`Run > ${code(2)}`, code(3)]],
    [
      "has a language of up to twenty characters",
      numbers(14, "abcdefghijklmnopqrst"),
      [...Array(5).fill(numbers(2, "abcdefghijklmnopqrst")), numbers(4, "abcdefghijklmnopqrst")],
    ],
    [
      "has none that begins with a full stop: that is code",
      `\`\`\`.rc\n${lines(14, "x = 1")}\`\`\``,
      [`\`\`\`.rc\n${lines(5, "x = 1")}\`\`\``, numbers(6), numbers(3)],
    ],
  ]);

  test("far into a part keeps its language", () => {
    expect(split(`${words(10)}\n${code(16)}`, 200)).toEqual([`${words(10)}\n${code(9)}`, code(7)]);
  });

  test.each([
    ["by blanks", `\n${" ".repeat(9)}`],
    ["in a quote of the rest", `>>> ${" ".repeat(6)}`],
  ])("that begins a text is cut in it, however far it is indented %s", (_, before) => {
    const [first = ""] = cut(`${before}${numbers(14, "abcdefghijklmnopqrst")}`);
    expect(first).toStartWith(`${before}\`\`\`abcdefghijklmnopqrst\n`);
  });
});
