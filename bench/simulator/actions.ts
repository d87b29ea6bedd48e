/**
 * What a test or a demo does to the simulated Discord: make things, and be its members. The control API is these
 * functions over HTTP; tests in the same process call them directly.
 *
 * Members are held to their permissions, as Discord's client holds people: who is timed out cannot write.
 */
import { ChannelType, type MessageType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { apiError, formError } from "./api-error.ts";
import { createInteractionActions } from "./interaction-actions.ts";
import { messagePayload } from "./message-payload.ts";
import type { Services } from "./services.ts";
import { until } from "./until.ts";
import { createApplication } from "./world/applications.ts";
import { type AutoModActions, autoModerated } from "./world/auto-moderation.ts";
import { createChannel, directChannel, type NewChannel } from "./world/channels.ts";
import { createGuild, type NewGuild } from "./world/guilds.ts";
import { useInvite } from "./world/invites.ts";
import { addMember, installBot, type NewMember, removeMember, updateMember } from "./world/members.ts";
import { deleteMessage, editMessage, react, typeIn, unreact, writeMessage } from "./world/messages.ts";
import { createThread } from "./world/open-thread.ts";
import { createRole, type NewRole } from "./world/roles.ts";
import { createUser, type NewUser, userNamed } from "./world/users.ts";
import { permissionsIn } from "./world/visibility.ts";
import {
  type Application,
  type Channel,
  channelOf,
  found,
  type Guild,
  guildOf,
  type Id,
  type Json,
  type Member,
  type Message,
  memberOf,
  messageOf,
  type Role,
  type User,
  userOf,
} from "./world.ts";

/** What a person with Nitro may write; others half of it. */
const CONTENT_CHARS_MAX = 4_000;

/** What the install link of a bot for answers asks for (PRODUCT.md §1), plus nothing. */
export const DEFAULT_BOT_PERMISSIONS = 309_237_730_304n;

export type Say = {
  readonly channelId: Id;
  readonly userId: Id;
  /** `{bot}` becomes a mention of the guild's bot. */
  readonly content: string;
  /** Puts the mention in front if the text has no `{bot}`. */
  readonly mentionBot?: boolean;
  readonly replyTo?: Id;
  /** Whether the reply pings the author replied to; `true` as in Discord's client. */
  readonly ping?: boolean;
  readonly embeds?: Json[];
  readonly attachments?: Json[];
  readonly stickers?: Json[];
  readonly type?: MessageType;
  /** Written by a webhook of this name in place of the user. */
  readonly webhook?: string;
};

export type AutoModerated = {
  readonly guildId: Id;
  readonly channelId: Id;
  readonly userId: Id;
  readonly content: string;
  /** What of it a rule forbids; the whole of it where this is left out. */
  readonly keyword?: string;
  readonly did: AutoModActions;
};

export type MessageWait = {
  readonly channelId: Id;
  /** Only messages with a larger id. */
  readonly after?: Id | undefined;
  /** A user id, or "bot" for any bot. */
  readonly author?: Id | "bot" | undefined;
  readonly contains?: string | undefined;
  /** How many are wanted; one. */
  readonly count?: number;
  readonly ms?: number;
};

export type Actions = ReturnType<typeof createActions>;

export function createActions(services: Services) {
  const { world } = services;

  const actions = {
    createApplication: (options: { readonly name: string }): Application => createApplication(world, options),

    createUser: (options: NewUser): User => createUser(world, options),

    /** A guild with its owner and a `general` channel; the first application's bot is in it unless `bots` says otherwise. */
    createGuild(options: NewGuild & { readonly bots?: readonly Id[]; readonly permissions?: bigint }): {
      guild: Guild;
      channel: Channel;
    } {
      const guild = createGuild(world, options);
      const channel = createChannel(world, guild, { name: "general" });
      const bots = options.bots ?? [...world.applications.keys()].slice(0, 1);
      for (const id of bots) actions.installBot(guild.id, id, options.permissions);
      return { guild, channel };
    },

    installBot(guildId: Id, applicationId: Id, permissions = DEFAULT_BOT_PERMISSIONS): Member {
      const application = found(world.applications.get(applicationId), 10002);
      return installBot(world, guildOf(world, guildId), application, permissions);
    },

    removeBot(guildId: Id, applicationId: Id): void {
      removeMember(world, guildOf(world, guildId), found(world.applications.get(applicationId), 10002).botId);
    },

    createChannel: (guildId: Id, options: NewChannel): Channel =>
      createChannel(world, guildOf(world, guildId), options),

    createRole: (guildId: Id, options: NewRole): Role => createRole(world, guildOf(world, guildId), options),

    /** A person joins; by `userId`, or by `username`, which is made if there is nobody of that name. */
    addMember(
      guildId: Id,
      options: Partial<NewMember> & { readonly username?: string; readonly displayName?: string },
    ): Member {
      const guild = guildOf(world, guildId);
      const user =
        options.userId === undefined ? userNamed(world, options.username ?? "member") : userOf(world, options.userId);
      if (options.displayName !== undefined) user.globalName = options.displayName;
      if (guild.bans.has(user.id)) throw apiError(50001);
      return addMember(world, guild, { userId: user.id, nick: options.nick ?? null, roles: options.roles ?? [] });
    },

    /** A person uses an invitation; who is banned, or finds it used up or over, does not come in. */
    join(code: string, userId: Id): Member {
      const invite = found(world.invites.get(code), 10006);
      if (guildOf(world, invite.guildId).bans.has(userId)) throw apiError(40007);
      return actions.addMember(useInvite(world, code).id, { userId });
    },

    say(options: Say): Message {
      const channel = channelOf(world, options.channelId);
      requireMay(channel, options.userId, channel.thread ? P.SendMessagesInThreads : P.SendMessages);
      const repliedTo = options.replyTo === undefined ? undefined : messageOf(channel, options.replyTo);
      const mention = `<@${botIn(channel)?.botId ?? "0"}>`;
      const text = options.content.replaceAll("{bot}", mention);
      const prefixed = options.mentionBot && !options.content.includes("{bot}") ? `${mention} ${text}` : text;
      const nothing = [options.embeds, options.attachments, options.stickers].every((parts) => !parts?.length);
      // A system message has no text of its own.
      if (prefixed.trim() === "" && nothing && options.type === undefined) throw apiError(50006);
      if ([...prefixed].length > CONTENT_CHARS_MAX) {
        const message = `Must be ${CONTENT_CHARS_MAX} or fewer in length.`;
        throw formError([{ path: "content", code: "BASE_TYPE_MAX_LENGTH", message }]);
      }
      const noPing = repliedTo && options.ping === false;
      return writeMessage(world, channel, {
        authorId: options.userId,
        content: prefixed,
        repliedTo,
        allowedMentions: noPing ? { parse: ["users", "roles", "everyone"], replied_user: false } : undefined,
        embeds: options.embeds ?? [],
        attachments: options.attachments ?? [],
        stickers: options.stickers ?? [],
        ...(options.type === undefined ? {} : { type: options.type }),
        ...(options.webhook === undefined
          ? {}
          : { webhook: { id: world.ids.named(`webhook:${options.webhook}`), name: options.webhook } }),
      });
    },

    /** Discord's own AutoMod meets what somebody writes: blocked, nobody sees it; else it is there. Null: it is not. */
    autoModerate({ guildId, channelId, userId, content, keyword, did }: AutoModerated): Message | null {
      const message = did.includes("blocked") ? null : actions.say({ channelId, userId, content });
      const guild = guildOf(world, guildId);
      if (did.includes("timed-out"))
        updateMember(world, guild, memberOf(guild, userId), { timeoutUntilMs: world.now() + 60_000 });
      autoModerated(world, guild, {
        channelId,
        userId,
        content,
        keyword: keyword ?? content,
        did,
        messageId: message?.id ?? null,
      });
      return message;
    },

    edit(channelId: Id, messageId: Id, content: string): Message {
      const channel = channelOf(world, channelId);
      const message = messageOf(channel, messageId);
      editMessage(world, channel, message, { content });
      return message;
    },

    delete(channelId: Id, messageId: Id): void {
      const channel = channelOf(world, channelId);
      deleteMessage(world, channel, messageOf(channel, messageId));
    },

    react(channelId: Id, messageId: Id, userId: Id, emoji: string, removes = false): void {
      const channel = channelOf(world, channelId);
      const message = messageOf(channel, messageId);
      if (removes) unreact(world, channel, message, userId, emoji);
      else react(world, channel, message, userId, emoji);
    },

    typing: (channelId: Id, userId: Id): void => typeIn(world, channelOf(world, channelId), userId),

    /** A member opens a thread; in a forum `content` becomes the post's first message. */
    openThread(options: {
      readonly channelId: Id;
      readonly userId: Id;
      readonly name: string;
      readonly messageId?: Id;
      readonly content?: string;
      readonly private?: boolean;
    }): Channel {
      const parent = channelOf(world, options.channelId);
      requireMay(parent, options.userId, options.private ? P.CreatePrivateThreads : P.CreatePublicThreads);
      const message = options.messageId === undefined ? undefined : messageOf(parent, options.messageId);
      const thread = createThread(world, {
        parent,
        ownerId: options.userId,
        name: options.name,
        ...(message ? { message } : {}),
        ...(options.private ? { type: ChannelType.PrivateThread } : {}),
      });
      if (options.content !== undefined) {
        writeMessage(world, thread, {
          authorId: options.userId,
          content: options.content.replaceAll("{bot}", `<@${botIn(thread)?.botId ?? "0"}>`),
          ...(parent.type === ChannelType.GuildForum ? { id: thread.id } : {}),
        });
      }
      return thread;
    },

    /** A direct message to a bot; to the first application's unless told. */
    direct(options: { readonly userId: Id; readonly content: string; readonly applicationId?: Id }): Message {
      const application =
        options.applicationId === undefined
          ? [...world.applications.values()][0]
          : world.applications.get(options.applicationId);
      const channel = directChannel(world, userOf(world, options.userId).id, found(application, 10002).botId);
      return writeMessage(world, channel, { authorId: options.userId, content: options.content });
    },

    /** The messages that fit, as soon as there are enough; whatever there is when the time is up. */
    async messages(wait: MessageWait): Promise<Message[]> {
      const channel = channelOf(world, wait.channelId);
      const after = BigInt(wait.after ?? 0);
      const fitting = () =>
        [...channel.messages.values()].filter(
          (message) =>
            BigInt(message.id) > after &&
            (wait.author === undefined ||
              message.authorId === wait.author ||
              (wait.author === "bot" && world.users.get(message.authorId)?.bot === true)) &&
            (wait.contains === undefined || message.content.includes(wait.contains)),
        );
      const enough = () => (fitting().length >= (wait.count ?? 1) ? fitting() : undefined);
      return (await until(services, enough, wait.ms ?? 0)) ?? fitting();
    },

    ...createInteractionActions(services),

    member: (guildId: Id, userId: Id): Member => memberOf(guildOf(world, guildId), userId),
  };

  function requireMay(channel: Channel, userId: Id, permission: bigint): void {
    const own = permissionsIn(world, channel, userId);
    if (!(own & P.ViewChannel)) throw apiError(50001);
    if ((own & permission) !== permission) throw apiError(50013);
  }

  function botIn(channel: Channel): Application | undefined {
    const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
    return [...world.applications.values()].find((application) => guild?.members.has(application.botId));
  }

  return actions;
}

/** A message as the control API shows it: Discord's JSON, and whom it would have pinged. */
export function shownMessage(services: Services, message: Message): Json {
  return {
    ...messagePayload(services.world, message),
    sim: { pinged: message.pinged, ephemeral_for: message.ephemeralFor ?? null, guild_id: message.guildId },
  };
}
