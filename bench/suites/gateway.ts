/**
 * Frames a second from the socket to the prefilter's verdict in a worker, beside a raw WebSocket with JSON.parse (the limit, 1.0)
 * and beside the clients a user could pick instead; and how late a verdict is at 10,000 frames a second.
 *
 * `gatehouse gateway` runs as production starts it and is read through /metrics. Frames are encoded beforehand and written in
 * large slices by a process of its own; a round in which that process used over 60 % of a core, or a subject counted nothing,
 * is void. Subjects take turns in every round, after as many frames each as warm their code; a goal is met when the lower quartile of
 * the ratios (ours over the limit, or the peer, of the same round) reaches it. Discord is always reached over TLS: one of ours is, beside
 * a limit that is. Receiving alone takes part as well: no client costs less. Of the peers two inflate zlib without a native module, and
 * asynchronously, which a flood starves: a ramp looks for what they take. A flood sheds what it must, and says how much; beside it
 * a ramp looks for the rate of which less than 1 % is shed. Processor time is told for each frame that was taken, by thread. With smart
 * mode and moderation the stage for what is clear is measured beside the prefilter too, in this process.
 * `--set peers=off` leaves the peers out; `--set rounds=N`; `--set only=NAME,NAME`.
 */
import { tokenOf } from "../gateway/feeder-protocol.ts";
import { ACTIVE_TALKS, chatLines } from "../gateway/frames.ts";
import { type House, withHouse } from "../gateway/house.ts";
import { listenToEverything } from "../gateway/listen.ts";
import { capacityOf, shedOf } from "../gateway/ramp.ts";
import { measureStage } from "../gateway/stage.ts";
import {
  type Feeder,
  type Sample,
  type Subject,
  startCounter,
  startFeeder,
  startGatehouse,
  until,
} from "../gateway/subject.ts";
import type { ThreadMs } from "../gateway/threads.ts";
import { installPeers, PEERS } from "../peers.ts";
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

const MODERATED = "smart mode and moderation";
const STAGE_LINES = 6_000;
const LIMIT = "raw WebSocket and JSON.parse (the limit)";
const RECEIVING = "receiving alone, as a shard does (at least)";
/** What a subject that is reached over TLS is held against: Discord always is. */
const SECURE_LIMIT = "the same over TLS (the limit of wss)";
const FEEDER_SHARE_MAX = 0.6;
const RATE = 10_000;
/** Frames encoded ahead for a compressed round: more in a second than can be taken. Where all were, the round is run again with twice as many. */
const PREPARED_PER_SECOND = { "zlib-stream": 300_000, "zstd-stream": 500_000 } as const;
const PREPARED_TIMES_MAX = 4;
/** A flood runs this long before it is measured. */
const LEAD_MS = 250;
/** Frames to a verdict before anything is measured; a subject that takes few a second is given this long for them. */
const WARM_FRAMES = 100_000;
const WARM_MS_MAX = 15_000;
const PACED_WARM_PER_SECOND = 2_000;
const PACED_WARM_MS = 5_000;
/** Where a ramp begins. */
const RAMP_FROM = { light: 20_000, heavy: 500 } as const;

/** `floor`: what every client must do. `paced`: a peer that is never flooded. */
type Kind = "limit" | "floor" | "ours" | "peer" | "paced";
type Compression = "none" | "zlib-stream" | "zstd-stream";
type Contender = { readonly subject: Subject; readonly kind: Kind; readonly compression: Compression };
type Round = {
  readonly perSecond: number;
  /** Microseconds for each frame that came to its verdict. */
  readonly cpu: ThreadMs & { readonly all: number };
  readonly feederShare: number;
  readonly shedShare: number;
  readonly dry: boolean;
};

/** `limit`: what its rounds are held against. */
type Ours = {
  readonly name: string;
  readonly compression: Compression;
  readonly limit: typeof LIMIT | typeof SECURE_LIMIT;
  readonly goal: number;
};
const OURS: readonly Ours[] = [
  { name: "mention guilds", compression: "none", limit: LIMIT, goal: 3.0 },
  { name: "mention guilds, wss", compression: "none", limit: SECURE_LIMIT, goal: 2.2 },
  { name: "mention guilds, zlib-stream", compression: "zlib-stream", limit: LIMIT, goal: 1.2 },
  { name: "mention guilds, zstd-stream", compression: "zstd-stream", limit: LIMIT, goal: 1.3 },
  { name: MODERATED, compression: "none", limit: LIMIT, goal: 0.3 },
];

