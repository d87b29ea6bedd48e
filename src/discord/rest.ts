/**
 * Discord's HTTP API v10 for one bot: @discordjs/rest for routes, buckets and the global limit, ours for deadlines and
 * repeats. The library's own retries are off, since they repeat a POST whose reply was lost; here only what Discord lets us
 * repeat is tried again (a message is: its enforced nonce makes Discord return the first one).
 */
import { API } from "@discordjs/core";
import { type RawFile, REST } from "@discordjs/rest";
import { ApplicationFlags, MessageFlags, type RESTPutAPIApplicationCommandsJSONBody } from "discord-api-types/v10";
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import {
  type ApplicationId,
  type ChannelId,
  createdAt,
  type GuildId,
  type MessageId,
  type RoleId,
  type UserId,
} from "../ids.ts";
import type { Logger } from "../logger.ts";
import { cleanText, fieldsOf, listOf, readChannel, readMessage, readRole, snowflake, snowflakes } from "../payload.ts";
import { bounds, createPolicy, type Policy } from "../policy.ts";
import { attachedText } from "./attached-text.ts";
import { type Body, bodyOf, callbackOf, editOf } from "./bodies.ts";
import { createGuard, type GuardStats, NEVER_LEFT, NO_ROUTE } from "./guard.ts";
import { createRefusals, type Refusals } from "./refusals.ts";

export type RestOptions = {
  readonly application: ApplicationId;
  /** Null: this process does not have it. Interactions are answered all the same, by the tokens they bring. */
  readonly token: string | null;
  /** Without the version: `https://discord.com/api`, or a proxy's. */
  readonly apiBase: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shared by everything in this process that calls Discord. */
  readonly refusals?: Refusals;
  /** Discord grants a bot 50; behind a shared proxy that counts itself, more. */
  readonly requestsPerSecond?: number;
};

const NAME_CHARS_MAX = 100;
/** More than Discord has of either in a server. */
const ROLES_MAX = 500;
const CHANNELS_MAX = 2_000;

type Own = { readonly userId: UserId; readonly name: string };

export type RestDiscord = Discord & { stats(): GuardStats; close(): void };

/** Waiting longer for a bucket is worse than saying so. */
const BUCKET_WAIT_MS_MAX = 6_000;
const QUEUE_SWEEP_MS = 60_000;
const BULK_MAX = 100;
/** Bulk deletion refuses what is older than 14 days; an hour is kept back for clocks that differ. */
const BULK_AGE_MS_MAX = 14 * 24 * 3_600_000 - 3_600_000;
const GUILDS_PAGE = 200;
const GUILD_PAGES_MAX = 50;
/** Guilds read whole at once (four requests each), with a pause after each: about half of what a bot may ask. */
const WHOLES_AT_ONCE = 2;
const WHOLE_PAUSE_MS = 300;
const ALREADY_ACKNOWLEDGED = 40_060;

