/** Posts at their slots, over a real store: two processes, one Discord that remembers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createMemoryBus } from "../../../src/bus/memory.ts";
import { createRecording } from "../../../src/discord/recording.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { ChannelId, GuildId, MessageId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createPlans } from "../../../src/plans/plans.ts";
import { createQuota } from "../../../src/plans/quota.ts";
import { createProactive, nextSlot, type Schedule, scheduleSchema } from "../../../src/proactive.ts";
import type { GuildRow } from "../../../src/store/ports/guilds.ts";
import type { ScheduleRow } from "../../../src/store/ports/proactive.ts";
import { createSqlStore } from "../../../src/store/sql.ts";
import type { Store } from "../../../src/store.ts";
import { newApplication, newGuild, newMessage, type ShiftedClock, shiftedClock } from "../../contract/store/house.ts";
import { APPLICATION, BOT, message, passage } from "../../support/build.ts";
import { createKnowledgeDouble } from "../../support/doubles.ts";
import { openDatabase, quiet, type TestDatabase } from "../../support/postgres.ts";

const HOUR_MS = 3_600_000;
const PAIRING = "Hold the hub's button for 3 seconds. The pairing window stays open for 120 seconds and then closes.";
const REFUNDS =
  "Refunds are paid within 14 days of the purchase. No reason is needed, and nothing has to be sent back.";
const CHANNEL = "300000000000000001" as ChannelId;

let database: TestDatabase;
let time: ShiftedClock;
let store: Store;
let discord: ReturnType<typeof createRecording>;
let llm: ReturnType<typeof createScripted>;
let guild: GuildRow;

beforeAll(async () => {
  database = await openDatabase();
  time = shiftedClock();
  store = createSqlStore({ url: database.url, clock: time, logger: quiet });
  await store.migrate();
}, 60_000);

afterAll(async () => {
  await store.close();
  await database.drop();
});

beforeEach(async () => {
  const id = newGuild();
  guild = await store.guilds.join(id, newApplication(), "Lumen", null);
  discord = createRecording(APPLICATION, BOT, time);
  llm = createScripted();
});

function process(options: { readonly model?: boolean } = {}) {
  const bus = createMemoryBus({ logger: quiet });
  const hot = createMemoryHot({ clock: time });
  const plans = createPlans({ store, bus, clock: time });
  const passages = [
    passage(PAIRING, { title: "Pair sensors", url: "https://docs.example/pair" }),
    passage(REFUNDS, { title: "Refunds" }),
  ];
  return createProactive({
    ...{ store, bus, clock: time, logger: quiet, discord: () => discord, llm: options.model === false ? null : llm },
    knowledge: createKnowledgeDouble({ guild: guild.guild as GuildId, passages }),
    quota: createQuota({ store, hot, plans, clock: time, logger: quiet }),
  });
}

async function scheduled(fields: Partial<Schedule> = {}): Promise<ScheduleRow> {
  const schedule = scheduleSchema.parse({ channel: CHANNEL, frequency: "2h", topics: ["pairing"], ...fields });
  const nextAtMs = nextSlot(schedule, time.now()) ?? 0;
  const row = await store.proactive.save(guild.guild, { id: null, schedule, paused: false, nextAtMs }, 10);
  if (row === null) throw new Error("no schedule");
  time.pass(row.nextAtMs - time.now() + 1_000);
  return row;
}

async function last() {
  return (await store.proactive.posts(guild.guild, 5)).items[0];
}

async function counted(): Promise<number> {
  return (await store.usage.days(guild.guild, 0)).reduce((sum, day) => sum + day.count, 0);
}

function said(fields: Parameters<typeof message>[0]) {
  const timestamp = new Date(time.now() - 1_000).toISOString();
  return message({ id: newMessage(), channel_id: CHANNEL, timestamp, ...fields });
}

const never = new AbortController().signal;
const wrote = (text: string) => ({ text, used: [1] });

describe("a slot", () => {
  test("is one post, whichever processes look and however often, with its source and one message counted", async () => {
    await scheduled();
    llm.say(
      wrote("Hold the button for 3 seconds to pair."),
      wrote("Something else entirely, so that a second would be seen."),
    );
    const [one, other] = [process(), process()];
    await Promise.all([one.tick(never), other.tick(never), one.tick(never)]);
    await Promise.all([one.tick(never), other.tick(never)]);
    expect(discord.sent).toHaveLength(1);
    expect(discord.sent[0]?.message.content).toContain("Hold the button for 3 seconds to pair.");
    expect(discord.sent[0]?.message.content).toContain("https://docs.example/pair");
    expect(llm.asked).toHaveLength(1);
    expect(await last()).toMatchObject({ state: "posted", problem: null });
    expect(await counted()).toBe(1);
    expect((await store.proactive.schedules(guild.guild))[0]?.nextAtMs).toBeGreaterThan(time.now());
  });

  test("goes on where a process died: the text that was paid for is sent, once", async () => {
    await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    discord.failNext(new AppError("unknown-outcome", "the reply was lost"), true);
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "working" });
    time.pass(2 * 60_000 + 1_000);
    await process().tick(never);
    expect(discord.sent).toHaveLength(1);
    expect(await last()).toMatchObject({ state: "posted" });
    expect(llm.asked).toHaveLength(1);
    expect(await counted()).toBe(1);
  });

  test("that nobody was there for is skipped, not caught up", async () => {
    const row = await scheduled();
    time.pass(40 * 60_000);
    await process().tick(never);
    expect(discord.sent).toHaveLength(0);
    expect(await last()).toMatchObject({ state: "skipped", problem: "late", slotMs: row.nextAtMs });
  });

  test("waits while people talk, and is skipped when they go on", async () => {
    const row = await scheduled();
    const talk = () => {
      for (const content of ["so I tried", "and then?"]) {
        discord.heard(said({ content }));
      }
    };
    talk();
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "waiting" });
    time.pass(29.5 * 60_000 - (time.now() - row.nextAtMs));
    talk();
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "skipped", problem: "people-talking" });
    expect(discord.sent).toHaveLength(0);
  });

  test("is skipped after a post of ours that nobody took up", async () => {
    await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    await process().tick(never);
    time.pass(2 * HOUR_MS);
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "skipped", problem: "unanswered" });
    expect(discord.sent).toHaveLength(1);
  });

  test("is skipped when the quota is used up", async () => {
    const plan = { id: "none", name: "None", priceUsd: 0, messages: 0, features: ["discord"], position: 9 } as const;
    await store.accounts.savePlan(plan);
    const account = `of-${guild.guild}`;
    await store.accounts.save({ id: account, name: "x", plan: "none", timeZone: "UTC", owner: null, mail: null });
    await store.accounts.move(guild.guild, account, "test");
    await scheduled();
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "skipped", problem: "quota" });
    expect(llm.asked).toHaveLength(0);
  });

  test("a near copy is written once more, then skipped with the reason", async () => {
    await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    await process().tick(never);
    // It was deleted, so that it is not the last word; what it said is still known.
    await discord.messages.remove(
      CHANNEL,
      discord.sent.map((one) => one.id),
    );
    time.pass(2 * HOUR_MS);
    llm.say(wrote("Hold the button for 3 seconds, to pair!"), wrote("HOLD the button for 3 seconds to pair"));
    await process().tick(never);
    expect(llm.asked).toHaveLength(3);
    expect(await last()).toMatchObject({ state: "skipped", problem: "near-copy" });
    expect(await counted()).toBe(1);
  });

  test("without a model it is sentences of the knowledge base, other ones each time", async () => {
    await scheduled({ topics: ["pairing", "refunds"] });
    for (let i = 0; i < 3; i++) {
      await process({ model: false }).tick(never);
      await discord.messages.remove(
        CHANNEL,
        discord.sent.map((one) => one.id),
      );
      time.pass(2 * HOUR_MS);
    }
    const texts = discord.sent.map((one) => one.message.content);
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.every((text) => text.includes(PAIRING.slice(0, 40)) || text.includes(REFUNDS.slice(0, 40)))).toBe(
      true,
    );
  });

  test("links that no passage holds and pings are taken out, and it ends within its size", async () => {
    await scheduled();
    llm.say(wrote(`@everyone see https://evil.example/x ${"word ".repeat(600)}`));
    await process().tick(never);
    const text = discord.sent[0]?.message.content ?? "";
    expect(text).not.toContain("evil.example");
    expect(text).not.toContain("@everyone");
    expect(text.length).toBeLessThanOrEqual(1_200);
  });
});

describe("approval", () => {
  test("a draft waits for a person, goes out as it was edited, and counts when it does", async () => {
    const row = await scheduled({ approval: true });
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    const proactive = process();
    await proactive.tick(never);
    expect(discord.sent).toHaveLength(0);
    const draft = await last();
    expect(draft).toMatchObject({ state: "draft" });
    expect(await counted()).toBe(0);
    const post = { schedule: row.id, slotMs: draft?.slotMs ?? 0 };
    await store.proactive.write(guild.guild, { ...post, holder: null }, { text: "Edited by a person." });
    expect(await Promise.all([proactive.send(guild, post), process().send(guild, post)])).toContain(null);
    expect(discord.sent.map((one) => one.message.content)).toEqual(["Edited by a person."]);
    expect(await counted()).toBe(1);
  });

  test("a preview is a draft too, and post now sends it", async () => {
    const row = await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    const proactive = process();
    const draft = await proactive.draft(guild, row);
    if ("refused" in draft) throw new Error(draft.refused);
    expect(await proactive.send(guild, draft)).toBeNull();
    expect(discord.sent).toHaveLength(1);
  });
});

describe("a channel", () => {
  test("that is gone is reported with its schedule", async () => {
    await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    discord.failNext(new AppError("not-found", "Unknown Channel"));
    await process().tick(never);
    expect(await last()).toMatchObject({ state: "failed", problem: "channel-lost" });
    expect((await store.proactive.schedules(guild.guild))[0]?.problem).toBe("channel-lost");
    expect(await counted()).toBe(0);
  });

  test("of announcements hands the post on, where the schedule says so", async () => {
    await scheduled({ publish: true });
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    await process().tick(never);
    expect(discord.acts.filter(({ act }) => act === "publish")).toHaveLength(1);
  });

  test("tells how a post was taken: reactions and replies", async () => {
    await scheduled();
    llm.say(wrote("Hold the button for 3 seconds to pair."));
    const proactive = process();
    await proactive.tick(never);
    const id = discord.sent[0]?.id as MessageId;
    discord.heard(said({ type: 19, message_reference: { message_id: id, channel_id: CHANNEL } }));
    await proactive.lookAfter(never);
    expect(await last()).toMatchObject({ replies: 1 });
  });
});

test("a guild has at most ten schedules, whoever saves at once", async () => {
  const schedule = scheduleSchema.parse({ channel: CHANNEL, frequency: "daily", topics: ["x"] });
  const saved = await Promise.all(
    Array.from({ length: 14 }, () =>
      store.proactive.save(guild.guild, { id: null, schedule, paused: true, nextAtMs: 0 }, 10),
    ),
  );
  expect(saved.filter((row) => row !== null)).toHaveLength(10);
});
