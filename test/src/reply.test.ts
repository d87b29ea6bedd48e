import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { words } from "../../src/i18n.ts";
import type { GuildId } from "../../src/ids.ts";
import { ANSWER_CHARS_MAX, feedbackButtons, harmless, linkTo, render, splitText } from "../../src/reply.ts";
import { passage } from "../support/build.ts";

const said = words("en").bot;
const MAX = 2_000;

describe("split", () => {
  test("a text that fits is left alone, an empty one gives nothing", () => {
    expect(splitText("hello\n")).toEqual(["hello\n"]);
    expect(splitText("x".repeat(MAX))).toEqual(["x".repeat(MAX)]);
    expect(splitText("x".repeat(MAX + 1)).map(({ length }) => length)).toEqual([1_980, 21]);
    // What is left over fits to the character, and one more does not.
    expect(splitText(`${"x".repeat(1_980)}${"y".repeat(MAX)}`).map(({ length }) => length)).toEqual([1_980, MAX]);
    expect(splitText(`${"x".repeat(1_980)}${"y".repeat(MAX + 1)}`).map(({ length }) => length)).toEqual([
      1_980, 1_980, 21,
    ]);
    expect(splitText(" \n ")).toEqual([]);
  });

  test("paragraphs stay whole where they can", () => {
    const paragraph = `${"word ".repeat(150)}end.`;
    const parts = splitText(Array(6).fill(paragraph).join("\n\n"));
    expect(parts.join("\n\n")).toBe(Array(6).fill(paragraph).join("\n\n"));
    for (const part of parts) expect(part.endsWith("end.")).toBe(true);
  });

  test("a fence that fits in a part is moved whole", () => {
    const code = `\`\`\`ts\n${"const a = 1;\n".repeat(60)}\`\`\``;
    const parts = splitText(`${"intro words here. ".repeat(90)}\n\n${code}\n\nThe end.`);
    expect(parts.some((part) => part.includes(code))).toBe(true);
    expectFences(parts);
  });

  test("a fence that fits in a part is moved whole also from the middle of one", () => {
    const [before, code] = [`${"intro words. ".repeat(60)}`.trim(), `\`\`\`ts\n${"const a = 1;\n".repeat(110)}\`\`\``];
    expect(splitText(`${before}\n${code}\nThe end.`)).toEqual([before, `${code}\nThe end.`]);
  });

  test("a fence that fits in no part begins where a quarter of a part is left for it, else in the next", () => {
    const code = `\`\`\`\n${"const a = 1;\n".repeat(400)}\`\`\``;
    const beginsAt = (chars: number) =>
      splitText(`${"w".repeat(chars - 1)}\n${code}`).findIndex((part) => part.includes("const"));
    expect(beginsAt(1_400)).toBe(0);
    expect(beginsAt(1_600)).toBe(1);
  });

  test("a long line of quoted code is cut late, and goes on as quoted code", () => {
    const parts = splitText(`> \`\`\`js\n> a();\n> ${"b".repeat(3_000)}\n> \`\`\``);
    expect(parts).toHaveLength(2);
    expect(parts[0]?.length).toBeGreaterThan(1_900);
    expect(parts[1]).toStartWith(`> \`\`\`js\n> bbb`);
  });

  test("empty lines at the end of code are no part of their own", () => {
    const parts = splitText(`\`\`\`\n${"const a = 1;\n".repeat(150)}${"\n".repeat(60)}\`\`\`\nThe end.`);
    expect(parts).toHaveLength(2);
    expect(parts[1]).toBe("The end.");
  });

  test("a long word is cut, and not begun a part late, where the word before it is a fifth of a part", () => {
    expect(splitText(`${"a".repeat(400)} ${"b".repeat(3_000)}`).map((part) => part.length)).toEqual([
      400, 1_980, 1_020,
    ]);
    expect(splitText(`${"a".repeat(200)} ${"b".repeat(3_000)}`).map((part) => part.length)).toEqual([1_980, 1_221]);
  });

  test.each([
    [
      "a link whose label has spaces",
      `${"w".repeat(1_500)} ${"x".repeat(465)}`,
      "[the manual of it](https://docs.example/a)",
    ],
    ["inline code", "w".repeat(1_960), "`npm run check --all`"],
    ["emphasis", "w".repeat(1_000), `*${"soft words ".repeat(150)}end*`],
    ["a long address behind a short word", "w".repeat(150), `https://x.example/${"y".repeat(1_870)}`],
  ])("%s is moved whole to the next part", (_, before, piece) => {
    const [first, second] = splitText(`${before} ${piece} and more ${"tail ".repeat(20)}`);
    expect(first).toBe(before);
    expect(second).toStartWith(piece);
  });

  test("a sentence's end is a better place than the last word", () => {
    const parts = splitText(`${"word ".repeat(280)}End of it. ${"more words ".repeat(100)}`);
    expect(parts[0]).toEndWith("End of it.");
  });

  test("marks inside each other are closed from the inside and opened from the outside", () => {
    const parts = splitText(`**bold ~~struck ${"loud words ".repeat(300)}end~~ of it**`);
    expect(parts[0]).toEndWith("~~**");
    expect(parts[1]).toStartWith("**~~");
  });

  test(">>> in the middle of a line or in code begins no quote", () => {
    for (const begin of ["say >>> here ", "```\n>>> code\n```\n"])
      expect(splitText(begin + "word ".repeat(500))[1]).toStartWith("word");
  });

  test("the line after a cut keeps its indentation", () => {
    const parts = splitText(`${"- item of a list\n".repeat(80)}    - ${"deep words ".repeat(120)}`);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[1]).toStartWith("    - deep");
  });

  test("a fence that fits in no part is closed at a line's end and re-opened with its language", () => {
    const lines = Array.from({ length: 400 }, (_, n) => `const line${n} = ${n};`);
    const parts = splitText(`Before.\n\`\`\`ts\n${lines.join("\n")}\n\`\`\`\nAfter.`);
    expectFences(parts);
    for (const part of parts.slice(1)) expect(part.startsWith("```ts\n")).toBe(true);
    const code = parts
      .join("\n")
      .split("\n")
      .filter((line) => line.startsWith("const"));
    expect(code).toEqual(lines);
    expect(parts.at(-1)?.endsWith("After.")).toBe(true);
  });

  test("a line of code longer than a part keeps its characters", () => {
    const line = "🧵ab".repeat(1_500);
    const parts = splitText(`\`\`\`\n${line}\n\`\`\``);
    expectFences(parts);
    expect(parts.map((part) => part.replaceAll("```", "").replaceAll("\n", "")).join("")).toBe(line);
  });

  test("links, inline code and emphasis are not cut", () => {
    const pieces = [
      "[the manual](https://docs.example/a/b?c=d)",
      "https://docs.example/very/long/path",
      "`npm run check --all`",
      "**bold words here**",
    ];
    const text = Array.from({ length: 300 }, (_, n) => pieces[n % 4]).join(" and ");
    const parts = splitText(text);
    for (const [n, piece] of pieces.entries()) {
      const whole = parts.join(" ").split(piece).length - 1;
      expect([n, whole]).toEqual([n, 75]);
    }
  });

  test("emphasis longer than a part is closed and re-opened", () => {
    const parts = splitText(`**${"loud words ".repeat(400)}end**`);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.split("**").length % 2).toBe(1);
  });

  test("families, flags and surrogate pairs stay whole", () => {
    const family = "👨‍👩‍👧‍👦";
    const parts = splitText(family.repeat(600));
    expect(parts.join("")).toBe(family.repeat(600));
    for (const part of parts) expect(part.replaceAll(family, "")).toBe("");
  });

  test("an indented list keeps its indentation", () => {
    const lines = Array.from({ length: 200 }, (_, n) => `${n % 2 ? "  " : ""}- item number ${n}`);
    expect(splitText(lines.join("\n")).join("\n").split("\n")).toEqual(lines);
  });

  test("whatever comes in: parts fit, none is empty, no character is broken, no word is lost, fences are closed", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: "grapheme", maxLength: 100 }),
      fc.constantFrom(
        "```",
        "```zq\n",
        "\n```\n",
        "\n\n",
        "\n",
        "**",
        "`",
        "||",
        "> ",
        "[a](https://x.example/y)",
        "https://x.example/long",
        "👨‍👩‍👧‍👦",
        "- ",
      ),
      fc.integer({ min: 1, max: 900 }).map((n) => "word ".repeat(n)),
      fc.integer({ min: 1, max: 4_500 }).map((n) => "y".repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("").toWellFormed();
        // A fence that opens with another word by chance: it is said again where the fence goes on, and `bones` does not know it.
        fc.pre(!/```(?!zq\n)[A-Za-z0-9][\w+\-.#]{0,19}\n/.test(text));
        const parts = splitText(text);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(MAX);
          expect(part.trim()).not.toBe("");
          expect(part.isWellFormed()).toBe(true);
        }
        if (parts.length > 1) expectFences(parts);
        expect(bones(parts.join(""))).toBe(bones(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("harmless", () => {
  const held = [
    passage("Read https://docs.example/pair or docs.example/help. Mail us.", {
      url: "https://docs.example/sensors#top",
    }),
  ];
  test.each([
    ["a link that the passages hold stays", "See https://docs.example/pair.", "See https://docs.example/pair."],
    ["the page's own link stays", "See <https://docs.example/sensors>", "See <https://docs.example/sensors>"],
    ["any other goes", "See https://evil.example/pair.", "See [link removed]."],
    ["a known host with another path goes", "https://docs.example/other", "[link removed]"],
    ["a host that only looks known goes", "https://docs.example@evil.com/pair", "[link removed]"],
    ["code that looks like a masked link stays", "`run([&](int x) { f(); })`", "`run([&](int x) { f(); })`"],
    ["a word that ends like a scheme stays", "Set profile:dev, metadata:x", "Set profile:dev, metadata:x"],
    ["a masked link keeps its words only", "Click [here](https://evil.example/x) now", "Click here now"],
    [
      "a masked link with a known target stays",
      "[here](https://docs.example/pair)",
      "[here](https://docs.example/pair)",
    ],
    ["a link without a scheme goes", "go to evil-site.com/claim now", "go to [link removed] now"],
    [
      "an invite goes",
      "join discord.gg/abc and https://discord.com/invite/xyz!",
      "join [invite removed] and [invite removed]!",
    ],
    ["an invite cut by invisible characters goes", "disc\u200bord.gg/abc", "[invite removed]"],
    ["script and data links go", "[x](javascript:alert(1)) data:text/html,abc", "x [link removed]"],
    [
      "an address with a place to fill in is no link",
      "Open `http://<name-of-the-computer>:7480`, or https://<your server>/x",
      "Open `http://<name-of-the-computer>:7480`, or https://<your server>/x",
    ],
    ["one with a link in its place goes", "Open http://<https://evil.example/x>", "Open [link removed][link removed]"],
    [
      "file names and versions are no links",
      "Edit config.yml, Node.js 22.1 and main.ts.",
      "Edit config.yml, Node.js 22.1 and main.ts.",
    ],
  ])("%s", (_, text, expected) => {
    const out = harmless(text, held, said);
    if (text.startsWith("[x]")) expect(out).not.toMatch(/javascript:|data:/);
    else expect(out).toBe(expected);
  });

  test("nobody is named so that Discord would link or ping them", () => {
    const out = harmless("@everyone @here <@1> <@!2> <@&3> hi", held, said);
    expect(out).not.toMatch(/@everyone|@here|<@[!&]?\d/);
  });

  test("a book becomes a chat answer: 6,000 characters and the sign that there was more, never half a character", () => {
    const whole = "a".repeat(ANSWER_CHARS_MAX);
    expect(harmless(whole, held, said)).toBe(whole);
    expect(harmless(`${whole}b`, held, said)).toBe(`${whole}…`);
    expect(harmless(`${whole.slice(1)}🧵🧵`, held, said)).toBe(`${whole.slice(1)}…`);
    expect(harmless(" hi \n", held, said)).toBe("hi");
  });
});

