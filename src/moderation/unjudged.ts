/**
 * Messages that nobody judged, told on the moderation page: the model was away or late, what it said was no verdict, the plan's month
 * is used up, or too many waited. One alert a guild; it goes by itself once verdicts come again for a while.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuildId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createRecent } from "../recent.ts";
import type { AlertsStore } from "../store/ports/moderation.ts";
import type { Unjudged } from "./check.ts";

export type UnjudgedAlerts = {
  /** Nobody waits for it; a store that is away is told again with a later message. */
  note(guild: GuildId, why: Unjudged, message: MessageId): void;
};

const GUILDS_MAX = 5_000;
const SHOWN_MS = 15 * 60_000;
/** A worker tells of a guild and a reason this often: an outage is many messages. */
const AGAIN_MS = 60_000;

export function createUnjudgedAlerts(services: {
  readonly alerts: Pick<AlertsStore, "raise">;
  readonly clock: Clock;
  readonly logger: Logger;
}): UnjudgedAlerts {
  const { alerts, clock, logger } = services;
  const toldAtMs = createRecent<string, number>(GUILDS_MAX);
  return {
    note(guild, why, message) {
      const key = `${guild}:${why}`;
      const now = clock.now();
      if (now - (toldAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
      toldAtMs.set(key, now);
      const raised = alerts.raise(guild, { kind: "unjudged", detail: { why, message }, untilMs: now + SHOWN_MS });
      raised.catch((error: unknown) => {
        toldAtMs.delete(key);
        if (!(error instanceof AppError)) throw error;
        logger.debug({ guild, error }, "alert-not-raised");
      });
    },
  };
}
