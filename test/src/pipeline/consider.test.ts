import { describe, expect, test } from "bun:test";
import type { UserId } from "../../../src/ids.ts";
import type { Message } from "../../../src/message.ts";
import type { Address } from "../../../src/pipeline/address.ts";
import {
  answeredAgoMs,
  considerLine,
  keepBefore,
  overhear,
  staffWith,
  takeBefore,
  turnOf,
} from "../../../src/pipeline/consider.ts";
import type { KnownBot } from "../../../src/pipeline/discovery.ts";
import { createRecentSpeakers } from "../../../src/pipeline/recent-speakers.ts";
import type { Spine } from "../../../src/pipeline/spine.ts";
import { createRecent } from "../../../src/recent.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { createSmartContext } from "../../../src/smart.ts";
import { BOT, CHANNEL, directMessage, message, snowflake } from "../../support/build.ts";
import { createClock } from "../../support/doubles.ts";

const NEEDLES = [BOT.userId];
const OTHER = "300000000000000009";
const ALL = { ...defaultSettings, mode: "all", smart: true, awareness: true } as const;

function open() {
  const clock = createClock();
  const noted: string[] = [];
  const spine = {
    services: { clock },
    smart: createSmartContext(),
    speakers: createRecentSpeakers(),
    saidBefore: createRecent(10),
    answeredAtMs: createRecent(10),
    memory: {
      noteMessage: async (_: unknown, { content }: Message, role: string) => void noted.push(`${role}: ${content}`),
    },
    track: (work: Promise<unknown>) => work,
  } as unknown as Spine;
  const consider = (said: Message, settings = {}, address: Address | null = null) =>
    considerLine(said, { ...ALL, ...settings }, address, spine, null);
  const lines = () => spine.smart.channels.get(CHANNEL);
  return { clock, spine, noted, consider, lines };
}

describe("a line of a channel", () => {
  test("is judged and noted where all messages are read with smart mode, and nowhere else", () => {
    const { consider, lines, noted } = open();
    expect(consider(message({ content: "How do I pair a sensor?" }), { mode: "mention" })).toBeNull();
    expect(consider(directMessage("How do I pair a sensor?"))).toBeNull();
    expect([lines(), noted]).toEqual([undefined, []]);
    expect(consider(message({ content: "How do I pair a sensor?" }))).toMatchObject({ decision: expect.any(String) });
    expect(lines()).toBeDefined();
    expect(noted).toEqual(["member: How do I pair a sensor?"]);
    const unjudged = open();
    expect(unjudged.consider(message({ content: "How do I pair a sensor?" }), { smart: false })).toBeNull();
    expect([unjudged.lines(), unjudged.noted.length]).toEqual([undefined, 1]);
  });

  test("stands in the window of the channel only where awareness is on, and only with words", () => {
    const { consider, noted } = open();
    consider(message({ content: "hello all" }), { awareness: false });
    consider(message({ content: "" }));
    expect(noted).toEqual([]);
  });

  test("to the bot must be answered, to somebody else is theirs, to oneself is to nobody", () => {
    const reason = (fields: object, address: Address | null = null) =>
      open().consider(message({ content: "how do I pair a sensor?", ...fields }), {}, address)?.reason;
    const own = message({}).author.id;
    expect(reason({}, "mentioned")).toBe("addressed-to-bot");
    expect(reason({}, "replied-to-bot")).toBe("addressed-to-bot");
    expect(reason({}, "own-thread")).not.toBe("addressed-to-bot");
    expect(reason({ mentions: [{ id: OTHER }] })).toBe("addressed-to-another");
    expect(reason({ mentions: [{ id: own }] })).not.toBe("addressed-to-another");
    const reply = (author: string) => ({
      type: 19,
      message_reference: { message_id: "9", channel_id: CHANNEL },
      referenced_message: { id: "9", author: { id: author } },
    });
    expect(reason(reply(OTHER))).toBe("addressed-to-another");
    // Whom it replies to counts before whom it also mentions.
    expect(reason({ ...reply(own), mentions: [{ id: OTHER }] })).not.toBe("addressed-to-another");
  });
});

