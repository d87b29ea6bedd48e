import { describe, expect, test } from "bun:test";
import { decide, type Facts } from "../../src/decision.ts";
import { RESPONSE_MODES } from "../../src/guilds.ts";
import { BOT, BOT_ROLE, directMessage, mention, message } from "../support/build.ts";

const SAID = message({ content: "How do I pair a sensor?" });

function facts(fields: Partial<Facts> = {}): Facts {
  return {
    message: SAID,
    self: BOT.userId,
    needles: [BOT.userId, BOT_ROLE],
    settings: { mode: "mention", smart: true, awareness: false },
    ownThread: false,
    repliesToBot: false,
    answering: "consider",
    namesAnother: false,
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
  ["mentioned", { message: mention("hi") }, "must", "mentioned"],
  ["mentioned by its role", { message: message({ mention_roles: [BOT_ROLE] }) }, "must", "mentioned"],
  [
    "mentioned beside somebody else",
    { message: message({ mentions: [{ id: "3" }, { id: BOT.userId }] }) },
    "must",
    "mentioned",
  ],
  ["replied to", { repliesToBot: true }, "must", "replied-to-bot"],
  ["in its own thread", { ownThread: true }, "must", "own-thread"],
  [
    "in its own thread, to somebody else",
    { ownThread: true, message: message({ mentions: [{ id: "3" }] }) },
    "silent",
    "addressed-to-another",
  ],
  ["alone with it", { message: directMessage("hi") }, "must", "direct-message"],
  ["where every message counts", mode("all", false), "must", "every-message"],
  ["where it is smart", mode("all"), "consider", "smart"],
  ["smart, but small talk", { ...mode("all"), answering: "silent" }, "silent", "small-talk"],
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
    "smart, but mentioned",
    { ...mode("all"), message: mention("hi"), answering: "silent", staffAnswered: (): boolean => true },
    "must",
    "mentioned",
  ],
  ["off, though mentioned", { ...mode("off"), message: mention("hi") }, "silent", "mode-off"],
  ["only /ask, though mentioned", { ...mode("ask"), message: mention("hi") }, "silent", "mode-ask"],
] as const)("%s", (_, fields, speak, reason) =>
  expect(decide(facts(fields as Partial<Facts>))).toEqual({ speak, reason } as never),
);

describe("in every mode", () => {
  test.each(RESPONSE_MODES)("%s is silent to itself, bots, webhooks and Discord's own voice", (name) => {
    const never = [
      mention("hi", { author: { id: BOT.userId } }),
      mention("hi", { author: { id: "3", bot: true } }),
      mention("hi", { webhook_id: "4" }),
      mention("hi", { type: 8 }),
    ];
    for (const heard of never) {
      const decided = decide(facts({ ...mode(name), message: heard, ownThread: true, repliesToBot: true }));
      expect(decided.speak).toBe("silent");
    }
  });
});
