/**
 * What a worker and main share, so that main proves silence by itself (pool/quiet-guilds.ts): a version a guild, the time until
 * which a channel is active, and how many of main's posts the worker has dealt with.
 *
 * Algorithm: tables of numbers in shared memory, looked up by an id's hash. The worker changes a number in the turn in which its own
 * state changes, so main never reads an older state than the worker would. Two ids with one hash share a number: then a guild is
 * told again without need, or a channel is read without need, and nothing else. Posting the changes instead would leave main
 * behind for as long as a post takes.
 */
import type { ApplicationId, ChannelId, GuildId } from "../../src/ids.ts";
import type { QuietBoard } from "../../src/pipeline.ts";
import { hashId } from "./scan.ts";

/** A power of two; 64 kB for each table. With 2,500 guilds, one change in seven makes another guild be told again. */
const PLACES = 1 << 14;
const MINUTE_MS = 60_000;
const FOR_GOOD = 0x7fff_ffff;

const DEALT_WITH = 0;
const CONTROL_BYTES = 64;

/** A guild in which main may prove silence. */
export type QuietGuild = {
  readonly application: ApplicationId;
  readonly guild: GuildId;
  /** A message that holds none of these ids is silent, where its channel is not active. */
  readonly needles: readonly string[];
  readonly version: number;
  /** A `stamp`. */
  readonly untilMs: number;
};

export function quietMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + 2 * PLACES * 4);
}

export function placeOf(hash: number): number {
  return hash & (PLACES - 1);
}

class Tables {
  readonly control: Int32Array;
  readonly versions: Int32Array;
  /** The minute, counted as stamps are, before which a channel is active. */
  readonly minutes: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.versions = new Int32Array(memory, CONTROL_BYTES, PLACES);
    this.minutes = new Int32Array(memory, CONTROL_BYTES + PLACES * 4, PLACES);
  }
}

/** The worker's side. `post` takes what is published; `now` is a `stamp`, `wallNow` the clock of the times given. */
export class QuietMarks implements QuietBoard {
  readonly #tables: Tables;
  readonly #post: (quiet: QuietGuild) => void;
  readonly #now: () => number;
  readonly #wallNow: () => number;

  constructor(
    memory: SharedArrayBuffer,
    options: {
      readonly post: (quiet: QuietGuild) => void;
      readonly now: () => number;
      readonly wallNow: () => number;
    },
  ) {
    this.#tables = new Tables(memory);
    this.#post = options.post;
    this.#now = options.now;
    this.#wallNow = options.wallNow;
  }

  version(guild: GuildId): number {
    return this.#tables.versions[placeOf(hashId(guild))] as number;
  }

  changed(guild: GuildId): void {
    Atomics.add(this.#tables.versions, placeOf(hashId(guild)), 1);
  }

  allChanged(): void {
    for (let place = 0; place < PLACES; place++) Atomics.add(this.#tables.versions, place, 1);
  }

  active(channel: ChannelId, untilMs: number): void {
    const place = placeOf(hashId(channel));
    const until = Math.min(FOR_GOOD, Math.ceil(this.#stampOf(untilMs) / MINUTE_MS));
    if (until > (this.#tables.minutes[place] as number)) Atomics.store(this.#tables.minutes, place, until);
  }

  publish(application: ApplicationId, guild: GuildId, needles: readonly string[], untilMs: number): void {
    this.#post({ application, guild, needles, version: this.version(guild), untilMs: this.#stampOf(untilMs) });
  }

  /** So many of main's posts, and what they set going at once, are dealt with. */
  dealtWith(posts: number): void {
    Atomics.store(this.#tables.control, DEALT_WITH, posts | 0);
  }

  #stampOf(wallMs: number): number {
    return wallMs + (this.#now() - this.#wallNow());
  }
}

/** Main's side. */
export class QuietView {
  readonly #tables: Tables;

  constructor(memory: SharedArrayBuffer) {
    this.#tables = new Tables(memory);
  }

  versionAt(place: number): number {
    return Atomics.load(this.#tables.versions, place);
  }

  /** By the hash of the channel's digits. */
  isActive(channelHash: number, stampMs: number): boolean {
    return Atomics.load(this.#tables.minutes, placeOf(channelHash)) > Math.floor(stampMs / MINUTE_MS);
  }

  /** The worker has dealt with the first `posts` of main's. */
  hasDealtWith(posts: number): boolean {
    return ((Atomics.load(this.#tables.control, DEALT_WITH) - posts) | 0) >= 0;
  }
}