/** Whole clients, and gateway layers alone. */
const PEER_PROGRAMS: readonly {
  readonly name: string;
  readonly layer: "client" | "gateway";
  readonly compression: "none" | "zlib-stream";
}[] = [
  { name: "discord.js", layer: "client", compression: "none" },
  { name: "eris", layer: "client", compression: "none" },
  { name: "oceanic.js", layer: "client", compression: "none" },
  { name: "discordjs-ws", layer: "gateway", compression: "none" },
  { name: "discordeno", layer: "gateway", compression: "none" },
  { name: "seyfert", layer: "gateway", compression: "none" },
  // The two that inflate without a native module.
  { name: "discordjs-ws", layer: "gateway", compression: "zlib-stream" },
  { name: "discordeno", layer: "gateway", compression: "zlib-stream" },
];

function peerName({ name, compression }: (typeof PEER_PROGRAMS)[number]): string {
  return compression === "none" ? name : `${name}, ${compression}`;
}

function applicationOfOurs(place: number): string {
  return String(980_000_000_000_000_000n + BigInt(place));
}

export const suite: Suite = {
  name: "gateway",
  description:
    "frame → verdict beside JSON.parse and other clients; latency at 10,000/s (--set peers=off, rounds=N, only=NAME)",
  run: (options) =>
    withHouse(options, async (house) => {
      const secure = OURS.flatMap(({ limit }, place) => (limit === SECURE_LIMIT ? [applicationOfOurs(place)] : []));
      const feeder = await startFeeder({ secure });
      const contenders: Contender[] = [];
      try {
        await begin(options, feeder, house, contenders);
        const report = await measure(options, feeder, contenders);
        const moderated = contenders.some(({ subject }) => subject.name === MODERATED);
        if (moderated) await measureStage(await chatLines(STAGE_LINES), options, report.results, report.goals);
        return report;
      } finally {
        for (const { subject } of contenders) await subject.stop();
        feeder.stop();
      }
    }),
};

// — who takes part ——————————————————————————————————————————————————————————————

async function begin(
  options: SuiteOptions,
  feeder: Feeder,
  { databaseUrl, dataDir }: House,
  contenders: Contender[],
): Promise<void> {
  const only = options.set.only?.split(",");
  const wanted = (name: string) => only === undefined || only.some((part) => name.includes(part));
  const limits = [
    { name: LIMIT, application: "970000000000000000", address: feeder.gateway },
    { name: SECURE_LIMIT, application: "970000000000000001", address: feeder.secureGateway },
  ];
  for (const { name, application, address } of limits) {
    if (!OURS.some((one) => one.limit === name && wanted(one.name)) && name !== LIMIT) continue;
    const token = tokenOf("limit", application);
    const subject = startCounter(name, token, ["limit.ts", address, token]);
    contenders.push({ subject, kind: "limit", compression: "none" });
    await connected(feeder, subject);
  }
  if (wanted(RECEIVING)) {
    const token = tokenOf("floor", "970000000000000002");
    const subject = startCounter(RECEIVING, token, ["receive.ts", feeder.gateway, token]);
    contenders.push({ subject, kind: "floor", compression: "none" });
    await connected(feeder, subject);
  }

  for (const [i, { name, compression }] of OURS.entries()) {
    if (!wanted(name)) continue;
    options.progress(`starting Gatehouse: ${name}`);
    const application = applicationOfOurs(i);
    const token = tokenOf(`ours-${i}`, application);
    const key = "ab".repeat(32);
    const subject = await startGatehouse({
      name,
      application,
      token,
      api: feeder.api,
      compression,
      dataDir,
      databaseUrl,
      key,
    });
    contenders.push({ subject, kind: "ours", compression });
    await connected(feeder, subject);
    await until(`${name} has met its guilds`, 60_000, async () => {
      const { taken, open } = await subject.sample();
      return taken >= ACTIVE_TALKS && open === 0;
    });
    if (name !== MODERATED) continue;
    await listenToEverything(feeder, subject, databaseUrl, application);
  }
  if (options.set.peers === "off" || options.quick) return;
  await installPeers(options.progress);
  for (const [i, peer] of PEER_PROGRAMS.entries()) {
    const name = peerName(peer);
    if (!wanted(name)) continue;
    options.progress(`starting ${name}`);
    const token = tokenOf(name, String(971_000_000_000_000_000n + BigInt(i)));
    const what = peer.compression === "none" ? "gateway" : peer.compression;
    const subject = startCounter(
      name,
      token,
      [`gateway/${peer.name}.ts`, feeder.api, feeder.gateway, token, what],
      PEERS,
    );
    const kind = peer.compression === "none" ? "peer" : "paced";
    contenders.push({ subject, kind, compression: peer.compression });
    await connected(feeder, subject);
  }
}

