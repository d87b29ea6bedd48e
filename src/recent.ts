/**
 * A map that remembers the newest `max` entries: setting makes newest, the oldest go. Where entries are guilds' or people's, a
 * `share` lets each owner have so many of them: one who has more loses its own oldest, not somebody else's.
 */
export type Recent<K, V> = {
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V): void;
  delete(key: K): void;
  keys(): Iterable<K>;
  readonly size: number;
};

export type Share<K> = { readonly of: (key: K) => string; readonly most: number };

/** `gaveWay` is told what went because there were more than `max`. */
export function createRecent<K, V>(
  max: number,
  share: Share<K> | null = null,
  gaveWay: (value: V) => void = () => {},
): Recent<K, V> {
  const entries = new Map<K, V>();
  /** Each owner's keys, the oldest first. */
  const owned = new Map<string, Set<K>>();

  function remove(key: K): void {
    if (!entries.delete(key) || share === null) return;
    const owner = share.of(key);
    const keys = owned.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) owned.delete(owner);
  }

  function own(key: K, { of, most }: Share<K>): void {
    const owner = of(key);
    const keys = owned.get(owner) ?? new Set();
    owned.set(owner, keys.add(key));
    const [oldest] = keys;
    if (keys.size > most && oldest !== undefined) remove(oldest);
  }

  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set(key, value) {
      remove(key);
      entries.set(key, value);
      if (share !== null) own(key, share);
      if (entries.size <= max) return;
      const [oldest] = entries;
      if (oldest === undefined) return;
      remove(oldest[0]);
      gaveWay(oldest[1]);
    },
    delete: remove,
    keys: () => entries.keys(),
    get size() {
      return entries.size;
    },
  };
}

/** Of keys that begin with their guild's id and a colon: an eighth for each guild. */
export function guildShare(max: number): Share<string> {
  return { of: (key) => key.slice(0, key.indexOf(":")), most: Math.ceil(max / 8) };
}
