/** What of a message asks, in several languages, hurried ones too. */
import { expect, test } from "bun:test";
import { asks, coreOf, toldIn, withoutFrame } from "../../../src/text/asking.ts";

const STORY =
  "We moved the router to the hallway last week. My neighbour says it is Mercury, my partner that it is the dryer. ";
const LONG = STORY.repeat(3);

test("a sentence asks by its mark, its first word, or by saying that somebody wants to know", () => {
  const asking = [
    "does it float",
    "So how long does it last",
    "I'd like to know its price.",
    "Sunucu nerede saklıyor?",
  ];
  const more = ["Ich würde gerne wissen, wie lange das dauert.", "acaba pil dahil", "これは何ですか？"];
  for (const sentence of [...asking, ...more]) expect([sentence, asks(sentence)]).toEqual([sentence, true]);
  for (const sentence of ["I swapped the batteries.", "Kablosu mutfakta.", "whatever", "Isar"])
    expect([sentence, asks(sentence)]).toEqual([sentence, false]);
});

test("a message is cut into what asks, the story and what was pasted", () => {
  const told = toldIn(`It worked for weeks. what does -98 mean?\n\`\`\`\nis this=asked?\n\`\`\`\nThanks!`);
  expect(told).toEqual({
    asking: "what does -98 mean?",
    story: "It worked for weeks.\nThanks!",
    pasted: "is this=asked?",
  });
});

test("sentences that begin small are sentences too", () => {
  expect(toldIn("i rebooted the router twice. which port must be open?").asking).toBe("which port must be open?");
  expect(toldIn("use e.g. version 4.2 of it. where is it?").asking).toBe("where is it?");
});

test("a quote answers what a long message asks, and all of one that is short or asks nothing", () => {
  expect(coreOf(`${LONG}Is -98 still fine?`)).toBe("Is -98 still fine?");
  expect(coreOf(`It was late. Is -98 still fine?`)).toBe("It was late. Is -98 still fine?");
  expect(coreOf(LONG)).toBe(LONG);
});

test("the frame of a request is none of its words, in English, German and Turkish", () => {
  for (const [asked, kernel] of [
    ["Is there a way to export last month as CSV?", "how to export last month as CSV?"],
    ["hi, is there any easy way to pause it", "hi, how to pause it"],
    ["is it possible to pair two?", "how to pair two?"],
    ["Gibt es eine Möglichkeit, das Abo zu pausieren?", "wie das Abo zu pausieren?"],
    ["ist es möglich, das Abo zu pausieren?", "wie das Abo zu pausieren?"],
    ["geçen ayı dışa aktarmanın bir yolu var mı?", "geçen ayı dışa aktarmanın nasıl?"],
    ["iki hub bağlamak mümkün mü", "iki hub bağlamak nasıl"],
  ] as const)
    expect(withoutFrame(asked)).toBe(kernel);
  expect(withoutFrame("what paid plans do you offer?")).toBe("what paid plans do you have?");
  expect(withoutFrame("Welche Tarife bietet ihr an?")).toBe("Welche Tarife gibt es?");
  expect(withoutFrame("hangi planları sunuyorsunuz")).toBe("hangi planları var");
  for (const other of [
    "is there a plan for schools?",
    "do you offer refunds?",
    "what do you offer schools?",
    "the way to the harbour",
    "yolu var mıydı",
    "gibt es einen Rabatt?",
  ])
    expect(withoutFrame(other)).toBe(other);
  expect(withoutFrame("is there a way to ".repeat(20_000))).toBe("how to ".repeat(20_000));
  expect(withoutFrame("what a do you ".repeat(20_000))).toHaveLength(280_000);
  expect(withoutFrame("is there ".repeat(20_000))).toHaveLength(180_000);
});
