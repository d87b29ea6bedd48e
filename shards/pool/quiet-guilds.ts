/**
 * The guilds of one worker in which main proves silence itself, as the worker's own intake would, without handing the frame over.
 *
 * Algorithm: a frame is silent if (1) its guild was published and is still of the version that was published, (2) the worker has dealt
 * with all that main posted to it, (3) the worker is done with all records about this guild that were written before, (4) the frame
 * holds none of the guild's needles, and (5) its channel is not active. (1) and (5) are read from memory that the worker changes
 * together with its own state, and (2) and (3) mean that nothing is on its way that could change it: so the worker would say the same.
 * Whatever is not certain goes to the worker.
 */
import type { ApplicationId } from "../../src/ids.ts";
import { createRecent } from "../../src/recent.ts";
import { silentChannelAt } from "../border/proof.ts";
import { stamp } from "../border/protocol.ts";
import { placeOf, type QuietGuild, QuietView, quietMemory } from "../border/quiet.ts";
import { bucketOf, LATENCY_BUCKETS } from "../border/ring.ts";
import { hashDigits, hashId } from "../border/scan.ts";

const GUILDS_MAX = 20_000;
/** One verdict in so many is timed. */
const MEASURE_EVERY = 8;

type Entry = {
  readonly application: ApplicationId;
  readonly needles: readonly Buffer[];
  readonly place: number;
  readonly version: number;
  readonly untilMs: number;
  /** The newest record about this guild. */
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
  #guilds = createRecent<string, Entry>(GUILDS_MAX);
  /** The bots' ids are every guild's: each is kept once. */
  readonly #needles = createRecent<string, Buffer>(GUILDS_MAX);
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
    const place = placeOf(hashId(guild));
    const patterns = needles.map((needle) => this.#patternOf(needle));
    this.#guilds.set(guild, { application, needles: patterns, place, version, untilMs, ticket });
  }

  /** A record is written. `guild`: the one that it is about; null: none; undefined: it may be any. */
  written(guild: string | null | undefined, ticket: number): void {
    if (guild === undefined) this.#blindTicket = ticket;
    const entry = guild == null ? undefined : this.#guilds.get(guild);
    if (entry !== undefined) entry.ticket = ticket;
  }

  /** True: the worker would say that this message is silent. `doneTicket`: the worker is done with all records before it. */
  proves(bot: ApplicationId, guild: string, frame: Uint8Array, receivedAtMs: number, doneTicket: number): boolean {
    const entry = this.#guilds.get(guild);
    if (entry === undefined || entry.application !== bot || this.reruns > 0) return false;
    if (entry.ticket >= doneTicket || this.#blindTicket >= doneTicket || receivedAtMs >= entry.untilMs) return false;
    const bytes = frame instanceof Buffer ? frame : Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const channelAt = silentChannelAt(bytes, entry.needles);
    if (channelAt < 0 || this.#view.isActive(hashDigits(bytes, channelAt), receivedAtMs)) return false;
    if (this.#view.versionAt(entry.place) !== entry.version || !this.#view.hasDealtWith(this.posts)) return false;
    this.proven++;
    if (this.proven % MEASURE_EVERY === 0) {
      const bucket = bucketOf(stamp() - receivedAtMs);
      this.latency[bucket] = (this.latency[bucket] as number) + 1;
    }
    return true;
  }

  #patternOf(needle: string): Buffer {
    const known = this.#needles.get(needle);
    if (known !== undefined) return known;
    const pattern = Buffer.from(needle);
    this.#needles.set(needle, pattern);
    return pattern;
  }
}
