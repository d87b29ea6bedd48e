/** The channels and roles of a guild by name, from Discord; if Discord cannot be asked, channels from conversations. */
import { AppError } from "../../src/errors.ts";
import type { GuildVisit } from "../visit.ts";

export type ChannelName = { readonly id: string; readonly name: string };
export type RoleName = { readonly id: string; readonly name: string };

/** Text, announcements, forum: where somebody can ask. */
const ASKABLE = [0, 5, 15];
const SHOWN_MAX = 500;

export async function channelNames(visit: GuildVisit): Promise<readonly ChannelName[]> {
  const { glances, guild, services } = visit;
  try {
    const all = await glances.discord(guild.application).directory.channels(guild.guild);
    const askable = all.filter((channel) => ASKABLE.includes(channel.type));
    if (askable.length > 0) return askable.slice(0, SHOWN_MAX).map(({ id, name }) => ({ id, name }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "channels-unknown");
  }
  return services.store.conversations.channels(guild.guild, SHOWN_MAX);
}

/** The highest first, without @everyone; empty where Discord cannot be asked. */
export async function roleNames({ glances, guild, services }: GuildVisit): Promise<readonly RoleName[]> {
  try {
    const view = await glances.discord(guild.application).directory.guild(guild.guild);
    const roles = (view?.roles ?? []).filter(({ id }) => id !== (guild.guild as string));
    return roles
      .toSorted((a, b) => b.position - a.position)
      .slice(0, SHOWN_MAX)
      .map(({ id, name }) => ({ id, name }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "roles-unknown");
    return [];
  }
}
