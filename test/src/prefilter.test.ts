import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readJsonLines } from "../../bench/data.ts";
import { readChat, readTexts, SCAM_SETS, TOXIC_SETS } from "../../bench/train/moderation-data.ts";
import {
  compileFilter,
  createPrefilterMemory,
  type FilterSettings,
  type PrefilterMemory,
  prefilter,
  prefilterName,
  refusalInWords,
  refusePattern,
  refuseWord,
  signalInWords,
} from "../../src/prefilter.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { message } from "../support/build.ts";
import { shared } from "../support/shared.ts";

const STRANGER: PrefilterMemory = { rate: () => 1, repeats: () => 1, members: () => 1 };
const judge = (content: string, fields = {}) => prefilter(message({ content, ...fields }), STRANGER);
const names = (content: string, fields = {}) => judge(content, fields).signals.map(({ name }) => name);

describe("certain", () => {
  test.each([
    "FREE NITRO for 3 months https://discord-nitro.ru/gift",
    "@everyone steam is giving away skins https://steamcommunlty.ru/trade",
    "frее nitrо ➜ https://dlscord.gift/abc",
    "[https://discord.com/nitro](https://evil-host.ru/x) free nitro, claim your gift",
    "Bedava nitro! https://discord-nitro.gift/al",
    "have a look https://discord-nitro.ru/gift",
  ])("is a known scam site, or a link that imitates one beside a gift: %s", (content) => {
    expect(judge(content)).toMatchObject({ moderation: "certain" });
  });

  test.each([
    "don't click https://discord-nitro.ru/gift, it is a scam, they promise free nitro",
    "is https://discord-nitro.ru/gift legit?",
    "how do I get nitro for free?",
    "https://dlscord-nitro-for-me.ru/gift",
    "FREE NITRO!!!",
    "kys you retard",
    "@everyone the release is out: https://github.com/acme/hub/releases",
    "you won't believe it, my steam account works again: https://store.steampowered.com/news",
    "he called me a faggot, can a mod look at it?",
    "mods please ban this guy, he posted free nitro https://discord-nitro.ru/gift",
    "is this real? free nitro https://discord-nitro.ru/gift",
    "> FREE NITRO https://discord-nitro.ru/gift\nwhat is that",
    "`https://discord-nitro.ru` free nitro",
    '"free nitro https://discord-nitro.ru/gift" she wrote',
    "güvenli mi: bedava nitro https://discord-nitro.ru/gift",
    "bu adam bedava nitro https://discord-nitro.ru/gift atıyor",
    "ist das echt? gratis nitro https://discord-nitro.ru/gift",
    "bitte bannt den, er schickt allen gratis nitro https://discord-nitro.ru/gift",
  ])("is not said of a warning, a question, or one sign alone: %s", (content) => {
    expect(judge(content).moderation).not.toBe("certain");
  });

  const start = Date.parse("2026-01-01T12:00:00Z");
  const at = (i: number, fields = {}) => message({ timestamp: new Date(start + i * 200).toISOString(), ...fields });

  test("is a flood: one text again and again, or too many messages by one author", () => {
    const memory = createPrefilterMemory();
    const same = Array.from({ length: 6 }, (_, i) =>
      prefilter(at(i, { content: "join my server now everyone" }), memory),
    );
    expect(same.map(({ moderation }) => moderation)).toEqual([
      "clear",
      "clear",
      "ask-the-model",
      "ask-the-model",
      "ask-the-model",
      "certain",
    ]);
    const fast = createPrefilterMemory();
    const many = Array.from(
      { length: 14 },
      (_, i) => prefilter(at(i, { content: `line ${i} of a poem` }), fast).moderation,
    );
    expect(many.slice(0, 7)).toEqual(Array(7).fill("clear"));
    expect(many.at(-1)).toBe("certain");
  });

  const crowd = (content: string, fields = {}) => {
    const memory = createPrefilterMemory();
    return Array.from({ length: 16 }, (_, i) => {
      const author = { id: String(300_000_000_000_000_000n + (BigInt(i) << 30n)), username: `user${i}` };
      return prefilter(at(i, { content, author, ...fields }), memory).moderation;
    });
  };

  test("is not what many say once each", () => {
    expect(crowd("happy birthday to you, dear ada")).not.toContain("certain");
    expect(crowd("register at https://sommerfest-anmeldung.example/form")).not.toContain("certain");
  });

  test("is a raid: many newcomers with one text that leads somewhere", () => {
    const joined = { member: { roles: [], joined_at: new Date(start - 60_000).toISOString() } };
    expect(crowd("come to our new home discord.gg/abcdef", joined).at(-1)).toBe("certain");
    expect(crowd("come to our new home discord.gg/abcdef").at(-1)).toBe("ask-the-model");
  });
});

