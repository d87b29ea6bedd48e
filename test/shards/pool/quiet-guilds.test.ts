import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { dispatchKindOf, type FromWorker } from "../../../shards/border/protocol.ts";
import { type QuietGuild, QuietMarks } from "../../../shards/border/quiet.ts";
import { RingConsumer, RingProducer, ringMemory, STATE_CODE, STATE_HELD } from "../../../shards/border/ring.ts";
import { guildAt, hashId } from "../../../shards/border/scan.ts";
import { QuietGuilds, type Silence } from "../../../shards/pool/quiet-guilds.ts";
import { Intake } from "../../../shards/worker/intake.ts";
import { createDirectory } from "../../../src/directory.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId } from "../../../src/ids.ts";
import { createInterest } from "../../../src/pipeline/interest.ts";
import { createOwnWords } from "../../../src/pipeline/own-words.ts";
import type { Pipeline } from "../../../src/pipeline.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import { createSettings } from "../../../src/settings/held.ts";
import type { GuildRow } from "../../../src/store/ports/guilds.ts";
import type { Store } from "../../../src/store.ts";
import { APPLICATION, BOT, BOT_ROLE, guildPayload, snowflake } from "../../support/build.ts";
import { createBusDouble, createClock, HELD_BY_NOBODY, settled, silentLogger } from "../../support/doubles.ts";
import { eventFrame, messageData } from "../support/frames.ts";

const GUILDS = ["100000000000000001", "100000000000000002"] as const;
/** Each guild has three channels of its own. */
const CHANNELS = 3;
const channelIn = (guild: string, channel: number) => `20000000000000${channel}00${guild.slice(-1)}`;
const NEW_ROLE = "500000000000000099";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

type Change = Partial<Pick<GuildSettings, "mode">> & { readonly moderated?: boolean };

