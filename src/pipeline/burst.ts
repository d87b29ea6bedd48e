/**
 * Several quick messages of one member are one thought: waits until they have been quiet for 1.5 s, at most 6 s from the
 * first. The last message stands for all; the others are merged into it. That somebody types is not heard: Discord tells of
 * it for all guilds of a shard or for none, and that is more events than messages.
 */
import type { Clock, Timer } from "../clock.ts";
import type { Message } from "../message.ts";

const QUIET_MS = 1_500;
const WAIT_MS_MAX = 6_000;
/** A pasted log need not be read line by line. */
const MESSAGES_MAX = 20;

export type Bursts = {
  /** All messages of the burst, oldest first, for its last one; null for one that a later message took in. */
  add(key: string, message: Message): Promise<readonly Message[] | null>;
  /** Is this member in the middle of a thought? */
  pending(key: string): boolean;
  /** Ends the burst now and hands it over, for a message that is answered at once. */
  take(key: string): readonly Message[];
  /** Lets everything pending go on at once. */
  flush(): void;
};

type Pending = {
  readonly messages: Message[];
  readonly firstAtMs: number;
  timer: Timer;
  settle: (messages: readonly Message[] | null) => void;
};

export function createBursts(clock: Clock): Bursts {
  const pending = new Map<string, Pending>();

  function end(key: string): void {
    const burst = pending.get(key);
    if (burst === undefined) return;
    pending.delete(key);
    burst.timer.cancel();
    burst.settle(burst.messages);
  }

  function wait(key: string, firstAtMs: number): Timer {
    const left = Math.max(0, firstAtMs + WAIT_MS_MAX - clock.now());
    return clock.after(Math.min(QUIET_MS, left), () => end(key));
  }

  return {
    add(key, message) {
      const burst = pending.get(key);
      const turn = Promise.withResolvers<readonly Message[] | null>();
      if (burst === undefined) {
        const firstAtMs = clock.now();
        pending.set(key, { messages: [message], firstAtMs, timer: wait(key, firstAtMs), settle: turn.resolve });
        return turn.promise;
      }
      burst.settle(null);
      burst.settle = turn.resolve;
      burst.messages.push(message);
      burst.timer.cancel();
      burst.timer = wait(key, burst.firstAtMs);
      if (burst.messages.length >= MESSAGES_MAX) end(key);
      return turn.promise;
    },
    pending: (key) => pending.has(key),
    take(key) {
      const burst = pending.get(key);
      if (burst === undefined) return [];
      pending.delete(key);
      burst.timer.cancel();
      burst.settle(null);
      return burst.messages;
    },
    flush() {
      for (const key of [...pending.keys()]) end(key);
    },
  };
}
