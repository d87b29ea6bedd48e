/** What `from` gives, the next one asked for while the one before is worked on. */
export async function* ahead<T>(from: AsyncIterable<T>): AsyncGenerator<T> {
  const source = from[Symbol.asyncIterator]();
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = source.next();
      // Nobody may come for it; who does hears of its failure.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await source.return?.();
  }
}
