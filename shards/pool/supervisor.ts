/**
 * The main thread's side of one worker: its ring, the dispatches it holds, its starts and ends.
 *
 *   starting ── ready ──▶ running ── close | error | fault | stall ──▶ starting (at once; later when it never got ready)
 *
 * A dispatch is kept until its outcome is known: first in the ring, then in `held`. When a worker dies, dispatches that had not
 * begun go into the next worker's ring, in order. Dispatches that were running are suspects: they are retried beside the ring, alone
 * after two crashes, and parked after three.
 */
import type { Timer } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Outcome } from "../../src/record.ts";
import type { PortRequest } from "../../src/worker-door.ts";
import { type Dispatch, type FromWorker, MESSAGE_CREATE, type ToWorker } from "../border/protocol.ts";
import {
  type RingProducer,
  type RingRecord,
  ringMemory,
  STATE_CODE,
  STATE_HELD,
  STATE_SEEN,
  STATE_WRITTEN,
} from "../border/ring.ts";
import type { OutcomeCount } from "../outcome-counts.ts";
import { Answers } from "./answers.ts";
import { type Entry, entryOf } from "./entry.ts";
import type { SupervisorHost, SupervisorOptions } from "./host.ts";
import { Inlet } from "./inlet.ts";
import { QuietGuilds, type Silence } from "./quiet-guilds.ts";

const DEATHS_MAX = 3;
/** A worker without a heartbeat for this long hangs. Loading a large guild's index takes less. */
export const STALL_MS = 5_000;
const START_MS_MAX = 30_000;
const RESTART_MS_MAX = 10_000;
const PRESSURE_SHARE = 0.5;
/** More held messages than this count as pressure; more than twice as many count as a full ring. */
const HELD_MAX = 4_096;

export class WorkerSupervisor {
  restarts = 0;
  state: "starting" | "running" | "stopped" = "stopped";
  readonly #worker: number;
  readonly #entry: string | URL;
  readonly #config: unknown;
  readonly #ringBytes: number;
  readonly #stallMs: number;
  readonly #host: SupervisorHost;
  #thread: Worker | null = null;
  #memory: SharedArrayBuffer;
  readonly quiet = new QuietGuilds();
  readonly #inlet: Inlet;
  #codes: OutcomeCount[] = [];
  readonly #held = new Map<number, Entry>();
  /** Ends that arrived before their record was taken back. */
  readonly #early = new Map<number, Outcome | null>();
  /** Suspects at their third life, one at a time. */
  #quarantine: Entry[] = [];
  #quarantined: number | null = null;
  #urgentTicket = 0;
  #beat = 0;
  #beatAtMs = 0;
  #startsFailed = 0;
  #restart: Timer | null = null;
  #suspect: number | null = null;
  readonly #answers: Answers<FromWorker["op"]>;

