/**
 * Cases whose acts are under way or wait for their turn, for as long as that takes. They are marked in the store meanwhile, so that
 * nobody takes them for cases whose process died and acts on them too (moderation/settle.ts).
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";

/** A planned case that nobody marked for so long has nobody. */
export const UNSETTLED_MS = 20_000;
const MARK_EVERY_MS = 6_000;
const MARKED_AT_ONCE = 1_000;

export type Holds = {
  during<T>(one: Pick<CaseRow, "id" | "guild">, work: () => Promise<T>): Promise<T>;
};

export function createHolds(services: {
  readonly store: Pick<Store, "unsettled">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Holds {
  const { store, clock, logger } = services;
  const held = new Map<string, GuildId>();
  let marking = false;

  async function mark(): Promise<void> {
    const guilds = Map.groupBy(held.keys(), (id) => held.get(id) as GuildId);
    for (const [guild, ids] of guilds)
      for (let at = 0; at < ids.length; at += MARKED_AT_ONCE)
        await store.unsettled.hold(guild, ids.slice(at, at + MARKED_AT_ONCE));
  }

  async function keepMarked(): Promise<void> {
    marking = true;
    for (await clock.sleep(MARK_EVERY_MS); held.size > 0; await clock.sleep(MARK_EVERY_MS)) {
      try {
        await mark();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        logger.warn({ error }, "cases-not-held");
      }
    }
    marking = false;
  }

  return {
    async during(one, work) {
      held.set(one.id, one.guild);
      if (!marking) void keepMarked();
      try {
        return await work();
      } finally {
        held.delete(one.id);
      }
    },
  };
}