/** A worker's intake over its real interest, settings and directory, and main's table of it, in one thread that takes turns. */
async function openScene() {
  const clock = createClock();
  const now = clock.now;
  const memory = ringMemory(1 << 20);
  const producer = new RingProducer(memory);
  const quiet = new QuietGuilds();
  const heard: QuietGuild[] = [];
  const codes = new Map<number, string>();
  const board = new QuietMarks(quiet.memory, { post: (one) => heard.push(one), now, wallNow: now });
  const listener = {
    changed: (guild: GuildId) => board.changed(guild),
    allChanged: () => board.allChanged(),
    opened: (thread: ChannelId) => board.active(thread, Number.POSITIVE_INFINITY),
  };
  const rows = new Map<GuildId, GuildRow>(
    GUILDS.map((guild) => [
      guild as GuildId,
      {
        guild,
        application: APPLICATION,
        settings: defaultSettings,
        addressing: { botRole: BOT_ROLE, ownThreads: [] },
      } as unknown as GuildRow,
    ]),
  );
  const bus = createBusDouble();
  const of = async (guilds: readonly GuildId[]) =>
    new Map(guilds.map((guild) => [guild, { row: rows.get(guild), subscription: null, knowledge: 0 }]));
  const settings = createSettings({
    store: { states: { of } } as unknown as Pick<Store, "states">,
    ...HELD_BY_NOBODY,
    ...{ bus, clock, logger: silentLogger, changed: listener.changed },
  });
  const directory = createDirectory(BOT, listener);
  const ownWords = createOwnWords((channel, untilMs) => board.active(channel, untilMs));
  const held = new Map<ChannelId, number>();
  const interest = createInterest({
    ...{ settings, ownWords, board, clock, holdsKnown: () => true },
    discovery: { meet: async () => {} },
    holds: (_: GuildId, channel: ChannelId, nowMs: number) => (held.get(channel) ?? 0) > nowMs,
    botOf: () => ({ directory, discord: { application: APPLICATION } }),
    behind: (work: Promise<unknown>) => void work.catch(() => {}),
  } as unknown as Parameters<typeof createInterest>[0]);
  const pipeline: Pipeline = {
    interest,
    self: () => directory.self()?.userId ?? null,
    observe: (_, type, data) => void directory.observe(type, data),
    // Whoever mentions the bot is answered, and talks with it from then on.
    handle: ({ message }) => {
      if (message.content.includes(BOT.userId)) ownWords.note(message.channelId, [snowflake() as MessageId], now());
      return { kind: "silent", reason: "read", ms: 0, model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 };
    },
    watched: () => false,
    hurried: () => false,
    drain: async () => {},
  };
  const die = (_: number | null, error: unknown) => {
    throw error;
  };
  const ring = new RingConsumer(memory);
  const post = (message: FromWorker) => {
    if (message.op === "code") codes.set(STATE_CODE + message.code, message.reason);
  };
  const intake = new Intake({ ring, pipeline, post, die, collect: () => {}, now, wallNow: now });
  intake.source({ index: 0, application: APPLICATION as ApplicationId, shard: 0 });
  const running = intake.run();
  const posts: (() => void)[] = [];
  /** Of messages that wait, by their tickets: asks once more. */
  const again = new Map<number, () => Silence>();
  const ends = { silent: 0, read: 0 };
  let dealtWith = 0;
  let seq = 0;

  function write(type: string, frame: Buffer, changes = true): void {
    const at = guildAt(frame);
    const kind = dispatchKindOf(type) ?? -1;
    const guild = String(JSON.parse(frame.toString()).d[type.startsWith("GUILD_CREATE") ? "id" : "guild_id"]);
    quiet.written(changes ? hashId(guild) : null, producer.nextTicket);
    producer.write({ source: 0, kind, guildAt: at, token: 0, receivedAtMs: now() }, frame);
  }

  function handlePosts(): void {
    for (const handle of posts.splice(0)) {
      handle();
      dealtWith++;
    }
  }

  /** The worker deals with all that main has told it and written. */
  async function work(): Promise<void> {
    handlePosts();
    await turn();
    board.dealtWith(dealtWith);
    await dropAll(0);
    await turn();
    takeBack();
    expect(quiet.waiting).toBe(0);
  }

  /** Takes records back as the worker is done with them, all but the newest `left`, which it is done with too. */
  async function dropAll(left: number): Promise<void> {
    producer.wake();
    for (let turns = 0; producer.depth > left || producer.isFrontPending(); ) {
      if (producer.front() >= STATE_HELD) {
        if (producer.depth === left) return;
        producer.drop();
        continue;
      }
      expect(turns++).toBeLessThan(10_000);
      await turn();
    }
  }

  /** What main says of a message that waited it would say if it were asked now. */
  function takeBack(): void {
    quiet.takeBack(producer.frontTicket, (_, ticket, isSilent) => {
      if (isSilent) expect(again.get(ticket)?.()).toBe("silent");
      ends[isSilent ? "silent" : "read"]++;
    });
  }

  function hear(): void {
    for (const one of heard.splice(0)) quiet.hear(one, producer.nextTicket - 1);
  }

  return {
    ...{ clock, work, hear, write, ends },
    /** Main is told of a message: does it prove silence? Then the worker is asked for its own verdict. */
    async message(guild: string, channel: string, extra: Record<string, unknown>): Promise<Silence> {
      takeBack();
      const data = { ...messageData({ seq: ++seq, guild, channel, id: snowflake() }), ...extra };
      const frame = eventFrame("MESSAGE_CREATE", seq, data);
      // A digit of the id may be written as an escape.
      const escaped = `<@${BOT.userId.slice(0, 5)}\\u0030${BOT.userId.slice(6)}>`;
      const bytes = Buffer.from(frame.toString().replaceAll("ESCAPED", escaped));
      const receivedAtMs = now();
      const find = (within: Buffer, chunk?: Buffer) => {
        const asked = { bytes: within, chunk, receivedAtMs };
        return quiet.find(APPLICATION, asked, guildAt(bytes), hashId(guild), producer.frontTicket);
      };
      const found = find(bytes);
      // Beside others it is what it is alone, whatever they say.
      for (const content of [`<@${BOT.userId}> <@&${BOT_ROLE}> \\u0031`, "x".repeat(bytes.length)]) {
        const beside = Buffer.from(`{"d":{"content":"${content}","channel_id":"${channel}"}}`);
        const chunk = Buffer.concat([beside, bytes, beside]);
        expect(find(chunk.subarray(beside.length, beside.length + bytes.length), chunk)).toBe(found);
      }
      if (found !== "silent") {
        if (found === "waits") {
          again.set(producer.nextTicket, () => find(bytes));
          expect(quiet.defer(0, producer.nextTicket)).toBe(true);
        }
        write("MESSAGE_CREATE", bytes, found === "unknown");
        return found;
      }
      expect(settings.freshUntilMs(guild as GuildId)).toBeGreaterThan(now());
      handlePosts();
      await settled();
      write("MESSAGE_CREATE", bytes);
      await dropAll(1);
      expect(codes.get(producer.front())).toBe("not-mentioned");
      producer.drop();
      return "silent";
    },
    tell(handle: () => void): void {
      quiet.posts++;
      posts.push(handle);
    },
    change(guild: string, { mode, moderated }: Change): void {
      const row = rows.get(guild as GuildId) as GuildRow;
      const moderation = { ...row.settings.moderation, on: moderated ?? row.settings.moderation.on };
      rows.set(guild as GuildId, {
        ...row,
        settings: { ...row.settings, mode: mode ?? row.settings.mode, moderation },
      });
    },
    news: (guild: string) => void bus.publish({ type: "guild-changed", guild: guild as GuildId }),
    spoke: (channel: string) => ownWords.note(channel as ChannelId, [snowflake() as MessageId], now()),
    hold(channel: string): void {
      held.set(channel as ChannelId, now() + 60_000);
      board.active(channel as ChannelId, now() + 60_000);
    },
    async end(): Promise<void> {
      intake.stop();
      settings.close();
      producer.wake();
      await running;
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

const guildOf = fc.constantFrom(...GUILDS);
const placeOf = fc
  .tuple(guildOf, fc.nat({ max: CHANNELS - 1 }))
  .map(([guild, channel]) => ({ guild, channel: channelIn(guild, channel) }));

/** A message's fields besides its place: most are about nothing. */
const said = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { content: `<@${BOT.userId}> hi` },
      { content: `<@&${BOT_ROLE}> hi` },
      { content: `<@&${NEW_ROLE}> hi` },
      { content: "hi ESCAPED" },
      { message_reference: { message_id: "1" } },
      { message_reference: { message_id: "1", channel_id: channelIn(GUILDS[0], 1) }, referenced_message: null },
      { referenced_message: { author: { id: BOT.userId } } },
    ),
  },
);

