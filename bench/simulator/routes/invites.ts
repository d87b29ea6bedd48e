/**
 * https://discord.com/developers/docs/resources/channel#create-channel-invite
 * Not for threads, categories and direct messages.
 */
import { AuditLogEvent, ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { requireIn, visibleChannel } from "../access.ts";
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { type Context, ok, type Route } from "../route.ts";
import { audit } from "../world/audit-log.ts";
import { createInvite, INVITES_MAX, invitePayload, invitesOf } from "../world/invites.ts";
import { type Channel, type Guild, guildOf } from "../world.ts";

/** A day, where nothing is said; at most sixty. */
const AGE_S = 86_400;
const AGE_S_MAX = 5_184_000;
const USES_MAX = 100;

export const inviteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/channels/:channel/invites",
    auth: "bot",
    limit: { requests: 5, perMs: 15_000 },
    handle(context) {
      const { world } = context.services;
      const { channel, guild } = invitable(context);
      const form = readForm(context.body);
      const maxAgeS = form.integer("max_age", { min: 0, max: AGE_S_MAX }) ?? AGE_S;
      const maxUses = form.integer("max_uses", { min: 0, max: USES_MAX }) ?? 0;
      const temporary = form.boolean("temporary") ?? false;
      const unique = form.boolean("unique") ?? false;
      form.done();
      requireIn(context, channel, P.CreateInstantInvite);
      const before = invitesOf(world, guild);
      if (before.length >= INVITES_MAX) throw apiError(30016);
      const inviterId = context.application.botId;
      const invite = createInvite(world, guild, channel, { inviterId, maxAgeS, maxUses, temporary, unique });
      if (!before.includes(invite)) {
        audit(world, guild, AuditLogEvent.InviteCreate, {
          actor: inviterId,
          target: null,
          reason: context.reason,
          changes: [
            { key: "code", new_value: invite.code },
            { key: "channel_id", new_value: channel.id },
            { key: "max_age", new_value: maxAgeS },
            { key: "max_uses", new_value: maxUses },
          ],
        });
      }
      return ok(invitePayload(world, invite));
    },
  },
  {
    method: "GET",
    path: "/channels/:channel/invites",
    auth: "bot",
    handle(context) {
      const { world } = context.services;
      const { channel, guild } = invitable(context);
      requireIn(context, channel, P.ManageChannels);
      const here = invitesOf(world, guild).filter(({ channelId }) => channelId === channel.id);
      return ok(here.map((invite) => invitePayload(world, invite)));
    },
  },
];

function invitable(context: Context): { readonly channel: Channel; readonly guild: Guild } {
  const channel = visibleChannel(context);
  if (channel.guildId === null) throw apiError(50003);
  if (channel.thread !== null || channel.type === ChannelType.GuildCategory) throw apiError(50024);
  return { channel, guild: guildOf(context.services.world, channel.guildId) };
}
