/**
 * Moderation under load, by whole processes against the simulated Discord, whose ledger is the judge.
 *
 *   a raid    500 members write 20 messages each as fast as Discord lets them, Discord's limits enforced: how soon the first is gone, how many requests were
 *             refused, whether ordinary members are answered meanwhile
 *   crashes   1,000 breaches are delivered three times, the process is killed in the middle of each delivery: one act each
 *
 * `--set members=N`, `--set breaches=N`, `--set only=raid|crashes`; needs PostgreSQL on 127.0.0.1:5432, or starts one.
 */

import type { GuildId } from "../../src/ids.ts";
import { changes, INSULT, KETTLE, openModerated, refusedRequests, SCAM } from "../../test/support/moderated.ts";
import type { Started } from "../../test/support/process.ts";
import { live, openStage, type Stage } from "../../test/support/stage.ts";
import { messageEventPayload } from "../simulator/message-payload.ts";
import type { Message } from "../simulator/world.ts";
import {
  atLeast,
  atMost,
  type Goal,
  percentile,
  type Result,
  result,
  type Suite,
  type SuiteOptions,
} from "../suite.ts";

const MEMBERS = 500;
const MESSAGES_EACH = 20;
const BREACHES = 1_000;
/** Discord takes so many messages of a member in one channel, and no more until so long after the first. */
const BURST = 5;
const BURST_EVERY_MS = 5_000;
/** So many at once, then a breath: the simulator shares this thread. */
const AT_ONCE = 50;
const BREATH_MS = 25;
const CLEARED_MS_MAX = 600_000;
/** Nothing has gone for so long: nothing will. */
const STILL_MS_MAX = 60_000;
const ASK_EVERY_MS = 5_000;
const UNLIMITED = { requestsPerMinute: 1e6, requestsPerDay: 1e9, tokensPerMinute: 1e9, tokensPerDay: 1e12 } as const;

export const suite: Suite = {
  name: "moderation-load",
  description:
    "a raid of 500 members × 20 messages; 1,000 breaches delivered three times with crashes (--set members=N, breaches=N, only=raid|crashes)",
  async run(options) {
    const results: Result[] = [];
    const goals: Goal[] = [];
    const { only } = options.set;
    if (only !== "crashes")
      await onStage({ simulator: { limits: { timesFaster: 1 } } }, (stage) => raid(stage, options, results, goals));
    if (only !== "raid")
      await onStage({ groq: { limits: UNLIMITED } }, (stage) => crashes(stage, options, results, goals));
    return { results, goals };
  },
};

async function onStage(given: Parameters<typeof openStage>[1], run: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage("bench-moderation", given);
  try {
    await run(stage);
  } finally {
    await stage.close();
  }
}

async function raid(stage: Stage, { set, quick, progress }: SuiteOptions, results: Result[], goals: Goal[]) {
  const { actions, world } = stage.simulator;
  const members = Number(set.members ?? (quick ? 100 : MEMBERS));
  const house = await openModerated(stage);
  await stage.teach(house.guild.id, { "kettle.md": KETTLE });
  const { origin } = await live(stage.gatehouse(["all"]));
  const raiders = house.members(members);
  const help = actions.createChannel(house.guild.id, { name: "help" });

  const harm: Message[] = [];
  let first: { readonly id: string; readonly atMs: number; goneMs: number | null } | null = null;
  const watch = setInterval(() => {
    if (first !== null && first.goneMs === null && !house.isThere(first.id))
      first.goneMs = performance.now() - first.atMs;
  }, 5);
  let over = false;
  const asked: { readonly ms: number; readonly answered: boolean }[] = [];
  const ordinary = (async () => {
    while (!over) {
      const [userId = ""] = house.members(1);
      const began = performance.now();
      const answers = await stage.ask({ channelId: help.id, userId, content: "{bot} how do I reset the kettle?" });
      asked.push({ ms: performance.now() - began, answered: answers.length > 0 });
      await Bun.sleep(ASK_EVERY_MS);
    }
  })();

  const began = performance.now();
  let silenced = 0;
  try {
    for (let wave = 0; wave < MESSAGES_EACH; wave++) {
      if (wave % BURST === 0) await Bun.sleep(Math.max(0, began + (wave / BURST) * BURST_EVERY_MS - performance.now()));
      for (const [i, userId] of raiders.entries()) {
        try {
          harm.push(actions.say({ channelId: house.channel.id, userId, content: SCAM }));
          first ??= { id: harm[0]?.id ?? "", atMs: performance.now(), goneMs: null };
        } catch {
          // Timed out meanwhile, as a raider should be.
          silenced++;
        }
        if (i % AT_ONCE === AT_ONCE - 1) await Bun.sleep(BREATH_MS);
      }
      progress(`the raid: ${harm.length} messages, ${silenced} not let through`, wave / MESSAGES_EACH);
    }
    const wroteMs = performance.now() - began;
    const left = () => harm.filter(({ id }) => house.isThere(id)).length;
    await untilGone(left, began, (count) =>
      progress(`the raid: ${count} messages left, ${refusedRequests(stage)} requests refused`),
    );
    const clearedMs = performance.now() - began;
    over = true;
    await ordinary;
    const dropped = await droppedBy(origin);
    const refused = refusedRequests(stage);
    const deletes = [...changes(stage)].filter(([key]) => key.startsWith("DELETE ") || key.includes("bulk-delete"));
    const goneMs = (first as { goneMs: number | null } | null)?.goneMs ?? Number.POSITIVE_INFINITY;
    const answered = asked.filter((one) => one.answered).length / asked.length;
    results.push(
      result("the raid: messages written", "count", harm.length),
      result("the raid: messages of who was timed out by then", "count", silenced),
      result("the raid: written within", "ms", wroteMs),
      result("the raid: first message gone after", "ms", goneMs),
      result("the raid: all gone after", "ms", left() === 0 ? clearedMs : Number.POSITIVE_INFINITY),
      result(
        "the raid: requests that delete",
        "count",
        deletes.reduce((sum, [, count]) => sum + count, 0),
      ),
      result("the raid: refused requests (401, 403, 429)", "count", refused),
      ...dropped.map(([why, count]) => result(`the raid: messages not looked at, ${why}`, "count", count)),
      result("the raid: ordinary questions", "count", asked.length),
      result(
        "the raid: answered after, p99",
        "ms",
        percentile(
          asked.map(({ ms }) => ms),
          0.99,
        ),
      ),
      result(
        "the raid: members still able to write",
        "count",
        raiders.filter((id) => !isTimedOut(world, house.guild.id, id)).length,
      ),
    );
    goals.push(
      atMost("the raid: first message gone after", 1_000, goneMs, "ms"),
      atMost("the raid: messages left after ten minutes", 0, left()),
      atMost("the raid: refused requests within ten minutes", 100, refused),
      atLeast("the raid: ordinary members answered", 1, answered),
    );
  } finally {
    over = true;
    clearInterval(watch);
    await ordinary.catch(() => {});
    await house.store.close();
  }
}

