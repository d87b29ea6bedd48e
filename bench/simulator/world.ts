/**
 * The simulated Discord's state, without any socket: users, guilds, channels, messages and what happened.
 *
 * The functions in `world/` change it, one file a noun, and call `emit` for what Discord would dispatch; the gateway and
 * the tests listen. Nothing here awaits: a change is done when the call returns.
 */
import type { KeyObject } from "node:crypto";
import type { AuditLogEvent, ChannelType, InteractionType, MessageType } from "discord-api-types/v10";
import { apiError, type ErrorCode } from "./api-error.ts";
import { createSnowflakes, type Snowflakes } from "./snowflake.ts";

export type Id = string;
export type Json = Record<string, unknown>;

export type User = {
  readonly id: Id;
  username: string;
  globalName: string | null;
  readonly bot: boolean;
  locale: string;
  email: string;
};

export type Application = {
  readonly id: Id;
  name: string;
  description: string;
  readonly botId: Id;
  token: string;
  readonly clientSecret: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  redirectUris: string[];
  interactionsEndpointUrl: string | null;
  /** Privileged intents, as switched on in the developer portal. */
  privileged: { messageContent: boolean; guildMembers: boolean; guildPresences: boolean };
  readonly commands: Map<Id, Command>;
};

export type Role = {
  readonly id: Id;
  name: string;
  permissions: bigint;
  position: number;
  color: number;
  hoist: boolean;
  managed: boolean;
  mentionable: boolean;
  /** The bot whose managed role this is. */
  readonly botId?: Id;
};

export type Member = {
  readonly userId: Id;
  nick: string | null;
  roles: Id[];
  readonly joinedAtMs: number;
  timeoutUntilMs: number | null;
};

export type AuditLogEntry = {
  readonly id: Id;
  readonly actionType: AuditLogEvent;
  readonly userId: Id;
  readonly targetId: Id | null;
  readonly reason: string | undefined;
  readonly changes: readonly Json[] | undefined;
  readonly options: Json | undefined;
};

export type Guild = {
  readonly id: Id;
  name: string;
  ownerId: Id;
  locale: string;
  unavailable: boolean;
  readonly roles: Map<Id, Role>;
  readonly members: Map<Id, Member>;
  readonly channels: Set<Id>;
  readonly bans: Map<Id, { readonly reason: string | null }>;
  readonly auditLog: AuditLogEntry[];
  readonly commands: Map<Id, Command>;
};

export type Overwrite = { readonly id: Id; readonly type: 0 | 1; readonly allow: bigint; readonly deny: bigint };

export type Thread = {
  readonly ownerId: Id;
  archived: boolean;
  locked: boolean;
  invitable: boolean;
  autoArchiveMinutes: number;
  archiveChangedAtMs: number;
  readonly createdAtMs: number;
  readonly members: Map<Id, { readonly joinedAtMs: number }>;
  totalSent: number;
  appliedTags: Id[];
};

export type Channel = {
  readonly id: Id;
  readonly type: ChannelType;
  readonly guildId: Id | null;
  name: string;
  topic: string | null;
  parentId: Id | null;
  position: number;
  nsfw: boolean;
  slowmodeSeconds: number;
  overwrites: Overwrite[];
  availableTags: Json[];
  readonly recipients: readonly Id[];
  readonly thread: Thread | null;
  /** Oldest first, at most the last 20,000. */
  readonly messages: Map<Id, Message>;
  /** The latest message of each author and nonce, for `enforce_nonce`. */
  readonly nonces: Map<string, Message>;
  lastMessageId: Id | null;
};

/** Who a message would have pinged in the real Discord, after `allowed_mentions`. */
export type Pinged = { readonly everyone: boolean; readonly roles: readonly Id[]; readonly users: readonly Id[] };

