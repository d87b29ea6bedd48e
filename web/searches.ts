/**
 * Searches in what people said are the dearest queries there are: 40 at once took the database from every server. A person's run
 * one after another, and all together only a few at a time, so that most connections are always somebody else's.
 */
import { HttpRefusal } from "./refusal.ts";

/** Of a main thread's ten connections. */
const RUNNING_MAX = 3;
const WAITING_MAX = 60;
/** Typing asks again with every word: the last few wait, more is no person. */
const WAITING_A_PERSON_MAX = 4;

export type Searches = {
  /** Throws the refusal "busy" where too many wait. */
  run<T>(person: string, work: () => Promise<T>): Promise<T>;
};

export function createSearches(): Searches {
  const running = new Set<string>();
  let waiting: { readonly person: string; readonly go: () => void }[] = [];

  function next(): void {
    for (const one of [...waiting]) {
      if (running.size >= RUNNING_MAX) return;
      if (running.has(one.person)) continue;
      waiting = waiting.filter((other) => other !== one);
      running.add(one.person);
      one.go();
    }
  }

  return {
    async run(person, work) {
      const mine = waiting.filter((one) => one.person === person).length;
      if (waiting.length >= WAITING_MAX || mine >= WAITING_A_PERSON_MAX) throw new HttpRefusal("busy");
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ person, go: resolve });
      next();
      await promise;
      try {
        return await work();
      } finally {
        running.delete(person);
        next();
      }
    },
  };
}
