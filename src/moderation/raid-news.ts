/** The moderators' message about a raid in the mod-log channel, once, with a button that ends the raid. If it fails, the raid goes on all the same. */
import type { Clock } from "../clock.ts";
import type { Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ChannelId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { RaidDetail } from "../store/ports/moderation.ts";
import type { RaidPlace } from "./raid.ts";
import { moderationWords } from "./words.ts";

const WAIT_MS = 3_000;

export function createRaidNews(services: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the dashboard is reached; null where nobody said. */
  readonly publicUrl: string | null;
}): (raid: RaidDetail, place: RaidPlace) => Promise<void> {
  const { clock, logger, publicUrl } = services;
  return async (raid, { discord, row }) => {
    const log = row.settings.moderation.logChannel as ChannelId | null;
    if (log === null) return;
    const nonce = `r${row.guild}:${raid.beganAtMs % 10_000}`.slice(0, 25);
    try {
      await Promise.race([discord.messages.send(log, raidMessage(raid, row, publicUrl), nonce), clock.sleep(WAIT_MS)]);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ guild: row.guild, reason: error.kind }, "mod-log-not-told");
    }
  };
}

function raidMessage(raid: RaidDetail, row: GuildRow, publicUrl: string | null): Outgoing {
  const say = moderationWords(row.settings.language);
  const { cause, members, seconds, channels, slowS, dryRun, timesOut, endsAtMs } = raid;
  const slowed = dryRun ? say.raidWouldSlow : say.raidSlowed;
  const lines = [
    `**${say.raidTitle}** · ${say.raidSeen(cause, members, seconds)}${dryRun ? ` · ${say.raidWould}` : ""}`,
    ...(channels.length === 0 ? [] : [slowed(slowS, channels.map(({ id }) => `<#${id}>`).join(" "))]),
    ...(timesOut ? [dryRun ? say.raidWouldTimeOut : say.raidTimedOut] : []),
    ...(dryRun ? [] : [say.raidUntil(`<t:${Math.floor(endsAtMs / 1_000)}:R>`)]),
  ];
  const url = publicUrl === null ? null : `${publicUrl.replace(/\/$/, "")}/guilds/${row.guild}/moderation`;
  return {
    content: lines.join("\n").slice(0, 1_900),
    suppressEmbeds: true,
    buttons: [
      ...(dryRun ? [] : [{ id: "raid:end", label: say.raidEndNow }]),
      ...(url === null ? [] : [{ id: "", label: say.open, url }]),
    ],
  };
}
