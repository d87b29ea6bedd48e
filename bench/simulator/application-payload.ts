/** An application as `/applications/@me` shows it. https://discord.com/developers/docs/resources/application */
import { userPayload } from "./payloads.ts";
import type { Application, Json, World } from "./world.ts";

export function applicationPayload(world: World, application: Application): Json {
  const bot = world.users.get(application.botId);
  return {
    id: application.id,
    name: application.name,
    icon: null,
    description: application.description,
    summary: "",
    type: null,
    is_monetized: false,
    is_verified: false,
    is_discoverable: false,
    bot: bot ? userPayload(bot) : undefined,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: application.publicKey,
    flags: applicationFlags(application),
    flags_new: String(applicationFlags(application)),
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ["identify", "email", "guilds", "guilds.members.read", "bot", "applications.commands"],
    approximate_user_authorization_count: 0,
    hook: true,
    storefront_available: false,
    redirect_uris: application.redirectUris,
    interactions_endpoint_url: application.interactionsEndpointUrl,
    role_connections_verification_url: null,
    integration_types_config: { "0": {} },
    install_params: { scopes: ["bot", "applications.commands"], permissions: "309237730304" },
    approximate_guild_count: [...world.guilds.values()].filter((guild) => guild.members.has(application.botId)).length,
    approximate_user_install_count: 0,
    owner: {
      id: "1",
      username: "operator",
      avatar: null,
      discriminator: "0",
      global_name: null,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
    },
    team: null,
  };
}

/** The "limited" flags: what bots in fewer than 100 guilds get by a switch in the portal. */
export function applicationFlags(application: Application): number {
  return (
    (application.privileged.guildPresences ? 1 << 13 : 0) |
    (application.privileged.guildMembers ? 1 << 15 : 0) |
    (application.privileged.messageContent ? 1 << 19 : 0)
  );
}
