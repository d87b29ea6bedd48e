/**
 * Ten times and more of what can be taken, for a minute: smart mode and moderation in every guild, frames as fast as the socket
 * gives them, /ask five times a second between them. What can be taken a ramp says beforehand. Memory must stay bounded, heartbeats
 * must go out, a command must get its first response within Discord's 3 s, and afterwards half of what can be taken must be taken whole
 * again. `--set seconds=N`.
 */
import { tokenOf } from "../gateway/feeder-protocol.ts";
import { ACTIVE_TALKS } from "../gateway/frames.ts";
import { type House, withHouse } from "../gateway/house.ts";
import { listenToEverything } from "../gateway/listen.ts";
import { capacityOf } from "../gateway/ramp.ts";
import {
  type Feeder,
  residentBytes,
  type Sample,
  type Subject,
  startFeeder,
  startGatehouse,
  until,
} from "../gateway/subject.ts";
import { atLeast, atMost, percentile, result, type Suite, type SuiteOptions, type SuiteReport } from "../suite.ts";

const APPLICATION = "990000000000000000";
const SECONDS = 60;
const COMMANDS_PER_SECOND = 5;
/** What Discord gives for the first response. */
const RESPONSE_MS_MAX = 3_000;
/** What a flood fills once (ring, lanes, the inbox's rows on their way) is there before this; after it nothing may grow on. */
const FILLED_MS = 10_000;
const GROWTH_MAX = 1.15;
/** Where the ramp begins: a machine that does not take even this whole has no capacity to divide by. */
const RAMP_FROM = 100;
const CALM_SHARE = 0.5;
const RECOVERED_MS_MAX = 5_000;
const HEARTBEAT_MS = 2_000;

export const suite: Suite = {
  name: "overload",
  description: "a minute of ten times what can be taken: memory, commands in time, recovery (--set seconds=N)",
  run: (options) =>
    withHouse(options, async (house) => {
      const feeder = await startFeeder({ heartbeatMs: HEARTBEAT_MS });
      let subject: Subject | null = null;
      try {
        subject = await start(feeder, house);
        return await measure(options, feeder, subject);
      } finally {
        await subject?.stop();
        feeder.stop();
      }
    }),
};

async function start(feeder: Feeder, { dataDir, databaseUrl }: House): Promise<Subject> {
  const token = tokenOf("overload", APPLICATION);
  const subject = await startGatehouse({
    name: "Gatehouse",
    application: APPLICATION,
    token,
    api: feeder.api,
    compression: "none",
    dataDir,
    databaseUrl,
    key: "ab".repeat(32),
  });
  await until("it is connected", 30_000, async () => (await feeder.ask({ op: "look", token })).connected);
  await until("it has met its guilds", 60_000, async () => {
    const { taken, open } = await subject.sample();
    return taken >= ACTIVE_TALKS && open === 0;
  });
  await listenToEverything(feeder, subject, databaseUrl, APPLICATION);
  return subject;
}

async function measure(options: SuiteOptions, feeder: Feeder, subject: Subject): Promise<SuiteReport> {
  const { token } = subject;
  const seconds = Number(options.set.seconds ?? (options.quick ? SECONDS / 3 : SECONDS));
  const { perSecond: capable } = await capacityOf(feeder, subject, RAMP_FROM, (rate) =>
    options.progress(`what can be taken: ${Math.round(rate)} a second`),
  );
  if (capable === 0) throw new Error(`not even ${RAMP_FROM} frames a second were taken whole`);
  const atRestBytes = await residentBytes(subject.pid);
  const first = await subject.sample();
  const before = await feeder.ask({ op: "look", token });
  await feeder.ask({ op: "interact", token, perSecond: COMMANDS_PER_SECOND });
  await feeder.ask({ op: "flood", token, on: true });

  const bytes: { readonly atMs: number; readonly resident: number }[] = [];
  const startedMs = performance.now();
  for (let atMs = 0; atMs < seconds * 1_000; atMs = performance.now() - startedMs) {
    options.progress("a flood", atMs / (seconds * 1_000));
    await Bun.sleep(500);
    bytes.push({ atMs, resident: await residentBytes(subject.pid) });
  }
  const last = await subject.sample();
  const ended = await feeder.ask({ op: "flood", token, on: false });
  await feeder.ask({ op: "interact", token, perSecond: 0 });

  const recoveredMs = await recover(options, feeder, subject, CALM_SHARE * capable);
  const { answeredMs, interactions } = await feeder.ask({ op: "look", token });
  const asked = interactions - before.interactions;
  const dueHeartbeats = Math.floor((ended.atMs - before.atMs) / HEARTBEAT_MS) - 1;
  const filled = bytes.filter(({ atMs }) => atMs <= FILLED_MS).map(({ resident }) => resident);
  const after = bytes.filter(({ atMs }) => atMs > FILLED_MS).map(({ resident }) => resident);
  const growth = Math.max(...after, 0) / Math.max(...filled);
  const offered = (taken(first, last) / (last.atMs - first.atMs)) * 1_000;
  const load = offered / capable;

  return {
    results: [
      result("what can be taken with less than 1 % shed", "frames/s", capable),
      result("the flood", "frames/s", offered),
      result("verdicts under it", "frames/s", ((last.frames - first.frames) / (last.atMs - first.atMs)) * 1_000),
      result("load over what can be taken", "×", load),
      result("memory before", "bytes", atRestBytes),
      result("memory in the flood", "bytes", ...bytes.map(({ resident }) => resident)),
      result("memory's growth after its first 10 s", "×", growth),
      result("heartbeats in it", "count", ended.heartbeats - before.heartbeats),
      result("commands", "count", asked),
      result("first response: p50", "ms", percentile(answeredMs, 0.5)),
      result("first response: p99", "ms", percentile(answeredMs, 0.99)),
      result("first response: slowest", "ms", Math.max(...answeredMs)),
      result("until half of what can be taken was taken whole", "ms", recoveredMs),
    ],
    goals: [
      atLeast("load over what can be taken", 10, load, "×"),
      atMost("memory's growth after its first 10 s", GROWTH_MAX, growth, "×"),
      atLeast("heartbeats in the flood", dueHeartbeats, ended.heartbeats - before.heartbeats),
      atMost("commands that got no first response", 0, asked - answeredMs.length),
      atMost("first response: slowest", RESPONSE_MS_MAX, Math.max(...answeredMs), "ms"),
      atMost("until half of what can be taken was taken whole", RECOVERED_MS_MAX, recoveredMs, "ms"),
    ],
  };
}

/** Milliseconds from the flood's end until everything of one second of a load that fits had its verdict. */
async function recover(options: SuiteOptions, feeder: Feeder, subject: Subject, perSecond: number): Promise<number> {
  options.progress("a load that fits");
  const { token } = subject;
  const endedMs = performance.now();
  await feeder.ask({ op: "rate", token, perSecond: Math.round(perSecond) });
  let tookMs = Number.POSITIVE_INFINITY;
  await until("a load that fits is taken whole", 60_000, async () => {
    const before = await subject.sample();
    const lookedMs = performance.now();
    await Bun.sleep(1_000);
    const after = await subject.sample();
    const whole = taken(before, after) > 0 && after.frames - before.frames >= 0.98 * taken(before, after);
    if (whole && tookMs === Number.POSITIVE_INFINITY) tookMs = lookedMs - endedMs;
    return whole;
  });
  await feeder.ask({ op: "rate", token, perSecond: 0 });
  return tookMs;
}

function taken(before: Sample, after: Sample): number {
  return after.taken - before.taken;
}
