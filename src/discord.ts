/**
 * ⑧ Port: what we do to Discord, for one bot.
 *
 * Deadline 10 s a call. `send` carries a deterministic nonce (enforce_nonce), so that a repeated send within minutes
 * returns the first message; everything idempotent is retried, nothing else. Failures throw `AppError`:
 * `forbidden` (50001, 50013), `not-found` (10xxx), `unauthorized` (401), `rate-limited`, `invalid` (50035), `unknown-outcome`.
 * Implementations: discord/rest (one per bot token and process), discord/thread (from workers), discord/recording (tests).
 */
import type { ChannelView, RoleView } from "./channel.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, RoleId, UserId } from "./ids.ts";
import type { Message } from "./message.ts";

/** The reply of an interactions endpoint. */
export { callbackOf as responseJson } from "./discord/bodies.ts";

/** A message that Discord accepts, already cut to size. It pings nobody but `replyTo`'s author and `mention`. */
export type Outgoing = {
  readonly content: string;
  readonly replyTo?: MessageId;
  /** Pings the author of `replyTo`. Default true. */
  readonly pingReplied?: boolean;
  /** Pings this one person, whom the content mentions. */
  readonly mention?: UserId;
  readonly buttons?: readonly {
    readonly id: string;
    readonly label?: string;
    readonly emoji?: string;
    readonly url?: string;
  }[];
  readonly suppressEmbeds?: boolean;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
};

export type Discord = {
  readonly application: ApplicationId;
  readonly messages: Messages;
  readonly interactions: Interactions;
  readonly members: Members;
  readonly channels: Channels;
  readonly directory: DirectoryReads;
};

/** The name under which the main thread serves a bot's Discord to its workers. */
export function discordPort(application: ApplicationId): string {
  return `discord/${application}`;
}

export type Messages = {
  /** `nonce`: at most 25 characters, from the trigger's id. */
  send(channel: ChannelId, message: Outgoing, nonce: string): Promise<MessageId>;
  edit(channel: ChannelId, id: MessageId, message: Outgoing): Promise<void>;
  remove(channel: ChannelId, ids: readonly MessageId[], reason?: string): Promise<void>;
  /** The newest `limit` (≤ 100) messages (before the one given), oldest first. */
  recent(channel: ChannelId, limit: number, before?: MessageId): Promise<readonly Message[]>;
  get(channel: ChannelId, id: MessageId): Promise<Message | null>;
  typing(channel: ChannelId): Promise<void>;
  /** Of an announcement channel: hands it on to the servers that follow. */
  publish(channel: ChannelId, id: MessageId): Promise<void>;
  /** The text of a small text file attached to a message, by its URL; null for any other URL. */
  file(url: string): Promise<string | null>;
  /** Opens (or finds) the direct-message channel with a user. */
  direct(user: UserId): Promise<ChannelId>;
};

export type Interactions = {
  /** The first response, within 3 s of the interaction. */
  respond(id: string, token: string, response: InteractionResponse): Promise<void>;
  /** Edits the original (deferred) response; answers with that message's id. */
  edit(token: string, message: Outgoing): Promise<MessageId>;
  /** Follow-ups have no nonce: an unknown outcome is never re-sent. */
  follow(token: string, message: Outgoing, ephemeral: boolean): Promise<MessageId>;
  /** Replaces all global commands; called only when their hash changed. */
  register(commands: readonly unknown[]): Promise<void>;
};

export type InteractionResponse =
  | { readonly type: "pong" }
  | { readonly type: "defer"; readonly ephemeral: boolean }
  | { readonly type: "message"; readonly message: Outgoing; readonly ephemeral: boolean }
  /** A form with one field, "text". */
  | {
      readonly type: "form";
      readonly id: string;
      readonly title: string;
      readonly label: string;
      readonly charsMax: number;
    }
  | { readonly type: "defer-update" }
  | { readonly type: "update"; readonly message: Outgoing };

export type Members = {
  get(guild: GuildId, user: UserId): Promise<MemberView | null>;
  /** People whose name in the server or on Discord begins so, bots aside; at most `limit` (≤ 100). */
  search(guild: GuildId, name: string, limit: number): Promise<readonly MemberView[]>;
  timeOut(guild: GuildId, user: UserId, untilMs: number | null, reason: string): Promise<void>;
  kick(guild: GuildId, user: UserId, reason: string): Promise<void>;
  ban(guild: GuildId, user: UserId, deleteSeconds: number, reason: string): Promise<void>;
  unban(guild: GuildId, user: UserId, reason: string): Promise<void>;
  banned(guild: GuildId, user: UserId): Promise<boolean>;
};

export type Channels = {
  /** Seconds that a member waits between two messages; 0: none. Null: there is no such channel. */
  slowness(channel: ChannelId): Promise<number | null>;
  /** Sets them: 0 to 21,600. */
  slow(channel: ChannelId, seconds: number, reason: string): Promise<void>;
  /** Gives a thread another title, of 1 to 100 characters. */
  rename(channel: ChannelId, name: string, reason: string): Promise<void>;
  /** A new invitation by this channel, for one use and so many seconds (1 to 604,800). Each call makes one, so none is repeated. */
  invite(channel: ChannelId, seconds: number, reason: string): Promise<Invitation>;
};

export type Invitation = { readonly url: string; readonly expiresAtMs: number };

export type MemberView = {
  readonly id: UserId;
  readonly name: string;
  readonly roles: readonly RoleId[];
  readonly timedOutUntilMs: number | null;
  readonly joinedAtMs: number | null;
};

export type DirectoryReads = {
  self(): Promise<{ readonly userId: UserId; readonly name: string }>;
  /** GET /gateway/bot as Discord gives it: URL, shards, session_start_limit. One try. */
  gateway(): Promise<unknown>;
  /** The application behind this token: what it may hear, and where its interactions go. */
  about(): Promise<ApplicationView>;
  guild(guild: GuildId): Promise<GuildView | null>;
  channels(guild: GuildId): Promise<readonly ChannelView[]>;
  guilds(): Promise<readonly { readonly id: GuildId; readonly name: string }[]>;
  /** A guild as GUILD_CREATE tells it: roles, channels, active threads, the bot's own member. Slow on purpose. */
  whole(guild: GuildId): Promise<unknown>;
};

export type ApplicationView = {
  readonly id: ApplicationId;
  readonly name: string;
  readonly publicKey: string;
  /** GATEWAY_MESSAGE_CONTENT or its limited form, from the application's flags. */
  readonly messageContentIntent: boolean;
  readonly guildMembersIntent: boolean;
  /** Null: interactions come over the gateway. */
  readonly interactionsEndpointUrl: string | null;
};

export type GuildView = {
  readonly id: GuildId;
  readonly name: string;
  /** Null where the server does not say. */
  readonly ownerId: UserId | null;
  readonly roles: readonly RoleView[];
};
