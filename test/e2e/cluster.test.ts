/**
 * Whole processes side by side, while members ask: the number of shards doubles, one is drained, one joins, one is frozen for longer than
 * its leases last. Nobody goes unanswered, nobody is answered twice, and no session begins that need not. The servers have no pages, so the answer is that there are none: which answer it is does not matter here.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Message } from "../../bench/simulator/world.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, type Stage, signIn } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(180_000);

const GUILDS = 32;
const CHANNELS_A_GUILD = 3;
const ASK_EVERY_MS = 50;
const ASKED_AFTER_MS = 2_000;

let stage: Stage;
const places: { readonly userId: string; readonly channelId: string }[] = [];

beforeAll(async () => {
  stage = await openStage("cluster", { simulator: { identify: { maxConcurrency: 16 } } });
  const { actions } = stage.simulator;
  const guilds = Array.from({ length: GUILDS }, (_, i) => actions.createGuild({ name: `Kettles ${i}` }).guild);
  for (let n = 0; n < CHANNELS_A_GUILD; n++) {
    for (const guild of guilds) {
      const { userId } = actions.addMember(guild.id, { username: `member${n}` });
      places.push({ userId, channelId: actions.createChannel(guild.id, { name: `kettle-${n}` }).id });
    }
  }
});
afterAll(() => stage.close());

test("8 shards become 16 while members ask, and everybody is answered once", async () => {
  const before = stage.gatehouse(["all"], { DISCORD_SHARDS: "8" });
  await allLive(before, 8);
  const asked: Message[] = [];
  let over = false;
  const talk = (async () => {
    while (!over) {
      asked.push(ask(asked.length, "reset"));
      await Bun.sleep(ASK_EVERY_MS);
    }
  })();
  const after = stage.gatehouse(["all"], { DISCORD_SHARDS: "16" });
  await allLive(after, 16);
  before.kill("SIGTERM");
  await before.exited;
  await Bun.sleep(ASKED_AFTER_MS);
  over = true;
  await talk;

  await until(() => asked.every((message) => answersTo(message) > 0), 60_000).catch((error: unknown) => {
    const left = asked.flatMap((message, n) => (answersTo(message) === 0 ? [n] : []));
    throw new Error(`unanswered of ${asked.length}: ${left}\n${after.stderr().slice(-2_000)}`, { cause: error });
  });
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((message) => answersTo(message) > 1)).toEqual([]);
  after.kill("SIGTERM");
  await after.exited;
});

test("a process that an operator drains gives its shards away and lives on, and everybody is answered once", async () => {
  const [leaving, staying] = [16, 16].map((shards) => stage.gatehouse(["all"], { DISCORD_SHARDS: `${shards}` })) as [
    Started,
    Started,
  ];
  const [{ origin }] = await Promise.all([live(leaving), live(staying)]);
  const admin = await signIn(leaving);
  const drain = await until(async () => {
    const paths = (await admin.page("/operator")).match(/\/operator\/drain\/[^"]+/g) ?? [];
    const questions = await Promise.all(paths.map(async (path) => ({ path, page: await admin.page(path) })));
    // With the other there, nothing stays undone.
    return questions.find(({ page }) => page.includes(`:${leaving.pid}?`) && !page.includes("No other process"))?.path;
  }, 60_000);
  const asked: Message[] = [];
  await admin.page(drain, "POST");
  for (let n = 0; n < 80; n++) {
    asked.push(ask(n, "descale"));
    await Bun.sleep(ASK_EVERY_MS);
  }
  await until(() => leaving.stderr().includes("process-drained"), 60_000);
  const readiness = await fetch(`${origin}/readyz`);
  expect([readiness.status, await readiness.json()]).toMatchObject([503, { draining: true, shards: { all: 0 } }]);
  await until(async () => (await admin.page("/operator")).includes("Drained"), 30_000);
  for (let n = 80; n < 110; n++) asked.push(ask(n, "descale"));
  await until(() => asked.every((message) => answersTo(message) > 0), 60_000);
  expect(asked.filter((message) => answersTo(message) > 1)).toEqual([]);
  for (const process of [leaving, staying]) {
    process.kill("SIGTERM");
    await process.exited;
  }
});

test("a process that joins gets its share of the shards by RESUME; one that is frozen loses it, and comes back to say nothing twice", async () => {
  const start = () => stage.gatehouse(["all"], { DISCORD_SHARDS: "16" });
  const first = start();
  await allLive(first, 16);
  const begun = identifies();
  const asked: Message[] = [];
  let over = false;
  const talk = (async () => {
    while (!over) {
      asked.push(ask(asked.length, "clean"));
      await Bun.sleep(4 * ASK_EVERY_MS);
    }
  })();
  const second = start();
  await Promise.all([allLive(first, 8, 8), allLive(second, 8, 8)]);

  second.kill("SIGSTOP");
  await allLive(first, 16);
  const before = asked.length;
  second.kill("SIGCONT");
  // It finds out that it holds nothing any more, and is given its share again.
  await until(() => second.stderr().includes("lease-lost"), 60_000);
  await allLive(second, 8, 8);
  expect(asked.length).toBeGreaterThan(before);
  over = true;
  await talk;
  await until(() => asked.every((message) => answersTo(message) > 0), 60_000);
  await Bun.sleep(ASKED_AFTER_MS);
  expect(asked.filter((message) => answersTo(message) > 1)).toEqual([]);
  expect(identifies()).toBe(begun);
  for (const process of [first, second]) {
    process.kill("SIGTERM");
    await process.exited;
  }
});

const identifies = () => stage.simulator.services.ledger.list({ kind: "gateway", op: 2 }).length;

function ask(n: number, what: string): Message {
  const { userId, channelId } = places[n % places.length] as (typeof places)[number];
  return stage.simulator.actions.say({ channelId, userId, content: `{bot} how do I ${what} the kettle? (${n})` });
}

/** How often the bot replied. */
function answersTo(message: Message): number {
  const { messages } = stage.simulator.world.channels.get(message.channelId) ?? {};
  return [...(messages?.values() ?? [])].filter(({ repliedToId }) => repliedToId === message.id).length;
}

async function allLive(process: Started, least: number, most = 65_536): Promise<void> {
  const { origin } = await live(process);
  await until(async () => {
    const { shards } = (await (await fetch(`${origin}/readyz`)).json()) as { shards: { live: number } };
    return shards.live >= least && shards.live <= most;
  }, 60_000);
}
