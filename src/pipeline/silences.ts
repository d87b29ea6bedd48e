/**
 * Which silences leave a row, so that an admin can read why the bot said nothing: those that cost a model call always; of the
 * others as many a guild and minute as somebody reads and one in so many beyond that, never more a second than a process may
 * write. What a mode passes over by its nature (nobody mentioned the bot) would bury the rest: it leaves none.
 */
import type { Clock } from "../clock.ts";
import type { GuildId } from "../ids.ts";
import { createRecent } from "../recent.ts";

const A_GUILD_PER_MINUTE = 12;
const A_PROCESS_PER_SECOND = 20;
const SAMPLE = 50;
const GUILDS_MAX = 5_000;

export type Silences = {
  /** `named`: the message mentions somebody, so that its author may have expected an answer where the bot is off. */
  worthKeeping(guild: GuildId, reason: string, named: boolean): boolean;
};

export function createSilences(clock: Pick<Clock, "now" | "chance">): Silences {
  const minutes = createRecent<GuildId, { readonly minute: number; kept: number }>(GUILDS_MAX);
  let second = { at: 0, kept: 0 };

  function withinBounds(guild: GuildId): boolean {
    const now = clock.now();
    const at = Math.floor(now / 1_000);
    const minute = Math.floor(now / 60_000);
    if (second.at !== at) second = { at, kept: 0 };
    if (second.kept >= A_PROCESS_PER_SECOND) return false;
    let held = minutes.get(guild);
    if (held?.minute !== minute) {
      held = { minute, kept: 0 };
      minutes.set(guild, held);
    }
    if (held.kept >= A_GUILD_PER_MINUTE && clock.chance() * SAMPLE >= 1) return false;
    second.kept += 1;
    held.kept += 1;
    return true;
  }

  return {
    worthKeeping(guild, reason, named) {
      if (reason === "not-mentioned") return false;
      if ((reason === "mode-off" || reason === "mode-ask") && !named) return false;
      return withinBounds(guild);
    },
  };
}
