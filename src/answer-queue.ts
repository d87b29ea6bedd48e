/**
 * How many answers are made at once, and whose turn it is: at most `atOnce`, and where more wait, one guild after the other.
 * A guild with a hundred questions delays its own, not its neighbours'; and a burst waits here, in order, instead of for
 * database connections that time out. Answers to one member in one channel wait for each other before that. Each thread has
 * one; a guild is one worker's.
 */
import { AppError } from "./errors.ts";

export type Turnstile = {
  /**
   * Runs `work` when it is the turn of `whose`, and, of the same `talk`, not before what passed earlier has ended. Throws
   * AppError `overloaded` where `waitingMax` wait already.
   */
  pass<T>(whose: string, work: () => Promise<T>, talk?: string): Promise<T>;
  waiting(): number;
};

/** Enough to keep a model and a few database connections busy; each holds an answer's passages and history. */
const AT_ONCE = 48;
/** Ten seconds of the 200 commands a second that an endpoint must take. */
const WAITING_MAX = 2_000;

export function createTurnstile(atOnce = AT_ONCE, waitingMax = WAITING_MAX): Turnstile {
  /** Those who wait, in the order of their turns: who was served goes to the end. */
  const queues = new Map<string, (() => void)[]>();
  /** The last of each talk. */
  const talks = new Map<string, Promise<unknown>>();
  let inside = 0;
  let waiting = 0;

  function admitNext(): void {
    const next = queues.entries().next();
    if (next.done) return;
    const [whose, queue] = next.value;
    queues.delete(whose);
    const admit = queue.shift();
    if (queue.length > 0) queues.set(whose, queue);
    waiting--;
    admit?.();
  }

  function arrive(whose: string): Promise<void> {
    if (waiting >= waitingMax) throw new AppError("overloaded", `${waitingMax} answers wait for their turn already`);
    waiting++;
    const turn = Promise.withResolvers<void>();
    const queue = queues.get(whose);
    if (queue === undefined) queues.set(whose, [turn.resolve]);
    else queue.push(turn.resolve);
    return turn.promise;
  }

  async function enter<T>(whose: string, work: () => Promise<T>): Promise<T> {
    // Who leaves hands over the place: `inside` only grows where nobody waits.
    if (inside >= atOnce) await arrive(whose);
    else inside++;
    try {
      return await work();
    } finally {
      if (waiting > 0) admitNext();
      else inside--;
    }
  }

  return {
    waiting: () => waiting,
    pass(whose, work, talk) {
      if (talk === undefined) return enter(whose, work);
      const run = () => enter(whose, work);
      const last = talks.get(talk);
      const mine = last === undefined ? run() : last.then(run, run);
      talks.set(talk, mine);
      const end = () => {
        if (talks.get(talk) === mine) talks.delete(talk);
      };
      mine.then(end, end);
      return mine;
    },
  };
}
