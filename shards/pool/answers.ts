/** Waits for answers from a worker. Each answer is one message, and every wait has a deadline. */
import type { Clock } from "../../src/clock.ts";

export class Answers<Op> {
  readonly #clock: Clock;
  #waiting: { readonly op: Op; readonly resolve: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Settles when `op` comes, when nothing more will come, or after `msMax`. */
  async wait(op: Op, msMax: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ op, resolve });
    const timer = this.#clock.after(msMax, resolve);
    await promise;
    timer.cancel();
  }

  came(op: Op): void {
    this.#waiting = this.#waiting.filter((waiter) => {
      if (waiter.op === op) waiter.resolve();
      return waiter.op !== op;
    });
  }

  /** The worker is gone. */
  giveUp(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }
}
