import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createdAt } from "../../src/ids.ts";
import { CONTENT_CHARS_MAX } from "../../src/message.ts";
import { cleanText, readMessage } from "../../src/payload.ts";
import { BOT, CHANNEL, GUILD, MEMBER, messagePayload } from "../support/build.ts";

describe("a message of Discord's", () => {
  test("is read with all that the house needs of it", () => {
    const payload = messagePayload({
      content: "hi <@5>",
      mentions: [{ id: "5" }],
      mention_roles: ["6"],
      member: { roles: ["7"], nick: "Ada L.", joined_at: "2024-01-01T00:00:00.000Z" },
      attachments: [{ filename: "a.png", size: 12, content_type: "image/png" }],
      embeds: [{ title: "T", description: "D", fields: [{ name: "N", value: "V" }] }],
      message_reference: { message_id: "8", channel_id: CHANNEL },
      referenced_message: { id: "8", author: { id: BOT.userId } },
    });
    expect(readMessage(payload)).toMatchObject({
      id: payload.id,
      channelId: CHANNEL,
      guildId: GUILD,
      author: { id: MEMBER, name: "Ada L.", bot: false },
      webhook: false,
      system: false,
      mentions: { users: ["5"], roles: ["6"], everyone: false },
      replyTo: { messageId: "8", channelId: CHANNEL, authorId: BOT.userId },
      member: { roles: ["7"], nick: "Ada L.", joinedAtMs: Date.UTC(2024, 0, 1) },
      attachments: [{ name: "a.png", bytes: 12, type: "image/png" }],
      embedText: "T\nD\nN\nV",
      createdAtMs: Date.UTC(2026, 0, 1, 12),
    });
  });

  test.each([
    ["no id", { id: undefined }],
    ["an id of no digits", { id: "abc" }],
    ["no channel", { channel_id: null }],
    ["no author", { author: undefined }],
    ["an author without id", { author: { username: "x" } }],
  ])("with %s is refused", (_, fields) => expect(readMessage(messagePayload(fields))).toBeNull());

  test("of another server may leave optional fields out, null them, or send ids as numbers", () => {
    const bare = {
      id: "1",
      channel_id: 2,
      author: { id: "3", bot: false },
      guild_id: null,
      content: "<@!5> <@&6> `<@7>`",
    };
    expect(readMessage(bare)).toMatchObject({
      id: "1",
      channelId: "2",
      guildId: null,
      author: { id: "3", bot: false, name: "3" },
      mentions: { users: ["5"], roles: ["6"] },
      replyTo: null,
      member: null,
      webhook: false,
      system: false,
    });
  });

  test.each([
    ["a join", { type: 7 }, { system: true }],
    ["a reply", { type: 19 }, { system: false }],
    ["a webhook", { webhook_id: "9" }, { webhook: true }],
    ["a bot", { author: { id: "3", bot: true } }, { author: { bot: true } }],
    [
      "a forward",
      {
        message_reference: { type: 1, message_id: "8" },
        message_snapshots: [{ message: { content: "seen elsewhere" } }],
      },
      { replyTo: null, embedText: "seen elsewhere" },
    ],
    [
      "a sticker, also in a forward",
      {
        sticker_items: [{ id: "1", name: "wave", format_type: 1 }],
        message_snapshots: [{ message: { content: "", sticker_items: [{ id: "2", name: "bye", format_type: 1 }] } }],
      },
      { stickers: ["wave", "bye"] },
    ],
    ["a poll", { poll: { question: { text: "Q" }, answers: [{ poll_media: { text: "A" } }] } }, { embedText: "Q\nA" }],
  ])("%s is told apart", (_, fields, expected) => expect(readMessage(messagePayload(fields))).toMatchObject(expected));

  test("is cleaned: no NUL, no half characters, no book", () => {
    const read = readMessage(messagePayload({ content: `a\0b\ud800c${"x".repeat(100_000)}` }));
    expect(read?.content.startsWith("abcx")).toBe(true);
    expect(read?.content.length).toBeLessThanOrEqual(CONTENT_CHARS_MAX);
  });

  test("cut in the middle of a character loses it whole", () => {
    expect(cleanText(`${"x".repeat(9)}🧵`, 10)).toBe("x".repeat(9));
  });

  test("whatever comes in, reading never throws, and what it reads is clean", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ id: fc.anything(), channel_id: fc.anything(), author: fc.anything(), embeds: fc.anything() }),
      fc.record({
        id: fc.constant("1"),
        channel_id: fc.constant("2"),
        author: fc.constant({ id: "3" }),
        content: fc.string({ unit: "binary" }),
        mentions: fc.anything(),
        embeds: fc.array(fc.anything()),
        attachments: fc.array(fc.anything()),
        message_reference: fc.anything(),
        timestamp: fc.anything(),
        poll: fc.anything(),
        message_snapshots: fc.array(fc.anything()),
      }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const read = readMessage(value);
        if (read === null) return;
        expect(read.content.isWellFormed() && !read.content.includes("\0")).toBe(true);
        expect(read.embedText.isWellFormed()).toBe(true);
        expect(Number.isFinite(read.createdAtMs)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test("an id tells when it was made", () => {
  expect(createdAt("175928847299117063")).toBe(1_462_015_105_796);
});