describe("what an admin added", () => {
  const settings: FilterSettings = { mentionsMax: null, words: [], patterns: [], allowedDomains: [] };
  const by = (extra: Partial<FilterSettings>, content: string) =>
    prefilter(message({ content }), STRANGER, compileFilter({ ...settings, ...extra }));

  test.each([
    [{ words: ["pineapple"] }, "no PINEAPPLE on pizza", "own-word"],
    [{ words: ["pineapple"] }, "p i n e a p p l e", "own-word"],
    [{ words: ["pineapple"] }, "p1n3appl3", "own-word"],
    [{ words: ["pineapple"] }, "ріneарple", "own-word"],
    [{ words: ["şeker*"] }, "ŞEKERLEME aldım", "own-word"],
    [{ patterns: ["\\d{3}-\\d{2}-\\d{4}"] }, "my number is 123-45-6789", "own-pattern"],
    [{ mentionsMax: 3 }, "<@1> <@2> <@3> <@4>", "mass-mention"],
  ] as const)("%j makes certain: %s", (extra, content, name) => {
    const { moderation, signals } = by(extra, content);
    expect(moderation).toBe("certain");
    expect(signals.map((signal) => signal.name)).toContain(name);
  });

  test("is never certain where it is told or quoted", () => {
    expect(by({ words: ["pineapple"] }, 'he wrote "pineapple is great", mods please look').moderation).not.toBe(
      "certain",
    );
    expect(by({ words: ["pineapple"] }, "pineapples are fine").moderation).toBe("clear");
    expect(by({ mentionsMax: 3 }, "<@1> <@2> <@3>").moderation).toBe("clear");
  });

  test("allowed domains are as good as known ones, with their sub-domains", () => {
    const content = "free nitro https://shop.dlscord-nitro.example/x";
    expect(by({}, content).signals.map(({ name }) => name)).toContain("look-alike-domain");
    const allowed = by({ allowedDomains: ["dlscord-nitro.example"] }, content);
    expect(allowed.signals.map(({ name }) => name)).not.toContain("look-alike-domain");
  });

  test.each([
    ["", "empty"],
    ["a".repeat(201), "too-long"],
    ["a*", "matches-everything"],
    ["^(?=(a+)+$)a", "looks-around"],
    ["(a+)+\\1$", "refers-back"],
    ["a{100000}", "too-large"],
    ["((a{100}){100}){10}", "too-large"],
    ["(unclosed", "syntax"],
  ])("the pattern %j is refused: %s", (pattern, refused) => {
    const refusal = refusePattern(pattern);
    expect(refusal?.refused).toBe(refused as "empty");
    if (refusal === null) return;
    for (const language of ["en", "tr"] as const) expect(refusalInWords(refusal, language).length).toBeGreaterThan(10);
  });

  const redos = shared("security/redos.jsonl");
  redos.test(
    "a pattern made to hang other engines is refused, or reads a long message in time that grows with it",
    async () => {
      const rows = await readJsonLines<{
        pattern: string;
        prefix: string;
        pump: string;
        suffix: string;
        re2: { ok: boolean };
      }>(redos.file);
      for (const { pattern, prefix, pump, suffix, re2 } of rows) {
        const refusal = refusePattern(pattern);
        if (!re2.ok) expect(refusal).not.toBeNull();
        if (refusal !== null) continue;
        const content = prefix + pump.repeat(Math.ceil(4_000 / Math.max(1, pump.length))) + suffix;
        expect(["clear", "certain", "ask-the-model"]).toContain(by({ patterns: [pattern] }, content).moderation);
      }
    },
  );

  test("words without a letter are refused", () => {
    expect(refuseWord("***")).toEqual({ refused: "empty" });
    expect(refuseWord("x".repeat(61))).toEqual({ refused: "too-long" });
    expect(refuseWord("şeker*")).toBeNull();
  });
});