async function connected(feeder: Feeder, { name, token }: Subject): Promise<void> {
  await until(`${name} is connected`, 30_000, async () => (await feeder.ask({ op: "look", token })).connected);
}

// — measuring —————————————————————————————————————————————————————————————————

async function measure(
  options: SuiteOptions,
  feeder: Feeder,
  contenders: readonly Contender[],
): Promise<{ results: Result[]; goals: Goal[] }> {
  const rounds = Number(options.set.rounds ?? (options.quick ? 2 : 5));
  const windowMs = options.quick ? 600 : 1_200;
  const kept = new Map<string, Round[]>();
  /** By name and round. */
  const rates = new Map<string, Map<number, number>>();
  const noise: number[] = [];
  let voided = 0;

  for (const contender of contenders) {
    options.progress(`warming up ${contender.subject.name}`);
    await warm(feeder, contender);
  }
  const flooded = contenders.filter(({ kind }) => kind !== "paced");
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of flooded.entries()) {
      const { name } = contender.subject;
      options.progress(
        `round ${round + 1} of ${rounds}: ${name}`,
        (round * flooded.length + i) / (rounds * flooded.length),
      );
      const measured = await floodedWhole(feeder, contender, windowMs);
      // What only receives may take more than the feeder has: its rate is then the least, its processor time what it is.
      const starved = contender.kind !== "floor" && measured.feederShare > FEEDER_SHARE_MAX;
      // A connection that was made anew in the middle has counted nothing.
      if (measured.perSecond === 0 || starved || measured.dry) {
        voided++;
        continue;
      }
      if (name === LIMIT) noise.push(measured.perSecond);
      rates.set(name, (rates.get(name) ?? new Map<number, number>()).set(round, measured.perSecond));
      push(kept, name, measured);
    }
  }

  const silent = flooded.find(({ subject }) => !kept.has(subject.name));
  if (silent !== undefined) throw new Error(`${silent.subject.name} was fed, and no round of it counts`);
  const limitOf = (name: string) => rates.get(OURS.find((one) => one.name === name)?.limit ?? LIMIT);
  const results: Result[] = [];
  const goals: Goal[] = [];
  for (const { subject, kind } of contenders) {
    const measured = kept.get(subject.name);
    if (measured === undefined) continue;
    results.push(
      result(`${subject.name}`, "frames/s", ...measured.map((round) => round.perSecond)),
      result(`${subject.name}: CPU a frame taken`, "us", ...measured.map(({ cpu }) => cpu.all)),
    );
    if (kind === "ours")
      results.push(
        result(`${subject.name}: of that the main thread`, "us", ...measured.map(({ cpu }) => cpu.main)),
        result(`${subject.name}: of that the workers`, "us", ...measured.map(({ cpu }) => cpu.workers)),
        result(`${subject.name}: of that the runtime's own threads`, "us", ...measured.map(({ cpu }) => cpu.runtime)),
      );
    const shed = measured.map((round) => round.shedShare);
    if (kind === "ours") results.push(result(`${subject.name}: shed beside`, "share", ...shed));
    const over = paired(rates.get(subject.name), limitOf(subject.name));
    if (kind !== "limit" && over.length > 0) results.push(result(`${subject.name}: over the limit`, "×", ...over));
  }
  results.push(
    result("feeder's share of a core", "share", ...[...kept.values()].flat().map((round) => round.feederShare)),
    result("rounds void", "count", voided),
    result(
      "machine noise (limit, max over min)",
      "×",
      noise.length > 0 ? Math.max(...noise) / Math.min(...noise) : Number.NaN,
    ),
  );
  for (const { name, goal } of OURS) {
    const over = paired(rates.get(name), limitOf(name));
    if (over.length > 0)
      goals.push(atLeast(`${name}: lower quartile of ratios to the limit`, goal, percentile(over, 0.25)));
  }
  for (const { subject, kind, compression } of contenders)
    if ((kind === "ours" && compression === "none") || kind === "paced")
      await ramp(options, feeder, subject, limitOf(subject.name), results, goals);
  peerGoals(rates, goals);
  const ours = contenders.find((contender) => contender.kind === "ours" && contender.subject.name === "mention guilds");
  if (ours !== undefined) await latency(options, feeder, ours.subject, results, goals);
  return { results, goals };
}

