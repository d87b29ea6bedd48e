/** How a raid ends: by its time, in whichever process the job runs, or by a person before that. Slow mode goes back to what was there. */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { RaidDetail } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { raidOf } from "./raid.ts";
import { moderationWords } from "./words.ts";

export type RaidEnds = {
  /** Ends the raids whose time is over; says how many. */
  due(): Promise<number>;
  /**
   * A person ends it now: the raid that was held off, or null where there is none. False: Discord did not let the slow mode be
   * taken back, so the raid goes on.
   */
  now(guild: GuildId): Promise<RaidDetail | null | false>;
};

const DAY_MS = 24 * 3_600_000;
/** After so long past its end nobody tries any more to take the slow mode back: Discord does not let the bot. */
const TRIES_MS = DAY_MS;

export function createRaidEnds(services: {
  readonly store: Pick<Store, "alerts" | "guilds">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discord: (application: ApplicationId) => Discord;
}): RaidEnds {
  const { store, clock, logger } = services;

  async function end(guild: GuildId, { channels, slowS, dryRun, endsAtMs }: RaidDetail): Promise<boolean> {
    const row = await store.guilds.get(guild);
    if (!dryRun && row !== null && row.leftAtMs === null) {
      const discord = services.discord(row.application);
      const reason = moderationWords(row.settings.language).raidEnds;
      for (const { id, before } of channels) {
        try {
          // A moderator who set another slow mode meanwhile keeps it.
          if ((await discord.channels.slowness(id)) === slowS) await discord.channels.slow(id, before, reason);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          logger.warn({ guild, channel: id, error }, "raid-not-ended");
          if (error.kind !== "not-found" && clock.now() < endsAtMs + TRIES_MS) return false;
        }
      }
    }
    await store.alerts.resolve(guild, "raid");
    logger.info({ guild }, "raid-ended");
    return true;
  }

  return {
    async due() {
      let ended = 0;
      for (const { guild, ...alert } of await store.alerts.ofKind("raid")) {
        const raid = raidOf(alert);
        if (raid === null || raid.endsAtMs > clock.now()) continue;
        if (await end(guild, raid)) ended++;
      }
      return ended;
    },
    async now(guild) {
      const alert = (await store.alerts.open(guild)).find(({ kind }) => kind === "raid");
      const raid = alert === undefined ? null : raidOf(alert);
      if (raid !== null) return (await end(guild, raid)) && raid;
      await store.alerts.resolve(guild, "raid");
      return null;
    },
  };
}
