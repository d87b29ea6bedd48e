/**
 * Request Guild Members (op 8) and its answer in chunks of 1,000.
 * https://discord.com/developers/docs/events/gateway-events#request-guild-members
 */
import { GatewayIntentBits } from "discord-api-types/v10";
import { memberPayload } from "./payloads.ts";
import type { Session } from "./session.ts";
import type { Json, Member, World } from "./world.ts";

const CHUNK_MAX = 1000;

/** No chunks at all where the intents do not allow the request: Discord stays silent as well. */
export function membersChunks(world: World, session: Session, d: unknown): Json[] {
  const request = (d ?? {}) as Json;
  const guild = world.guilds.get(String(request.guild_id));
  if (!guild?.members.has(session.application.botId)) return [];
  const userIds = request.user_ids === undefined ? undefined : [request.user_ids].flat().map(String);
  const query = typeof request.query === "string" ? request.query.toLowerCase() : "";
  const limit = typeof request.limit === "number" ? request.limit : 0;
  const wantsAll = userIds === undefined && query === "" && limit === 0;
  if (wantsAll && !(session.intents & GatewayIntentBits.GuildMembers)) return [];

  const matching = (member: Member) => {
    const user = world.users.get(member.userId);
    return [member.nick, user?.globalName, user?.username].some((name) => name?.toLowerCase().startsWith(query));
  };
  const members = userIds
    ? userIds.flatMap((id) => guild.members.get(id) ?? [])
    : [...guild.members.values()].filter(matching).slice(0, wantsAll ? undefined : Math.min(limit || 100, 100));
  const count = Math.max(1, Math.ceil(members.length / CHUNK_MAX));
  return Array.from({ length: count }, (_, index) => ({
    guild_id: guild.id,
    members: members.slice(index * CHUNK_MAX, (index + 1) * CHUNK_MAX).map((member) => memberPayload(world, member)),
    chunk_index: index,
    chunk_count: count,
    ...(userIds ? { not_found: userIds.filter((id) => !guild.members.has(id)) } : {}),
    ...(typeof request.nonce === "string" ? { nonce: request.nonce } : {}),
  }));
}
