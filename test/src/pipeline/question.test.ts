import { expect, test } from "bun:test";
import { systemClock } from "../../../src/clock.ts";
import type { Directory } from "../../../src/directory.ts";
import { createRecording } from "../../../src/discord/recording.ts";
import { AppError } from "../../../src/errors.ts";
import type { ChannelId, MessageId, UserId } from "../../../src/ids.ts";
import type { Message } from "../../../src/message.ts";
import { questionIn, withTitle } from "../../../src/pipeline/question.ts";
import { APPLICATION, BOT, message } from "../../support/build.ts";
import { silentLogger } from "../../support/doubles.ts";

const QUESTION = "How do I change the seal of the pump?";
/** A member who asked not to be read. */
const UNREAD = "66" as UserId;
const THREAD = { name: "Pump leaks at the seal", parentId: "77" as ChannelId };

function asked(own: Partial<Message>, heard: readonly Message[], thread: typeof THREAD | null = null) {
  const discord = createRecording(APPLICATION, BOT, systemClock);
  for (const one of heard) discord.heard(one);
  discord.attach("https://cdn.discordapp.com/a/message.txt", `${"It leaks a lot. ".repeat(300)}${QUESTION}`);
  const trigger = { ...message(), ...own };
  const pieces = { message: trigger, said: [trigger], needles: [BOT.userId], self: BOT, thread };
  const optOuts = { has: (_: unknown, user: string) => user === UNREAD };
  return { discord, question: () => questionIn(pieces, { discord, logger: silentLogger, optOuts }) };
}

const other = (more: Partial<Message>): Message => ({
  ...message(),
  author: { id: "5" as UserId, name: "Ada", bot: false },
  content: QUESTION,
  ...more,
});
const replyTo = (to: Message) => ({ messageId: to.id, channelId: to.channelId, authorId: to.author.id });

test("a reply that only points asks what was replied to, in whatever language it points", async () => {
  const pointed = other({});
  for (const content of [
    `<@${BOT.userId}>`,
    `<@${BOT.userId}> ^`,
    `<@${BOT.userId}> can you help him?`,
    `<@${BOT.userId}> please answer this one`,
    `<@${BOT.userId}> buna cevap verir misin?`,
    `<@${BOT.userId}> kannst du ihm helfen?`,
    `<@${BOT.userId}> ¿puedes responder esto?`,
    `<@${BOT.userId}> これに答えて`,
  ]) {
    const { question } = asked({ content, replyTo: replyTo(pointed) }, [pointed]);
    expect((await question()).text).toContain(QUESTION);
  }
});

test("a reply that asks something itself asks only that", async () => {
  const pointed = other({ content: "I had pizza for lunch." });
  const content = `<@${BOT.userId}> how do I reset the pressure switch?`;
  const { question } = asked({ content, replyTo: replyTo(pointed) }, [pointed]);
  expect((await question()).text).toBe("how do I reset the pressure switch?");
});

test("an arrow without a reply means the line above", async () => {
  const above = other({});
  const { question } = asked({ content: `<@${BOT.userId}> ^^` }, [above]);
  expect((await question()).text).toContain(QUESTION);
});

test("a greeting, thanks, emoji, a complaint and a word of one's own ask nothing of somebody else's line above", async () => {
  for (const text of ["hi, how are you?", "thanks, that worked!", "🐦🐦🐦", "it doesn't work", "pricing?"]) {
    const { question } = asked({ content: `<@${BOT.userId}> ${text}` }, [other({})]);
    expect(await question()).toEqual({ text, unread: false });
  }
  const own = { ...other({ content: "My pump leaks" }), author: message().author };
  const { question } = asked({ content: `<@${BOT.userId}> it doesn't work` }, [own, other({})]);
  expect((await question()).text).toBe("My pump leaks\nit doesn't work");
});

test("a thread asks in its name and in the message it was opened on", async () => {
  const starter = other({ id: "88" as MessageId, channelId: THREAD.parentId });
  const { question } = asked({ content: `<@${BOT.userId}>`, channelId: "88" as ChannelId }, [starter], THREAD);
  expect((await question()).text).toBe(`${THREAD.name}\n${QUESTION}`);
});

test("a text that was too long for Discord is read from its file, down to what it asks", async () => {
  const file = {
    name: "message.txt",
    bytes: 5_000,
    type: "text/plain; charset=utf-8",
    url: "https://cdn.discordapp.com/a/message.txt",
  };
  const { question } = asked({ content: `<@${BOT.userId}>`, attachments: [file] }, []);
  const { text } = await question();
  expect(text).toContain(QUESTION);
  expect(text.length).toBeLessThan(1_000);
});

test("what may not be read is said to be unread", async () => {
  const pointed = other({});
  const { discord, question } = asked({ content: `<@${BOT.userId}> ^`, replyTo: replyTo(pointed) }, [pointed]);
  discord.messages.get = () => Promise.reject(new AppError("forbidden", "Missing Access"));
  expect(await question()).toEqual({ text: "^", unread: true });
});

