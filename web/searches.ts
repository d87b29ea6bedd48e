/**
 * Searches in what people said are the dearest queries there are: 40 at once took the database from every server. A person's run
 * one after another, a server's team's two at a time, and all together only a few, so that most connections are always somebody else's.
 */
import { HttpRefusal } from "./refusal.ts";

/** Of a main thread's ten connections. */
const RUNNING_MAX = 3;
const RUNNING_A_GUILD_MAX = 2;
const WAITING_MAX = 60;
const WAITING_A_GUILD_MAX = 20;
/** Typing asks again with every word: the last few wait, more is no person. */
const WAITING_A_PERSON_MAX = 4;

type Searcher = { readonly person: string; readonly guild: string };

export type Searches = {
  /** Throws the refusal "busy" where too many wait. */
  run<T>(by: Searcher, work: () => Promise<T>): Promise<T>;
};

export function createSearches(): Searches {
  const running = new Set<Searcher>();
  let waiting: { readonly by: Searcher; readonly go: () => void }[] = [];

  function mayRun({ person, guild }: Searcher): boolean {
    const others = [...running];
    if (others.some((other) => other.person === person)) return false;
    return others.filter((other) => other.guild === guild).length < RUNNING_A_GUILD_MAX;
  }

  function next(): void {
    for (const one of [...waiting]) {
      if (running.size >= RUNNING_MAX) return;
      if (!mayRun(one.by)) continue;
      waiting = waiting.filter((other) => other !== one);
      running.add(one.by);
      one.go();
    }
  }

  function isFull({ person, guild }: Searcher): boolean {
    const mine = waiting.filter(({ by }) => by.person === person).length;
    const guilds = waiting.filter(({ by }) => by.guild === guild).length;
    return waiting.length >= WAITING_MAX || mine >= WAITING_A_PERSON_MAX || guilds >= WAITING_A_GUILD_MAX;
  }

  return {
    async run({ person, guild }, work) {
      const by = { person, guild };
      if (isFull(by)) throw new HttpRefusal("busy");
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ by, go: resolve });
      next();
      await promise;
      try {
        return await work();
      } finally {
        running.delete(by);
        next();
      }
    },
  };
}