  constructor(options: SupervisorOptions) {
    this.#worker = options.worker;
    this.#entry = options.entry;
    this.#config = options.config;
    this.#ringBytes = options.ringBytes;
    this.#stallMs = options.stallMs;
    this.#host = options.host;
    this.#answers = new Answers(options.host.clock);
    this.#memory = ringMemory(options.ringBytes);
    this.#inlet = new Inlet(
      this.#memory,
      this.quiet,
      (message) => this.post(message),
      () => options.host.clock.now(),
    );
  }

  start(): void {
    const thread = new Worker(this.#entry, { name: `gatehouse-worker-${this.#worker}` } as WorkerOptions);
    this.#thread = thread;
    this.state = "starting";
    this.#beatAtMs = this.#host.clock.now();
    this.#suspect = null;
    thread.onmessage = (event: MessageEvent) => {
      if (thread === this.#thread) this.#hear(event.data as FromWorker);
    };
    thread.addEventListener("error", (event: ErrorEvent) => {
      event.preventDefault();
      this.#died(thread, event.message.slice(0, 500));
    });
    thread.addEventListener("close", () => this.#died(thread, "closed"));
    const shared = { memory: this.#memory, quiet: this.quiet.memory };
    this.post({ op: "start", worker: this.#worker, ...shared, config: this.#config });
    for (const source of this.#host.sources()) this.post({ op: "source", source });
  }

  post(message: ToWorker): void {
    this.quiet.posts++;
    this.#thread?.postMessage(message);
  }

  /** What the worker would say of this message. `hash`: of the guild whose digits start at `guildAt`. */
  find(bot: ApplicationId, message: Dispatch, guildAt: number, hash: number): Silence {
    if (this.state !== "running" || this.#inlet.overflows) return "unknown";
    return this.quiet.find(bot, message, guildAt, hash, this.ring.frontTicket);
  }

  /** False: full. `guild`: the hash of the one that the record may change; null: none; undefined: it may be any. Who types changes none. */
  write(record: RingRecord, payload: Uint8Array, guild: number | null | undefined): boolean {
    const isMessage = record.kind === MESSAGE_CREATE;
    if (isMessage && this.#held.size > 2 * HELD_MAX) return false;
    const inlet = this.#inlet;
    if (inlet.place(record, payload, guild)) return true;
    if (!inlet.overflows) this.reclaim();
    if (inlet.place(record, payload, guild) || inlet.defer(record, payload)) return true;
    if (isMessage) this.ring.noteRefused(payload.length);
    return false;
  }

  /** A message that `find` says waits. Where much is in the ring already, its bytes are not kept. False: full. */
  wait(record: RingRecord, payload: Uint8Array): boolean {
    const hasRoom = this.ring.used <= this.ring.capacity * PRESSURE_SHARE;
    return (hasRoom && this.write(record, payload, null)) || this.quiet.defer(record.source, record.token);
  }

  /** Past the ring, at once. */
  urgent(record: RingRecord, payload: Uint8Array): void {
    this.#send(entryOf(record, new Uint8Array(payload), this.#host.clock.now()));
  }

  /** Something from before this process: its sequence is settled, the inbox knows of it. */
  again(record: RingRecord, payload: Uint8Array): void {
    this.#send({ ...entryOf(record, payload, this.#host.clock.now()), saved: true });
  }

  /** Takes back what the worker is done with. */
  reclaim(): void {
    const { ring } = this;
    for (;;) {
      const state = ring.front();
      if (state >= STATE_CODE) {
        const count = this.#codes[state - STATE_CODE];
        // Its name is on the way.
        if (count === undefined) break;
        if (ring.frontKind === MESSAGE_CREATE) count.count++;
        this.#host.settle(ring.frontSource, ring.frontToken);
      } else if (state === STATE_SEEN) {
        this.#host.settle(ring.frontSource, ring.frontToken);
      } else if (state === STATE_HELD) {
        this.#take(this.#copy());
      } else break;
      this.#inlet.drop();
    }
    this.#inlet.advance();
    this.quiet.takeBack(ring.frontTicket, this.#host.waited);
    ring.pressure = ring.used > ring.capacity * PRESSURE_SHARE || this.#held.size > HELD_MAX;
    this.#host.settled();
  }

  /** Looks after the worker: stalled, or held for long. Called a few times a second. */
  check(nowMs: number): void {
    this.reclaim();
    const { beat } = this.ring;
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#beatAtMs = nowMs;
    }
    const patience = this.state === "running" ? this.#stallMs : START_MS_MAX;
    const thread = this.#thread;
    if (thread !== null && this.state !== "stopped" && nowMs - this.#beatAtMs > patience) {
      this.#died(thread, "stalled");
      thread.terminate();
    }
  }

  /** What the worker goes on with outside the ring. */
  get held(): ReadonlyMap<number, Entry> {
    return this.#held;
  }

  get shedEvents(): number {
    return this.#inlet.shedEvents;
  }

  get ring(): RingProducer {
    return this.#inlet.ring;
  }

  /** Everything given whose end is not known. */
  get depth(): number {
    return this.#inlet.depth + this.quiet.waiting + this.#held.size + this.#quarantine.length;
  }

  /** Posts, and settles when the worker answers with `answer`, or after `msMax`. */
  async ask(message: ToWorker, answer: FromWorker["op"], msMax: number): Promise<void> {
    if (this.#thread === null || this.state !== "running") return;
    const answered = this.#answers.wait(answer, msMax);
    this.post(message);
    await answered;
  }

  async stop(msMax: number): Promise<void> {
    this.#restart?.cancel();
    // A thread may be ended from outside only after it said "ready".
    if (this.#thread !== null && this.state === "starting") await this.#answers.wait("ready", msMax);
    await this.ask({ op: "stop" }, "stopped", msMax);
    const thread = this.#thread;
    const ready = this.state === "running";
    this.state = "stopped";
    this.#thread = null;
    if (ready) thread?.terminate();
    else (thread as (Worker & { unref(): void }) | null)?.unref();
  }

  #hear(message: FromWorker): void {
    switch (message.op) {
      case "ready":
        this.state = "running";
        this.#startsFailed = 0;
        this.#beatAtMs = this.#host.clock.now();
        this.#host.ready(this.#worker);
        this.#answers.came("ready");
        return;
      case "call":
        void this.#serve(message.call, message.request);
        return;
      case "code":
        this.#codes[message.code] = this.#host.count(message.kind, message.reason);
        return;
      case "quiet":
        // What was written by now may be what the worker has not seen yet.
        this.quiet.hear(message.quiet, this.ring.nextTicket - 1);
        return;
      case "done":
        for (const { ticket, outcome } of message.ends) this.#end(ticket, outcome);
        this.reclaim();
        return;
      case "idle":
        this.reclaim();
        return;
      case "fault":
        this.#suspect = message.ticket;
        this.#host.logger.error(
          { worker: this.#worker, ticket: message.ticket, fault: message.message },
          "worker-fault",
        );
        return;
      default:
        this.#answers.came(message.op);
    }
  }

  async #serve(call: number, request: PortRequest): Promise<void> {
    const thread = this.#thread;
    const reply = await this.#host.serve(request);
    if (thread === this.#thread) this.post({ op: "reply", call, reply });
  }

  #send(entry: Entry): void {
    const ticket = --this.#urgentTicket;
    this.#held.set(ticket, entry);
    if (entry.record.kind === MESSAGE_CREATE) this.quiet.reruns++;
    const { source, kind, receivedAtMs } = entry.record;
    this.post({ op: "urgent", ticket, source, kind, receivedAtMs, bytes: entry.payload });
  }

  #copy(): Entry {
    const { record, payload } = this.#inlet.copy();
    return entryOf(record, payload, this.#host.clock.now());
  }

  /** A held record leaves the ring. */
  #take(entry: Entry): void {
    const ticket = this.ring.frontTicket;
    const outcome = this.#early.get(ticket);
    if (outcome === undefined && !this.#early.has(ticket)) {
      this.#held.set(ticket, entry);
      return;
    }
    this.#early.delete(ticket);
    this.#host.ended(entry, outcome ?? null);
  }

  #end(ticket: number, outcome: Outcome | null): void {
    const entry = this.#held.get(ticket);
    if (entry === undefined) {
      this.#early.set(ticket, outcome);
      return;
    }
    this.#held.delete(ticket);
    if (ticket < 0 && entry.record.kind === MESSAGE_CREATE) this.quiet.reruns--;
    this.#host.ended(entry, outcome);
    if (ticket === this.#quarantined) this.#nextSuspect();
  }

  // — death ————————————————————————————————————————————————————————————————————

  #died(thread: Worker, why: string): void {
    if (thread !== this.#thread) return;
    this.#thread = null;
    if (this.state === "stopped") return;
    const wasReady = this.state === "running";
    const { suspects, fresh } = this.#leftBehind();
    this.#host.logger.error(
      { worker: this.#worker, why, suspects: suspects.length, again: fresh.length },
      "worker-died",
    );

    this.restarts++;
    this.#startsFailed = wasReady ? 0 : this.#startsFailed + 1;
    this.#memory = ringMemory(this.#ringBytes);
    this.#inlet.restart(this.#memory, fresh);
    this.quiet.takeBack(Number.POSITIVE_INFINITY, this.#host.waited);
    this.quiet.restart();
    this.#codes = [];
    this.#beat = 0;
    this.#answers.giveUp();

    const begin = () => {
      this.start();
      this.#inlet.advance();
      for (const suspect of suspects) {
        if (suspect.deaths >= DEATHS_MAX) this.#host.parked(suspect);
        else if (suspect.deaths === DEATHS_MAX - 1) this.#quarantine.push(suspect);
        else this.#send(suspect);
      }
      this.#nextSuspect();
      this.#host.settled();
    };
    if (this.#startsFailed === 0) {
      begin();
      return;
    }
    this.state = "starting";
    this.#restart = this.#host.clock.after(Math.min(RESTART_MS_MAX, 50 * 2 ** this.#startsFailed), begin);
  }

  /** Unfinished items: running ones (with a higher death count, unless the culprit is known), and those not begun, in order. */
  #leftBehind(): { readonly suspects: Entry[]; readonly fresh: Entry[] } {
    const fresh: Entry[] = [];
    const running: { readonly ticket: number; readonly entry: Entry }[] = [];
    this.reclaim();
    for (const [ticket, entry] of this.#held) running.push({ ticket, entry });
    this.#held.clear();
    for (let state = this.ring.front(); state >= 0; state = this.ring.front()) {
      const ticket = this.ring.frontTicket;
      const entry = this.#copy();
      if (this.#early.has(ticket)) this.#host.ended(entry, this.#early.get(ticket) ?? null);
      else if (state === STATE_WRITTEN) fresh.push(entry);
      else running.push({ ticket, entry });
      this.#inlet.drop();
    }
    this.#early.clear();
    this.#quarantined = null;
    const culprit = this.#suspect;
    for (const { ticket, entry } of running) if (culprit === null || ticket === culprit) entry.deaths++;
    return { suspects: running.map(({ entry }) => entry), fresh };
  }

  #nextSuspect(): void {
    const suspect = this.#quarantine.shift();
    this.#quarantined = null;
    if (suspect === undefined) return;
    this.#send(suspect);
    this.#quarantined = this.#urgentTicket;
  }
}