describe("render", () => {
  test("sources stand below in small print, numbered, with links that nothing can end early", () => {
    const sources = [
      { n: 1, title: "Pair [x](y) @everyone", url: "https://docs.example/a(b)", passage: "1" },
      { n: 2, title: "No link", url: null, passage: "2" },
      { n: 3, title: "Script", url: "javascript:alert(1)", passage: "3" },
    ];
    expect(render("Hold it [1].", sources, said)).toEqual([
      "Hold it [1].\n\n-# Sources\n-# [1] [Pair xy @\u200beveryone](<https://docs.example/a%28b%29>)\n-# [2] No link\n-# [3] Script",
    ]);
  });

  test("a page is named by its title, with a link where it has an address, and not at all where it has neither", () => {
    const page = { n: 1, title: "Pair [x]", url: "https://docs.example/a", passage: "1" };
    expect(linkTo(page, said)).toBe("[Pair x](<https://docs.example/a>)");
    expect(linkTo({ ...page, url: null }, said)).toBe("Pair x");
    expect(linkTo({ ...page, title: " ", url: null }, said)).toBeNull();
  });

  test("stand in the last part where they fit to the character, and in a part of their own otherwise", () => {
    const sources = [{ n: 1, title: "T", url: "https://docs.example", passage: "1" }];
    const footer = "-# Sources\n-# [1] [T](<https://docs.example/>)";
    const room = MAX - 2 - footer.length;
    const text = "x".repeat(room);
    expect(render(text, sources, said)).toEqual([`${text}\n\n${footer}`]);
    expect(render(`${text}y`, sources, said)).toEqual([`${text}y`, footer]);
    expect(render("Just this.", [], said)).toEqual(["Just this."]);
    expect(render("", sources, said)).toEqual([footer]);
    const two = render(`${"word ".repeat(500)}end.`, sources, said);
    expect(two).toHaveLength(2);
    expect(two[1]).toEndWith(`end.\n\n${footer}`);
  });

  test("name a source in plain words: one line, no marks, 90 characters, and by its number where nothing is left", () => {
    const line = (title: string, url: string | null = null) =>
      render("a", [{ n: 3, title, url, passage: "p" }], said)[0]
        ?.split("\n")
        .at(-1);
    expect(line("Two\nlines\tand `code`, *loud* ~~gone~~ ||hidden|| > quote \\ end")).toBe(
      "-# [3] Two lines and code, loud gone hidden  quote  end",
    );
    expect(line("***")).toBe("-# [3] Source 3");
    expect(line("x".repeat(90))).toBe(`-# [3] ${"x".repeat(90)}`);
    expect(line("x".repeat(91))).toBe(`-# [3] ${"x".repeat(89)}…`);
    expect(line(`${"x".repeat(88)}🧵🧵`)).toBe(`-# [3] ${"x".repeat(88)}…`);
    expect(line("T", "https://docs.example/a b<c>(d)")).toBe("-# [3] [T](<https://docs.example/a%20b%3Cc%3E%28d%29>)");
    for (const url of [
      "ftp://docs.example/",
      "https://a:b@docs.example/",
      "https://:b@docs.example/",
      "no url",
      `https://docs.example/${"x".repeat(480)}`,
    ])
      expect(line("T", url)).toBe("-# [3] T");
    const long = `https://docs.example/${"x".repeat(479)}`;
    expect(line("T", long)).toBe(`-# [3] [T](<${long}>)`);
    expect(line("T", "http://docs.example/")).toBe("-# [3] [T](<http://docs.example/>)");
  });
});