/** Messages that were dropped, by reason, as `/metrics` counts them. */
async function droppedBy(origin: string): Promise<[string, number][]> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  const lines = text.matchAll(/^gatehouse_outcomes_total\{kind="(?:dropped|failed)",reason="([^"]+)".*?\} (\d+)/gm);
  return [...lines].flatMap(([, why = "", count]) =>
    Number(count) > 0 ? [[why, Number(count)] as [string, number]] : [],
  );
}

/** Until nothing is left, or ten minutes are over since `beganMs`, or it goes no further. */
async function untilGone(left: () => number, beganMs: number, tell: (left: number) => void): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let movedMs = performance.now();
  for (let count = left(); count > 0; count = left()) {
    const nowMs = performance.now();
    if (count < least) movedMs = nowMs;
    least = Math.min(least, count);
    if (nowMs - beganMs > CLEARED_MS_MAX || nowMs - movedMs > STILL_MS_MAX) return;
    tell(count);
    await Bun.sleep(500);
  }
}

function isTimedOut(world: Stage["simulator"]["world"], guild: string, member: string): boolean {
  const until = world.guilds.get(guild)?.members.get(member)?.timeoutUntilMs ?? null;
  return until !== null;
}

async function crashes(stage: Stage, { set, quick, progress }: SuiteOptions, results: Result[], goals: Goal[]) {
  const { actions, world, services } = stage.simulator;
  const breaches = Number(set.breaches ?? (quick ? 200 : BREACHES));
  const house = await openModerated(stage);
  const guild = house.guild.id as GuildId;
  const payloads: unknown[] = [];
  let process: Started = stage.gatehouse(["all"]);
  await live(process);
  const began = performance.now();
  try {
    const members = house.members(breaches);
    const said: Message[] = [];
    for (const delivery of [1, 2, 3]) {
      // A guild's questions to the model wait in a bounded queue: faster than this, people would be told that nobody looked.
      for (let from = 0; from < breaches; from += AT_ONCE) {
        for (let n = from; n < Math.min(breaches, from + AT_ONCE); n++) {
          if (delivery > 1) services.gateway.dispatchRaw("MESSAGE_CREATE", payloads[n]);
          else {
            const message = actions.say({ channelId: house.channel.id, userId: members[n] ?? "", content: INSULT(n) });
            said.push(message);
            payloads.push(JSON.parse(JSON.stringify(messageEventPayload(world, message))));
          }
        }
        await Bun.sleep(400);
        progress(`crashes: delivery ${delivery}`, from / breaches);
        if (delivery < 3 && Math.floor((2 * from) / breaches) < Math.floor((2 * (from + AT_ONCE)) / breaches)) {
          process.kill("SIGKILL");
          await process.exited;
          process = stage.gatehouse(["all"]);
          await live(process);
        }
      }
    }
    const left = () => said.filter(({ id }) => house.isThere(id)).length;
    const unsettled = async () => (await house.store.cases.list(guild, { state: "planned" }, 500)).items.length;
    while ((left() > 0 || (await unsettled()) > 0) && performance.now() - began < CLEARED_MS_MAX) {
      progress(`crashes: ${left()} messages left`);
      await Bun.sleep(500);
    }
    let cases = 0;
    for (let before: string | null | undefined; before !== null; ) {
      const found: Awaited<ReturnType<typeof house.store.cases.list>> = await house.store.cases.list(
        guild,
        {},
        500,
        before ?? undefined,
      );
      cases += found.items.length;
      before = found.cursor;
    }
    const done = changes(stage);
    const twice = [...done].filter(([key, count]) => count > 1 && !key.includes("bulk-delete"));
    if (twice.length > 0)
      progress(`crashes: done twice: ${twice.map(([key, count]) => `${count} × ${key}`).join(", ")}`);
    const warnings = [...done].filter(([key]) =>
      key.startsWith(`POST /channels/${house.channel.id}/messages <@`),
    ).length;
    results.push(
      result("crashes: breaches, each delivered three times", "count", breaches),
      result("crashes: cases", "count", cases),
      result("crashes: warnings", "count", warnings),
      result("crashes: everything settled after", "ms", performance.now() - began),
    );
    goals.push(
      atMost("crashes: breaches left", 0, left()),
      atMost("crashes: cases beyond or short of one each", 0, Math.abs(cases - breaches)),
      atMost("crashes: acts done twice", 0, twice.length),
    );
  } finally {
    await house.store.close();
  }
}
