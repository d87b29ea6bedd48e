import { describe, expect, test } from "bun:test";
import { type DecisionFacts, decide } from "../../src/decision.ts";
import type { Message } from "../../src/message.ts";
import { RESPONSE_MODES } from "../../src/settings/form.ts";
import { BOT, directMessage, mention, message } from "../support/build.ts";

const SAID = message({ content: "How do I pair a sensor?" });

function facts(fields: Partial<DecisionFacts> = {}): DecisionFacts {
  return {
    message: SAID,
    self: BOT.userId,
    address: null,
    settings: { mode: "mention", smart: true, awareness: false },
    answering: "consider",
    namesAnother: false,
    goesOn: false,
    wantsPerson: () => false,
    staffAnswered: () => false,
    threadSolved: false,
    ...fields,
  };
}

const mode = (name: (typeof RESPONSE_MODES)[number], smart = true) => ({
  settings: { mode: name, smart, awareness: false },
});

test.each([
  ["said to nobody", {}, "silent", "not-mentioned"],
  ["mentioned", { address: "mentioned" }, "must", "mentioned"],
  ["replied to", { address: "replied-to-bot" }, "must", "replied-to-bot"],
  ["in its own thread", { address: "own-thread" }, "must", "own-thread"],
  [
    "in its own thread, to somebody else",
    { address: "own-thread", message: message({ mentions: [{ id: "3" }] }) },
    "silent",
    "addressed-to-another",
  ],
  ["alone with it", { address: "direct-message", message: directMessage("hi") }, "must", "direct-message"],
  ["alone with it, but off", { ...mode("off"), address: "direct-message" }, "silent", "mode-off"],
  ["where every message counts", mode("all", false), "must", "every-message"],
  ["where it is smart", mode("all"), "consider", "smart"],
  ["smart, but small talk", { ...mode("all"), answering: "silent" }, "silent", "small-talk"],
  ["smart, going on after an answer", { ...mode("all"), answering: "silent", goesOn: true }, "consider", "smart"],
  [
    "smart, wishing for a person",
    { ...mode("all"), answering: "silent", wantsPerson: (): boolean => true },
    "must",
    "wants-human",
  ],
  ["smart, but staff is there", { ...mode("all"), staffAnswered: (): boolean => true }, "silent", "staff-answered"],
  ["smart, but solved", { ...mode("all"), threadSolved: true }, "silent", "thread-solved"],
  [
    "smart, going on after oneself",
    {
      ...mode("all"),
      message: message({
        message_reference: { message_id: "1" },
        referenced_message: { author: { id: SAID.author.id } },
      }),
    },
    "consider",
    "smart",
  ],
  [
    "smart, to a reply whose author Discord left out",
    { ...mode("all"), message: message({ message_reference: { message_id: "1" } }) },
    "silent",
    "addressed-to-another",
  ],
  [
    "smart, to somebody by mention",
    { ...mode("all"), message: message({ mentions: [{ id: "3" }] }) },
    "silent",
    "addressed-to-another",
  ],
  [
    "smart, mentioning only oneself",
    { ...mode("all"), message: message({ mentions: [{ id: SAID.author.id }] }) },
    "consider",
    "smart",
  ],
  [
    "smart, to a role",
    { ...mode("all"), message: message({ mention_roles: ["7"] }) },
    "silent",
    "addressed-to-another",
  ],
  [
    "smart, to everybody",
    { ...mode("all"), message: message({ mention_everyone: true }) },
    "silent",
    "addressed-to-another",
  ],
  ["smart, to a name at the front", { ...mode("all"), namesAnother: true }, "silent", "addressed-to-another"],
  [
    "to somebody, where every message counts",
    { ...mode("all", false), message: message({ mentions: [{ id: "3" }] }), namesAnother: true },
    "must",
    "every-message",
  ],
  [
    "replied to, together with somebody else",
    { address: "replied-to-bot", message: message({ mentions: [{ id: "3" }] }) },
    "must",
    "replied-to-bot",
  ],
  ["without words", { ...mode("all"), message: message({ content: "" }) }, "silent", "empty"],
  [
    "without words where every message counts",
    { ...mode("all", false), message: message({ content: "" }) },
    "silent",
    "empty",
  ],
  [
    "smart, but mentioned",
    { ...mode("all"), address: "mentioned", answering: "silent", staffAnswered: (): boolean => true },
    "must",
    "mentioned",
  ],
  ["off, though mentioned", { ...mode("off"), address: "mentioned" }, "silent", "mode-off"],
  ["only /ask, though mentioned", { ...mode("ask"), address: "mentioned" }, "silent", "mode-ask"],
] as const)("%s", (_, fields, speak, reason) =>
  expect(decide(facts(fields as Partial<DecisionFacts>))).toEqual({ speak, reason } as never),
);

describe("in every mode", () => {
  test.each(RESPONSE_MODES)(
    "%s is silent to itself, bots, webhooks and Discord's own voice, and says to which",
    (name) => {
      const reasonFor = (heard: Message) => decide(facts({ ...mode(name), message: heard, address: "mentioned" }));
      expect(
        [
          mention("hi", { author: { id: BOT.userId } }),
          mention("hi", { author: { id: "3", bot: true } }),
          mention("hi", { webhook_id: "4" }),
          mention("hi", { type: 8 }),
        ].map(reasonFor),
      ).toEqual(
        (["own-message", "bot-author", "webhook", "system-message"] as const).map((reason) => ({
          speak: "silent",
          reason,
        })),
      );
    },
  );
});
