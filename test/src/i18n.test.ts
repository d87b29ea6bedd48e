/** Both languages say everything: the same keys by type, and here that nothing is left empty, in English, or without its facts. */
import { describe, expect, test } from "bun:test";
import { languageFor, words } from "../../src/i18n.ts";
import { PAGES } from "../../web/pages.ts";
import { settingWords } from "../../web/parts/setting-words.ts";
import { commonWords } from "../../web/parts/words.ts";
import { shellWords } from "../../web/shell/words.ts";

/** Names, words that are the same in both, and what hands its argument through. */
const SAME = new Set([
  "⟨0⟩",
  "English",
  "Türkçe",
  "Redis",
  "Shard",
  "Worker",
  "General Information",
  "Bot, Reset Token",
  "Model",
  "Bot",
  "Identify",
  "Resume",
  "Interactions Endpoint URL",
  "Token",
  "token",
  "Plan",
  "CSV",
  "Discord",
  "HTTP API",
]);

type Leaf = { readonly path: string; readonly text: string };

/** Every wording with its path. A function is given marks for its arguments, each in a list, so that what joins lists can. */
function leaves(value: unknown, path = ""): Leaf[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value === "function") {
    const marks = Array.from({ length: value.length }, (_, index) => [`⟨${index}⟩`]);
    return [{ path, text: String(value(...marks)) }];
  }
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, inner]) =>
    leaves(inner, path === "" ? key : `${path}.${key}`),
  );
}

/** The bot's words, and the dashboard's: each page keeps its own. */
function everything(language: "en" | "tr") {
  const pages = Object.fromEntries(PAGES.map((page) => [page.section, page.words[language]]));
  return {
    ...words(language),
    shell: shellWords[language],
    common: commonWords[language],
    settings: settingWords[language],
    pages,
  };
}

const english = leaves(everything("en"));
const turkish = new Map(leaves(everything("tr")).map(({ path, text }) => [path, text]));

describe("Turkish", () => {
  test("has every wording that English has, and no other", () => {
    expect([...turkish.keys()].sort()).toEqual(english.map(({ path }) => path).sort());
    expect([...turkish.values()].filter((text) => text.trim() === "")).toEqual([]);
  });

  test("leaves nothing in English", () => {
    const left = english.filter(({ path, text }) => turkish.get(path) === text && !SAME.has(text));
    expect(left).toEqual([]);
  });

  test("names every fact that English names", () => {
    const marks = (text = "") => [...new Set(text.match(/⟨\d⟩|\/ask|`[^`]+`|[A-Z]+_[A-Z_]+/g) ?? [])].sort();
    const lost = english.filter(({ path, text }) => !Bun.deepEquals(marks(text), marks(turkish.get(path))));
    expect(lost.map(({ path, text }) => [path, text, turkish.get(path)])).toEqual([]);
  });
});

test("every file of words in the dashboard belongs to a page, the shell or the shared parts", async () => {
  const folders = [...PAGES.map((page) => page.section), "shell", "parts"].sort();
  const found = [...new Bun.Glob("*/words.ts").scanSync({ cwd: new URL("../../web/", import.meta.url).pathname })];
  expect(found.map((path) => path.split("/")[0] ?? "").sort()).toEqual(folders);
});

/** Where outcomes get their reasons, as they are written there. */
const REASONS =
  /\b(?:outcome\(\s*"[a-z-]+",|silent\((?:work, |trigger, )?|must\(|failed\(|say\((?:task|work, \w+, \w+),) *"([a-z-]+)"|"failed", "([a-z-]+)"/g;

test("every reason that an outcome is given in the code has words for people", async () => {
  const root = new URL("../../", import.meta.url).pathname;
  const given = new Set<string>();
  for (const pattern of [
    "src/{ask,pipeline,decision,escalation}.ts",
    "src/{ask,pipeline}/*.ts",
    "shards/{pool,intake}.ts",
  ]) {
    for await (const path of new Bun.Glob(pattern).scan({ cwd: root })) {
      for (const [, one, other] of (await Bun.file(`${root}${path}`).text()).matchAll(REASONS)) {
        given.add(one ?? other ?? "");
      }
    }
  }
  expect(given.size).toBeGreaterThan(20);
  const known = Object.keys(words("en").outcomes.reasons);
  expect([...given].filter((reason) => !known.includes(reason))).toEqual([]);
});

test("a language without words is answered in English", () => {
  expect(languageFor("de-DE", "tr-TR")).toBe("tr");
  expect(languageFor("de", null, undefined)).toBe("en");
});
