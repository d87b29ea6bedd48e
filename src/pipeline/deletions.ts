/**
 * What is deleted on Discord is deleted here. Deletions of every channel come by, of messages that are hardly ever ours, so they
 * are gathered for a moment and looked up a guild at a time, by the message's id. While the store is away they wait, bounded.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuildId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createOutage } from "../outage.ts";
import type { RetentionStore } from "../store/ports/retention.ts";

const GATHER_MS = 500;
const AGAIN_MS = 5_000;
const WAITING_MAX = 20_000;
const MESSAGES_A_QUERY = 500;

export type Deletions = { note(guild: GuildId, messages: readonly MessageId[]): void };

export function createDeletions(ports: {
  readonly retention: Pick<RetentionStore, "emptyMessages">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Deletions {
  const { retention, clock, logger } = ports;
  const outage = createOutage({ began: "deletions-wait", ended: "deletions-done" }, { clock, logger });
  const waiting = new Map<GuildId, Set<MessageId>>();
  let count = 0;
  let flushing = false;

  async function flush(): Promise<void> {
    let pauseMs = GATHER_MS;
    for (const [guild, ids] of [...waiting]) {
      const some = [...ids].slice(0, MESSAGES_A_QUERY);
      try {
        await retention.emptyMessages(guild, some);
        outage.worked();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        outage.failed(error);
        pauseMs = AGAIN_MS;
        break;
      }
      for (const id of some) if (ids.delete(id)) count--;
      if (ids.size === 0) waiting.delete(guild);
    }
    if (waiting.size === 0) flushing = false;
    else soon(pauseMs);
  }

  function soon(ms: number): void {
    flushing = true;
    clock.after(ms, () => {
      flush().catch((error: unknown) => {
        flushing = false;
        logger.error({ error }, "deletions-failed");
      });
    });
  }

  return {
    note(guild, messages) {
      const ids = waiting.get(guild) ?? new Set<MessageId>();
      for (const id of messages) {
        if (count >= WAITING_MAX || ids.has(id)) continue;
        ids.add(id);
        count++;
      }
      if (ids.size > 0) waiting.set(guild, ids);
      if (!flushing && waiting.size > 0) soon(GATHER_MS);
    },
  };
}
