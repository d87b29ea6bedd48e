/**
 * One simulated life of a worker: the real lanes and pipeline over a moved clock, a scripted model and a Discord that records.
 * Members talk in several channels, one fault happens, the weather clears; then the books are compared. A worker that dies
 * does nothing any more, and what had no end is handed to the next one, as the pool does.
 */
import { type LaneClass, Lanes } from "../../shards/worker/lanes.ts";
import { AppError } from "../../src/errors.ts";
import type { MessageId } from "../../src/ids.ts";
import type { Llm, Task } from "../../src/llm.ts";
import type { Message } from "../../src/message.ts";
import { createPipeline, type Pipeline } from "../../src/pipeline.ts";
import type { Outcome } from "../../src/record.ts";
import type { Services } from "../../src/services.ts";
import { APPLICATION, BOT, GUILD, guildPayload, message } from "../support/build.ts";
import { openHouse } from "../support/house.ts";
import { seededRandom } from "../support/simulated-clock.ts";

export type Life = {
  readonly house: Awaited<ReturnType<typeof openHouse>>;
  readonly random: () => number;
  readonly weather: Weather;
  /** Somebody says something; answers what. */
  say(): Message;
  deliver(said: Message): void;
  run(): void;
  /** Any other dispatch, as the worker that lives hears it. */
  observe(type: string, data: object): Promise<void>;
  /** The worker ends in the middle of everything, and another takes over. */
  die(): Promise<void>;
  readonly said: readonly Message[];
};

type Weather = { model: "fine" | "down" | "slow"; storeAway: boolean };
export type Fault = { readonly name: string; readonly happen: (life: Life) => void | Promise<void> };

const LANES_MAX = 64;
const LANE_MAX = 16;
const CHANNELS = ["200000000000000001", "200000000000000002", "200000000000000003"];
const MEMBERS = ["300000000000000001", "300000000000000002", "300000000000000003", "300000000000000004"];
const QUESTION = "How do I pair a sensor with the hub button?";
const TALK = ["thanks everybody", "lol", "good morning", "see you tomorrow then"];
/** After the weather has cleared nothing may be open for longer. */
const HANG_MS = 30_000;

type Delivery = { readonly message: Message; readonly outcomes: Outcome[]; life: number };

