/** https://discord.com/developers/docs/resources/user */
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { channelPayload, memberPayload, ownUserPayload, userPayload } from "../payloads.ts";
import { basePermissions } from "../permissions.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { directChannel } from "../world/channels.ts";
import { removeMember } from "../world/members.ts";
import { found, guildOf, type Json, memberOf, type User, userOf } from "../world.ts";

export const userRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/users/@me",
    auth: "bot-or-bearer",
    handle(context) {
      if (context.user && !context.scopes.includes("identify")) throw apiError(50001);
      const payload = ownUserPayload(asker(context));
      if (context.user && !context.scopes.includes("email")) {
        delete payload.email;
        delete payload.verified;
      }
      return ok(payload);
    },
  },
  {
    method: "PATCH",
    path: "/users/@me",
    auth: "bot",
    limit: { requests: 2, perMs: 3_600_000 },
    handle(context) {
      const form = readForm(context.body);
      const username = form.string("username", { min: 2, max: 32 });
      form.done();
      const user = asker(context);
      if (username !== undefined) user.username = username;
      return ok(ownUserPayload(user));
    },
  },
  {
    method: "GET",
    path: "/users/@me/guilds",
    auth: "bot-or-bearer",
    handle(context) {
      const { world } = context.services;
      if (context.user && !context.scopes.includes("guilds")) throw apiError(50001);
      const user = asker(context);
      const form = readForm(Object.fromEntries(context.query));
      const limit = form.integer("limit", { min: 1, max: 200 }) ?? 200;
      const [after, before] = [BigInt(form.snowflake("after") ?? 0), form.snowflake("before")];
      form.done();
      const own = [...world.guilds.values()]
        .filter((guild) => guild.members.has(user.id) && BigInt(guild.id) > after)
        .filter((guild) => before === undefined || BigInt(guild.id) < BigInt(before))
        .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
        .slice(0, limit);
      const withCounts = context.query.get("with_counts") === "true";
      return ok(
        own.map((guild) => ({
          id: guild.id,
          name: guild.name,
          icon: null,
          banner: null,
          owner: guild.ownerId === user.id,
          permissions: basePermissions(guild, memberOf(guild, user.id), world.now()).toString(),
          features: [],
          ...(withCounts ? { approximate_member_count: guild.members.size, approximate_presence_count: 1 } : {}),
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/users/@me/guilds/:guild/member",
    auth: "bearer",
    handle(context) {
      if (!context.scopes.includes("guilds.members.read")) throw apiError(50001);
      const guild = guildOf(context.services.world, context.params.guild ?? "");
      return ok(memberPayload(context.services.world, found(guild.members.get(asker(context).id), 10004)));
    },
  },
  {
    method: "DELETE",
    path: "/users/@me/guilds/:guild",
    auth: "bot",
    handle(context) {
      const guild = guildOf(context.services.world, context.params.guild ?? "");
      found(guild.members.get(context.application.botId), 10004);
      removeMember(context.services.world, guild, context.application.botId);
      return NO_CONTENT;
    },
  },
  {
    method: "POST",
    path: "/users/@me/channels",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle(context) {
      const { world } = context.services;
      const form = readForm(context.body);
      const recipientId = form.snowflake("recipient_id", { required: true });
      form.done();
      const recipient = world.users.get(recipientId ?? "");
      if (!recipient || recipient.id === context.application.botId) throw apiError(50033);
      return ok(channelPayload(world, directChannel(world, context.application.botId, recipient.id)) satisfies Json);
    },
  },
  {
    method: "GET",
    path: "/users/:user",
    auth: "bot",
    handle: ({ services, params }) => ok(userPayload(userOf(services.world, params.user ?? ""))),
  },
];

function asker(context: Context): User {
  return context.user ?? userOf(context.services.world, context.application.botId);
}