/** As many frames as make its code fast, however long they take it. */
async function warm(feeder: Feeder, { subject, kind, compression }: Contender): Promise<void> {
  const { token, name } = subject;
  if (kind === "paced") {
    await feeder.ask({ op: "rate", token, perSecond: PACED_WARM_PER_SECOND });
    await Bun.sleep(PACED_WARM_MS);
    await feeder.ask({ op: "rate", token, perSecond: 0 });
    await settled(subject);
    return;
  }
  await feeder.ask({ op: "prepare", token, frames: compression === "none" ? 0 : WARM_FRAMES });
  const { frames } = await subject.sample();
  const endMs = performance.now() + WARM_MS_MAX;
  await feeder.ask({ op: "flood", token, on: true });
  await until(`${name} is warm`, 2 * WARM_MS_MAX, async () => {
    const through = (await subject.sample()).frames - frames >= WARM_FRAMES;
    return through || performance.now() > endMs;
  });
  await feeder.ask({ op: "flood", token, on: false });
  await settled(subject);
}

/** What it takes whole, beside the limit's median of the rounds. */
async function ramp(
  options: SuiteOptions,
  feeder: Feeder,
  subject: Subject,
  limit: ReadonlyMap<number, number> | undefined,
  results: Result[],
  goals: Goal[],
): Promise<void> {
  const { name } = subject;
  const isLight = OURS.some((one) => one.name === name) && name !== MODERATED;
  const from = isLight ? RAMP_FROM.light : RAMP_FROM.heavy;
  const found = await capacityOf(feeder, subject, from, (rate) =>
    options.progress(`${name}: ${Math.round(rate)} frames a second`),
  );
  const over = found.perSecond / percentile([...(limit?.values() ?? [])], 0.5);
  results.push(
    result(`${name}: taken with less than 1 % shed`, "frames/s", found.perSecond),
    result(`${name}: shed at that rate`, "share", found.shed),
    result(`${name}: taken with less than 1 % shed, over the limit`, "×", over),
  );
  if (name === MODERATED) goals.push(atLeast(`${name}: taken with less than 1 % shed, over the limit`, 0.3, over));
}

async function floodedWhole(feeder: Feeder, contender: Contender, windowMs: number): Promise<Round> {
  for (let times = 1; ; times *= 2) {
    const round = await flood(feeder, contender, windowMs, times);
    if (!round.dry || times === PREPARED_TIMES_MAX) return round;
  }
}

/** Frames that came to an end between two looks at a flood that is running. `times`: as many frames encoded ahead as usual. */
async function flood(
  feeder: Feeder,
  { subject, compression }: Contender,
  windowMs: number,
  times: number,
): Promise<Round> {
  const { token } = subject;
  const perSecond = compression === "none" ? 0 : times * PREPARED_PER_SECOND[compression];
  const frames = (perSecond * (LEAD_MS + windowMs + 250)) / 1_000;
  await feeder.ask({ op: "prepare", token, frames });
  await feeder.ask({ op: "flood", token, on: true });
  await Bun.sleep(LEAD_MS);
  const fedBefore = await feeder.ask({ op: "look", token });
  const before = await subject.sample();
  await Bun.sleep(windowMs);
  const after = await subject.sample();
  const fedAfter = await feeder.ask({ op: "flood", token, on: false });
  await settled(subject);

  const ended = after.frames - before.frames;
  return {
    perSecond: (ended / (after.atMs - before.atMs)) * 1_000,
    cpu: {
      all: microseconds(after.cpuMs - before.cpuMs, ended),
      main: microseconds(after.threads.main - before.threads.main, ended),
      workers: microseconds(after.threads.workers - before.threads.workers, ended),
      runtime: microseconds(after.threads.runtime - before.threads.runtime, ended),
    },
    feederShare: (fedAfter.cpuMs - fedBefore.cpuMs) / (fedAfter.atMs - fedBefore.atMs),
    // Ran dry: what came to an end after that is not the rate that could be taken.
    dry: frames > 0 && fedAfter.left === 0,
    shedShare: (shedOf(after) - shedOf(before)) / Math.max(1, after.taken - before.taken),
  };
}

