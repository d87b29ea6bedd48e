/**
 * The workers of a process, and the routing of dispatches to them. Every dispatch ends exactly once.
 *
 * A guild belongs to one worker (`hash(guild) % workers`; a direct message goes by its channel), so everything remembered about a
 * guild is in one place. Messages go through the worker's ring, interactions go past it, and dispatches that no worker wants settle
 * at once. When a sequence number settles, the shard's ledger moves its mark. A message that is held for more than 2 s is written to
 * the inbox and settles.
 */
import type { News } from "../src/bus.ts";
import { type Clock, systemClock, type Timer } from "../src/clock.ts";
import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/ids.ts";
import { type Outcome, outcome } from "../src/record.ts";
import type { InboxStore } from "../src/store/ports/inbox.ts";
import { serve } from "../src/worker-door.ts";
import {
  BROADCASTS,
  type Dispatch,
  dispatchKindOf,
  INTERACTION_CREATE,
  MESSAGE_CREATE,
  type ShardSource,
  stamp,
} from "./border/protocol.ts";
import { ABSENT, channelAt, guildAt, hashDigits, ownIdAt } from "./border/scan.ts";
import { type OutcomeCount, OutcomeCounts } from "./outcome-counts.ts";
import { type Entry, idsOf } from "./pool/entry.ts";
import { Ledger } from "./pool/ledger.ts";
import type { PoolOptions } from "./pool/options.ts";
import { Saves } from "./pool/saves.ts";
import { STALL_MS, WorkerSupervisor } from "./pool/supervisor.ts";
import { type PoolMetrics, view } from "./pool/view.ts";

export type { PoolOptions } from "./pool/options.ts";

/** Holds what comes while a worker waits for a core: a tenth of a second of messages that it must read, as fast as it can read them. */
const RING_BYTES = 4 << 20;
const CHECK_MS = 250;
const RECLAIM_EVERY = 64;
const INBOX_TTL_MS = 15 * 60_000;
const RECOVER_MS = 10_000;
/** More left messages than this are taken at the next look. */
const LEFT_MAX = 500;
/** The holder's name in the inbox when the process has no name. */
const UNNAMED_PROCESS = "pool";

type Left = Awaited<ReturnType<InboxStore["take"]>>;
type Shard = ShardSource & { readonly ledger: Ledger; dirty: boolean };
type Route = { source: number; kind: number; guildAt: number; token: number; receivedAtMs: number };

