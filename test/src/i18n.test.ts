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

/** What members write is read in these folders, in every form that they use. Rules are for all members: they stay in the plural. */
const READ_NOT_SAID = /^(?:text|prefilter|answering|smart|llm|knowledge\/search)\/|^moderation\/presets\.ts$/;
/** "Siz", and the endings of verbs and nouns that go with it; "henüz" and a noun's genitive ("olayın") end like them. */
const FORMAL = new RegExp(
  [
    "(?:siz|size|sizi|sizin|sizden|sizinle)",
    String.raw`(?!henüz)\p{L}+[aeıiuü]n[ıiuü]z(?:[aeıiuü]|[dt][ae]n?|[ıiuü]n)?`,
    String.raw`(?!olayın)\p{L}{2,}(?:ayın|eyin|ıyın|iyin|uyun|üyün)`,
    "(?:aç|al|ara|bak|bas|bekle|bırak|bul|çalıştır|çıkar|değiştir|edin|gir|gönder|göster|ilet|ilgilen|iste|kaldır|kapat|kayded|kullan|oluştur|seç|tanımla|uygulat|uy|ver|yap|yapıştır|yaz)(?:ın|in|un|ün)",
  ]
    .map((form) => String.raw`(?<!\p{L})${form}(?!\p{L})`)
    .join("|"),
  "iu",
);
/** Each with what the same thing is called everywhere else. */
const OTHER_NAMES: Readonly<Record<string, RegExp>> = {
  mod: /(?<!\p{L})kip(?!\p{L}{0,2}s)/iu,
  token: /(?<!\p{L})belirte[cç]/iu,
  kelime: /(?<!\p{L})sözcü[kğ]/iu,
  "özel ayar": /(?<!\p{L})istisna/iu,
};

test("Turkish says sen to everybody, and calls one thing by one name", async () => {
  const faults: string[] = [];
  for (const folder of ["src", "web", "shards"]) {
    for await (const file of new Bun.Glob("**/*.{ts,js}").scan(folder)) {
      if (folder === "src" && READ_NOT_SAID.test(file)) continue;
      for (const line of (await Bun.file(`${folder}/${file}`).text()).split("\n")) {
        if (!/[çğıöşüİ]/.test(line)) continue;
        const formal = FORMAL.exec(line);
        if (formal !== null) faults.push(`${folder}/${file}: "${formal[0]}" is not said to a "sen"`);
        for (const [name, other] of Object.entries(OTHER_NAMES)) {
          if (other.test(line)) faults.push(`${folder}/${file}: say "${name}" in: ${line.trim()}`);
        }
      }
    }
  }
  expect(faults).toEqual([]);
});