function microseconds(ms: number, frames: number): number {
  return (ms * 1_000) / Math.max(1, frames);
}

/** What is still in the socket's buffers must not fall into the next contender's round. */
async function settled(subject: Subject): Promise<void> {
  let last = -1;
  await until(`${subject.name} is through`, 60_000, async () => {
    const { frames, taken, open } = await subject.sample();
    const still = open === 0 && frames + taken === last;
    last = frames + taken;
    return still;
  });
}

/** Ratios of the rounds that both have. */
function paired(ours: ReadonlyMap<number, number> | undefined, theirs: ReadonlyMap<number, number> | undefined) {
  return [...(ours ?? [])].flatMap(([round, rate]) => {
    const beside = theirs?.get(round);
    return beside === undefined ? [] : [rate / beside];
  });
}

function peerGoals(rates: ReadonlyMap<string, ReadonlyMap<number, number>>, goals: Goal[]): void {
  const ours = rates.get("mention guilds");
  const overDiscordJs = paired(ours, rates.get("discord.js"));
  if (overDiscordJs.length > 0) {
    const name = "mention guilds over discord.js's messageCreate: lower quartile of ratios";
    goals.push(atLeast(name, 10, percentile(overDiscordJs, 0.25)));
  }
  const fastest = new Map<number, number>();
  for (const { name, layer, compression } of PEER_PROGRAMS) {
    if (layer !== "gateway" || compression !== "none") continue;
    for (const [round, rate] of rates.get(name) ?? []) fastest.set(round, Math.max(rate, fastest.get(round) ?? 0));
  }
  const overFastest = paired(ours, fastest);
  if (overFastest.length > 0) {
    const name = "mention guilds over the fastest peer's gateway layer: lower quartile of ratios";
    goals.push(atLeast(name, 3, percentile(overFastest, 0.25)));
  }
}

async function latency(
  options: SuiteOptions,
  feeder: Feeder,
  subject: Subject,
  results: Result[],
  goals: Goal[],
): Promise<void> {
  options.progress(`verdicts at ${RATE} frames a second`);
  const { token } = subject;
  await feeder.ask({ op: "rate", token, perSecond: RATE });
  await Bun.sleep(1_500);
  const before = await subject.sample();
  await Bun.sleep(options.quick ? 2_000 : 6_000);
  const after = await subject.sample();
  await feeder.ask({ op: "rate", token, perSecond: 0 });
  const at = (share: number) => quantile(before, after, share) * 1_000;
  results.push(
    result(`verdict at ${RATE}/s p50`, "ms", at(0.5)),
    result(`verdict at ${RATE}/s p99`, "ms", at(0.99)),
    result(
      `frames taken at ${RATE}/s`,
      "frames/s",
      ((after.frames - before.frames) / (after.atMs - before.atMs)) * 1_000,
    ),
  );
  goals.push(
    atMost(`verdict at ${RATE}/s p50`, 0.3, at(0.5), "ms"),
    atMost(`verdict at ${RATE}/s p99`, 1.5, at(0.99), "ms"),
  );
}

/** The upper end of the bucket in which `share` of the verdicts between two samples is reached, in seconds. */
function quantile(before: Sample, after: Sample, share: number): number {
  const total =
    (after.latency.get(Number.POSITIVE_INFINITY) ?? 0) - (before.latency.get(Number.POSITIVE_INFINITY) ?? 0);
  for (const [bound, count] of [...after.latency].sort(([a], [b]) => a - b)) {
    if (count - (before.latency.get(bound) ?? 0) >= share * total) return bound;
  }
  return Number.NaN;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