export async function live(fault: Fault, seed: number): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const weather: Weather = { model: "fine", storeAway: false };
  const problems: string[] = [];
  const deliveries: Delivery[] = [];
  const said: Message[] = [];
  const house = await openHouse({ llm: scriptedModel(), settings: { mode: "all" } });
  const { clock, discord } = house;
  let lanes = new Lanes<Delivery>({ frames: LANES_MAX, laneFrames: LANE_MAX });
  let lives = 0;
  let pipeline = await born();

  function scriptedModel(): Llm {
    return {
      name: "simulated",
      async complete(task: Task) {
        if (weather.model === "down") throw new AppError("unavailable", "the weather");
        await house.clock.sleep(weather.model === "slow" ? 7_000 : 100 + random() * 900);
        const answer = {
          answer: "Hold the hub's button for 3 seconds [1].",
          used: [1],
          known: true,
          wantsHuman: false,
        };
        const result = task.task === "judge" ? { help: true, reason: "it asks" } : answer;
        return { result: result as never, model: "simulated", tokensIn: 1, tokensOut: 1, costUsd: 0, ms: 1 };
      },
    };
  }

  /** A worker of its own over the same stores. Once another was born, nothing comes back to it and nothing it asks is done. */
  async function born(): Promise<Pipeline> {
    lives += 1;
    const life = lives;
    const gate = <T extends object>(port: T, stores = false): T =>
      new Proxy(port, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value === "object" && value !== null) return gate(value, stores);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            if (life !== lives) return new Promise(() => {});
            if (stores && weather.storeAway) return Promise.reject(new AppError("unavailable", "the weather"));
            const given = Reflect.apply(value, target, args) as unknown;
            if (!(given instanceof Promise)) return given;
            return new Promise((resolve, reject) => {
              given.then(
                (result) => life === lives && resolve(result),
                (error) => life === lives && reject(error),
              );
            });
          };
        },
      });
    const recorded = gate(discord);
    const next = createPipeline(
      {
        ...house.services,
        store: gate(house.services.store, true),
        hot: gate(house.services.hot),
        discord: () => recorded,
      } as Services,
      { self: () => BOT },
    );
    await next.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: GUILD }));
    return next;
  }

  function say(): Message {
    const author = { id: pick(MEMBERS), username: "ada" };
    const dice = random();
    const content = dice < 0.3 ? `<@${BOT.userId}> ${QUESTION}` : dice < 0.5 ? QUESTION : pick(TALK);
    const mentions = dice < 0.3 ? [{ id: BOT.userId }] : [];
    const one = message({ channel_id: pick(CHANNELS), author, content, mentions });
    said.push(one);
    discord.heard(one);
    return one;
  }

  function deliver(one: Message): void {
    const delivery = { message: one, outcomes: [], life: lives };
    deliveries.push(delivery);
    enqueue(delivery);
  }

  function enqueue(delivery: Delivery): void {
    const laneClass: LaneClass = delivery.message.mentions.users.length > 0 ? "addressed" : "smart";
    const { channelId: lane, author } = delivery.message;
    const shed = lanes.push({ lane, guild: GUILD, person: author.id }, laneClass, delivery);
    if (shed !== null) end(shed.shed, dropped(`lane-full-${shed.laneClass}`), lives);
    if (lanes.depth > LANES_MAX) problems.push(`${lanes.depth} wait in lanes`);
  }

  function run(): void {
    for (let next = lanes.next(); next !== undefined; next = lanes.next()) {
      const delivery = next;
      const life = lives;
      delivery.life = life;
      const outcome = pipeline.handle({
        application: APPLICATION,
        message: delivery.message,
        receivedAtMs: clock.now(),
      });
      if (outcome instanceof Promise) void outcome.then((result) => end(delivery, result, life));
      else end(delivery, outcome, life);
    }
  }

  function end(delivery: Delivery, outcome: Outcome, life: number): void {
    if (life === lives) delivery.outcomes.push(outcome);
  }

  async function die(): Promise<void> {
    const open = deliveries.filter(({ outcomes }) => outcomes.length === 0);
    lanes = new Lanes<Delivery>({ frames: LANES_MAX, laneFrames: LANE_MAX });
    pipeline = await born();
    for (const delivery of open) {
      delivery.life = lives;
      enqueue(delivery);
      run();
    }
  }

  async function talk(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      deliver(say());
      run();
      await clock.advance(random() * 1_200);
    }
  }

  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;

  await talk(4);
  const observe = async (type: string, data: object) => await pipeline.observe(APPLICATION, type, data);
  await fault.happen({ house, random, weather, say, deliver, run, observe, die, said });
  await talk(4);
  Object.assign(weather, { model: "fine", storeAway: false } satisfies Weather);
  run();
  await clock.advance(HANG_MS);

  for (const { message: one, outcomes } of deliveries) {
    if (outcomes.length !== 1) problems.push(`${one.id} has ${outcomes.length} outcomes`);
  }
  const replies = new Map<MessageId, number>();
  for (const { message: sent, deleted } of discord.sent) {
    if (sent.replyTo !== undefined && !deleted) replies.set(sent.replyTo, (replies.get(sent.replyTo) ?? 0) + 1);
  }
  for (const [id, times] of replies) if (times > 1) problems.push(`${id} has ${times} replies`);
  for (const { message: one, outcomes } of deliveries) {
    const claims = outcomes.some(({ kind }) => kind === "answered");
    if (claims && !replies.has(one.id)) problems.push(`${one.id} is said to be answered, and is not`);
  }
  if (replies.size === 0) problems.push("nothing was answered at all");
  return problems;
}

function dropped(reason: string): Outcome {
  return { kind: "dropped", reason, ms: 0, model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 };
}
