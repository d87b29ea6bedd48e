/**
 * Messages that are silent if what is on its way to the worker changes nothing, and that found no place in its ring: of each what
 * tells its end once the worker has dealt with that (quiet-guilds.ts). In order; bounded.
 */

/** Some 3 MB; a tenth of a second of a fast flood. */
const MESSAGES_MAX = 1 << 15;
/** So many that left are kept until they leave the list, or each one's leaving would cost a copy of all that wait. */
const LEFT_MAX = 1_024;

export type WaitingMessage = {
  readonly source: number;
  readonly token: number;
  readonly receivedAtMs: number;
  /** Where its guild's version is shared, and the version that it was held against. */
  readonly place: number;
  readonly version: number;
  readonly channelHash: number;
  /** The newest record that may change its guild. */
  readonly ticket: number;
  /** How many posts went before it. */
  readonly posts: number;
};

export class Waiting {
  #messages: WaitingMessage[] = [];
  /** Where the oldest is; those before it have left. */
  #first = 0;

  get size(): number {
    return this.#messages.length - this.#first;
  }

  get isFull(): boolean {
    return this.size >= MESSAGES_MAX;
  }

  push(message: WaitingMessage): void {
    this.#messages.push(message);
  }

  /** The oldest. */
  front(): WaitingMessage | undefined {
    return this.#messages[this.#first];
  }

  /** The oldest is done with. */
  drop(): void {
    this.#first++;
    if (this.#first < LEFT_MAX && this.size > 0) return;
    this.#messages = this.#messages.slice(this.#first);
    this.#first = 0;
  }
}
