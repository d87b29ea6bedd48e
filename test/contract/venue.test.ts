/** What every venue promises (src/venue.ts), over what its asker sees. */
import { describe, expect, test } from "bun:test";
import { createRecording } from "../../src/discord/recording.ts";
import type { Outgoing } from "../../src/discord.ts";
import { AppError } from "../../src/errors.ts";
import { words } from "../../src/i18n.ts";
import type { MessageId, UserId } from "../../src/ids.ts";
import { createPatience } from "../../src/patience.ts";
import {
  createChannelVenue,
  createInteractionVenue,
  createTakenVenue,
  type Reply,
  type Venue,
} from "../../src/venue.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER, message, snowflake } from "../support/build.ts";
import { createClock, createStoreDouble, silentLogger } from "../support/doubles.ts";

type Driver = {
  /** For the same question each time. */
  venue(): Venue;
  /** What the asker sees, in order. */
  shown(): readonly Outgoing[];
  failNext(error: AppError): void;
};

type World = ReturnType<typeof openWorld>;

const venues: Readonly<Record<string, (world: World) => Driver>> = {
  channel({ discord, patience, services, trigger }) {
    const place = { application: APPLICATION, channel: CHANNEL, trigger, self: BOT.userId, discord, patience };
    return {
      venue: () => createChannelVenue({ ...place, posted: () => {} }, services),
      shown: () => discord.sent.map(({ message }) => message),
      failNext: (error) => discord.failNext(error),
    };
  },
  interaction({ discord, patience, services, trigger }) {
    const failures: AppError[] = [];
    const { edit } = discord.interactions;
    const failing = {
      ...discord,
      interactions: {
        ...discord.interactions,
        async edit(token: string, message: Outgoing) {
          const failure = failures.shift();
          if (failure !== undefined) throw failure;
          return await edit(token, message);
        },
      },
    };
    const place = {
      application: APPLICATION,
      interaction: trigger,
      token: "token",
      ephemeral: false,
      question: QUESTION,
      patience,
    };
    return {
      venue: () => createInteractionVenue({ ...place, discord: failing }, services),
      // An edit takes the place of the edit before it; what was shown last is what counts.
      shown: () => discord.acts.flatMap((act) => ("message" in act ? [act.message] : [])),
      failNext: (error) => void failures.push(error),
    };
  },
};

function openWorld() {
  const clock = createClock();
  const store = createStoreDouble(clock, APPLICATION);
  const services = { store, clock, logger: silentLogger };
  const discord = createRecording(APPLICATION, BOT, clock);
  const patience = createPatience(clock, silentLogger, 60_000)(GUILD);
  return { ...services, services, discord, patience, trigger: snowflake() as MessageId };
}

async function open(name: string) {
  const world = openWorld();
  world.store.configure(GUILD, {});
  const who = { channel: CHANNEL, channelName: "help", member: MEMBER, memberName: "Ada" };
  const conversation = await world.store.conversations.open(GUILD, who, 60_000);
  const driver = venues[name]?.(world);
  if (driver === undefined) throw new Error(`no venue ${name}`);
  return { ...world, ...driver, conversation: conversation.id, fence: { guild: GUILD, conversation: conversation.id } };
}

const QUESTION = "How do I pair a sensor?";
const SOURCE = { n: 1, title: "Pair sensors", url: "https://docs.example/pair", passage: "p" };
const said = words("en").bot;
const ANSWER: Reply = { text: "Hold the button [1].", sources: [SOURCE], rated: GUILD, words: said };

test("a channel's question that was deleted meanwhile is gone, not a failure; one that is there still is a failure", async () => {
  const { venue, fence, failNext, discord, trigger } = await open("channel");
  failNext(new AppError("invalid", "Unknown message"));
  expect(await venue().send(ANSWER, fence)).toEqual({ state: "gone", messages: [] });
  discord.heard(message({ id: trigger }));
  failNext(new AppError("invalid", "Invalid Form Body"));
  expect(await venue().send(ANSWER, fence)).toMatchObject({ state: "failed", reason: "invalid" });
});

test("an interaction's answer shows the question in one harmless line", async () => {
  const { shown, services, discord, patience, trigger, fence } = await open("interaction");
  const place = { application: APPLICATION, interaction: trigger, token: "token", ephemeral: false, discord, patience };
  const question = "Is this real?\n@everyone https://evil.example/free-nitro";
  await createInteractionVenue({ ...place, question }, services).send(ANSWER, fence);
  const [first, ...rest] = (shown()[0]?.content ?? "").split("\n");
  expect(first).toStartWith("> Is this real?");
  expect(first).not.toMatch(/evil|@everyone/);
  expect(rest.join("\n")).toContain("Hold the button [1].");
});

