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

/** `whose`: the person, in their guild. */
type Place = Turn & { readonly whose: string };
type Waiting = Place & { readonly admit: () => void };

export function createTurnstile(limits: TurnstileShares = shares.answers): Turnstile {
  /** Guilds that wait, in the order of their turns; a guild that was served goes to the end. */
  const lines = new Map<string, Waiting[]>();
  const waitingOf = createShares();
  const insideOf = createShares();
  let waiting = 0;
  let inside = 0;

  function full({ guild, whose }: Place): Busy | null {
    if (waitingOf.persons.get(whose) >= limits.personWaiting) return "member-busy";
    if (waitingOf.guilds.get(guild) >= limits.guildWaiting || waiting >= limits.waiting) return "server-busy";
    return null;
  }

  function hasRoom(guild: string): boolean {
    return inside < limits.atOnce && insideOf.guilds.get(guild) < limits.guildAtOnce;
  }

  function mayEnter({ whose, talk }: Place): boolean {
    return insideOf.persons.get(whose) < limits.personAtOnce && insideOf.talks.get(talk) === 0;
  }

  function count({ guild, whose, talk }: Place, { guilds, persons, talks }: Shares, by: 1 | -1): void {
    guilds.add(guild, by);
    persons.add(whose, by);
    talks.add(talk, by);
  }

  function enter(place: Place): void {
    inside++;
    count(place, insideOf, 1);
  }

  /** Settles once it is this place's turn. */
  function wait(place: Place): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const line = lines.get(place.guild);
    if (line === undefined) lines.set(place.guild, [{ ...place, admit: resolve }]);
    else line.push({ ...place, admit: resolve });
    waiting++;
    count(place, waitingOf, 1);
    admit();
    return promise;
  }

  function admit(): void {
    for (let admitted = true; admitted && inside < limits.atOnce; ) {
      admitted = false;
      for (const [guild, line] of lines) {
        if (!hasRoom(guild)) continue;
        const at = line.findIndex(mayEnter);
        const [next] = at < 0 ? [] : line.splice(at, 1);
        if (next === undefined) continue;
        lines.delete(guild);
        if (line.length > 0) lines.set(guild, line);
        waiting--;
        count(next, waitingOf, -1);
        enter(next);
        next.admit();
        admitted = true;
        break;
      }
    }
  }

  return {
    full: (turn) => full(placeOf(turn)),
    waiting: () => waiting,
    async pass(turn, work) {
      const place = placeOf(turn);
      const busy = full(place);
      if (busy !== null) throw new AppError("overloaded", `${busy}: too many answers wait for their turn already`);
      // Nobody is overtaken: who waits could not enter now.
      if (hasRoom(place.guild) && mayEnter(place)) enter(place);
      else await wait(place);
      try {
        return await work();
      } finally {
        inside--;
        count(place, insideOf, -1);
        admit();
      }
    },
  };
}

function placeOf({ guild, person, talk }: Turn): Place {
  return { guild, person, talk, whose: `${guild} ${person}` };
}

type Shares = ReturnType<typeof createShares>;

function createShares() {
  return { guilds: createCounts(), persons: createCounts(), talks: createCounts() };
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
