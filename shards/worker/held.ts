/**
 * Whose messages are held: their work goes on (a model, the store) and the lane does not wait for it. One guild, and one person in
 * it, may have so many at a time; what comes beyond it is dropped before its work begins, so that while the store is away one busy
 * guild does not take the room of all others. Moderation's and answers' own queues are smaller, and are full before this is.
 */
import type { Busy } from "../../src/answer-queue.ts";
import type { Message } from "../../src/message.ts";
import { shares } from "../../src/policy.ts";

export class HeldMessages {
  readonly #counts = new Map<string, number>();
  readonly #guildMax: number;
  readonly #personMax: number;

  constructor({ guild, person }: { readonly guild: number; readonly person: number } = shares.held) {
    this.#guildMax = guild;
    this.#personMax = person;
  }

  /** Whose part is taken already. */
  full({ guildId, channelId, author }: Message): Busy | null {
    const guild = guildId ?? channelId;
    if ((this.#counts.get(`${guild}:${author.id}`) ?? 0) >= this.#personMax) return "member-busy";
    return (this.#counts.get(guild) ?? 0) >= this.#guildMax ? "server-busy" : null;
  }

  get any(): boolean {
    return this.#counts.size > 0;
  }

  /** Until `work` has settled. */
  hold({ guildId, channelId, author }: Message, work: Promise<unknown>): void {
    const guild = guildId ?? channelId;
    const person = `${guild}:${author.id}`;
    this.#add(guild, 1);
    this.#add(person, 1);
    const end = () => {
      this.#add(guild, -1);
      this.#add(person, -1);
    };
    work.then(end, end);
  }

  #add(whose: string, by: 1 | -1): void {
    const count = (this.#counts.get(whose) ?? 0) + by;
    if (count > 0) this.#counts.set(whose, count);
    else this.#counts.delete(whose);
  }
}
