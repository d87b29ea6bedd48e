/**
 * Commands that no session replays, since they came to the interactions endpoint: each is written down before it is deferred and crossed
 * out when it is done, and what a process left that was killed is done by the next one, by any that serves the endpoint.
 */
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type ApplicationId, createdAt, type GuildId, type MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { InboxStore } from "../store/ports/inbox.ts";

export type LeftCommand = { readonly application: ApplicationId; readonly data: unknown };

export type LeftCommands = {
  /** Waits `KEEP_MS_MAX` at most: Discord wants its answer in 3 s. What is returned crosses it out. Never throws. */
  keep(application: ApplicationId, id: string, guild: GuildId | null, body: string): Promise<() => Promise<void>>;
  /** Looks for what others left, now and every `LOOK_MS`, and crosses out what `work` is done with. */
  start(work: (left: LeftCommand) => Promise<unknown>): void;
  stop(): void;
};

/** Who works here, and who works no more. */
export type Identity = { readonly holder: string; readonly isDead: (holder: string) => boolean };

const KEEP_MS_MAX = 500;
const LOOK_MS = 5_000;
const AT_ONCE_MAX = 16;
const LEASE_MS = 30_000;
/** Its token lives for 15 minutes, and an answer takes some seconds. */
const AGE_MS_MAX = 14 * 60_000;

export function createLeftCommands(
  { inbox, clock, logger }: { readonly inbox: InboxStore; readonly clock: Clock; readonly logger: Logger },
  { holder, isDead }: Identity,
): LeftCommands {
  let timer: Timer | null = null;
  let stopped = false;

  async function takeLeft(work: (left: LeftCommand) => Promise<unknown>): Promise<void> {
    const dead = (await inbox.holders("interactions")).filter(isDead);
    const rows = await inbox.take("interactions", { holder, dead, limit: AT_ONCE_MAX, ttlMs: LEASE_MS });
    await Promise.all(
      rows.map(async ({ application, message, payload }) => {
        const late = clock.now() - createdAt(message) > AGE_MS_MAX;
        logger.info({ application, interaction: message, late }, "interaction-recovered");
        if (!late) await work({ application, data: dataOf(payload) });
        await inbox.remove(application, message);
      }),
    );
  }

  const unread = (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    // It is there the next time.
    logger.warn({ error }, "inbox-unread");
  };

  return {
    async keep(application, id, guild, body) {
      const message = id as MessageId;
      const put = inbox.put(application, message, guild, `{"t":"INTERACTION_CREATE","d":${body}}`, holder).then(
        () => true,
        (error: unknown) => {
          logger.warn({ application, interaction: id, error }, "inbox-refused");
          return false;
        },
      );
      await Promise.race([put, clock.sleep(KEEP_MS_MAX)]);
      return async () => {
        if (await put) await inbox.remove(application, message).catch(unread);
      };
    },
    start(work) {
      const look = () => {
        takeLeft(work)
          .catch(unread)
          .finally(() => {
            if (!stopped) timer = clock.after(LOOK_MS, look);
          });
      };
      look();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

/** Null of what is no JSON: nothing comes of it, and it is crossed out. */
function dataOf(payload: string): unknown {
  try {
    return (JSON.parse(payload) as { readonly d: unknown }).d;
  } catch {
    return null;
  }
}