const settingsChange = fc.constantFrom<Change>(
  { mode: "all" },
  { mode: "off" },
  { mode: "mention" },
  { moderated: true },
  { moderated: false },
);

type Op = (scene: Scene) => void | Promise<void>;

const role = { id: NEW_ROLE, name: "Gatehouse", managed: true, tags: { bot_id: BOT.userId }, permissions: "0" };

const event = (type: string, data: (guild: string, channel: string) => object) =>
  placeOf.map(
    ({ guild, channel }): Op =>
      ({ write }) =>
        write(type, eventFrame(type, 1, data(guild, channel))),
  );

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.constant<Op>(async ({ work, hear }) => {
      await work();
      hear();
    }),
  },
  { weight: 1, arbitrary: fc.constant<Op>(({ work }) => work()) },
  event("GUILD_CREATE", (id) => guildPayload({ id })),
  event("GUILD_ROLE_CREATE", (guild_id) => ({ guild_id, role })),
  event("THREAD_CREATE", (guild_id, id) => ({
    id,
    guild_id,
    owner_id: BOT.userId,
    type: 11,
    parent_id: channelIn(guild_id, 0),
    name: "t",
  })),
  fc.tuple(guildOf, settingsChange).map(
    ([guild, change]): Op =>
      ({ change: put, tell, news }) => {
        put(guild, change);
        tell(() => news(guild));
      },
  ),
  fc.tuple(guildOf, settingsChange).map(
    ([guild, change]): Op =>
      ({ change: put }) =>
        put(guild, change),
  ),
  placeOf.map(
    ({ channel }): Op =>
      ({ tell, spoke }) =>
        tell(() => spoke(channel)),
  ),
  placeOf.map(
    ({ channel }): Op =>
      ({ tell, hold }) =>
        tell(() => hold(channel)),
  ),
  fc.constantFrom(1_000, 31_000, 2_400_000).map(
    (ms): Op =>
      ({ clock }) =>
        clock.advance(ms),
  ),
);

describe("silence that main proves", () => {
  test("is what the worker would say of the same message at that moment, whatever is on its way", async () => {
    let silent = 0;
    let given = 0;
    let waited = 0;
    const ends = { silent: 0, read: 0 };
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(placeOf, said).map(([place, extra]) => ({ ...place, extra })),
      },
      { weight: 2, arbitrary: op },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100 }), async (steps) => {
        const scene = await openScene();
        // The guilds' settings are read, and main is told of them. The gateway told of one.
        scene.write("GUILD_CREATE", eventFrame("GUILD_CREATE", 1, guildPayload({ id: GUILDS[0] })));
        for (let i = 0; i < 5; i++) {
          for (const guild of GUILDS) await scene.message(guild, channelIn(guild, 0), {});
          await scene.work();
          scene.hear();
        }
        for (const one of steps) {
          if (typeof one === "function") await one(scene);
          else {
            const found = await scene.message(one.guild, one.channel, one.extra);
            if (found === "silent") silent++;
            else if (found === "waits") waited++;
            else given++;
          }
        }
        await scene.work();
        ends.silent += scene.ends.silent;
        ends.read += scene.ends.read;
        await scene.end();
      }),
      { numRuns: 120 },
    );
    // No side of it is empty.
    expect(Math.min(silent, given, waited, ends.silent)).toBeGreaterThan(100);
    expect(ends.read).toBeGreaterThan(10);
  }, 60_000);
});
