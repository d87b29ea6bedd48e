/**
 * The guilds of one worker in which main proves silence itself, as the worker's own intake would, without handing the frame over.
 *
 * Algorithm: a frame is silent if (1) its guild was published and is still of the version that was published, (2) the worker has dealt
 * with all that main posted to it, (3) the worker is done with all records about this guild that were written before and may change
 * it, (4) the frame holds none of the guild's needles, and (5) its channel is not active. (1) and (5) are read from memory that the
 * worker changes together with its own state, and (2) and (3) mean that nothing is on its way that could change it: so the worker
 * would say the same. Whatever is not certain goes to the worker.
 *
 * A message that only waits for (2) and (3) changes nothing that is not read by then: the worker says that it is silent, or what it waited for
 * has made its channel active or its guild another version. So it holds nobody up. If it did, a flood that once filled the ring would
 * keep it full: each message would wait for the one before it. And where the ring has no room for it, it is not refused: (1) and (5) are
 * looked at once more when (2) and (3) hold, without its bytes.
 */
import type { ApplicationId } from "../../src/ids.ts";
import { createRecent } from "../../src/recent.ts";
import { Finder, Proof } from "../border/proof.ts";
import { type Dispatch, stamp } from "../border/protocol.ts";
import { placeOf, type QuietGuild, QuietView, quietMemory } from "../border/quiet.ts";
import { bucketOf, LATENCY_BUCKETS } from "../border/ring.ts";
import { digitsEnd, hashDigits, hashId } from "../border/scan.ts";
import { Waiting } from "./waiting.ts";

const GUILDS_MAX = 20_000;
/** One verdict in so many is timed. */
const MEASURE_EVERY = 8;

/** What main makes of a message. `waits`: the worker would say that it is silent, if what is on its way changes nothing. */
export type Silence = "silent" | "waits" | "unknown";

type Message = Pick<Dispatch, "bytes" | "chunk" | "receivedAtMs">;

type Entry = {
  readonly guild: string;
  readonly application: ApplicationId;
  /** What the bots of a process need in every guild; null: nothing. */
  readonly shared: Finder | null;
  readonly own: readonly Buffer[];
  readonly place: number;
  readonly version: number;
  readonly untilMs: number;
  /** The newest record that may change this guild. */
  ticket: number;
};

export class QuietGuilds {
  /** Shared with the worker's thread; another one after `restart`. */
  memory = quietMemory();
  /** Main's posts to this thread, and messages that run again beside the ring. */
  posts = 0;
  reruns = 0;
  /** Messages that were proven silent, ever, and some of their verdicts by latency. */
  proven = 0;
  readonly latency = new Int32Array(LATENCY_BUCKETS);
  #view = new QuietView(this.memory);
  /** By the hash of their ids: of two guilds with one hash main knows the one that it was told of last. */
  #guilds = createRecent<number, Entry>(GUILDS_MAX);
  /** The bots' ids are every guild's: each is kept once. */
  readonly #shared = createRecent<string, Finder>(GUILDS_MAX);
  readonly #proof = new Proof();
  readonly #waiting = new Waiting();
  /** Of the message that `find` found last to wait. */
  #entry: Entry | null = null;
  #channelHash = 0;
  #receivedAtMs = 0;
  /** The newest record that may be about any guild. */
  #blindTicket = -1;

  /** The thread is another one, which knows nothing yet. */
  restart(): void {
    this.memory = quietMemory();
    this.#view = new QuietView(this.memory);
    this.#guilds = createRecent(GUILDS_MAX);
    this.#blindTicket = -1;
    this.posts = 0;
    this.reruns = 0;
  }

  get size(): number {
    return this.#guilds.size;
  }

  /** The worker published `quiet`; it may not have seen the records up to `ticket`. */
  hear({ application, guild, needles, version, untilMs }: QuietGuild, ticket: number): void {
    const hash = hashId(guild);
    const [first, ...others] = needles;
    const shared = first === undefined ? null : this.#finderOf(first);
    const own = others.map((needle) => Buffer.from(needle));
    this.#guilds.set(hash, { guild, application, shared, own, place: placeOf(hash), version, untilMs, ticket });
  }

