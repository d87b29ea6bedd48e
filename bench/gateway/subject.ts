/** Processes under measurement and the one that feeds them: started, asked over IPC or `/metrics`, stopped. */

import { join } from "node:path";
import { freePort } from "../simulator/free-port.ts";
import { pinned } from "./cores.ts";
import type { Answer, Ask } from "./feeder-protocol.ts";
import { type ThreadMs, threadMsOf } from "./threads.ts";

const HERE = import.meta.dir;
const TRUST = { NODE_EXTRA_CA_CERTS: join(HERE, "tls", "certificate.pem") };

/** What a subject had done at one moment. */
export type Sample = {
  /** Frames that reached their verdict (a peer: its callback). */
  readonly frames: number;
  readonly cpuMs: number;
  readonly threads: ThreadMs;
  readonly atMs: number;
  /** Taken in and without an end yet; a peer has none. */
  readonly open: number;
  /** Ours only: frames taken in that a verdict was wanted for. */
  readonly taken: number;
  /** GUILD_CREATEs that reached it; ours counts everything but messages and READY. */
  readonly guilds: number;
  /** Ours only: frames of any kind whose end is not known. */
  readonly waiting: number;
  /** Ours only: by outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Ours only: verdict latency, upper bound in seconds → how many so far. */
  readonly latency: ReadonlyMap<number, number>;
};

export type Subject = {
  readonly name: string;
  readonly token: string;
  readonly pid: number;
  sample(): Promise<Sample>;
  /** Has the process collect its garbage; it was started with `collect.ts`. */
  collect(): void;
  stop(): Promise<void>;
};

export type Feeder = {
  readonly api: string;
  readonly gateway: string;
  /** The same over TLS, with a certificate that `startCounter` and `startGatehouse` trust. */
  readonly secureGateway: string;
  ask(ask: Ask): Promise<Answer>;
  stop(): void;
};

export async function startFeeder(options: object = {}): Promise<Feeder> {
  const replies = new Map<number, (value: unknown) => void>();
  const child = Bun.spawn(pinned([process.execPath, join(HERE, "feeder.ts"), JSON.stringify(options)], "feeder"), {
    stdio: ["ignore", "ignore", "inherit"],
    ipc: (message: { ask: number }) => {
      replies.get(message.ask)?.(message);
      replies.delete(message.ask);
    },
  });
  const reply = <T>(id: number) => new Promise<T>((resolve) => replies.set(id, resolve as (value: unknown) => void));
  type Addresses = Pick<Feeder, "api" | "gateway" | "secureGateway">;
  const { api, gateway, secureGateway } = await within(30_000, "the feeder", reply<Addresses>(0));
  let last = 0;
  return {
    api,
    gateway,
    secureGateway,
    ask(ask) {
      const id = ++last;
      const answer = within(120_000, `the feeder's ${ask.op}`, reply<Answer>(id));
      child.send({ ...ask, ask: id });
      return answer;
    },
    stop: () => child.kill(),
  };
}

