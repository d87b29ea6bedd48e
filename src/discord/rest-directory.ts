/** A bot, its application and its servers, read over Discord's HTTP API. */
import { ApplicationFlags } from "discord-api-types/v10";
import type { DirectoryReads } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId, GuildId, UserId } from "../ids.ts";
import { cleanText, fieldsOf, listOf, readChannel, readRole, snowflake } from "../payload.ts";
import { call, isPresent, nullIfMissing, type RestDeps, unlessNoRoute } from "./call.ts";

const NAME_CHARS_MAX = 100;
/** More than Discord has of either in a server. */
const ROLES_MAX = 500;
const CHANNELS_MAX = 2_000;
const GUILDS_PAGE = 200;
const GUILD_PAGES_MAX = 50;
/** Guilds read whole at once (four requests each), with a pause after each: about half of what a bot may ask. */
const WHOLES_AT_ONCE = 2;
const WHOLE_PAUSE_MS = 300;

type Own = { readonly userId: UserId; readonly name: string };

export function restDirectory(deps: RestDeps): DirectoryReads {
  const { api, rest, clock } = deps;
  let own: Promise<Own> | null = null;
  const wholes: Promise<unknown>[] = Array.from({ length: WHOLES_AT_ONCE }, () => Promise.resolve());
  /** A token's user never changes. */
  function self(): Promise<Own> {
    own ??= readOwn().catch((error: unknown) => {
      own = null;
      throw error;
    });
    return own;
  }

  async function readOwn(): Promise<Own> {
    const user = await unlessNoRoute(
      call(deps, "read-self", "self", "repeatable", async (signal) =>
        // Spelt out: the library writes %40me, which not every server of the protocol understands.
        fieldsOf(await rest.get("/users/@me", { signal })),
      ),
    );
    const userId = user?.id ?? userIdOf(deps.token);
    if (!userId) throw new AppError("not-found", "/users/@me does not say whose token this is");
    return { userId: String(userId) as UserId, name: String(user?.username ?? "bot") };
  }

  async function wholeOf(guild: GuildId, me: UserId): Promise<unknown> {
    const read = <T>(run: (signal: AbortSignal) => Promise<T>) => call(deps, "read-guild", guild, "repeatable", run);
    return await nullIfMissing(
      Promise.all([
        read((signal) => api.guilds.get(guild, {}, { signal })),
        read((signal) => api.guilds.getChannels(guild, { signal })),
        read((signal) => api.guilds.getActiveThreads(guild, { signal })),
        read((signal) => api.guilds.getMember(guild, me, { signal })),
      ]).then(([found, channels, active, member]) => ({
        ...found,
        channels,
        threads: fieldsOf(active)?.threads,
        members: [member],
      })),
    );
  }

  return {
    self,
    async gateway() {
      const asked = call(deps, "read-gateway", "self", "once", (signal) => rest.get("/gateway/bot", { signal }));
      return (await unlessNoRoute(asked)) ?? {};
    },
    async about() {
      const found = await call(deps, "read-application", "self", "repeatable", (signal) =>
        api.applications.getCurrent({ signal }),
      );
      const flags = found.flags ?? 0;
      const has = (...bits: ApplicationFlags[]) => bits.some((bit) => (flags & bit) !== 0);
      return {
        id: found.id as ApplicationId,
        name: found.name ?? "",
        publicKey: found.verify_key ?? "",
        messageContentIntent: has(
          ApplicationFlags.GatewayMessageContent,
          ApplicationFlags.GatewayMessageContentLimited,
        ),
        guildMembersIntent: has(ApplicationFlags.GatewayGuildMembers, ApplicationFlags.GatewayGuildMembersLimited),
        interactionsEndpointUrl: found.interactions_endpoint_url || null,
      };
    },
    async guild(guild) {
      const found = fieldsOf(
        await nullIfMissing(
          call(deps, "read-guild", guild, "repeatable", (signal) => api.guilds.get(guild, {}, { signal })),
        ),
      );
      if (found === null) return null;
      const roles = listOf(found.roles, ROLES_MAX).map(readRole).filter(isPresent);
      return {
        id: guild,
        name: cleanText(found.name, NAME_CHARS_MAX),
        ownerId: snowflake(found.owner_id) as UserId | null,
        roles,
      };
    },
    async channels(guild) {
      const found = await call(deps, "read-channels", guild, "repeatable", (signal) =>
        api.guilds.getChannels(guild, { signal }),
      );
      return listOf(found, CHANNELS_MAX).map(readChannel).filter(isPresent);
    },
    async whole(guild) {
      const me = await self();
      const turn = wholes.shift() ?? Promise.resolve(null);
      const found = turn.then(() => wholeOf(guild, me.userId));
      // Hundreds of guilds may speak at once after a restart: answers to members come before what we want to know.
      wholes.push(
        found.then(
          () => clock.sleep(WHOLE_PAUSE_MS),
          () => clock.sleep(WHOLE_PAUSE_MS),
        ),
      );
      return await found;
    },
    async guilds() {
      const all: { id: GuildId; name: string }[] = [];
      for (let pages = 0; pages < GUILD_PAGES_MAX; pages++) {
        const after = all.at(-1)?.id;
        const found = await call(deps, "read-guilds", "self", "repeatable", (signal) =>
          api.users.getGuilds({ limit: GUILDS_PAGE, ...(after === undefined ? {} : { after }) }, { signal }),
        );
        const page = listOf(found, GUILDS_PAGE);
        for (const { id, name } of page) {
          const guild = snowflake(id);
          if (guild !== null) all.push({ id: guild as GuildId, name: cleanText(name, NAME_CHARS_MAX) });
        }
        if (page.length < GUILDS_PAGE) break;
      }
      return all;
    },
  };
}

/** A bot's token begins with its user's id, in base64. */
function userIdOf(token: string | null): string | null {
  const id = Buffer.from(token?.split(".")[0] ?? "", "base64").toString("latin1");
  return /^\d{17,20}$/.test(id) ? id : null;
}