export type Message = {
  readonly id: Id;
  readonly channelId: Id;
  readonly guildId: Id | null;
  readonly authorId: Id;
  readonly type: MessageType;
  content: string;
  editedAtMs: number | null;
  mentions: readonly Id[];
  mentionRoles: readonly Id[];
  mentionEveryone: boolean;
  pinged: Pinged;
  attachments: Json[];
  embeds: Json[];
  components: Json[];
  stickers: Json[];
  flags: number;
  tts: boolean;
  pinned: boolean;
  readonly reactions: Map<string, Set<Id>>;
  readonly nonce: string | number | undefined;
  readonly reference: Json | undefined;
  readonly repliedToId: Id | undefined;
  /** A webhook's post: its name in place of the author's. */
  readonly webhook: { readonly id: Id; readonly name: string } | undefined;
  readonly applicationId: Id | undefined;
  readonly interactionMetadata: Json | undefined;
  /** Only this user sees it. */
  readonly ephemeralFor: Id | undefined;
  threadId: Id | undefined;
};

export type Invite = {
  readonly code: string;
  readonly guildId: Id;
  readonly channelId: Id;
  readonly inviterId: Id;
  readonly createdAtMs: number;
  /** 0: never over. */
  readonly maxAgeS: number;
  /** 0: as many as like. */
  readonly maxUses: number;
  readonly temporary: boolean;
  uses: number;
};

export type Command = {
  readonly id: Id;
  readonly applicationId: Id;
  readonly guildId: Id | undefined;
  readonly type: number;
  name: string;
  body: Json;
  version: Id;
};

export type Interaction = {
  readonly id: Id;
  readonly applicationId: Id;
  readonly token: string;
  readonly type: InteractionType;
  readonly userId: Id;
  readonly guildId: Id | null;
  readonly channelId: Id;
  readonly createdAtMs: number;
  readonly payload: Json;
  /** The message whose component was used. */
  readonly messageId: Id | undefined;
  delivery: "gateway" | "endpoint";
  state: "waiting" | "deferred" | "answered" | "failed";
  failure: string | undefined;
  response: Json | undefined;
  ackMs: number | undefined;
  originalId: Id | undefined;
  ephemeral: boolean;
  readonly messageIds: Id[];
};

/** What Discord would dispatch; the gateway decides who receives it. `d` may differ by receiver. */
export type WorldEvent = {
  readonly t: string;
  readonly guildId: Id | null;
  readonly channelId?: Id;
  readonly d: Json;
  /** Present on message events: content is withheld from those without the intent. */
  readonly message?: Message;
  /** Only this application's sessions receive it. */
  readonly applicationId?: Id;
  /** The user it is about; a bot always hears about itself. */
  readonly subjectId?: Id;
};

export type World = {
  readonly now: () => number;
  readonly ids: Snowflakes;
  readonly seed: number;
  readonly users: Map<Id, User>;
  readonly applications: Map<Id, Application>;
  readonly guilds: Map<Id, Guild>;
  readonly channels: Map<Id, Channel>;
  readonly interactions: Map<Id, Interaction>;
  /** By their code. */
  readonly invites: Map<string, Invite>;
  readonly listeners: Set<(event: WorldEvent) => void>;
};

export function createWorld(options: { readonly now: () => number; readonly seed: number }): World {
  return {
    now: options.now,
    ids: createSnowflakes(options.now, options.seed),
    seed: options.seed,
    users: new Map(),
    applications: new Map(),
    guilds: new Map(),
    channels: new Map(),
    interactions: new Map(),
    invites: new Map(),
    listeners: new Set(),
  };
}

export function emit(world: World, event: WorldEvent): void {
  for (const listener of world.listeners) listener(event);
}

export function guildOf(world: World, id: Id): Guild {
  return found(world.guilds.get(id), 10004);
}

export function channelOf(world: World, id: Id): Channel {
  return found(world.channels.get(id), 10003);
}

export function userOf(world: World, id: Id): User {
  return found(world.users.get(id), 10013);
}

export function memberOf(guild: Guild, userId: Id): Member {
  return found(guild.members.get(userId), 10007);
}

export function roleOf(guild: Guild, roleId: Id): Role {
  return found(guild.roles.get(roleId), 10011);
}

export function messageOf(channel: Channel, id: Id): Message {
  return found(channel.messages.get(id), 10008);
}

/** The value, or Discord's "Unknown …" error. */
export function found<T>(value: T | undefined, code: ErrorCode): T {
  if (value === undefined) throw apiError(code);
  return value;
}
