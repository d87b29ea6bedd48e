/**
 * One simulated life of a shard: the real session, shard and identify throttler over a seeded clock and a scripted Discord.
 * Members talk, one fault happens, the weather clears; then the books are compared.
 */

import type { Dispatch } from "../../shards/border/protocol.ts";
import { createIdentifyThrottler, IdentifyRefused } from "../../shards/gateway/identify.ts";
import type { SessionRecord } from "../../shards/gateway/session.ts";
import { createShard, type Shard, type ShardState } from "../../shards/gateway/shard.ts";
import { createLogger } from "../../src/logger.ts";
import { HEARTBEAT_MS, type ScriptedDiscord, scriptedDiscord } from "../support/scripted-discord.ts";
import { memoryShards } from "../support/shards-store.ts";
import { type SimulatedClock, seededRandom, simulatedClock } from "../support/simulated-clock.ts";

export type Life = {
  readonly clock: SimulatedClock;
  readonly discord: ScriptedDiscord;
  readonly random: () => number;
  /** Kills the process, as kill -9 does, and starts the next one from what was settled. */
  restart(): void;
};

export type Fault = {
  readonly name: string;
  readonly happen: (life: Life) => void | Promise<void>;
  /** How it ends: up again (default), or stopped for good. */
  readonly ends?: "live" | "stopped";
  /** The client may give up a session that the server still has. */
  readonly mayGiveUp?: boolean;
  /** Events may come in another order than they were numbered. */
  readonly disorderly?: boolean;
  /** How many IDENTIFYs it costs, the first one included. */
  readonly identifies?: number;
  readonly resumesMin?: number;
  readonly resumesMax?: number;
  /** The process hung: its heartbeats could not be on time. */
  readonly hangs?: boolean;
  /** How long the refusal of an IDENTIFY may keep it waiting. */
  readonly patienceMs?: number;
};

export type Verdict = { readonly problems: readonly string[]; readonly identifies: number; readonly resumes: number };

const SILENT = createLogger({ level: "silent", format: "json" });
/** Longest honest stay in a phase that is neither live nor waiting for a permit: a deadline and the way there. */
const STUCK_MS = 30_000;

