/**
 * The sweeper: goes round all guilds and removes what is older than their settings say; of a guild that the bot left long ago it
 * removes all but the settings. One process of the cluster at a time, in bites, so that nobody waits for it. A run goes on
 * behind the guild that the run before ended with.
 */

import type { GuildId } from "../ids.ts";
import type { Job } from "../jobs.ts";
import type { Services } from "../services.ts";
import type { Kept } from "../store/ports/retention.ts";

const EVERY_MS = 10 * 60_000;
const RUN_MS_MAX = 5 * 60_000;
const GUILDS_A_READ = 200;
const ROWS_A_BITE = 500;
/** Of one guild in one round: a guild with years of rows does not keep the others waiting. */
const BITES_A_ROUND = 20;
const DAY_MS = 86_400_000;

export function createRetentionJob({
  store,
  clock,
  logger,
}: Pick<Services, "clock" | "logger"> & { readonly store: Pick<Services["store"], "retention"> }): Job {
  const { retention } = store;
  /** Left guilds that were found empty: they are not looked through again every round. */
  const empty = new Set<GuildId>();
  let after: GuildId | null = null;

  async function sweep(kept: Kept, signal: AbortSignal): Promise<number> {
    const now = clock.now();
    const gone = kept.leftAtMs !== null && now - kept.leftAtMs > kept.leftDays * DAY_MS;
    if (!gone) empty.delete(kept.guild);
    if (empty.has(kept.guild)) return 0;
    const before = { turnsMs: now - kept.turnsDays * DAY_MS, silencesMs: now - kept.silencesDays * DAY_MS };
    let rows = 0;
    for (let bite = 0; bite < BITES_A_ROUND && !signal.aborted; bite++) {
      const went = gone
        ? await retention.eraseLeft(kept.guild, ROWS_A_BITE)
        : await retention.expire(kept.guild, before, ROWS_A_BITE);
      rows += went;
      if (went > 0) continue;
      if (gone) empty.add(kept.guild);
      break;
    }
    return rows;
  }

  return {
    name: "retention",
    everyMs: EVERY_MS,
    scope: "cluster",
    deadlineMs: RUN_MS_MAX,
    async run(signal) {
      while (!signal.aborted) {
        const guilds = await retention.guilds(after, GUILDS_A_READ);
        for (const kept of guilds) {
          if (signal.aborted) return;
          const rows = await sweep(kept, signal);
          after = kept.guild;
          if (rows > 0) logger.info({ guild: kept.guild, rows, left: kept.leftAtMs !== null }, "old-rows-removed");
        }
        if (guilds.length < GUILDS_A_READ) {
          after = null;
          return;
        }
      }
    },
  };
}
