import { expect, test } from "bun:test";
import { dispatchKindOf, type FromWorker } from "../../../shards/border/protocol.ts";
import { RingConsumer, RingProducer, ringMemory } from "../../../shards/border/ring.ts";
import { Intake } from "../../../shards/worker/intake.ts";
import type { ApplicationId, ChannelId } from "../../../src/ids.ts";
import type { Pipeline } from "../../../src/pipeline.ts";
import { messagePayload, snowflake } from "../../support/build.ts";
import { until } from "../../support/until.ts";

const NEEDLE = "500000000000000001";

/** What a stamp is, for a frame that came this long ago. */
const ago = (ms: number) => performance.timeOrigin + performance.now() - ms;

const WATCHED = "100000000000000077";

/** Remembers in what order it was asked; a channel is active once its thread was announced. */
function createScene(now = () => performance.timeOrigin + performance.now(), ringBytes = 1 << 16, wallNow = Date.now) {
  const memory = ringMemory(ringBytes);
  const producer = new RingProducer(memory);
  const posted: FromWorker[] = [];
  const heard: string[] = [];
  const receivedAtMs: number[] = [];
  const threads = new Set<ChannelId>();
  let collections = 0;
  const pipeline: Pipeline = {
    handle({ message, receivedAtMs: atMs }) {
      heard.push(message.content);
      if (message.content.includes("held")) return new Promise(() => {});
      receivedAtMs.push(atMs);
      return { kind: "silent", reason: "heard", ms: 0, model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 };
    },
    observe(_, type, data) {
      heard.push(type);
      if (type === "THREAD_CREATE") threads.add((data as { id: ChannelId }).id);
      return undefined;
    },
    self: () => null,
    interest: () => ({ everything: false, needles: [NEEDLE], active: (channel) => threads.has(channel) }),
    watched: (guild) => guild === WATCHED,
    hurried: () => heard.some((one) => one.includes("first of a raid")),
    drain: () => Promise.resolve(),
  };
  const intake = new Intake({
    ring: new RingConsumer(memory),
    pipeline,
    post: (message) => posted.push(message),
    collect: () => {
      collections++;
    },
    die: (_, error) => {
      throw error;
    },
    now,
    wallNow,
  });
  intake.source({ index: 0, application: NEEDLE as ApplicationId, shard: 0 });
  return {
    heard,
    receivedAtMs,
    posted,
    collections: () => collections,
    write(type: string, d: object, receivedAtMs = ago(250)) {
      const frame = Buffer.from(JSON.stringify({ op: 0, t: type, d }));
      const guildAt = frame.indexOf('"guild_id":"') + '"guild_id":"'.length;
      const record = { source: 0, kind: dispatchKindOf(type) ?? -1, guildAt, token: 0, receivedAtMs };
      expect(producer.write(record, frame)).toBeGreaterThanOrEqual(0);
    },
    /** A frame that is too large for the ring. */
    beside(type: string, d: object) {
      const frame = Buffer.from(JSON.stringify({ op: 0, t: type, d }));
      const record = { source: 0, kind: dispatchKindOf(type) ?? -1, guildAt: -1, token: 0, receivedAtMs: ago(0) };
      intake.beside(producer.nextTicket, frame);
      expect(producer.write(record, Buffer.alloc(0))).toBeGreaterThanOrEqual(0);
    },
    /** The first slice; it needs no turn of the event loop. */
    begin() {
      void intake.run();
      intake.stop();
    },
    /** The first slice, and one more in each turn of the event loop. */
    start: () => void intake.run(),
    stop: () => intake.stop(),
    async run(rested = () => true) {
      const ran = intake.run();
      await until(() => posted.some(({ op }) => op === "idle") && rested());
      intake.stop();
      await ran;
    },
  };
}

test("a thread's first message is heard, also when the thread was announced in the same breath, behind other channels' messages", async () => {
  const { write, run, heard } = createScene();
  const guild = "100000000000000001";
  const thread = snowflake();
  write("MESSAGE_CREATE", messagePayload({ content: `<@${NEEDLE}> one`, mentions: [{ id: NEEDLE }] }));
  write("THREAD_CREATE", { id: thread, guild_id: guild, owner_id: NEEDLE, type: 11 });
  write("MESSAGE_CREATE", messagePayload({ content: "two", channel_id: thread }));
  await run();
  expect(heard.toSorted()).toEqual([`<@${NEEDLE}> one`, "THREAD_CREATE", "two"].toSorted());
});

