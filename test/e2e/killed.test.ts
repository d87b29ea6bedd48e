/**
 * Processes that end under load. Killed twenty times without warning, at any moment of its life: everybody who asked is
 * answered, nobody twice, and the bot never starts a second session. Told to stop, as a deploy does: the same.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Channel, Message } from "../../bench/simulator/world.ts";
import type { Started } from "../support/process.ts";
import { seededRandom } from "../support/simulated-clock.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(180_000);

const KILLS = 20;
const DEPLOYS = 3;
/** Each asks less often than a member may (shares in policy.ts), also when the bot has all of it to catch up with. */
const MEMBERS = 64;
/** Somebody asks this often, whether the bot is up or not. */
const ASK_EVERY_MS = 120;
/** From before the process has opened a socket until well after it is back at work. */
const LIFE_MS_MAX = 2_500;
const CAUGHT_UP_MS_MAX = 60_000;
/** Printed with a failure, to be run again. */
const SEED = Number(process.env.GATEHOUSE_TEST_SEED ?? Date.now() % 1_000_000);
const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);

describe(`a gateway under load (GATEHOUSE_TEST_SEED=${SEED})`, () => {
  const random = seededRandom(SEED);
  const asked: Message[] = [];
  let stage: Stage;
  /** Each in a channel of its own: Discord takes five messages in 5 s from a bot in one channel. */
  let members: { readonly userId: string; readonly channel: Channel }[];
  let gateway: Started;

  beforeAll(async () => {
    stage = await openStage("killed");
    const { actions } = stage.simulator;
    const { guild } = actions.createGuild({ name: "Kettles" });
    members = Array.from({ length: MEMBERS }, (_, i) => ({
      userId: actions.addMember(guild.id, { username: `member${i}` }).userId,
      channel: actions.createChannel(guild.id, { name: `kettle-${i}` }),
    }));
    await stage.teach(guild.id, { "kettle.md": KETTLE });
    gateway = stage.gatehouse(["all"]);
    await live(gateway);
  });
  afterAll(() => stage.close());

  /** Somebody asks, and goes on asking in turn until `done`. */
  async function talkUntil(done: Promise<unknown>): Promise<void> {
    let over = false;
    void done.finally(() => {
      over = true;
    });
    while (!over) {
      const { userId, channel } = members[asked.length % members.length] as (typeof members)[number];
      const content = "{bot} how do I reset the kettle?";
      asked.push(stage.simulator.actions.say({ channelId: channel.id, userId, content }));
      await Bun.sleep(ASK_EVERY_MS);
    }
    await done;
  }

  /** How often each question was answered, fewest first. */
  function answers(): number[] {
    const count = new Map(asked.map(({ id }) => [id as string, 0]));
    for (const { repliedToId } of members.flatMap(({ channel }) => [...channel.messages.values()])) {
      if (repliedToId === undefined) continue;
      const times = count.get(repliedToId);
      if (times !== undefined) count.set(repliedToId, times + 1);
    }
    return [...count.values()].sort((a, b) => a - b);
  }

  async function caughtUp(): Promise<void> {
    await until(() => answers()[0] === 1, CAUGHT_UP_MS_MAX);
    expect(answers().filter((times) => times !== 1)).toEqual([]);
  }

  const identifies = () => stage.simulator.services.ledger.list({ kind: "gateway", op: 2 }).length;

  test(`is killed ${KILLS} times: nobody goes unanswered, nobody is answered twice, one IDENTIFY in all`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await talkUntil(Bun.sleep(200 + random() * LIFE_MS_MAX));
      gateway.kill("SIGKILL");
      await gateway.exited;
      gateway = stage.gatehouse(["all"]);
    }
    await live(gateway);
    await caughtUp();
    expect(asked.length).toBeGreaterThan(KILLS * 5);
    expect(identifies()).toBe(1);
  });

  test(`is told to stop ${DEPLOYS} times: the same, and no IDENTIFY`, async () => {
    for (let deploy = 0; deploy < DEPLOYS; deploy++) {
      await talkUntil(live(gateway));
      gateway.kill("SIGTERM");
      await talkUntil(gateway.exited);
      expect(await gateway.exited).toBe(0);
      gateway = stage.gatehouse(["all"]);
    }
    await live(gateway);
    await caughtUp();
    expect(identifies()).toBe(1);
  });
});