test("what somebody wrote who asked not to be read is no part of another's question", async () => {
  const unread = other({ author: { id: UNREAD, name: "Bo", bot: false } });
  const content = `<@${BOT.userId}> can you help him?`;
  expect((await asked({ content, replyTo: replyTo(unread) }, [unread]).question()).text).toBe("can you help him?");
  expect((await asked({ content: `<@${BOT.userId}> ^` }, [unread]).question()).text).not.toContain(QUESTION);
});

const FILE = {
  ...{ name: "message.txt", bytes: 5_000, type: "text/plain; charset=utf-8" },
  url: "https://cdn.discordapp.com/a/message.txt",
};

test.each([
  ["the longest that is read", { bytes: 100_000 }, true],
  ["a longer one", { bytes: 100_001 }, false],
  ["one whose kind Discord does not tell", { type: null }, true],
  ["one in capitals", { name: "MESSAGE.TXT" }, true],
  ["another kind under the name", { type: "application/text/plain" }, false],
  ["another kind", { type: "image/png" }, false],
  ["another name", { name: "message.txt.exe" }, false],
  ["one without an address", { url: null }, false],
  ["one that is gone", { url: "https://cdn.discordapp.com/a/gone.txt" }, false],
])("of files, %s is read: %p %p", async (_, fields, read) => {
  const { question } = asked({ content: "", attachments: [{ ...FILE, ...fields }] }, []);
  expect((await question()).text.includes(QUESTION)).toBe(read);
});

test("a file that Discord does not hand out is taken for nothing, and a fault of ours is not hidden", async () => {
  const { discord, question } = asked({ content: "help", attachments: [FILE] }, []);
  discord.messages.file = () => Promise.reject(new AppError("unavailable", "away"));
  expect(await question()).toEqual({ text: "help", unread: false });
  discord.messages.file = () => Promise.reject(new TypeError("a bug"));
  await expect(question()).rejects.toThrow("a bug");
});

test("a reply whose message Discord does not hand out asks its own words, and a fault of ours is not hidden", async () => {
  const pointed = other({});
  const { discord, question } = asked({ content: "^", replyTo: replyTo(pointed) }, [pointed]);
  discord.messages.get = () => Promise.reject(new AppError("unavailable", "away"));
  expect(await question()).toEqual({ text: "^", unread: false });
  discord.messages.get = () => Promise.reject(new TypeError("a bug"));
  await expect(question()).rejects.toThrow("a bug");
});

test("the line above is one of the last quarter of an hour, with words, of a person, in a server", async () => {
  const now = message().createdAtMs;
  const text = async (own: Partial<Message>, ...heard: readonly Partial<Message>[]) =>
    (
      await asked(
        { content: "^", createdAtMs: now, ...own },
        heard.map((fields) => other({ createdAtMs: now, ...fields })),
      ).question()
    ).text;
  expect(await text({}, { createdAtMs: now - 15 * 60_000 + 1 })).toContain(QUESTION);
  expect(await text({}, { createdAtMs: now - 15 * 60_000 })).toBe("^");
  expect(await text({}, {}, { content: "" })).toContain(QUESTION);
  expect(await text({}, {}, { content: "beep", author: { id: "9" as UserId, name: "Bot", bot: true } })).toContain(
    QUESTION,
  );
  expect(await text({ guildId: null }, {})).toBe("^");
  expect(await text({ content: "" }, {})).toBe("");
});

test("a reply to the bot does not ask the bot's own line, nor a reply in a thread the thread's name", async () => {
  const own = other({ author: { id: BOT.userId, name: "Gatehouse", bot: false } });
  expect((await asked({ content: "^", replyTo: replyTo(own) }, [own]).question()).text).toBe("^");
  const pointed = other({});
  const { question } = asked({ content: "^", replyTo: replyTo(pointed) }, [pointed], THREAD);
  expect((await question()).text).toBe(`${QUESTION}\n^`);
});

test("a forum post's first message asks its title too, once; any other message does not", async () => {
  const directory = (name: string | null) =>
    ({ channel: () => (name === null ? null : { name }) }) as unknown as Directory;
  const starter = { ...message({ content: "It drips." }), channelId: "88" as ChannelId, id: "88" as MessageId };
  expect(withTitle(starter, directory("Pump leaks"))).toEqual({ ...starter, content: "Pump leaks\nIt drips." });
  for (const same of [withTitle(starter, directory("")), withTitle(starter, directory(null))])
    expect(same).toBe(starter);
  const reply = { ...starter, id: "89" as MessageId };
  expect(withTitle(reply, directory("Pump leaks"))).toBe(reply);
  const direct = { ...starter, guildId: null };
  expect(withTitle(direct, directory("Pump leaks"))).toBe(direct);
  // What the title says is not said again by the thread's name.
  const titled = { content: "Pump leaks\nwhy?", id: "88" as MessageId, channelId: "88" as ChannelId };
  expect((await asked(titled, [], { ...THREAD, name: "Pump leaks" }).question()).text).toBe("Pump leaks\nwhy?");
});
