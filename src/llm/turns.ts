/**
 * Who is next: the highest priority first, and within one the guilds in turn, each with its own line. `first` only looks;
 * `take` gives the guild's turn away.
 */
import type { GuildId } from "../ids.ts";

export type Turns<T> = {
  add(item: T, priority: number, guild: GuildId | null): void;
  /** Of several guilds the one whose `weight` is least; of equal ones the one that waited longest for its turn. */
  first(weight?: (guild: GuildId | null) => number): T | null;
  /** It goes out: the next guild is first now. */
  take(item: T): void;
  /** It gave up: its guild keeps its turn. */
  remove(item: T): void;
  waiting(guild: GuildId | null): number;
  size(): number;
  clear(): readonly T[];
};

type Place = { readonly priority: number; readonly guild: string };

export function createTurns<T extends object>(priorities: number): Turns<T> {
  /** A map keeps the order of guilds: the first key's turn is next. */
  const lines = Array.from({ length: priorities }, () => new Map<string, T[]>());
  const places = new Map<T, Place>();
  const counts = new Map<string, number>();
  const keyOf = (guild: GuildId | null) => guild ?? "";

  function leave(item: T, keepsTurn: boolean): void {
    const place = places.get(item);
    if (place === undefined) return;
    places.delete(item);
    const left = (counts.get(place.guild) ?? 1) - 1;
    if (left > 0) counts.set(place.guild, left);
    else counts.delete(place.guild);
    const line = lines[place.priority];
    const mine = line?.get(place.guild);
    if (line === undefined || mine === undefined) return;
    mine.splice(mine.indexOf(item), 1);
    if (mine.length === 0) line.delete(place.guild);
    else if (!keepsTurn) {
      line.delete(place.guild);
      line.set(place.guild, mine);
    }
  }

  return {
    add(item, priority, guild) {
      const key = keyOf(guild);
      const line = lines[priority];
      if (line === undefined) throw new Error(`there is no priority ${priority}`);
      const mine = line.get(key);
      if (mine === undefined) line.set(key, [item]);
      else mine.push(item);
      places.set(item, { priority, guild: key });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },

    first(weight) {
      const line = lines.find((one) => one.size > 0);
      if (line === undefined) return null;
      let best: { readonly item: T | undefined; readonly weight: number } | null = null;
      for (const [key, mine] of line) {
        const of = weight?.(key === "" ? null : (key as GuildId)) ?? 0;
        if (best === null || of < best.weight) best = { item: mine[0], weight: of };
      }
      return best?.item ?? null;
    },

    take: (item) => leave(item, false),
    remove: (item) => leave(item, true),
    waiting: (guild) => counts.get(keyOf(guild)) ?? 0,
    size: () => places.size,

    clear() {
      const all = [...places.keys()];
      for (const line of lines) line.clear();
      places.clear();
      counts.clear();
      return all;
    },
  };
}