describe("signals", () => {
  test.each([
    ["<@1><@2><@3><@4><@5><@6><@7><@8>", "mass-mention"],
    ["THIS IS VERY IMPORTANT AND YOU MUST READ IT NOW", "capitals"],
    [`h${"\u0351\u036b\u0343".repeat(20)}i`, "zalgo"],
    ["😀".repeat(40), "emoji-flood"],
    ["a".repeat(400), "character-flood"],
    ["x\n".repeat(100), "line-flood"],
    ["join discord.gg/abc", "invite-link"],
    ["http://admin:pw@203.0.113.9/", "user-info-link"],
    ["[click](javascript:alert(1))", "script-link"],
    ["kys you retard", "threat"],
    ["f r e e  n i t r o for you", "hidden-lure"],
    ["k-o-s-t-e-n-l-o-s n-i-t-r-o", "hidden-lure"],
    ["you n*gga", "hidden-insult"],
    ["mrbeast casino, use code BEAST50 and get $50", "casino-code"],
    ["QR kodu okut, hesabını doğrula", "scan-to-verify"],
    ["ich hab dich versehentlich gemeldet, schreib dem Admin", "reported-you"],
    ["Discord Support: dein Konto wird gesperrt", "false-staff"],
    ["sen tam bir orospu çocuğusun", "insult"],
    ["kill all jews", "group-hatred"],
    ["muslims should be shot, every one of them", "group-hatred"],
    ["hitler did nothing wrong", "group-hatred"],
    ["the holocaust never happened", "group-hatred"],
    ["suriyelileri öldürmek lazım", "group-hatred"],
    ["Ausländer gehören vergast", "group-hatred"],
  ])("%s", (content, name) => {
    expect(names(content)).toContain(name);
  });

  test("are read from embeds and attachments too", () => {
    expect(names("", { embeds: [{ title: "Free nitro", url: "https://dlscord-nitro-for-me.ru" }] })).toContain(
      "look-alike-domain",
    );
    expect(names("", { attachments: [{ filename: "free nitro.exe", size: 1 }] })).toContain("gift-lure");
  });

  test("are told in words, in English and Turkish", () => {
    const [signal] = judge("join discord.gg/abc").signals;
    if (signal === undefined) throw new Error("no signal");
    expect(signalInWords(signal, "en")).toBe("Invites to another server: discord.gg");
    expect(signalInWords(signal, "tr")).toBe("Başka bir sunucuya davet: discord.gg");
    expect(signalInWords({ name: "of-a-later-version", saw: "x" }, "en")).toBe("of-a-later-version: x");
  });

  test("of a young account or a new member stand beside others only", () => {
    const author = {
      id: String((BigInt(Date.parse("2026-01-01T10:00:00Z") - 1_420_070_400_000) << 22n) + 5n),
      username: "x",
    };
    expect(names("how do i reset my hub?", { author })).toEqual([]);
    expect(judge("join discord.gg/abc", { author }).signals).toContainEqual({ name: "new-account", saw: "2.0" });
  });

  test("say what they saw, in the text's own letters", () => {
    expect(judge("get FRЕЕ nitro").signals).toContainEqual({ name: "gift-lure", saw: "FRЕЕ nitro" });
  });
});

test.each([
  "my dumb ass forgot to save before the cutscene",
  "the docs are at discord.js.org/docs/packages/discord.js/main",
  "it's documented on discord.com/developers/docs/topics/gateway",
])(
  "a low learned score is a mere note where nobody is spoken to, or every link leads to a known host: %s",
  (content) => {
    const { moderation, signals } = judge(content);
    expect(signals.some(({ name }) => name.startsWith("learned-"))).toBe(true);
    expect(moderation).toBe("clear");
  },
);

test.each([
  "bro you're such an idiot, nobody wants you here",
  "free nitro for everybody on discord.com, claim it before it is gone",
])("and a question for the model where it is not: %s", (content) => {
  expect(judge(content).moderation).not.toBe("clear");
});

