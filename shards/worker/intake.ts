/**
 * The loop of one worker: ring → proof of silence → lanes → pipeline. Every message ends here in exactly one outcome.
 *
 * A slice reads the ring, settles messages that are proven silent, queues the others by channel, and runs lanes until its time is
 * up. Then timers and sockets get their turn. When a message's work continues (a model call), the message leaves its lane and the
 * ring, and main keeps its bytes. Outcomes without cost are written into the ring as a code; the others are posted.
 * Errors are caught here: an AppError becomes the message's outcome; any other error is a bug and ends the worker.
 */
import { AppError } from "../../src/errors.ts";
import type { ApplicationId, ChannelId, GuildId } from "../../src/ids.ts";
import { idStrings, readMessage } from "../../src/payload.ts";
import type { Interest, Pipeline } from "../../src/pipeline.ts";
import { type Outcome, type OutcomeKind, outcome } from "../../src/record.ts";
import { Proof } from "../border/proof.ts";
import {
  DISPATCH_KINDS,
  type FromWorker,
  GUILD_CREATE,
  INTERACTION_CREATE,
  MESSAGE_CREATE,
  type ShardSource,
  TYPING_START,
} from "../border/protocol.ts";
import { type RingConsumer, STATE_CODE, STATE_HELD, STATE_SEEN, STATE_STARTED } from "../border/ring.ts";
import { channelAt, guildAt, scanMessage } from "../border/scan.ts";
import { frameData } from "./frame-data.ts";
import { GuildGarbage } from "./guild-garbage.ts";
import { HeldMessages } from "./held.ts";
import { LANES_BUSY, type LaneClass, Lanes, SLICE, SLICE_HURRIED } from "./lanes.ts";

/** After this wait a smart-mode candidate is dropped: the conversation has moved on. */
const SMART_WAIT_MS_MAX = 2_000;
const SLEEP_MS_MAX = 200;
const CODES_MAX = 4096;
/** One verdict in so many is timed. */
const MEASURE_EVERY = 8;

type Item = {
  /** Where its record is in the ring; -1: it came past the ring. */
  readonly at: number;
  readonly ticket: number;
  readonly application: ApplicationId;
  readonly kind: number;
  readonly receivedAtMs: number;
  /** Stays readable until the record is marked finished. */
  readonly bytes: Buffer;
  readonly laneClass: LaneClass;
};

export type IntakeOptions = {
  readonly ring: RingConsumer;
  readonly pipeline: Pipeline;
  readonly post: (message: FromWorker) => void;
  /** Ends the thread: a bug came up. */
  readonly die: (ticket: number | null, error: unknown) => void;
  /** Collects garbage; may take tens of milliseconds. */
  readonly collect: () => void;
  /** A `stamp` of now. */
  readonly now: () => number;
  /** The wall's clock, which the pipeline's deadlines go by. */
  readonly wallNow: () => number;
};

export class Intake {
  readonly #ring: RingConsumer;
  readonly #pipeline: Pipeline;
  readonly #post: (message: FromWorker) => void;
  readonly #die: IntakeOptions["die"];
  readonly #guildGarbage: GuildGarbage;
  readonly #now: () => number;
  readonly #wallNow: () => number;
  readonly #proof = new Proof();
  readonly #lanes = new Lanes<Item>();
  readonly #held = new HeldMessages();
  readonly #sources: (ShardSource | undefined)[] = [];
  readonly #beside = new Map<number, Uint8Array>();
  readonly #codes = new Map<string, number>();
  /** The code of what most frames come to. */
  #notMentioned: number | undefined;
  /** What is worth parsing, by guild, for as long as nothing ran that could change it. */
  readonly #interests = new Map<GuildId, Interest>();
  #interestsOf: ApplicationId | null = null;
  #ends: { ticket: number; outcome: Outcome | null }[] = [];
  #flushing = false;
  #worked = false;
  #endedAtMs = 0;
  #stopped = false;

