/** Where a test message is sent unless somebody chooses: a channel where the bot speaks, best one that members ask in. */
import { AppError } from "../../src/errors.ts";
import type { ChannelId } from "../../src/ids.ts";
import { channelPermissions, missingPermissions } from "../../src/permissions.ts";
import { settingsIn } from "../../src/settings/form.ts";
import { askedInFirst, isReadOnly } from "../../src/status/asked-in.ts";
import type { GuildVisit } from "../visit.ts";

/** Announcements reach everybody, a forum takes no message. */
const TEXT = 0;

/** Null: none fits, or Discord does not tell. */
export async function testChannel({ glances, guild, services }: GuildVisit): Promise<string | null> {
  const { directory, members } = glances.discord(guild.application);
  try {
    const [self, view, channels] = await Promise.all([
      directory.self(),
      directory.guild(guild.guild),
      directory.channels(guild.guild),
    ]);
    const member = view === null ? null : await members.get(guild.guild, self.userId);
    if (view === null || member === null) return null;
    const facts = {
      ...{ guild: guild.guild, ownerId: view.ownerId },
      roles: new Map(view.roles.map((role) => [role.id, role])),
    };
    const open = channels.filter((channel) => {
      const { id, type, overwrites } = channel;
      const bits = channelPermissions(facts, member, overwrites);
      const speaks = missingPermissions(bits, ["viewChannel", "sendMessages"]).length === 0;
      return (
        type === TEXT && speaks && !isReadOnly(channel) && settingsIn(guild.settings, id as ChannelId).mode !== "off"
      );
    });
    return askedInFirst(open)[0]?.id ?? null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "test-channel-unknown");
    return null;
  }
}
