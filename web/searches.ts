/**
 * Searches in what people said are the dearest queries there are: 40 at once took the database from every server. A server's and a person's
 * run one after another, all together two at a time, on connections that nothing else uses. One that waits too long is refused: its reader
 * is told to try again, and has no use for it later.
 */
import type { Clock } from "../src/clock.ts";
import { HttpRefusal } from "./refusal.ts";

/** As many as the store has connections for searches (src/store/sql.ts). */
const RUNNING_MAX = 2;
const WAITING_MS_MAX = 3_000;
const WAITING_MAX = 60;
const WAITING_A_GUILD_MAX = 20;
/** Typing asks again with every word: the last few wait, more is no person. */
const WAITING_A_PERSON_MAX = 4;

type Searcher = { readonly person: string; readonly guild: string };

export type Searches = {
  /** Throws the refusal "busy" where too many wait, or for too long. */
  run<T>(by: Searcher, work: () => Promise<T>): Promise<T>;
};

export function createSearches(clock: Clock): Searches {
  const running = new Set<Searcher>();
  let waiting: { readonly by: Searcher; readonly go: () => void }[] = [];

  function mayRun({ person, guild }: Searcher): boolean {
    return ![...running].some((other) => other.person === person || other.guild === guild);
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
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { by, go: resolve };
      waiting.push(one);
      const timer = clock.after(WAITING_MS_MAX, () => {
        if (!waiting.includes(one)) return;
        waiting = waiting.filter((other) => other !== one);
        reject(new HttpRefusal("busy"));
      });
      next();
      await promise.finally(() => timer.cancel());
      try {
        return await work();
      } finally {
        running.delete(by);
        next();
      }
    },
  };
}