test("an edit stays behind its channel's messages", async () => {
  const { write, run, heard } = createScene();
  const message = messagePayload({ content: `<@${NEEDLE}> one`, mentions: [{ id: NEEDLE }] });
  write("MESSAGE_CREATE", message);
  write("MESSAGE_UPDATE", { ...message, content: "two" });
  await run();
  expect(heard).toEqual([`<@${NEEDLE}> one`, "MESSAGE_UPDATE"]);
});

test("how long a message has waited is told by the wall's clock, which may have been set meanwhile", async () => {
  const nowMs = ago(0);
  const wallMs = Date.UTC(2031, 0, 1);
  const { write, run, receivedAtMs } = createScene(
    () => nowMs,
    1 << 16,
    () => wallMs,
  );
  write("MESSAGE_CREATE", messagePayload({ content: `<@${NEEDLE}> one`, mentions: [{ id: NEEDLE }] }), nowMs - 250);
  await run();
  expect(wallMs - (receivedAtMs[0] ?? 0)).toBeCloseTo(250);
});

test("a start's guilds are collected while they come, and once more when it is over", async () => {
  const { run, collections, beside } = createScene();
  for (let i = 0; i < 5; i++) beside("GUILD_CREATE", { id: snowflake(), name: "x".repeat(1 << 20) });
  await run(() => collections() >= 3);
  expect(collections()).toBe(3);
});

test("a slice runs at least as many messages as it scanned, also when the thread waits for a core at every step", () => {
  let nowMs = performance.timeOrigin + performance.now();
  // Each look at the clock finds that more than a whole slice has passed.
  const { write, begin, heard } = createScene(() => {
    nowMs += 10;
    return nowMs;
  }, 1 << 20);
  for (let i = 0; i < 300; i++) {
    write(
      "MESSAGE_CREATE",
      messagePayload({ content: `<@${NEEDLE}> ${i}`, mentions: [{ id: NEEDLE }], channel_id: snowflake() }),
    );
  }
  begin();
  expect(heard.length).toBe(300);
});

test("while the first of a raid is acted on, slices are short: its steps come between them", async () => {
  let nowMs = performance.timeOrigin + performance.now();
  const clock = () => {
    nowMs += 10;
    return nowMs;
  };
  const { write, start, stop, heard } = createScene(clock, 1 << 20);
  const say = (content: string) =>
    write("MESSAGE_CREATE", messagePayload({ content: `<@${NEEDLE}> ${content}`, mentions: [{ id: NEEDLE }] }));
  say("the first of a raid, held");
  for (let i = 1; i < 600; i++) say(`${i}`);
  start();
  const first = heard.length;
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  expect(first).toBe(512);
  expect(heard.length).toBe(516);
});

test("one member's messages whose work does not end leave room for another's", () => {
  const { write, begin, heard, posted } = createScene(undefined, 1 << 20);
  const say = (id: string, content: string) =>
    write(
      "MESSAGE_CREATE",
      messagePayload({
        ...{ content: `<@${NEEDLE}> ${content}`, mentions: [{ id: NEEDLE }], author: { id, username: id } },
        channel_id: snowflake(),
      }),
    );
  for (let i = 0; i < 70; i++) say("7", `held ${i}`);
  say("8", "another's");
  begin();
  expect(heard.length).toBe(65);
  expect(heard.at(-1)).toContain("another's");
  const ends = posted.flatMap((one) => (one.op === "code" ? [`${one.kind} ${one.reason}`] : []));
  expect(ends).toContain("dropped member-busy");
});

test("who types is parsed only where somebody looks, and every such frame is done with", async () => {
  const { write, run, heard } = createScene();
  write("TYPING_START", { guild_id: "100000000000000078", channel_id: "5", user_id: "6" });
  write("TYPING_START", { guild_id: WATCHED, channel_id: "5", user_id: "6" });
  write("MESSAGE_CREATE", messagePayload({ content: `<@${NEEDLE}> on`, mentions: [{ id: NEEDLE }] }));
  await run();
  expect(heard).toEqual(["TYPING_START", `<@${NEEDLE}> on`]);
});
