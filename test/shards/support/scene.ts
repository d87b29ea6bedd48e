/**
 * A pool over fake workers, run by `bun run` in a process of its own (under `bun test` a worker's uncaught exceptions are
 * the runner's). Prints one JSON line: what a test asks about.
 */
import { type PoolOptions, WorkerPool } from "../../../shards/pool.ts";
import type { News } from "../../../src/bus.ts";
import type { ApplicationId } from "../../../src/ids.ts";
import { createLogger } from "../../../src/logger.ts";
import type { Outcome } from "../../../src/record.ts";
import { BOT, eventFrame, type MessageFrame, messageFrame } from "./frames.ts";

export const APPLICATION = "980000000000000001" as ApplicationId;

export type Inbox = Map<string, { guild: string | null; payload: string; attempts: number }>;

export class Scene {
  readonly pool: WorkerPool;
  readonly deeds: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly inbox: Inbox = new Map();
  readonly marks = new Map<number, number>();
  /** How many rows the inbox was asked for at a time, and what they wait for. */
  readonly puts = { atOnce: 0, most: 0, gate: Promise.resolve() };
  seq = 0;
  readonly #listeners = new Set<(news: News) => void>();

  constructor(options: Partial<PoolOptions> = {}) {
    const inbox = this.inbox;
    this.pool = new WorkerPool({
      workers: 1,
      config: { web: { publicUrl: "https://gatehouse.example" } },
      logger: createLogger({ level: "silent", format: "json" }),
      entry: new URL("./fake-worker.ts", import.meta.url),
      ports: { deeds: { note: async (worker: number, what: string) => void this.deeds.push(`${worker} ${what}`) } },
      bus: {
        publish: async (news) => {
          for (const listener of this.#listeners) listener(news);
        },
        subscribe: (listener) => {
          this.#listeners.add(listener);
          return () => void this.#listeners.delete(listener);
        },
        close: async () => {},
      },
      inbox: {
        put: async (_, message, guild, payload) => {
          this.puts.atOnce++;
          this.puts.most = Math.max(this.puts.most, this.puts.atOnce);
          await this.puts.gate;
          this.puts.atOnce--;
          inbox.set(message, { guild, payload, attempts: 0 });
        },
        remove: async (_, message) => void inbox.delete(message),
        park: async (_, message) => void Object.assign(inbox.get(message) ?? {}, { attempts: 3 }),
        holders: async () => ["dead", "alive"],
        take: async () =>
          [...inbox]
            .filter(([, row]) => row.attempts < 3)
            .map(([message, row]) => ({ message, ...row, attempts: ++row.attempts })) as never,
      },
      settle: (_, shard, seq) => void this.marks.set(shard, seq),
      onOutcome: (_, outcome) => void this.outcomes.push(outcome),
      ringBytes: 1 << 20,
      ...options,
    });
  }

  say(frame: Omit<MessageFrame, "seq"> & { readonly to?: "bot" } = {}): number {
    const seq = ++this.seq;
    const content = frame.to === "bot" ? `<@${BOT}> ${frame.content ?? "hi"}` : (frame.content ?? "hello");
    const mentions = frame.to === "bot" ? [BOT] : [];
    this.dispatch("MESSAGE_CREATE", seq, messageFrame({ ...frame, content, mentions, seq }));
    return seq;
  }

  event(type: string, data: unknown): number {
    const seq = ++this.seq;
    this.dispatch(type, seq, eventFrame(type, seq, data));
    return seq;
  }

  dispatch(type: string, seq: number, bytes: Buffer): void {
    this.pool.dispatch(APPLICATION, {
      shard: 0,
      seq,
      type,
      receivedAtMs: performance.timeOrigin + performance.now(),
      bytes,
    });
    // Valid during the call only: whoever keeps them reads nonsense.
    bytes.fill(0);
  }

  publish(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }

  async until(condition: () => boolean, what: string, msMax = 8_000): Promise<void> {
    for (const end = Date.now() + msMax; !condition(); await Bun.sleep(5)) {
      if (Date.now() > end) throw new Error(`waited in vain until ${what}: ${JSON.stringify(this.report())}`);
    }
  }

  report(): Report {
    const { messagesIn, interactionsIn, ignored, parked, inboxed, outcomes } = this.pool.metrics;
    return {
      messagesIn,
      interactionsIn,
      ignored,
      parked,
      inboxed,
      total: outcomes.total(),
      outcomes: Object.fromEntries(outcomes.all().map(({ kind, reason, count }) => [`${kind}/${reason}`, count])),
      mark: this.marks.get(0) ?? null,
      depth: this.pool.depth(),
      restarts: this.pool.metrics.workers().reduce((sum, worker) => sum + worker.restarts, 0),
      deeds: this.deeds,
      inbox: this.inbox.size,
    };
  }
}

export type Report = {
  readonly messagesIn: number;
  readonly interactionsIn: number;
  readonly ignored: number;
  readonly parked: number;
  readonly inboxed: number;
  readonly total: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly mark: number | null;
  readonly depth: number;
  readonly restarts: number;
  readonly deeds: readonly string[];
  readonly inbox: number;
};
