/**
 * How many answers are made at once, and whose turn it is: at most `atOnce`, and where more wait, one guild after the other.
 * A guild with a hundred questions delays its own, not its neighbours'; and a burst waits here, in order, instead of for
 * database connections that time out. Answers to one member in one channel (a talk) come one after the other. Each thread has
 * one; a guild is one worker's.
 *
 * Algorithm: each guild has a line, and lines take turns. Of a line goes the first whose talk is not being answered and whose
 * person has fewer than `personAtOnce` answers being made; a guild that has `guildAtOnce` lets its turn pass. So neither a guild nor
 * a person can take all places, and `full` says when one has taken its share of those who may wait.
 */
import { AppError } from "./errors.ts";
import { shares } from "./policy.ts";

/** Whose answer it is. A direct message's guild is its person; a person is one in each guild. */
export type Turn = { readonly guild: string; readonly person: string; readonly talk: string };

/** Why somebody is turned away at once; both are a refusal's words in i18n. */
export type Busy = "member-busy" | "server-busy";

export type Turnstile = {
  /** Asked right before `pass`: whose share of those who may wait is taken. */
  full(turn: Turn): Busy | null;
  /** Runs `work` when it is its turn. Throws AppError `overloaded` where `full` would have said so. */
  pass<T>(turn: Turn, work: () => Promise<T>): Promise<T>;
  waiting(): number;
};

export type TurnstileShares = { readonly [Name in keyof typeof shares.answers]: number };

type Waiting = Turn & { readonly admit: () => void };

export function createTurnstile(limits: TurnstileShares = shares.answers): Turnstile {
  /** Guilds that wait, in the order of their turns; a guild that was served goes to the end. */
  const lines = new Map<string, Waiting[]>();
  const waitingOf = createCounts();
  const insideOf = createCounts();
  let waiting = 0;
  let inside = 0;

  function full({ guild, person }: Turn): Busy | null {
    if (waitingOf.get(`person ${guild} ${person}`) >= limits.personWaiting) return "member-busy";
    if (waitingOf.get(`guild ${guild}`) >= limits.guildWaiting || waiting >= limits.waiting) return "server-busy";
    return null;
  }

  function mayEnter({ guild, person, talk }: Turn): boolean {
    return insideOf.get(`person ${guild} ${person}`) < limits.personAtOnce && insideOf.get(`talk ${talk}`) === 0;
  }

  function count({ guild, person, talk }: Turn, counts: ReturnType<typeof createCounts>, by: 1 | -1): void {
    counts.add(`guild ${guild}`, by);
    counts.add(`person ${guild} ${person}`, by);
    counts.add(`talk ${talk}`, by);
  }

  function admit(): void {
    for (let admitted = true; admitted && inside < limits.atOnce; ) {
      admitted = false;
      for (const [guild, line] of lines) {
        if (insideOf.get(`guild ${guild}`) >= limits.guildAtOnce) continue;
        const at = line.findIndex(mayEnter);
        const [next] = at < 0 ? [] : line.splice(at, 1);
        if (next === undefined) continue;
        lines.delete(guild);
        if (line.length > 0) lines.set(guild, line);
        waiting--;
        count(next, waitingOf, -1);
        inside++;
        count(next, insideOf, 1);
        next.admit();
        admitted = true;
        break;
      }
    }
  }

  return {
    full,
    waiting: () => waiting,
    async pass(turn, work) {
      const busy = full(turn);
      if (busy !== null) throw new AppError("overloaded", `${busy}: too many answers wait for their turn already`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const line = lines.get(turn.guild);
      if (line === undefined) lines.set(turn.guild, [{ ...turn, admit: resolve }]);
      else line.push({ ...turn, admit: resolve });
      waiting++;
      count(turn, waitingOf, 1);
      admit();
      await promise;
      try {
        return await work();
      } finally {
        inside--;
        count(turn, insideOf, -1);
        admit();
      }
    },
  };
}

/** Numbers by name, which are forgotten at 0. */
function createCounts() {
  const counts = new Map<string, number>();
  return {
    get: (name: string) => counts.get(name) ?? 0,
    add(name: string, by: number) {
      const now = (counts.get(name) ?? 0) + by;
      if (now > 0) counts.set(name, now);
      else counts.delete(name);
    },
  };
}
