/**
 * The worker's side of the protocol. Messages from main become calls of the intake; calls of ports become messages to main.
 * `serveWorker` runs a thread from start to end. worker.ts gives it the real services; tests give it their own.
 */
import type { News } from "../../src/bus.ts";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Pipeline, QuietBoard } from "../../src/pipeline.ts";
import { type Call, type PortReply, settle } from "../../src/worker-door.ts";
import { type FromWorker, type ShardSource, stamp, type ToWorker } from "../border/protocol.ts";
import { QuietMarks } from "../border/quiet.ts";
import { RingConsumer } from "../border/ring.ts";
import { Intake } from "./intake.ts";

/** The parts of a worker thread. `listen` receives the news of main's bus. */
export type WorkerBuild = (context: {
  readonly worker: number;
  readonly config: unknown;
  readonly call: Call;
  readonly listen: (listener: (news: News) => void) => () => void;
  readonly board: QuietBoard;
}) => Promise<{ readonly pipeline: Pipeline; close(): Promise<void> }>;

const collect = () => void Bun.gc(true);

const HEAP_TOLD_EVERY_MS = 5_000;

declare const self: {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
};

export function serveWorker(build: WorkerBuild): void {
  const post = (message: FromWorker) => self.postMessage(message);
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const listeners = new Set<(news: News) => void>();
  /** Told before there was somebody to tell. */
  const early: ToWorker[] = [];
  let intake: Intake | null = null;
  let pipeline: Pipeline | null = null;
  let close: (() => Promise<void>) | null = null;
  let board: QuietMarks | null = null;
  let lastCall = 0;
  let posts = 0;
  let telling = false;

  /** Counts a post of main's as dealt with once all that follows from it at once has run too. */
  const dealtWith = (): void => {
    posts++;
    if (telling) return;
    telling = true;
    setImmediate(() => {
      telling = false;
      board?.dealtWith(posts);
    });
  };

  const die = (ticket: number | null, error: unknown): void => {
    post({ op: "fault", ticket, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  };
  process.on("uncaughtException", (error) => die(null, error));
  process.on("unhandledRejection", (error) => die(null, error));

  const call: Call = (request) =>
    new Promise((resolve, reject) => {
      const id = ++lastCall;
      calls.set(id, { resolve, reject });
      post({ op: "call", call: id, request });
    });
  const listen = (listener: (news: News) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const start = async (message: Extract<ToWorker, { op: "start" }>): Promise<void> => {
    const ring = new RingConsumer(message.memory);
    // The thread ends with its process, or is terminated.
    const tellHeap = () => {
      ring.tellHeap(process.memoryUsage().heapUsed);
      systemClock.after(HEAP_TOLD_EVERY_MS, tellHeap);
    };
    tellHeap();
    board = new QuietMarks(message.quiet, {
      post: (quiet) => post({ op: "quiet", quiet }),
      now: stamp,
      wallNow: systemClock.now,
    });
    const built = await build({ worker: message.worker, config: message.config, call, listen, board });
    pipeline = built.pipeline;
    close = built.close;
    intake = new Intake({ ring, pipeline, post, die, collect, now: stamp, wallNow: systemClock.now });
    // Garbage of building the pipeline.
    collect();
    for (const told of early.splice(0)) take(told);
    post({ op: "ready" });
    await intake.run();
  };

  const reply = (id: number, answer: PortReply): void => {
    const waiting = calls.get(id);
    calls.delete(id);
    try {
      waiting?.resolve(settle(answer));
    } catch (error) {
      waiting?.reject(error);
    }
  };

  const drain = async (deadlineMs: number): Promise<void> => {
    await pipeline?.drain(deadlineMs);
    post({ op: "drained" });
  };

  const stop = async (): Promise<void> => {
    intake?.stop();
    await close?.();
    post({ op: "stopped" });
  };

  const take = (message: ToWorker): void => {
    switch (message.op) {
      case "start":
        start(message).catch((error: unknown) => die(null, error));
        return;
      case "reply":
        reply(message.call, message.reply);
        return;
      case "news":
        for (const listener of listeners) listener(message.news);
        return;
      case "stop":
        stop().catch((error: unknown) => die(null, error));
        return;
    }
    if (intake === null || pipeline === null) {
      early.push(message);
      return;
    }
    switch (message.op) {
      case "source":
        intake.source(message.source satisfies ShardSource);
        return;
      case "beside":
        intake.beside(message.ticket, message.bytes);
        return;
      case "urgent":
        intake.urgent(message.ticket, message.source, message.kind, message.receivedAtMs, message.bytes);
        return;
      case "broadcast":
        observe(pipeline, message.application, message.type, message.bytes);
        return;
      case "drain":
        drain(message.deadlineMs).catch((error: unknown) => die(null, error));
    }
  };

  const observe = (to: Pipeline, application: ApplicationId, type: string, bytes: Uint8Array): void => {
    const frame = JSON.parse(Buffer.from(bytes).toString()) as { readonly d?: unknown };
    to.observe(application, type, frame.d)?.catch((error: unknown) => die(null, error));
  };

  self.onmessage = (event) => {
    take(event.data);
    dealtWith();
  };
}