/** A program of ours or a peer's that counts what it got, and says so over IPC. */
export function startCounter(name: string, token: string, command: readonly string[], cwd = HERE): Subject {
  let told: ((value: unknown) => void) | null = null;
  const child = Bun.spawn(pinned([process.execPath, ...command], "subject"), {
    cwd,
    env: { ...process.env, ...TRUST },
    stdio: ["ignore", "ignore", "pipe"],
    ipc: (message) => told?.(message),
  });
  const errors = new Response(child.stderr).text();
  return {
    name,
    token,
    pid: child.pid,
    async sample() {
      const answer = new Promise<Pick<Sample, "frames" | "guilds" | "cpuMs" | "atMs">>((resolve, reject) => {
        told = resolve as (value: unknown) => void;
        void child.exited.then(async () => reject(new Error(`${name} ended: ${(await errors).slice(-800)}`)));
      });
      child.send("sample");
      const counted = await within(30_000, name, answer);
      const threads = await threadMsOf(child.pid);
      return {
        ...counted,
        threads,
        open: 0,
        waiting: 0,
        taken: counted.frames,
        outcomes: new Map(),
        latency: new Map(),
      };
    },
    collect: () => child.kill("SIGUSR2"),
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}

/** `gatehouse gateway`, as production starts it. */
export async function startGatehouse(options: {
  readonly name: string;
  readonly application: string;
  readonly token: string;
  readonly api: string;
  readonly compression: "none" | "zlib-stream" | "zstd-stream";
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly key: string;
  readonly preload?: string;
  readonly workers?: number;
}): Promise<Subject> {
  const port = freePort();
  const main = join(HERE, "..", "..", "shards", "main.ts");
  const preload = options.preload === undefined ? [] : ["--preload", options.preload];
  const child = Bun.spawn(pinned([process.execPath, ...preload, main, "gateway"], "subject"), {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...TRUST,
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      DISCORD_API_BASE: options.api,
      DISCORD_TOKEN: options.token,
      DISCORD_APPLICATION_ID: options.application,
      DISCORD_COMPRESSION: options.compression,
      DATABASE_URL: options.databaseUrl,
      GATEHOUSE_KEY: options.key,
      GATEHOUSE_DATA_DIR: options.dataDir,
      PORT: String(port),
      ...(options.workers === undefined ? {} : { GATEHOUSE_WORKERS: String(options.workers) }),
      LOG_LEVEL: "warn",
      LOG_FORMAT: "text",
    },
  });
  const errors = new Response(child.stderr).text();
  // A bench that is stopped leaves nothing running.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  void child.exited.then(() => process.off("exit", kill));
  const subject: Subject = {
    name: options.name,
    token: options.token,
    pid: child.pid,
    async sample() {
      if (child.exitCode !== null) throw new Error(`${options.name} ended: ${(await errors).slice(-2_000)}`);
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return { ...readMetrics(text, performance.timeOrigin + performance.now()), threads: await threadMsOf(child.pid) };
    },
    collect: () => child.kill("SIGUSR2"),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await child.exited;
      clearTimeout(timer);
    },
  };
  await until(`${options.name} answers on /metrics`, 60_000, async () => {
    try {
      await subject.sample();
      return true;
    } catch (error) {
      if (child.exitCode !== null) throw error;
      return false;
    }
  });
  return subject;
}

function readMetrics(text: string, atMs: number): Omit<Sample, "threads"> {
  const outcomes = new Map<string, number>();
  const latency = new Map<number, number>();
  let cpuMs = 0;
  let frames = 0;
  let open = 0;
  let taken = 0;
  let waiting = 0;
  let dispatches = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const space = line.lastIndexOf(" ");
    const name = line.slice(0, space);
    const value = Number(line.slice(space + 1));
    if (name === "process_cpu_seconds_total") cpuMs = value * 1_000;
    if (name === "gatehouse_messages_total") taken = value;
    if (name === "gatehouse_messages_open") open = value;
    if (name === "gatehouse_dispatches_total") dispatches = value;
    if (/^gatehouse_worker_(?:ring|held|lanes)_frames\{/.test(name)) waiting += value;
    if (name.startsWith("gatehouse_worker_verdicts_total{")) frames += value;
    const [, kind, reason] = /^gatehouse_outcomes_total\{kind="([^"]+)",reason="([^"]+)"/.exec(name) ?? [];
    if (kind !== undefined && reason !== undefined) outcomes.set(`${kind}/${reason}`, value);
    const bound = /^gatehouse_verdict_seconds_bucket\{le="([^"]+)"/.exec(name)?.[1];
    if (bound !== undefined) latency.set(bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound), value);
  }
  const guilds = Math.max(0, dispatches - taken - 1);
  return { frames, guilds, cpuMs, atMs, open, taken, waiting, outcomes, latency };
}

export async function until(what: string, msMax: number, condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + msMax; !(await condition()); await Bun.sleep(50)) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
  }
}

async function within<T>(ms: number, who: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${who} did not answer within ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resident memory of a process in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024;
}
