import { expect, test } from "bun:test";
import { type AddressFacts, addressOf } from "../../../src/pipeline/address.ts";
import { BOT, BOT_ROLE, CHANNEL, directMessage, mention, message } from "../../support/build.ts";

const FACTS: AddressFacts = {
  self: BOT.userId,
  needles: [BOT.userId, BOT_ROLE],
  ownThread: () => false,
  ownMessage: (id) => id === "77",
};

const reply = (id: string, author?: string) => ({
  type: 19,
  message_reference: { message_id: id, channel_id: CHANNEL },
  ...(author === undefined ? {} : { referenced_message: { id, author: { id: author } } }),
});

test.each([
  ["nobody", message({ content: "How do I pair a sensor?" }), null],
  ["the bot by its name", mention("hi"), "mentioned"],
  ["the bot by its role", message({ mention_roles: [BOT_ROLE] }), "mentioned"],
  ["the bot beside somebody else", message({ mentions: [{ id: "3" }, { id: BOT.userId }] }), "mentioned"],
  ["somebody else", message({ mentions: [{ id: "3" }] }), null],
  ["another role", message({ mention_roles: ["4"] }), null],
  ["a message of the bot's", message(reply("78", BOT.userId)), "replied-to-bot"],
  ["a message of the bot's whose author Discord leaves out", message(reply("77")), "replied-to-bot"],
  ["a message of somebody else's", message(reply("79", "3")), null],
  ["the bot alone", directMessage("hi"), "direct-message"],
] as const)("a message to %s is addressed so", (_, said, address) => {
  expect(addressOf(said, FACTS)).toBe(address);
});

test("a thread that the bot opened addresses it, a mention there says so first", () => {
  const facts = { ...FACTS, ownThread: () => true };
  expect(addressOf(message({ content: "and then?" }), facts)).toBe("own-thread");
  expect(addressOf(mention("and then?"), facts)).toBe("mentioned");
});

test("a bot whose role nobody knows yet is found by its user", () => {
  expect(addressOf(mention("hi"), { ...FACTS, needles: [] })).toBe("mentioned");
});