test.each([
  ["hello everyone", "silent"],
  ["thanks, that worked", "silent"],
  ["😀", "silent"],
  ["how do I reset my hub?", "consider"],
  ["hub'ı nasıl sıfırlarım", "consider"],
  ["hey bot, what does error 12 mean", "must"],
])("the text alone says of %p: %s", (content, answering) => {
  expect(judge(content).answering).toBe(answering as "silent");
});

test("nothing makes it throw, and what it says is always in form", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ maxLength: 80 }), (content, name) => {
      const { risk, signals } = judge(content, { attachments: [{ filename: name, size: 1 }] });
      expect(risk).toBeGreaterThanOrEqual(0);
      expect(risk).toBeLessThanOrEqual(1);
      for (const { saw } of signals) {
        expect(saw.length).toBeLessThanOrEqual(100);
        expect(saw.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

shared("moderation").test(
  "in real data nothing that people labelled clean is certain, and help channels stay clear",
  async () => {
    const labelled = (await readTexts([...TOXIC_SETS, ...SCAM_SETS])) ?? [];
    const chat = (await readChat()) ?? [];
    expect(Math.min(labelled.length, chat.length)).toBeGreaterThan(10_000);
    const clean = [...labelled.filter(({ label }) => label === 0), ...chat];
    const certain = clean.filter(({ text }) => judge(text).moderation === "certain");
    expect(certain.map(({ text }) => text)).toEqual([]);
    const asked = chat.filter(({ text }) => judge(text).moderation !== "clear").length / chat.length;
    expect(asked).toBeLessThan(0.03);
  },
);

test("why RE2 refuses a pattern is said in the page's language, with the piece that it stumbles over", () => {
  const said = (pattern: string, language: "en" | "tr") => {
    const refusal = refusePattern(pattern);
    return refusal === null ? "" : refusalInWords(refusal, language);
  };
  expect(said("(a", "en")).toBe("It is no valid pattern: a closing ) is missing: (a.");
  expect(said("(a", "tr")).toBe("Geçerli bir kalıp değil: kapanan ) eksik: (a.");
  for (const pattern of ["(", ")", "[", "[b-a]", "*a", "a**", "a\\", "\\q", "(?P<n", "(?P<n>a)(?P<n>b)", "(?>a)"])
    expect(said(pattern, "tr")).not.toMatch(/error|missing|invalid|unexpected|trailing|duplicate/);
});

test.each([
  "kill all processes of that user",
  "how do I kill the migration job?",
  "the women's team plays tonight",
  "we learned about the holocaust in school today",
  "death to bugs",
  "kürtçe dil desteği var mı?",
  "gibt es eine türkische Übersetzung?",
])("%s is no hatred of a group", (content) => {
  expect(names(content)).not.toContain("group-hatred");
});

test("who wishes a group harm, or praises it, is judged by the model, never certain without it", () => {
  for (const content of ["kill all jews", "gas the jews", "hitler did nothing wrong", "bütün kürtler gebersin"])
    expect(judge(content).moderation).toBe("ask-the-model");
});

describe("a member's name", () => {
  const judged = (name: string) =>
    prefilterName(message({ content: name }), compileFilter(defaultSettings.moderation.filter));

  test.each([
    ["Discord Support", "staff-name"],
    ["ADMIN Moorlark", "staff-name"],
    ["M0derat0r | free help", "staff-name"],
    ["Yetkili Destek", "staff-name"],
    ["Ad0lf H1tler", "hateful-name"],
    ["kill all humans", "hateful-name"],
    ["send nudes 18+", "adult-lure"],
    ["yarrak", "insult"],
  ])("%s is for the model: %s", (name, signal) => {
    const { moderation, signals } = judged(name);
    expect(moderation).toBe("ask-the-model");
    expect(signals.map((one) => one.name)).toContain(signal);
  });

  test("that is ordinary costs nothing", () => {
    for (const name of ["Alice", "Ngozi 🌱", "Okan 🍅", "xX_Killer_Xx", "Modest Mouse", "Admiral Adama", "Mehmet Can"])
      expect([name, judged(name).moderation]).toEqual([name, "clear"]);
  });
});