  constructor(options: IntakeOptions) {
    this.#ring = options.ring;
    this.#pipeline = options.pipeline;
    this.#post = options.post;
    this.#die = options.die;
    this.#guildGarbage = new GuildGarbage(options.collect, options.now);
    this.#now = options.now;
    this.#wallNow = options.wallNow;
  }

  source(source: ShardSource): void {
    this.#sources[source.index] = source;
  }

  beside(ticket: number, bytes: Uint8Array): void {
    this.#beside.set(ticket, bytes);
  }

  /** A frame that must not wait for the ring. Runs in this turn. */
  urgent(ticket: number, source: number, kind: number, receivedAtMs: number, bytes: Uint8Array): void {
    const application = this.#sources[source]?.application;
    if (application === undefined) throw new Error(`no source ${source}`);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const laneClass = kind === INTERACTION_CREATE ? "interaction" : "addressed";
    this.#queue(buffer, { at: -1, ticket, application, kind, receivedAtMs, bytes: buffer, laneClass });
    this.#runLanes(this.#now() + SLICE.ms, SLICE.runsMin);
  }

  /** Until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const more = this.#slice();
      this.#ring.beat(this.#lanes.depth);
      if (more) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      if (this.#worked) {
        this.#post({ op: "idle" });
        this.#endedAtMs = this.#now();
      }
      this.#worked = false;
      await this.#ring.sleep(SLEEP_MS_MAX);
      if (!this.#ring.look()) this.#guildGarbage.quietSince(this.#endedAtMs);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** True: there is more to do at once. */
  #slice(): boolean {
    const ring = this.#ring;
    this.#interestsOf = null;
    let waits = false;
    let taken = 0;
    // What waits for the store goes on between slices: the first message of a raid must not wait for all others.
    const hurried = this.#pipeline.hurried();
    if (ring.look()) {
      this.#worked = true;
      const { depth } = this.#lanes;
      const few = depth > LANES_BUSY || this.#held.any;
      const framesMax = hurried ? SLICE_HURRIED.framesMax - depth : few ? SLICE.runsMin : SLICE.framesMax;
      for (let n = 0; n < framesMax && ring.next(); n++) {
        taken++;
        if (!this.#take()) {
          ring.undo();
          waits = true;
          break;
        }
      }
    }
    // The clock starts after the scan: what the scan took, or the scheduler, is not taken from the lanes. At least as many run
    // as were scanned, or a thread under pressure scans 512 frames for 4 verdicts.
    if (hurried) this.#runLanes(this.#now() + SLICE_HURRIED.ms, SLICE_HURRIED.runsMin);
    else this.#runLanes(this.#now() + SLICE.ms, Math.max(SLICE.runsMin, taken));
    return this.#lanes.depth > 0 || waits || ring.look();
  }

  /** The record under the cursor. False: something about it was posted and has not arrived. */
  #take(): boolean {
    const { at, ticket, start, end, kind, receivedAtMs, window } = this.#ring;
    const application = this.#sources[this.#ring.source]?.application;
    if (application === undefined) return false;
    if (start === end) {
      const beside = this.#beside.get(ticket);
      if (beside === undefined) return false;
      this.#beside.delete(ticket);
      const bytes = Buffer.from(beside.buffer, beside.byteOffset, beside.byteLength);
      this.#queue(bytes, { at, ticket, application, kind, receivedAtMs, bytes, laneClass: "moderation" });
      return true;
    }
    this.#proof.over(window);
    const guildAt = this.#ring.guildAt;
    const guild = guildAt < 0 ? null : (idStrings.of(window, start + guildAt) as GuildId);
    // Who types is worth parsing only while somebody looks.
    if (kind === TYPING_START && !this.#pipeline.watched(guild)) {
      this.#ring.mark(at, STATE_SEEN);
      return true;
    }
    if (kind !== MESSAGE_CREATE) {
      const bytes = window.subarray(start, end);
      this.#queue(bytes, { at, ticket, application, kind, receivedAtMs, bytes, laneClass: "moderation" });
      return true;
    }

    const plain = this.#proof.isPlain(start, end);
    const interest = this.#interest(application, guild);
    const channelAt = this.#proof.channelAt(start, end);
    const channel = channelAt < 0 ? null : (idStrings.of(window, channelAt) as ChannelId);
    const lacks = plain && this.#proof.lacks(interest.needles, start, end);
    let laneClass = lacks ? classify(interest, channel) : "addressed";
    // What waits in this channel may start a conversation: the proof holds only once it has run.
    const waits = this.#lanes.depth > 0 && channel !== null && this.#lanes.has(channel);
    if (laneClass === null && waits) laneClass = "addressed";
    if (laneClass === null) {
      this.#notMentioned ??= this.#code("silent", "not-mentioned");
      if (this.#notMentioned === undefined) this.#end(at, ticket, "silent", "not-mentioned");
      else this.#ring.mark(at, STATE_CODE + this.#notMentioned);
      this.#judged(ticket, receivedAtMs);
    } else if (laneClass === "smart" && this.#ring.pressed) {
      this.#end(at, ticket, "dropped", "pressure");
    } else {
      const bytes = window.subarray(start, end);
      this.#push(channel ?? `?${ticket}`, guild, { at, ticket, application, kind, receivedAtMs, bytes, laneClass });
    }
    return true;
  }

  #interest(application: ApplicationId, guild: GuildId | null): Interest {
    if (guild === null) return this.#pipeline.interest(application, null);
    if (this.#interestsOf !== application) {
      this.#interests.clear();
      this.#interestsOf = application;
    }
    let interest = this.#interests.get(guild);
    if (interest === undefined) {
      interest = this.#pipeline.interest(application, guild);
      this.#interests.set(guild, interest);
    }
    return interest;
  }

  /**
   * Whatever is not an ordinary message of the ring. What changes the guild's own state runs at once: the next frame's proof
   * of silence asks for it. Edits and deletions keep behind their channel's messages, where some wait.
   */
  #queue(bytes: Buffer, item: Item): void {
    const state = item.kind > INTERACTION_CREATE;
    const free = item.kind !== MESSAGE_CREATE && item.kind !== INTERACTION_CREATE && this.#lanes.depth === 0;
    if (state || free) {
      this.#run(item);
      return;
    }
    const at = channelAt(bytes);
    const guild = guildAt(bytes);
    const lane = at < 0 ? `?${item.ticket}` : idStrings.of(bytes, at);
    this.#push(lane, guild < 0 ? null : idStrings.of(bytes, guild), item);
  }

  #push(lane: string, guild: string | null, item: Item): void {
    // Who wrote it matters only where room is scarce.
    const scarce = this.#lanes.depth > LANES_BUSY && item.kind === MESSAGE_CREATE;
    const person = scarce ? (scanMessage(item.bytes)?.author ?? null) : null;
    const shed = this.#lanes.push({ lane, guild: guild ?? lane, person }, item.laneClass, item);
    if (shed === null) return;
    const { at, ticket, kind } = shed.shed;
    if (kind === MESSAGE_CREATE || kind === INTERACTION_CREATE)
      this.#end(at, ticket, "dropped", `lane-full-${shed.laneClass}`);
    else this.#run(shed.shed);
  }

  #runLanes(until: number, runsMin: number): void {
    for (let n = 1; ; n++) {
      const item = this.#lanes.next();
      if (item === undefined) return;
      this.#worked = true;
      this.#run(item);
      if (n >= runsMin && n % 4 === 0 && this.#now() > until) return;
    }
  }

  #run(item: Item): void {
    const { at, ticket, application, kind, receivedAtMs } = item;
    if (item.laneClass === "smart" && this.#now() - receivedAtMs > SMART_WAIT_MS_MAX) {
      this.#end(at, ticket, "dropped", "stale");
      return;
    }
    if (at >= 0) this.#ring.mark(at, STATE_STARTED);
    this.#interestsOf = null;
    try {
      const data = frameData(kind, item.bytes, () => this.#pipeline.self(application));
      if (kind !== MESSAGE_CREATE) {
        const observed =
          data === undefined ? undefined : this.#pipeline.observe(application, DISPATCH_KINDS[kind] as string, data);
        if (kind === GUILD_CREATE) this.#guildGarbage.parsed(item.bytes.length);
        const work = observed?.then(() => {
          if (kind === GUILD_CREATE) this.#guildGarbage.recorded();
          return null;
        });
        if (work === undefined) this.#seen(at, ticket);
        else this.#hold(at, ticket, work);
        return;
      }
      const message = data === undefined ? null : readMessage(data);
      const busy = message === null ? null : this.#held.full(message);
      if (message === null || busy !== null) {
        this.#end(at, ticket, busy === null ? "refused" : "dropped", busy ?? "malformed");
        return;
      }
      // By the wall's clock, which the pipeline's deadlines go by: it may have been set since this process began.
      const atMs = this.#wallNow() - (this.#now() - receivedAtMs);
      const { pressed } = this.#ring;
      const result = this.#pipeline.handle({ application, message, receivedAtMs: atMs, pressed });
      this.#judged(ticket, receivedAtMs);
      if (result instanceof Promise) {
        this.#held.hold(message, result);
        this.#hold(at, ticket, result);
      } else this.#settle(at, ticket, result);
    } catch (error) {
      this.#failed(at, ticket, error);
    }
  }

  /** A message has its verdict: it is proven silent, or its synchronous part is over. */
  #judged(ticket: number, receivedAtMs: number): void {
    this.#ring.verdicts++;
    if (ticket % MEASURE_EVERY === 0) this.#ring.measure(this.#now() - receivedAtMs);
  }

  /** The work goes on; the lane does not wait for it. */
  #hold(at: number, ticket: number, work: Promise<Outcome | null>): void {
    if (at >= 0) this.#ring.mark(at, STATE_HELD);
    work.then(
      (outcome) => this.#done(ticket, outcome),
      (error: unknown) => {
        if (error instanceof AppError) this.#done(ticket, outcome("failed", error.kind, 0));
        else this.#die(ticket, error);
      },
    );
  }

  #failed(at: number, ticket: number, error: unknown): void {
    if (error instanceof AppError) this.#settle(at, ticket, outcome("failed", error.kind, 0));
    else this.#die(ticket, error);
  }

  #settle(at: number, ticket: number, outcome: Outcome): void {
    if (outcome.tokensIn === 0 && outcome.tokensOut === 0 && outcome.costUsd === 0 && outcome.model === null) {
      this.#end(at, ticket, outcome.kind, outcome.reason);
    } else {
      if (at >= 0) this.#ring.mark(at, STATE_HELD);
      this.#done(ticket, outcome);
    }
  }

  /** An outcome that cost nothing. */
  #end(at: number, ticket: number, kind: OutcomeKind, reason: string): void {
    const code = at < 0 ? undefined : this.#code(kind, reason);
    if (code !== undefined) {
      this.#ring.mark(at, STATE_CODE + code);
      return;
    }
    if (at >= 0) this.#ring.mark(at, STATE_HELD);
    this.#done(ticket, outcome(kind, reason, 0));
  }

  #seen(at: number, ticket: number): void {
    if (at >= 0) this.#ring.mark(at, STATE_SEEN);
    else this.#done(ticket, null);
  }

  #done(ticket: number, outcome: Outcome | null): void {
    this.#ends.push({ ticket, outcome });
    if (this.#flushing) return;
    this.#endedAtMs = this.#now();
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      const ends = this.#ends;
      this.#ends = [];
      this.#post({ op: "done", ends });
    });
  }

  /** Undefined: too many reasons to number them all. */
  #code(kind: OutcomeKind, reason: string): number | undefined {
    const name = `${kind}/${reason}`;
    const known = this.#codes.get(name);
    if (known !== undefined || this.#codes.size >= CODES_MAX) return known;
    const code = this.#codes.size;
    this.#codes.set(name, code);
    this.#post({ op: "code", code, kind, reason });
    return code;
  }
}

/** The urgency of a message that does not name the bot; null when it is proven silent. */
function classify(interest: Interest, channel: ChannelId | null): LaneClass | null {
  if (interest.everything) return interest.moderated === false ? "smart" : "moderation";
  return channel === null || interest.active(channel) ? "addressed" : null;
}
