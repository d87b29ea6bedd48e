/**
 * Whose messages are held: their work goes on (a model, the store) and the lane does not wait for it. One guild, and one person in
 * it, may have so many at a time; what comes beyond it is dropped before its work begins, so that while the store is away one busy
 * guild does not take the room of all others. Moderation's and answers' own queues are smaller, and are full before this is.
 */
import type { Busy } from "../../src/answer-queue.ts";
import type { Message } from "../../src/message.ts";
import { shares } from "../../src/policy.ts";

/** A guild's messages: all, and by person. */
type Held = { all: number; readonly persons: Map<string, number> };

export class HeldMessages {
  readonly #guilds = new Map<string, Held>();
  readonly #guildMax: number;
  readonly #personMax: number;

  constructor({ guild, person }: { readonly guild: number; readonly person: number } = shares.held) {
    this.#guildMax = guild;
    this.#personMax = person;
  }

  /** Whose part is taken already. */
  full({ guildId, channelId, author }: Message): Busy | null {
    const held = this.#guilds.get(guildId ?? channelId);
    if ((held?.persons.get(author.id) ?? 0) >= this.#personMax) return "member-busy";
    return (held?.all ?? 0) >= this.#guildMax ? "server-busy" : null;
  }

  get any(): boolean {
    return this.#guilds.size > 0;
  }

  /** Until `work` has settled. */
  hold({ guildId, channelId, author }: Message, work: Promise<unknown>): void {
    const guild = guildId ?? channelId;
    const held = this.#guilds.get(guild) ?? { all: 0, persons: new Map() };
    if (held.all++ === 0) this.#guilds.set(guild, held);
    held.persons.set(author.id, (held.persons.get(author.id) ?? 0) + 1);
    const end = () => {
      if (--held.all === 0) this.#guilds.delete(guild);
      const left = (held.persons.get(author.id) ?? 1) - 1;
      if (left === 0) held.persons.delete(author.id);
      else held.persons.set(author.id, left);
    };
    work.then(end, end);
  }
}