test("the buttons under an answer carry the guild, since a direct message has none", () => {
  expect(feedbackButtons("7" as GuildId, said)).toEqual([
    { id: "feedback:up:7", emoji: "👍", label: said.helpful },
    { id: "feedback:down:7", emoji: "👎", label: said.notHelpful },
    { id: "human:7", emoji: "🙋", label: said.person },
  ]);
});

function expectFences(parts: readonly string[]): void {
  for (const part of parts) expect(part.split("```").length % 2).toBe(1);
}

/** What must survive: everything but spaces, the marks that are closed and re-opened, and the fences' language. */
function bones(text: string): string {
  return text.replace(/zq|[\s`*_~|>#-]/g, "");
}

describe("marks that span lines", () => {
  const lines = (line: string) =>
    Array.from({ length: 90 }, (_, i) => `${line} ${i} of what the manual says about it.`).join("\n");

  test("a spoiler over lines stays hidden in every part", () => {
    for (const part of splitText(`Look:\n||${lines("Line")}||\nEnd.`)) expect(part.split("||").length % 2).toBe(1);
  });

  test.each(["> ", "-# "])("a line that begins with %p and is cut in two begins so in the second part too", (mark) => {
    const text = `Look:\n${mark}${"word ".repeat(500)}end.`;
    const parts = splitText(text);
    expect(parts).toHaveLength(2);
    expect(parts[1]).toStartWith(mark);
    expect(parts.map((part, n) => (n === 0 ? part : part.slice(mark.length))).join(" ")).toBe(text);
    // Cut between two lines nothing is said again.
    const lines = Array.from({ length: 60 }, (_, n) => `${mark}line ${n} ${"word ".repeat(8)}end.`);
    expect(splitText(lines.join("\n")).join("\n").split("\n")).toEqual(lines);
  });

  test("a quote of the rest goes on in every part, and a fence in a quote stays in it", () => {
    for (const part of splitText(`He says:\n>>> ${lines("Line")}`).slice(1)) expect(part).toStartWith(">>> ");
    const quoted = `> \`\`\`sh\n${lines("> run")}\n> \`\`\`\nThat was it.`;
    for (const part of splitText(quoted)) {
      expect(part.split("\n").filter((line) => line.includes("```") && !line.startsWith("> "))).toEqual([]);
      expect(part.split("```").length % 2).toBe(1);
    }
  });
});
