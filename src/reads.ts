/**
 * One read a key in flight: whoever asks meanwhile gets the same answer, or the same failure. Nothing is kept once it is there; what a
 * cache does not know yet is then read once, however many ask.
 */
export type Reads<K, V> = {
  once(key: K, read: () => Promise<V>): Promise<V>;
};

export function createReads<K, V>(): Reads<K, V> {
  const running = new Map<K, Promise<V>>();

  /** In a turn of its own, so that callers share a read even if it fails at once. */
  async function start(key: K, read: () => Promise<V>): Promise<V> {
    try {
      return await read();
    } finally {
      running.delete(key);
    }
  }

  return {
    once(key, read) {
      const known = running.get(key);
      if (known !== undefined) return known;
      const started = Promise.resolve().then(() => start(key, read));
      running.set(key, started);
      return started;
    },
  };
}