  /** A record is written. `guild`: the hash of the one that it may change; null: none; undefined: it may be any. */
  written(guild: number | null | undefined, ticket: number): void {
    if (guild === undefined) this.#blindTicket = ticket;
    const entry = guild == null ? undefined : this.#guilds.get(guild);
    if (entry !== undefined) entry.ticket = ticket;
  }

  /**
   * What the worker would say of this message. The digits of its guild start at `guildAt`, and `hash` is theirs. `doneTicket`: the
   * worker is done with all records before it.
   */
  find(bot: ApplicationId, message: Message, guildAt: number, hash: number, doneTicket: number): Silence {
    const { receivedAtMs, bytes, chunk } = message;
    const entry = this.#guilds.get(hash);
    if (entry === undefined || entry.application !== bot || receivedAtMs >= entry.untilMs) return "unknown";
    if (this.reruns > 0 || !holdsDigits(bytes, guildAt, entry.guild)) return "unknown";
    // Read before what the posts may change.
    const hasDealtWith = this.#view.hasDealtWith(this.posts);
    if (this.#view.versionAt(entry.place) !== entry.version) return "unknown";
    const frame = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const stretch = chunk ?? frame;
    this.#proof.over(stretch);
    const channelAt = this.#proof.silentChannelAt(
      entry.shared,
      entry.own,
      frame,
      frame.byteOffset - stretch.byteOffset,
    );
    if (channelAt < 0) return "unknown";
    const channelHash = hashDigits(stretch, channelAt);
    if (this.#view.isActive(channelHash, receivedAtMs)) return "unknown";
    if (entry.ticket >= doneTicket || this.#blindTicket >= doneTicket || !hasDealtWith) {
      this.#entry = entry;
      this.#channelHash = channelHash;
      this.#receivedAtMs = receivedAtMs;
      return "waits";
    }
    this.#prove(receivedAtMs);
    return "silent";
  }

  /** Messages that were given to `defer` and not taken back. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes the message that `find` found last to wait; `takeBack` tells its end. False: too many wait. */
  defer(source: number, token: number): boolean {
    const entry = this.#entry;
    if (entry === null || this.#waiting.isFull) return false;
    this.#waiting.push({
      ...{ source, token, receivedAtMs: this.#receivedAtMs, channelHash: this.#channelHash },
      ...{ place: entry.place, version: entry.version },
      ...{ ticket: Math.max(entry.ticket, this.#blindTicket), posts: this.posts },
    });
    return true;
  }

  /** Tells of each that waited and need not any longer whether it is silent. `doneTicket`: as for `find`; Infinity: the worker is gone. */
  takeBack(doneTicket: number, ended: (source: number, token: number, isSilent: boolean) => void): void {
    for (let one = this.#waiting.front(); one !== undefined; one = this.#waiting.front()) {
      const isGone = doneTicket === Number.POSITIVE_INFINITY;
      if (!isGone && (one.ticket >= doneTicket || !this.#view.hasDealtWith(one.posts))) return;
      this.#waiting.drop();
      // Whatever has changed meanwhile: it would have had to be read.
      const isSame = this.#view.versionAt(one.place) === one.version;
      const isSilent = !isGone && isSame && !this.#view.isActive(one.channelHash, one.receivedAtMs);
      if (isSilent) this.#prove(one.receivedAtMs);
      ended(one.source, one.token, isSilent);
    }
  }

  #prove(receivedAtMs: number): void {
    this.proven++;
    if (this.proven % MEASURE_EVERY !== 0) return;
    const bucket = bucketOf(stamp() - receivedAtMs);
    this.latency[bucket] = (this.latency[bucket] as number) + 1;
  }

  #finderOf(needle: string): Finder {
    const known = this.#shared.get(needle);
    if (known !== undefined) return known;
    const finder = new Finder(needle);
    this.#shared.set(needle, finder);
    return finder;
  }
}

/** The digits that start at `at` are these. */
function holdsDigits(bytes: Uint8Array, at: number, digits: string): boolean {
  for (let i = 0; i < digits.length; i++) if (bytes[at + i] !== digits.charCodeAt(i)) return false;
  return digitsEnd(bytes, at) === at + digits.length;
}