/** The API and the web chat: the reply is handed back, and its asker makes a form of it. */
describe("the venue taken", () => {
  async function openTaken() {
    const world = await open("channel");
    const place = { key: `api:${world.trigger}`, message: world.trigger, patience: world.patience };
    return { ...world, taken: createTakenVenue(place, world.services) };
  }

  test("hands back the answer with its sources, and says what stands for it in the transcript", async () => {
    const { taken, fence, trigger } = await openTaken();
    expect(await taken.send(ANSWER, fence)).toEqual({ state: "sent", before: false, messages: [trigger] });
    expect(taken.taken()).toEqual({ text: ANSWER.text, sources: [SOURCE], answer: true });
  });

  test("says one line in the place of an answer, which is no answer", async () => {
    const { taken, fence } = await openTaken();
    expect(await taken.say(said.askSomething, fence)).toMatchObject({ state: "sent" });
    expect(taken.taken()).toEqual({ text: said.askSomething, sources: [], answer: false });
  });

  test("hands back nothing where an agent holds the conversation", async () => {
    const { taken, fence, store, conversation } = await openTaken();
    await store.conversations.takeover(GUILD, conversation, { type: "claim", agent: "9" as UserId });
    expect(await taken.send(ANSWER, fence)).toEqual({ state: "held", agent: "9" as UserId, messages: [] });
    expect(taken.taken()).toBeNull();
  });

  test("waits for an absent store, and hands nothing back until then", async () => {
    const { taken, fence, store, clock } = await openTaken();
    const { begin } = store.outbox;
    store.outbox.begin = () => Promise.reject(new AppError("unavailable", "the database is away"));
    const sent = taken.send(ANSWER, fence);
    await clock.advance(2_000);
    expect(taken.taken()).toBeNull();
    store.outbox.begin = begin;
    await clock.advance(5_000);
    expect(await sent).toMatchObject({ state: "sent" });
    expect(taken.taken()?.text).toBe(ANSWER.text);
  });

  test("may begin and finish without ever saying anything", async () => {
    const { taken } = await openTaken();
    taken.begin();
    taken.finish();
    expect(taken.taken()).toBeNull();
  });
});

for (const name of Object.keys(venues)) {
  describe(`the venue ${name}`, () => {
    test("shows an answer with its sources and, at its end, what it can be rated with", async () => {
      const { venue, shown, fence } = await open(name);
      const delivery = await venue().send(ANSWER, fence);
      expect(delivery).toMatchObject({ state: "sent", before: false, messages: [expect.any(String)] });
      const [message] = shown();
      expect(message?.content).toContain("Hold the button [1].");
      expect(message?.content).toContain("[Pair sensors](<https://docs.example/pair>)");
      expect(message?.buttons).toHaveLength(3);
    });

    test("cuts a long answer into messages Discord takes, with the buttons under the last", async () => {
      const { venue, shown, fence } = await open(name);
      const text = Array(60).fill("Hold the button until the light blinks blue, then let go of it. ").join("\n\n");
      const delivery = await venue().send({ ...ANSWER, text }, fence);
      const messages = shown();
      expect(messages.length).toBeGreaterThan(1);
      expect(delivery.messages).toHaveLength(messages.length);
      expect(messages.filter(({ content }) => content.length > 2_000)).toEqual([]);
      expect(messages.map(({ buttons }) => buttons?.length ?? 0)).toEqual([...messages.slice(1).map(() => 0), 3]);
    });

    test("gives a line of the bot's own nothing to rate", async () => {
      const { venue, shown, fence } = await open(name);
      await venue().send({ text: said.notInKnowledge, sources: [], rated: null, words: said }, fence);
      expect(shown().map(({ buttons }) => buttons)).toEqual([undefined]);
    });

    test("says one line in the place of an answer", async () => {
      const { venue, shown, fence } = await open(name);
      expect(await venue().say(said.askSomething, fence)).toMatchObject({ state: "sent" });
      expect(shown().map(({ content }) => content)).toEqual([said.askSomething]);
    });

    test("sends the same answer once, however often it is tried", async () => {
      const { venue, shown, fence } = await open(name);
      const first = await venue().send(ANSWER, fence);
      const again = await venue().send({ ...ANSWER, text: "Worded anew [1]." }, fence);
      expect(again).toEqual({ state: "sent", before: true, messages: first.messages });
      expect(shown()).toHaveLength(1);
    });

    test("sends nothing where an agent holds the conversation", async () => {
      const { venue, shown, fence, store, conversation } = await open(name);
      await store.conversations.takeover(GUILD, conversation, { type: "claim", agent: "9" as UserId });
      expect(await venue().send(ANSWER, fence)).toEqual({ state: "held", agent: "9" as UserId, messages: [] });
      expect(shown()).toEqual([]);
    });

    test("settles with a failure where it is refused: what was refused is not thrown", async () => {
      const { venue, shown, fence, failNext } = await open(name);
      failNext(new AppError("forbidden", "Missing Access"));
      expect(await venue().send(ANSWER, fence)).toMatchObject({ state: "failed", reason: "forbidden", messages: [] });
      expect(shown()).toEqual([]);
    });

    test("waits for an absent store, and sends once", async () => {
      const { venue, shown, fence, store, clock } = await open(name);
      const { begin } = store.outbox;
      store.outbox.begin = () => Promise.reject(new AppError("unavailable", "the database is away"));
      const sent = venue().send(ANSWER, fence);
      await clock.advance(2_000);
      expect(shown()).toEqual([]);
      store.outbox.begin = begin;
      await clock.advance(5_000);
      expect(await sent).toMatchObject({ state: "sent" });
      expect(shown()).toHaveLength(1);
    });

    test("may begin and finish without ever saying anything", async () => {
      const { venue, shown, clock, discord } = await open(name);
      const silent = venue();
      silent.begin();
      silent.begin();
      silent.finish();
      const begun = discord.acts.length;
      await clock.advance(60_000);
      expect(shown()).toEqual([]);
      expect(discord.acts).toHaveLength(begun);
    });
  });
}
