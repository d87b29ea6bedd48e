/**
 * The queues of messages that wait for their synchronous part: one queue (lane) for each channel, so that a channel's messages run in
 * order. The total is bounded.
 *
 * Algorithm: a lane is as urgent as its most urgent message, so no urgent message waits behind another channel's small talk, and no
 * message overtakes its neighbour. Urgent lanes go first; lanes of equal urgency take turns. When the queues are full, the newest
 * message of the least urgent class is dropped, or the new one is refused. `push` returns what was dropped, and the caller counts it.
 * One queue for all would be simpler, but one loud channel would delay all others.
 */

/** Urgent first. */
export const CLASSES = ["interaction", "addressed", "moderation", "smart"] as const;
export type LaneClass = (typeof CLASSES)[number];

const LANES_FRAMES_MAX = 4096;
const LANE_FRAMES_MAX = 256;

type Entry<Item> = { readonly item: Item; readonly rank: number };
type Lane<Item> = { readonly key: string; entries: Entry<Item>[]; rank: number };

export class Lanes<Item> {
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Lanes by the rank they wait under; a lane is in one of them while it holds something. */
  readonly #turns: Lane<Item>[][] = CLASSES.map(() => []);
  readonly #framesMax: number;
  readonly #laneFramesMax: number;
  /** How many wait, by rank. */
  readonly #counts: number[] = CLASSES.map(() => 0);
  #depth = 0;

  constructor(framesMax = LANES_FRAMES_MAX, laneFramesMax = LANE_FRAMES_MAX) {
    this.#framesMax = framesMax;
    this.#laneFramesMax = laneFramesMax;
  }

  get depth(): number {
    return this.#depth;
  }

  has(key: string): boolean {
    return this.#lanes.has(key);
  }

  /** What had to give way: null, an item that waited, or `item` itself. */
  push(key: string, laneClass: LaneClass, item: Item): { readonly shed: Item; readonly laneClass: LaneClass } | null {
    const rank = CLASSES.indexOf(laneClass);
    const lane = this.#lanes.get(key);
    let shed: ReturnType<Lanes<Item>["push"]> = null;
    if (lane !== undefined && lane.entries.length >= this.#laneFramesMax) {
      shed = this.#shedFrom(lane, rank);
      if (shed === null) return { shed: item, laneClass };
    } else if (this.#depth >= this.#framesMax) {
      shed = this.#shedAny(rank);
      if (shed === null) return { shed: item, laneClass };
    }
    this.#append(key, { item, rank });
    return shed;
  }

  /** The next item to run, or undefined when nothing waits. */
  next(): Item | undefined {
    for (const turns of this.#turns) {
      const lane = turns.shift();
      if (lane === undefined) continue;
      const entry = lane.entries.shift() as Entry<Item>;
      this.#count(entry.rank, -1);
      if (lane.entries.length === 0) this.#lanes.delete(lane.key);
      else this.#queue(lane);
      return entry.item;
    }
    return undefined;
  }

  #append(key: string, entry: Entry<Item>): void {
    this.#count(entry.rank, 1);
    // Looked up again: shedding may have emptied and dropped it.
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const fresh = { key, entries: [entry], rank: entry.rank };
      this.#lanes.set(key, fresh);
      this.#turns[entry.rank]?.push(fresh);
      return;
    }
    lane.entries.push(entry);
    if (entry.rank < lane.rank) {
      this.#unqueue(lane);
      this.#queue(lane);
    }
  }

  /** Drops the newest of the least urgent class, if that is less urgent than `rank`. */
  #shedAny(rank: number): ReturnType<Lanes<Item>["push"]> {
    for (let least = CLASSES.length - 1; least > rank; least--) {
      if (this.#counts[least] === 0) continue;
      for (let waiting = CLASSES.length - 1; waiting >= 0; waiting--) {
        const turns = this.#turns[waiting] ?? [];
        for (let i = turns.length - 1; i >= 0; i--) {
          const lane = turns[i];
          if (lane?.entries.some((entry) => entry.rank === least)) return this.#shedFrom(lane, least - 1);
        }
      }
    }
    return null;
  }

  /** Drops the newest of the lane's least urgent entries, if it is less urgent than `rank`. */
  #shedFrom(lane: Lane<Item>, rank: number): ReturnType<Lanes<Item>["push"]> {
    let worst = -1;
    for (let i = lane.entries.length - 1; i >= 0; i--) {
      const entry = lane.entries[i] as Entry<Item>;
      if (entry.rank > rank && entry.rank > (lane.entries[worst]?.rank ?? rank)) worst = i;
    }
    const [entry] = worst < 0 ? [] : lane.entries.splice(worst, 1);
    if (entry === undefined) return null;
    this.#count(entry.rank, -1);
    if (lane.entries.length === 0) {
      this.#unqueue(lane);
      this.#lanes.delete(lane.key);
    }
    return { shed: entry.item, laneClass: CLASSES[entry.rank] as LaneClass };
  }

  #count(rank: number, by: number): void {
    this.#counts[rank] = (this.#counts[rank] ?? 0) + by;
    this.#depth += by;
  }

  #queue(lane: Lane<Item>): void {
    lane.rank = lane.entries.reduce((least, entry) => Math.min(least, entry.rank), CLASSES.length - 1);
    this.#turns[lane.rank]?.push(lane);
  }

  #unqueue(lane: Lane<Item>): void {
    const turns = this.#turns[lane.rank];
    const at = turns?.indexOf(lane) ?? -1;
    if (at >= 0) turns?.splice(at, 1);
  }
}