export class WorkerPool {
  readonly metrics: PoolMetrics;
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #workers: WorkerSupervisor[];
  readonly #shards: Shard[] = [];
  readonly #byApplication = new Map<ApplicationId, Map<number, Shard>>();
  readonly #counts = new OutcomeCounts();
  readonly #ringFull = this.#counts.of("dropped", "ring-full");
  readonly #notMentioned = this.#counts.of("silent", "not-mentioned");
  /** Of the dispatch that `#workerOf` was asked for: the hash of its guild; null: none, undefined: it may be any. */
  #guild: number | null | undefined = null;
  readonly #route: Route = { source: 0, kind: 0, guildAt: -1, token: -1, receivedAtMs: 0 };
  #dirty: Shard[] = [];
  #last: Shard | null = null;
  #timer: Timer | null = null;
  #unlisten: (() => void) | null = null;
  #waiting: (() => void)[] = [];
  #draining = false;
  readonly #recovers = new Set<ApplicationId>();
  #recoveredAtMs = 0;
  readonly #saves = new Saves();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#workers = Array.from(
      { length: options.workers },
      (_, worker) =>
        new WorkerSupervisor({
          worker,
          entry: options.entry ?? new URL("./worker.ts", import.meta.url),
          config: options.config,
          ringBytes: options.ringBytes ?? RING_BYTES,
          stallMs: options.stallMs ?? STALL_MS,
          host: {
            clock: this.#clock,
            logger: options.logger,
            sources: () => this.#shards.map(({ index, application, shard }) => ({ index, application, shard })),
            serve: (request) => serve(options.ports, request),
            count: (kind, reason) => this.#counts.of(kind, reason),
            settle: (source, token) => this.#settle(source, token),
            waited: (source, token, isSilent) => {
              (isSilent ? this.#notMentioned : this.#ringFull).count++;
              this.#settle(source, token);
            },
            settled: () => this.#tell(),
            ended: (entry, outcome) => this.#ended(entry, outcome),
            parked: (entry) => this.#parked(entry),
            ready: () => this.#wakeWaiting(),
          },
        }),
    );
    this.metrics = {
      messagesIn: 0,
      dispatches: 0,
      ignored: 0,
      interactionsIn: 0,
      parked: 0,
      inboxed: 0,
      outcomes: this.#counts,
      workers: () => this.#workers.map((worker, index) => view(worker, index)),
    };
  }

  /** Settles when every worker is ready to work. */
  async start(): Promise<void> {
    for (const worker of this.#workers) worker.start();
    this.#unlisten = this.#options.bus.subscribe((news) => this.#news(news));
    this.#check();
    while (this.#workers.some((worker) => worker.state !== "running")) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /**
   * Runs again what ended processes left in the inbox; answers how many. Call before the bot's shards connect; from then on
   * it is looked after by itself, since another process may end later.
   */
  async recover(application: ApplicationId): Promise<number> {
    this.#recovers.add(application);
    this.#recoveredAtMs = this.#clock.now();
    try {
      return this.#runAgain(application, await this.#left(application));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // It is still there the next time.
      this.#options.logger.warn({ application, error }, "inbox-unread");
      return 0;
    }
  }

  /** Takes a dispatch in; never waits. A dispatch without room is counted and settles. */
  dispatch(application: ApplicationId, dispatch: Dispatch): void {
    const { type, bytes, seq } = dispatch;
    const shard = this.#shard(application, dispatch.shard);
    if (type === "READY") shard.ledger.restart();
    const token = shard.ledger.enter(seq);
    const kind = dispatchKindOf(type);
    this.metrics.dispatches++;
    if (kind === undefined || this.#draining) {
      this.#unwanted(application, type, bytes);
      this.#settle(shard.index, token);
      return;
    }

    const isMessage = kind === MESSAGE_CREATE;
    if (isMessage) this.metrics.messagesIn++;
    if (isMessage && this.#refuses(bytes.length)) {
      this.#end(this.#ringFull, shard, token);
      if (this.metrics.dispatches % RECLAIM_EVERY === 0) for (const worker of this.#workers) worker.reclaim();
      return;
    }
    const route = this.#route;
    route.source = shard.index;
    route.kind = kind;
    route.token = token;
    route.receivedAtMs = dispatch.receivedAtMs;
    const worker = this.#workerOf(bytes, kind);
    if (kind === INTERACTION_CREATE) {
      this.metrics.interactionsIn++;
      worker.urgent({ ...route }, bytes);
      return;
    }
    const guild = this.#guild;
    const isAsked = isMessage && guild != null;
    const finding = isAsked ? worker.find(application, dispatch, route.guildAt, guild) : "unknown";
    if (finding === "silent") {
      this.#end(this.#notMentioned, shard, token);
    } else if (finding === "waits" ? !worker.wait(route, bytes) : !worker.write(route, bytes, guild)) {
      this.#end(isMessage ? this.#ringFull : null, shard, token);
    }
    if (this.metrics.dispatches % RECLAIM_EVERY === 0) worker.reclaim();
  }

  /** The shard went on elsewhere: if it comes back, its sequence numbers begin anew. */
  restart(application: ApplicationId, shard: number): void {
    this.#byApplication.get(application)?.get(shard)?.ledger.restart();
  }

  /** Everything taken in whose end is not known. */
  depth(): number {
    return this.#workers.reduce((sum, worker) => sum + worker.depth, 0);
  }

  /** Lets the work in hand end, `deadlineMs` at the longest; dispatches that still come are left to the next process. */
  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    const until = this.#clock.now() + deadlineMs;
    while (this.depth() > 0 && this.#clock.now() < until) {
      for (const worker of this.#workers) worker.reclaim();
      await this.#clock.sleep(Math.min(20, Math.max(1, until - this.#clock.now())));
    }
    const left = Math.max(100, until - this.#clock.now());
    await Promise.all(this.#workers.map((worker) => worker.ask({ op: "drain", deadlineMs: left }, "drained", left)));
    for (const worker of this.#workers) worker.reclaim();
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    this.#unlisten?.();
    await Promise.all(this.#workers.map((worker) => worker.stop(2_000)));
  }

  async #left(application: ApplicationId): Promise<Left> {
    const { inbox, holder, isDead } = this.#options;
    const dead = (await inbox.holders(application)).filter((name) => isDead?.(name) ?? false);
    return await inbox.take(application, {
      holder: holder ?? UNNAMED_PROCESS,
      dead,
      limit: LEFT_MAX,
      ttlMs: INBOX_TTL_MS,
    });
  }

  #runAgain(application: ApplicationId, rows: Left): number {
    const source = this.#shard(application, -1);
    for (const row of rows) {
      const payload = Buffer.from(row.payload);
      const kind = payload.includes('"INTERACTION_CREATE"') ? INTERACTION_CREATE : MESSAGE_CREATE;
      if (kind === MESSAGE_CREATE) this.metrics.messagesIn++;
      const record = { source: source.index, kind, guildAt: -1, token: -1, receivedAtMs: stamp() };
      this.#workerOf(payload, kind).again(record, payload);
    }
    return rows.length;
  }

  // — in ———————————————————————————————————————————————————————————————————————

  #shard(application: ApplicationId, number: number): Shard {
    const last = this.#last;
    if (last !== null && last.shard === number && last.application === application) return last;
    let shards = this.#byApplication.get(application);
    if (shards === undefined) {
      shards = new Map();
      this.#byApplication.set(application, shards);
    }
    let shard = shards.get(number);
    if (shard === undefined) {
      shard = { index: this.#shards.length, application, shard: number, ledger: new Ledger(), dirty: false };
      shards.set(number, shard);
      this.#shards.push(shard);
      const source = { index: shard.index, application, shard: number };
      for (const worker of this.#workers) worker.post({ op: "source", source });
    }
    this.#last = shard;
    return shard;
  }

  /** Every worker refuses a message of so many bytes, and none of them would be silent anyway: whose it is makes no difference. */
  #refuses(payloadBytes: number): boolean {
    // Of every message this is asked: no iterator.
    for (let i = 0; i < this.#workers.length; i++) {
      const worker = this.#workers[i] as WorkerSupervisor;
      if (worker.quiet.size > 0 || !worker.ring.refuses(payloadBytes)) return false;
    }
    return true;
  }

  /** Notes in `#route` and `#guild` where the guild is and which; a guild we cannot find is looked for by the worker, with JSON.parse. */
  #workerOf(bytes: Uint8Array, kind: number): WorkerSupervisor {
    const own = kind >= 5 && kind <= 7;
    let at = own ? ownIdAt(bytes) : guildAt(bytes);
    this.#route.guildAt = at < 0 ? -1 : at;
    const isGuild = at >= 0;
    this.#guild = at === ABSENT ? null : undefined;
    if (!isGuild) at = channelAt(bytes);
    const hash = at < 0 ? 0 : hashDigits(bytes, at);
    if (isGuild) this.#guild = hash;
    return this.#workers[hash % this.#workers.length] as WorkerSupervisor;
  }

  #unwanted(application: ApplicationId, type: string, bytes: Uint8Array): void {
    this.metrics.ignored++;
    if (this.#draining || !BROADCASTS.has(type)) return;
    for (const worker of this.#workers)
      worker.post({ op: "broadcast", application, type, bytes: new Uint8Array(bytes) });
  }

  #news(news: News): void {
    for (const worker of this.#workers) worker.post({ op: "news", news });
  }

  // — ends —————————————————————————————————————————————————————————————————————

  /** Ends a dispatch that no worker has. Null: it is no message. */
  #end(count: OutcomeCount | null, shard: Shard, token: number): void {
    if (count !== null) count.count++;
    this.#settle(shard.index, token);
  }

  #settle(source: number, token: number): void {
    const shard = this.#shards[source];
    if (shard === undefined || !shard.ledger.settle(token) || shard.dirty) return;
    shard.dirty = true;
    this.#dirty.push(shard);
  }

  #tell(): void {
    if (this.#dirty.length === 0) return;
    for (const shard of this.#dirty) {
      shard.dirty = false;
      if (shard.ledger.mark !== null) this.#options.settle(shard.application, shard.shard, shard.ledger.mark);
    }
    this.#dirty = [];
  }

  #ended(entry: Entry, ended: Outcome | null): void {
    const application = this.#shards[entry.record.source]?.application;
    if (entry.record.kind === MESSAGE_CREATE) {
      const end = ended ?? outcome("failed", "no-outcome", 0);
      this.#counts.of(end.kind, end.reason).count++;
      if (application !== undefined) this.#options.onOutcome?.(application, end);
    }
    if (entry.saved) this.#forget(entry);
    else this.#settle(entry.record.source, entry.record.token);
  }

  #parked(entry: Entry): void {
    this.metrics.parked++;
    const { message } = idsOf(entry);
    this.#options.logger.error({ message, deaths: entry.deaths }, "message-parked");
    // It stays in the inbox, for people to look at; nobody runs it again by itself.
    this.#save(entry, true);
    if (entry.record.kind === MESSAGE_CREATE) this.#counts.of("failed", "poison").count++;
    const application = this.#shards[entry.record.source]?.application;
    if (application !== undefined) this.#options.onOutcome?.(application, outcome("failed", "poison", 0));
  }

  #check(): void {
    const nowMs = this.#clock.now();
    for (const worker of this.#workers) {
      worker.check(nowMs);
      for (const entry of this.#saves.due(worker.held.values(), nowMs)) this.#save(entry);
    }
    this.#tell();
    if (!this.#draining && nowMs - this.#recoveredAtMs > RECOVER_MS) {
      for (const application of this.#recovers) void this.recover(application);
    }
    this.#timer = this.#clock.after(CHECK_MS, () => this.#check());
  }

  /** Into the inbox; its sequence settles once it is there. */
  #save(entry: Entry, parked = false): void {
    const application = this.#shards[entry.record.source]?.application;
    const { message, guild } = idsOf(entry);
    if (application === undefined || message === null) return;
    const { inbox, holder, logger } = this.#options;
    const text = Buffer.from(entry.payload).toString();
    const put = inbox.put(application, message, guild, text, holder ?? UNNAMED_PROCESS);
    const again = entry.saved;
    entry.saved = true;
    this.#saves.begun();
    entry.put = (parked ? put.then(() => inbox.park(application, message)) : put).then(
      () => {
        this.#saves.ended();
        if (!again) this.metrics.inboxed++;
        this.#settle(entry.record.source, entry.record.token);
      },
      (error: unknown) => {
        this.#saves.refused(this.#clock.now());
        entry.saved = again;
        logger.warn({ error, message }, "inbox-refused");
      },
    );
  }

  #forget(entry: Entry): void {
    const application = this.#shards[entry.record.source]?.application;
    const { message } = idsOf(entry);
    if (application === undefined || message === null) return;
    // A row that is on its way when the work ends must not stay: somebody would do the work again.
    void Promise.resolve(entry.put)
      .then(() => this.#options.inbox.remove(application, message))
      .catch((error: unknown) => this.#options.logger.warn({ error, message }, "inbox-refused"));
    this.#settle(entry.record.source, entry.record.token);
  }

  #wakeWaiting(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export function createWorkerPool(options: PoolOptions): WorkerPool {
  return new WorkerPool(options);
}
