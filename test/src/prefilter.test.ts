import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readChat, readTexts, SCAM_SETS, TOXIC_SETS } from "../../bench/train/moderation-data.ts";
import { createPrefilterMemory, type PrefilterMemory, prefilter } from "../../src/prefilter.ts";
import { message } from "../support/build.ts";
import { sharedFile } from "../support/shared.ts";

const STRANGER: PrefilterMemory = { rate: () => 1, repeats: () => 1 };
const judge = (content: string, fields = {}) => prefilter(message({ content, ...fields }), STRANGER);
const names = (content: string, fields = {}) => judge(content, fields).signals.map(({ name }) => name);

describe("certain", () => {
  test.each([
    "FREE NITRO for 3 months https://discord-nitro.ru/gift",
    "@everyone steam is giving away skins https://steamcommunlty.ru/trade",
    "frее nitrо ➜ https://dlscord.gift/abc",
    "[https://discord.com/nitro](https://evil-host.ru/x) free nitro, claim your gift",
    "Bedava nitro! https://discord-nitro.gift/al",
  ])("is a scam with two independent signs: %s", (content) => {
    expect(judge(content)).toMatchObject({ moderation: "certain" });
  });

  test.each([
    "don't click https://discord-nitro.ru/gift, it is a scam, they promise free nitro",
    "is https://discord-nitro.ru/gift legit?",
    "how do I get nitro for free?",
    "https://discord-nitro.ru/gift",
    "FREE NITRO!!!",
    "@everyone the release is out: https://github.com/acme/hub/releases",
    "you won't believe it, my steam account works again: https://store.steampowered.com/news",
    "he called me a faggot, can a mod look at it?",
  ])("is not said of a warning, a question, or one sign alone: %s", (content) => {
    expect(judge(content).moderation).not.toBe("certain");
  });

  test("is a flood of one text by one author", () => {
    const memory = createPrefilterMemory();
    const start = Date.parse("2026-01-01T12:00:00Z");
    const verdicts = Array.from({ length: 16 }, (_, i) => {
      const timestamp = new Date(start + i * 200).toISOString();
      return prefilter(message({ content: "join my server now everyone please", timestamp }), memory).moderation;
    });
    expect(verdicts[0]).toBe("clear");
    expect(verdicts[5]).toBe("ask-the-model");
    expect(verdicts.at(-1)).toBe("certain");
  });

  test("is not what many say once each", () => {
    const memory = createPrefilterMemory();
    const verdicts = Array.from({ length: 16 }, (_, i) => {
      const author = { id: String(300_000_000_000_000_000n + BigInt(i)), username: `user${i}` };
      return prefilter(message({ content: "happy birthday to you, dear ada", author }), memory).moderation;
    });
    expect(verdicts).not.toContain("certain");
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
    ["sen tam bir orospu çocuğusun", "insult"],
  ])("%s", (content, name) => {
    expect(names(content)).toContain(name);
  });

  test("are read from embeds and attachments too", () => {
    expect(names("", { embeds: [{ title: "Free nitro", url: "https://discord-nitro.ru" }] })).toContain(
      "look-alike-domain",
    );
    expect(names("", { attachments: [{ filename: "free nitro.exe", size: 1 }] })).toContain("gift-lure");
  });

  test("say what they saw, in the text's own letters", () => {
    expect(judge("get FRЕЕ nitro").signals).toContainEqual({ name: "gift-lure", saw: "FRЕЕ nitro" });
  });
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

test("in real data nothing that people labelled clean is certain, and help channels stay clear", async () => {
  if (sharedFile("the prefilter on labelled texts and chat", "moderation") === null) return;
  const labelled = (await readTexts([...TOXIC_SETS, ...SCAM_SETS])) ?? [];
  const chat = (await readChat()) ?? [];
  expect(Math.min(labelled.length, chat.length)).toBeGreaterThan(10_000);
  const clean = [...labelled.filter(({ label }) => label === 0), ...chat];
  const certain = clean.filter(({ text }) => judge(text).moderation === "certain");
  expect(certain.map(({ text }) => text)).toEqual([]);
  const asked = chat.filter(({ text }) => judge(text).moderation !== "clear").length / chat.length;
  expect(asked).toBeLessThan(0.03);
});