test("a line that is never answered is part of the talk, and the bot's own of the window", () => {
  const { spine, noted, lines } = open();
  overhear(directMessage("hi"), ALL, true, spine);
  overhear(message({ content: "hi" }), { ...ALL, mode: "mention" }, true, spine);
  expect([lines(), noted]).toEqual([undefined, []]);
  overhear(message({ content: "Hold the button." }), ALL, true, spine);
  overhear(message({ content: "Deploy done." }), ALL, false, spine);
  expect(noted).toEqual(["bot: Hold the button."]);
  expect(lines()?.talk.speakers.size).toBe(1);
  const unjudged = open();
  overhear(message({ content: "Hold the button." }), { ...ALL, smart: false }, true, unjudged.spine);
  expect([unjudged.lines(), unjudged.noted.length]).toEqual([undefined, 1]);
});

describe("what somebody said shortly before", () => {
  const at = (content: string, s: number, fields: object = {}) =>
    message({ content, timestamp: new Date(Date.UTC(2026, 0, 1, 12, 0, s)).toISOString(), ...fields });
  const before = (spine: Spine, ...said: readonly Message[]) =>
    takeBefore(said, NEEDLES, spine).map(({ content }) => content);

  test("belongs to a question that points back, for a minute, the last three lines, once", () => {
    const { spine } = open();
    for (const [n, content] of ["my hub is red", "it was blue", "I reset it", "twice already"].entries())
      keepBefore(at(content, n * 10), spine);
    expect(before(spine, at("why is it doing that?", 71))).toEqual(["I reset it", "twice already"]);
    expect(before(spine, at("why is it doing that?", 72))).toEqual([]);
    for (const [n, content] of ["my hub is red", "it was blue", "I reset it", "twice already"].entries())
      keepBefore(at(content, n), spine);
    expect(before(spine, at("why is it doing that?", 4))).toEqual(["it was blue", "I reset it", "twice already"]);
  });

  test("is no part of a whole question, of another's, or of one in parts that is whole together", () => {
    const { spine } = open();
    keepBefore(at("my hub is red", 0), spine);
    expect(before(spine, at("why is it doing that?", 1, { author: { id: OTHER, username: "o" } }))).toEqual([]);
    expect(before(spine, at("How do I", 2), at("pair a sensor with the hub button?", 3))).toEqual([]);
    keepBefore(at("my hub is red", 4), spine);
    expect(before(spine)).toEqual([]);
    expect(before(spine, at("why is", 5), at("it doing that?", 6))).toEqual(["my hub is red"]);
  });
});

test("staff who is in a talk is known from the speakers, in servers alone", () => {
  const { spine } = open();
  const bot = { directory: { staff: (_: unknown, user: UserId) => user === OTHER } } as unknown as KnownBot;
  const asked = message({ content: "how do I pair it?" });
  spine.speakers.note(asked);
  const helper = message({
    content: "hold the button",
    author: { id: OTHER, username: "o" },
    mentions: [{ id: asked.author.id }],
  });
  const now = helper.createdAtMs;
  expect(staffWith(bot, asked, now, null, spine)).toBe(false);
  spine.speakers.note(helper);
  expect(staffWith(bot, asked, now, null, spine)).toBe(true);
  expect(staffWith(bot, { ...asked, guildId: null }, now, null, spine)).toBe(false);
});

test("how long ago the bot answered somebody is told from then on, and nothing of others", async () => {
  const { clock, spine } = open();
  const said = message({ content: "and on Windows?" });
  expect(answeredAgoMs(turnOf(said), spine)).toBeNull();
  spine.answeredAtMs.set(turnOf(said), clock.now());
  await clock.advance(1_234);
  expect(answeredAgoMs(turnOf(said), spine)).toBe(1_234);
  expect(answeredAgoMs(turnOf(message({ channel_id: snowflake() })), spine)).toBeNull();
});