export async function live(fault: Fault, seed: number): Promise<Verdict> {
  const clock = simulatedClock(seed);
  const random = seededRandom(seed + 7_919);
  const discord = scriptedDiscord(clock, { firstSeq: seed % 2 });
  const store = memoryShards(clock);
  const problems: string[] = [];
  const delivered: { readonly content: string; readonly life: number }[] = [];
  const fatal: number[] = [];
  let kept: SessionRecord | null = null;
  let lives = 0;
  let shard: Shard;
  let phase: ShardState["phase"] = "idle";
  let phaseSinceMs = 0;

  const throttler = createIdentifyThrottler({
    clock,
    logger: SILENT,
    information: async () => ({
      url: "wss://front.test/",
      shards: 1,
      limit: { total: 1_000, remaining: 1_000, resetAfterMs: 0, concurrency: 1 },
    }),
    spent: () => {},
    count: (id, sinceMs, max) => store.countIdentify("1" as never, id, sinceMs, max),
    takeTurn: (key, paceMs) => store.takeIdentifyTurn("1" as never, key, paceMs),
  });

  function watch(): void {
    const stayedMs = clock.elapsedMs() - phaseSinceMs;
    const waits = phase === "live" || phase === "idle" || phase === "stopped" || phase === "queued";
    if (!waits && stayedMs > (fault.hangs ? 2 * STUCK_MS : STUCK_MS) && !(phase === "waiting" && fault.patienceMs)) {
      problems.push(`stuck in ${phase} for ${Math.round(stayedMs)} ms`);
    }
  }

  function born(): Shard {
    lives += 1;
    const life = lives;
    return createShard({
      session: {
        shard: 0,
        shards: 1,
        token: "token",
        intents: 1,
        gatewayUrl: () => "wss://front.test/",
        properties: { os: "test", browser: "test", device: "test" },
        largeThreshold: null,
        presence: null,
        resume: kept,
      },
      // A killed process opens nothing and hears nothing any more.
      open: (url, listener) => (life === lives ? discord.open(url, listener) : { send() {}, end() {} }),
      clock,
      logger: SILENT,
      permit: (id, signal) =>
        throttler.waitForIdentify(id, signal).then(
          () => ({ granted: true }) as const,
          (error) => {
            if (!(error instanceof IdentifyRefused)) throw error;
            const { retryAtMs, message: reason, waitsFor } = error;
            return { granted: false, retryAtMs, reason, waitsFor } as const;
          },
        ),
      remember(session) {
        if (life === lives) kept = session;
      },
      events: {
        dispatch: (dispatch) => {
          if (life !== lives) return;
          take(dispatch, life);
        },
        state(_, state) {
          if (life !== lives || state.phase === phase) return;
          watch();
          phase = state.phase;
          phaseSinceMs = clock.elapsedMs();
        },
        fatal: (_, problem) => fatal.push(problem.code ?? 0),
      },
    });
  }

  function take(dispatch: Dispatch, life: number): void {
    if (dispatch.type !== "MESSAGE_CREATE") return;
    delivered.push({ content: JSON.parse(Buffer.from(dispatch.bytes).toString()).d.content, life });
    // Handling takes a while: what is settled lags behind what was received.
    const settles: SessionRecord | null = kept;
    clock.after(random() * 2_000, () => {
      if (kept !== null && kept.id === settles?.id && dispatch.seq === kept.seq + 1)
        kept = { ...kept, seq: dispatch.seq };
    });
  }

  async function talk(ms: number): Promise<void> {
    const untilMs = clock.elapsedMs() + ms;
    while (clock.elapsedMs() < untilMs) {
      await clock.advance(Math.min(random() * 2_500, untilMs - clock.elapsedMs() + 1));
      discord.say();
    }
  }

  shard = born();
  shard.start();
  await talk(10_000 + random() * 60_000);
  await fault.happen({
    clock,
    discord,
    random,
    restart() {
      discord.cut();
      shard = born();
      shard.start();
    },
  });
  await talk(5_000 + random() * 20_000);
  discord.clear();
  await talk(60_000 + random() * 30_000 + (fault.patienceMs ?? 0));
  await clock.advance(60_000);
  watch();

  const ended = shard.state();
  if (ended.phase !== (fault.ends ?? "live")) problems.push(`ended ${ended.phase}`);
  if (fault.ends === "stopped" && fatal.length !== 1) problems.push(`${fatal.length} alerts`);
  if (fault.ends !== "stopped" && fatal.length > 0) problems.push(`stopped by ${fatal}`);
  problems.push(...discord.faults);

  for (let i = 0; i < discord.identifiedAtMs.length; i++) {
    const within = (discord.identifiedAtMs[i + 5] ?? Number.POSITIVE_INFINITY) - (discord.identifiedAtMs[i] ?? 0);
    if (within < 10 * 60_000 - 100) problems.push(`six IDENTIFYs within ${within} ms`);
  }

  if (fault.identifies !== undefined && discord.identifiedAtMs.length !== fault.identifies) {
    problems.push(`${discord.identifiedAtMs.length} IDENTIFYs`);
  }
  const resumes = discord.resumedAtMs.length;
  if (resumes > (fault.resumesMax ?? Number.POSITIVE_INFINITY) || resumes < (fault.resumesMin ?? 0)) {
    problems.push(`${resumes} RESUMEs`);
  }
  if (!fault.hangs && discord.lateHeartbeats() > 0) problems.push(`${discord.lateHeartbeats()} late heartbeats`);
  discord.connections.forEach((connection, i) => {
    const next = discord.connections[i + 1];
    if (connection.silentSinceMs === null || next === undefined) return;
    // One heartbeat and 5 s, then at most a second's back-off.
    const foundMs = next.openedAtMs - connection.silentSinceMs;
    if (foundMs > HEARTBEAT_MS + 6_100) problems.push(`a zombie lived for ${Math.round(foundMs)} ms`);
  });

  const contents = new Set(delivered.map((event) => event.content));
  const twice = delivered.filter(
    (event, i) => delivered.findIndex((other) => other.content === event.content && other.life === event.life) !== i,
  );
  if (twice.length > 0) problems.push(`handed on twice: ${twice.map((event) => event.content).slice(0, 5)}`);
  if (!fault.mayGiveUp && fault.ends !== "stopped") {
    const lost = discord.replayable().filter((event) => !contents.has(event.content));
    if (lost.length > 0) problems.push(`lost ${lost.length}: ${JSON.stringify(lost.slice(0, 3))}`);
  }
  if (!fault.disorderly) {
    const numbers = delivered.filter((event) => event.life === lives).map((event) => Number(event.content.slice(1)));
    if (numbers.some((number, i) => i > 0 && number < (numbers[i - 1] ?? 0))) problems.push("out of order");
  }
  if (contents.size === 0) problems.push("nothing was delivered at all");
  shard.stop();
  await clock.advance(30_000);
  return { problems, identifies: discord.identifiedAtMs.length, resumes };
}
