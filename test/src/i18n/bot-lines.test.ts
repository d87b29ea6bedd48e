/** The bot's own lines in every language it speaks: all of them, in that language's script, with nothing left in English. */
import { describe, expect, test } from "bun:test";
import { BOT_LINES } from "../../../src/i18n/bot-lines.ts";
import { botLines, words } from "../../../src/i18n.ts";

const english = words("en").bot;
/** Of a line with something in it, what stands around that. */
const said = (line: (...holes: string[]) => string) => line("…", "…", "…");
const flat = (lines: object): [string, string][] =>
  Object.entries(lines).flatMap(([key, line]): [string, string][] => {
    if (typeof line === "string") return [[key, line]];
    if (typeof line === "function") return key === "takenOver" ? [] : [[key, said(line)]];
    return flat(line).map(([inner, text]) => [`${key}.${inner}`, text]);
  });

/** Letters that a language is written in, where they are not Latin. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ru: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  ko: /\p{Script=Hangul}/u,
  zh: /\p{Script=Han}/u,
  ar: /\p{Script=Arabic}/u,
  hi: /\p{Script=Devanagari}/u,
};
/** The same word in both; whoever took a talk over reads the dashboard's languages. */
const SAME = new Set(["Sources", "Source"]);

test("there are at least ten beside English", () => {
  expect(Object.keys(BOT_LINES).length).toBeGreaterThanOrEqual(10);
});

describe.each(Object.keys(BOT_LINES))("in %s", (language) => {
  const lines = new Map(flat(BOT_LINES[language] ?? {}));

  test("every line is there, none is English, none too long for a button or a message", () => {
    // Members are never told of moderation's share.
    const missing = flat(english).filter(([key]) => !lines.has(key) && !key.endsWith("moderation-share"));
    expect(missing.map(([key]) => key)).toEqual([]);
    expect(flat(english).filter(([key, text]) => lines.get(key) === text && !SAME.has(text))).toEqual([]);
    for (const key of ["helpful", "notHelpful"]) expect(lines.get(key)?.length ?? 0).toBeLessThan(80);
    expect([...lines.values()].filter((text) => text.trim() !== text || text === "")).toEqual([]);
  });

  test("every line is written in its script", () => {
    const script = SCRIPTS[language];
    expect(script === undefined ? [] : [...lines.values()].filter((text) => !script.test(text))).toEqual([]);
  });
});

test("the first language with lines counts, and English where there is none", () => {
  expect(botLines("de-DE").welcome).toBe("Gern geschehen!");
  expect(botLines(null, "pt-BR").welcome).toBe("De nada!");
  expect(botLines("und", "tr").welcome).toBe("Rica ederim!");
  expect(botLines("xx", undefined)).toEqual(english);
});
