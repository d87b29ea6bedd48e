/**
 * The queues of messages that wait for their synchronous part: one queue (lane) for each channel, so that a channel's messages run in
 * order. The total is bounded, and so is each channel's, guild's and person's part of it.
 *
 * Algorithm: a lane is as urgent as its most urgent message, so no urgent message waits behind another channel's small talk, and no
 * message overtakes its neighbour. Urgent lanes go first; of equal urgency guilds take turns, and in a guild its channels. When the
 * queues are full, the newest message of the least urgent class is dropped, of the guild that has most of them, or the new one is
 * refused; a guild, channel or person that has its part already makes room among its own. `push` returns what was dropped, and the
 * caller counts it. One queue for all would be simpler, but one loud channel would delay all others.
 */

/** Urgent first. */
export const CLASSES = ["interaction", "addressed", "moderation", "smart"] as const;
export type LaneClass = (typeof CLASSES)[number];

export type LaneBounds = {
  readonly frames: number;
  readonly guildFrames: number;
  readonly laneFrames: number;
  readonly personFrames: number;
};

/**
 * A slice scans frames and runs the lanes for so long, and at least so many messages: the clock also runs while the thread waits for a
 * core, so time alone would starve them. All that one slice scans may be one channel's, as in a raid: its lane must hold them.
 */
export const SLICE = { ms: 4, framesMax: 512, runsMin: 64 } as const;
/** While the first of a raid is acted on: each of its steps waits for a slice. */
export const SLICE_HURRIED = { ms: 1, framesMax: 64, runsMin: 4 } as const;
export const LANES_BUSY = 1_024;
const BOUNDS: LaneBounds = { frames: 4_096, guildFrames: 2_048, laneFrames: 2 * SLICE.framesMax, personFrames: 64 };

/** Where a message waits. `person`: null where nobody looked who wrote it. */
export type LanePlace = { readonly lane: string; readonly guild: string; readonly person: string | null };

type Shed<Item> = { readonly shed: Item; readonly laneClass: LaneClass } | null;
type Entry<Item> = { readonly item: Item; readonly rank: number; readonly person: string | null };
type Lane<Item> = { readonly key: string; readonly guild: string; entries: Entry<Item>[]; rank: number };
/** A guild's part: all of it, and by rank. */
type Part = { all: number; readonly ranks: number[] };

export class Lanes<Item> {
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Lanes by the rank they wait under and their guild, in the order of their turns; a lane is in one of them while it holds something. */
  readonly #turns: Map<string, Lane<Item>[]>[] = CLASSES.map(() => new Map());
  readonly #parts = new Map<string, Part>();
  readonly #persons = new Map<string, number>();
  readonly #bounds: LaneBounds;
  #depth = 0;