export function createRest(options: RestOptions): RestDiscord {
  const { application, clock, logger } = options;
  const guard = createGuard(clock, options.refusals ?? createRefusals(clock));
  const policy = createPolicy("Discord", bounds.discord);
  const once = createPolicy("Discord", { ...bounds.discord, retriesMax: 0 });
  const rest = client(options.requestsPerSecond ?? 50);
  if (options.token !== null) rest.setToken(options.token);
  const api = new API(rest);
  // Interactions do not count towards a bot's requests a second: a burst of commands is not held to them.
  const interactionRest = client(Number.POSITIVE_INFINITY);
  const interactionApi = new API(interactionRest);

  function client(requestsPerSecond: number): REST {
    const made = new REST({
      api: options.apiBase,
      version: "10",
      retries: 0,
      timeout: bounds.discord.deadlineMs,
      globalRequestsPerSecond: requestsPerSecond,
      // Each interaction's token has a queue of its own there.
      handlerSweepInterval: QUEUE_SWEEP_MS,
      rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > BUCKET_WAIT_MS_MAX,
      userAgentAppendix: "Gatehouse",
    });
    made.on("response", (_, response) => {
      if (response.status === 429) guard.noteRateLimit();
    });
    made.on("rateLimited", ({ route, scope, timeToReset }) => {
      logger.debug({ application, route, scope, ms: timeToReset }, "rate-limited");
    });
    return made;
  }

  /** `sent`: "repeatable" is tried again, "once" never. `place` is what one 403 says something about. */
  async function call<T>(
    action: string,
    place: string,
    sent: "repeatable" | "once",
    run: (signal: AbortSignal, attempt: number) => Promise<T>,
  ): Promise<T> {
    if (options.token === null && place !== "interaction") {
      throw new AppError("not-found", `This process has no token for the bot ${application}.`);
    }
    guard.admit(action, place);
    const bounded: Policy = sent === "repeatable" ? policy : once;
    try {
      return await bounded.run(async ({ signal, attempt }) => {
        try {
          return await run(signal, attempt);
        } catch (error) {
          throw guard.understand(error, action, place, sent);
        }
      });
    } catch (error) {
      if (sent === "once" && error instanceof AppError && error.kind === "timeout") {
        throw new AppError("unknown-outcome", `${action}: Discord did not say how it ended`, { cause: error });
      }
      throw error;
    }
  }

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
      call("read-self", "self", "repeatable", async (signal) =>
        // Spelt out: the library writes %40me, which not every server of the protocol understands.
        fieldsOf(await rest.get("/users/@me", { signal })),
      ),
    );
    const userId = user?.id ?? userIdOf(options.token);
    if (!userId) throw new AppError("not-found", "/users/@me does not say whose token this is");
    return { userId: String(userId) as UserId, name: String(user?.username ?? "bot") };
  }

  async function wholeOf(guild: GuildId, me: UserId): Promise<unknown> {
    const read = <T>(run: (signal: AbortSignal) => Promise<T>) => call("read-guild", guild, "repeatable", run);
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

  /** Null where a server of the protocol has no such route: what it would have said has a default. */
  const unlessNoRoute = async <T>(found: Promise<T>): Promise<T | null> => {
    try {
      return await found;
    } catch (error) {
      if (error instanceof AppError && error.cause === NO_ROUTE) return null;
      throw error;
    }
  };

  const nullIfMissing = async <T>(found: Promise<T>): Promise<T | null> => {
    try {
      return await found;
    } catch (error) {
      if (error instanceof AppError && error.kind === "not-found") return null;
      throw error;
    }
  };

  return {
    application,
    stats: () => guard.stats(),
    close() {
      for (const made of [rest, interactionRest]) {
        made.clearHashSweeper();
        made.clearHandlerSweeper();
      }
    },

    messages: {
      async send(channel, message, nonce) {
        const body = { ...bodyOf(message), nonce, enforce_nonce: true };
        try {
          const sent = await call("send", channel, "repeatable", (signal) =>
            api.channels.createMessage(channel, body, { signal }),
          );
          return fieldsOf(sent)?.id as MessageId;
        } catch (error) {
          // The nonce lets us repeat it, but after the last try nobody knows.
          const maybe = error instanceof AppError && (error.kind === "unavailable" || error.kind === "timeout");
          if (maybe && error.cause !== NEVER_LEFT) {
            throw new AppError("unknown-outcome", error.message, { cause: error });
          }
          throw error;
        }
      },
      async edit(channel, id, message) {
        await call("edit", channel, "repeatable", (signal) =>
          api.channels.editMessage(channel, id, editOf(message), { signal }),
        );
      },
      async remove(channel, ids, reason) {
        const now = clock.now();
        const audit = reason === undefined ? {} : { reason: auditReason(reason) };
        const young = ids.filter((id) => now - createdAt(id) < BULK_AGE_MS_MAX);
        const single = young.length < 2 ? [...ids] : ids.filter((id) => !young.includes(id));
        for (let at = 0; young.length >= 2 && at < young.length; at += BULK_MAX) {
          const some = young.slice(at, at + BULK_MAX);
          if (some.length === 1) single.push(...some);
          else {
            await call("delete", channel, "repeatable", (signal) =>
              api.channels.bulkDeleteMessages(channel, some, { signal, ...audit }),
            );
          }
        }
        for (const id of single) {
          await nullIfMissing(
            call("delete", channel, "repeatable", (signal) =>
              api.channels.deleteMessage(channel, id, { signal, ...audit }),
            ),
          );
        }
      },
      async recent(channel, limit, before) {
        const page = { limit: Math.min(100, limit), ...(before === undefined ? {} : { before }) };
        const found = await call("read", channel, "repeatable", (signal) =>
          api.channels.getMessages(channel, page, { signal }),
        );
        return found.map(readMessage).filter(isPresent).reverse();
      },
      async get(channel, id) {
        const found = await nullIfMissing(
          call("read", channel, "repeatable", (signal) => api.channels.getMessage(channel, id, { signal })),
        );
        return found === null ? null : readMessage(found);
      },
      async typing(channel) {
        await call("type", channel, "once", (signal) => api.channels.showTyping(channel, { signal }));
      },
      async publish(channel, id) {
        await call("publish", channel, "repeatable", (signal) =>
          api.channels.crosspostMessage(channel, id, { signal }),
        );
      },
      async file(url) {
        return await call("read-file", "file", "repeatable", (signal) => attachedText(url, options.apiBase, signal));
      },
      async direct(user) {
        const channel = await call("direct", user, "repeatable", (signal) => api.users.createDM(user, { signal }));
        return fieldsOf(channel)?.id as ChannelId;
      },
    },

    interactions: {
      async respond(id, token, response) {
        await call("respond", "interaction", "repeatable", async (signal, attempt) => {
          try {
            await interactionRest.post(`/interactions/${id}/${token}/callback`, {
              body: callbackOf(response),
              auth: false,
              signal,
            });
          } catch (error) {
            // The first try arrived after all.
            if (attempt > 0 && fieldsOf(error)?.code === ALREADY_ACKNOWLEDGED) return;
            throw error;
          }
        });
      },
      async edit(token, message) {
        const path = `/webhooks/${application}/${token}/messages/@original` as const;
        const edited = await call("edit-response", "interaction", "repeatable", async (signal) =>
          fieldsOf(await interactionRest.patch(path, { ...withFiles(editOf(message)), auth: false, signal })),
        );
        return String(edited?.id) as MessageId;
      },
      async follow(token, message, ephemeral) {
        const { message_reference: _, ...body } = bodyOf(message);
        const flags = (body.flags ?? 0) | (ephemeral ? MessageFlags.Ephemeral : 0);
        const sent = await call("follow-up", "interaction", "once", (signal) =>
          interactionApi.interactions.followUp(application, token, { ...body, flags }, { signal }),
        );
        return fieldsOf(sent)?.id as MessageId;
      },
      async register(commands) {
        await call("register", application, "repeatable", (signal) =>
          api.applicationCommands.bulkOverwriteGlobalCommands(
            application,
            commands as RESTPutAPIApplicationCommandsJSONBody,
            { signal },
          ),
        );
      },
    },

    members: {
      async get(guild, user) {
        const member = fieldsOf(
          await nullIfMissing(
            call("read-member", guild, "repeatable", (signal) => api.guilds.getMember(guild, user, { signal })),
          ),
        );
        if (member === null) return null;
        const account = fieldsOf(member.user);
        const until = Date.parse(String(member.communication_disabled_until));
        const joined = Date.parse(String(member.joined_at));
        return {
          id: user,
          name: cleanText(member.nick ?? account?.global_name ?? account?.username, NAME_CHARS_MAX),
          roles: snowflakes(member.roles) as RoleId[],
          timedOutUntilMs: Number.isNaN(until) ? null : until,
          joinedAtMs: Number.isNaN(joined) ? null : joined,
        };
      },
      async timeOut(guild, user, untilMs, reason) {
        const until = untilMs === null ? null : new Date(untilMs).toISOString();
        await call("time-out", guild, "repeatable", (signal) =>
          api.guilds.editMember(
            guild,
            user,
            { communication_disabled_until: until },
            { signal, reason: auditReason(reason) },
          ),
        );
      },
      async kick(guild, user, reason) {
        await call("kick", guild, "repeatable", async (signal, attempt) => {
          try {
            await api.guilds.removeMember(guild, user, { signal, reason: auditReason(reason) });
          } catch (error) {
            if (attempt > 0 && fieldsOf(error)?.status === 404) return;
            throw error;
          }
        });
      },
      async ban(guild, user, deleteSeconds, reason) {
        const body = { delete_message_seconds: Math.min(604_800, Math.max(0, deleteSeconds)) };
        await call("ban", guild, "repeatable", (signal) =>
          api.guilds.banUser(guild, user, body, { signal, reason: auditReason(reason) }),
        );
      },
      async unban(guild, user, reason) {
        await nullIfMissing(
          call("unban", guild, "repeatable", (signal) =>
            api.guilds.unbanUser(guild, user, { signal, reason: auditReason(reason) }),
          ),
        );
      },
      async banned(guild, user) {
        const found = await nullIfMissing(
          call("read-ban", guild, "repeatable", (signal) => api.guilds.getMemberBan(guild, user, { signal })),
        );
        return found !== null;
      },
    },

    directory: {
      self,
      async gateway() {
        const asked = call("read-gateway", "self", "once", (signal) => rest.get("/gateway/bot", { signal }));
        return (await unlessNoRoute(asked)) ?? {};
      },
      async about() {
        const found = await call("read-application", "self", "repeatable", (signal) =>
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
            call("read-guild", guild, "repeatable", (signal) => api.guilds.get(guild, {}, { signal })),
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
        const found = await call("read-channels", guild, "repeatable", (signal) =>
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
          const found = await call("read-guilds", "self", "repeatable", (signal) =>
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
    },
  };
}

function withFiles({ files, ...body }: Body): { body: unknown; files?: RawFile[] } {
  return files === undefined ? { body } : { body, files };
}

/** 1 to 512 characters; the library encodes them for the header. */
function auditReason(reason: string): string {
  return reason.replace(/\s+/g, " ").trim().slice(0, 512) || "Gatehouse";
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}

/** A bot's token begins with its user's id, in base64. */
function userIdOf(token: string | null): string | null {
  const id = Buffer.from(token?.split(".")[0] ?? "", "base64").toString("latin1");
  return /^\d{17,20}$/.test(id) ? id : null;
}