  constructor(bounds: Partial<LaneBounds> = {}) {
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  get depth(): number {
    return this.#depth;
  }

  has(key: string): boolean {
    return this.#lanes.has(key);
  }

  /** The item that had to give way: null, one that waited, or `item` itself. */
  push(place: LanePlace, laneClass: LaneClass, item: Item): Shed<Item> {
    const rank = CLASSES.indexOf(laneClass);
    const bounds = this.#bounds;
    const refused = { shed: item, laneClass };
    const lane = this.#lanes.get(place.lane);
    let shed: Shed<Item> = null;
    if (place.person !== null && (this.#persons.get(place.person) ?? 0) >= bounds.personFrames) return refused;
    if (lane !== undefined && lane.entries.length >= bounds.laneFrames) {
      shed = this.#shedFrom(lane, rank);
      if (shed === null) return refused;
    } else if ((this.#parts.get(place.guild)?.all ?? 0) >= bounds.guildFrames) {
      shed = this.#shedOf(place.guild, rank);
      if (shed === null) return refused;
    } else if (this.#depth >= bounds.frames) {
      shed = this.#shedAny(rank);
      if (shed === null) return refused;
    }
    this.#append(place, { item, rank, person: place.person });
    return shed;
  }

  /** The next item to run, or undefined when nothing waits. */
  next(): Item | undefined {
    for (const turns of this.#turns) {
      for (const [guild, lanes] of turns) {
        const lane = lanes.shift() as Lane<Item>;
        // The guild's next turn comes after everybody else's.
        turns.delete(guild);
        if (lanes.length > 0) turns.set(guild, lanes);
        const entry = lane.entries.shift() as Entry<Item>;
        this.#count(lane.guild, entry, -1);
        if (lane.entries.length === 0) this.#lanes.delete(lane.key);
        else this.#queue(lane);
        return entry.item;
      }
    }
    return undefined;
  }

  #append({ lane: key, guild }: LanePlace, entry: Entry<Item>): void {
    // Looked up again: shedding may have emptied and dropped it.
    const lane = this.#lanes.get(key);
    this.#count(lane?.guild ?? guild, entry, 1);
    if (lane === undefined) {
      const fresh = { key, guild, entries: [entry], rank: entry.rank };
      this.#lanes.set(key, fresh);
      this.#queue(fresh);
      return;
    }
    lane.entries.push(entry);
    if (entry.rank < lane.rank) {
      this.#unqueue(lane);
      this.#queue(lane);
    }
  }

  /** Drops the newest of the least urgent class, of the guild that has most of it, if that is less urgent than `rank`. */
  #shedAny(rank: number): Shed<Item> {
    for (let least = CLASSES.length - 1; least > rank; least--) {
      let most: string | null = null;
      let count = 1;
      for (const [guild, { ranks }] of this.#parts) {
        if ((ranks[least] ?? 0) < count) continue;
        most = guild;
        count = ranks[least] ?? 0;
      }
      if (most !== null) return this.#shedOf(most, least - 1);
    }
    return null;
  }

  /** Drops the newest of a guild's least urgent class, if that is less urgent than `rank`. */
  #shedOf(guild: string, rank: number): Shed<Item> {
    const part = this.#parts.get(guild);
    for (let least = CLASSES.length - 1; least > rank; least--) {
      if ((part?.ranks[least] ?? 0) === 0) continue;
      for (const turns of this.#turns.toReversed()) {
        const lane = turns.get(guild)?.findLast(({ entries }) => entries.some((entry) => entry.rank === least));
        if (lane !== undefined) return this.#shedFrom(lane, least - 1);
      }
    }
    return null;
  }

  /** Drops the newest of the lane's least urgent entries, if it is less urgent than `rank`. */
  #shedFrom(lane: Lane<Item>, rank: number): Shed<Item> {
    let worst = -1;
    for (let i = lane.entries.length - 1; i >= 0; i--) {
      const entry = lane.entries[i] as Entry<Item>;
      if (entry.rank > rank && entry.rank > (lane.entries[worst]?.rank ?? rank)) worst = i;
    }
    const [entry] = worst < 0 ? [] : lane.entries.splice(worst, 1);
    if (entry === undefined) return null;
    this.#count(lane.guild, entry, -1);
    if (lane.entries.length === 0) {
      this.#unqueue(lane);
      this.#lanes.delete(lane.key);
    }
    return { shed: entry.item, laneClass: CLASSES[entry.rank] as LaneClass };
  }

  #count(guild: string, { rank, person }: Entry<Item>, by: 1 | -1): void {
    this.#depth += by;
    const part = this.#parts.get(guild) ?? { all: 0, ranks: CLASSES.map(() => 0) };
    part.all += by;
    part.ranks[rank] = (part.ranks[rank] ?? 0) + by;
    if (part.all === 0) this.#parts.delete(guild);
    else if (part.all === by) this.#parts.set(guild, part);
    if (person === null) return;
    const persons = (this.#persons.get(person) ?? 0) + by;
    if (persons === 0) this.#persons.delete(person);
    else this.#persons.set(person, persons);
  }

  #queue(lane: Lane<Item>): void {
    lane.rank = lane.entries.reduce((least, entry) => Math.min(least, entry.rank), CLASSES.length - 1);
    const turns = this.#turns[lane.rank] as Map<string, Lane<Item>[]>;
    const mine = turns.get(lane.guild);
    if (mine === undefined) turns.set(lane.guild, [lane]);
    else mine.push(lane);
  }

  #unqueue(lane: Lane<Item>): void {
    const turns = this.#turns[lane.rank];
    const mine = turns?.get(lane.guild);
    const at = mine?.indexOf(lane) ?? -1;
    if (at >= 0) mine?.splice(at, 1);
    if (mine?.length === 0) turns?.delete(lane.guild);
  }
}
