/**
 * A Discord that remembers what was done to it, for tests and for running without one: messages by channel, typing, nonces
 * honoured as Discord does. The next calls can be made to fail, with or without having happened.
 */
import type { Clock } from "../clock.ts";
import type { Discord, InteractionResponse, MemberView, Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type ApplicationId, type ChannelId, type GuildId, isNewer, type MessageId, type UserId } from "../ids.ts";
import type { Message } from "../message.ts";

export type Recorded = {
  readonly id: MessageId;
  readonly channel: ChannelId;
  readonly nonce: string;
  message: Outgoing;
  deleted: boolean;
};

export type Act =
  | { readonly act: "typing"; readonly channel: ChannelId }
  | { readonly act: "slow"; readonly channel: ChannelId; readonly seconds: number; readonly reason: string }
  | { readonly act: "rename"; readonly channel: ChannelId; readonly name: string; readonly reason: string }
  | { readonly act: "invite"; readonly channel: ChannelId; readonly seconds: number; readonly reason: string }
  | { readonly act: "publish"; readonly channel: ChannelId; readonly published: MessageId }
  | { readonly act: "respond"; readonly id: string; readonly token: string; readonly response: InteractionResponse }
  | { readonly act: "edit-response"; readonly token: string; readonly message: Outgoing }
  | { readonly act: "follow"; readonly token: string; readonly message: Outgoing; readonly ephemeral: boolean }
  | { readonly act: "register"; readonly commands: readonly unknown[] }
  | {
      readonly act: "time-out" | "kick" | "ban" | "unban";
      readonly guild: GuildId;
      readonly user: UserId;
      readonly reason: string;
    };

export type RecordingDiscord = Discord & {
  readonly sent: readonly Recorded[];
  readonly acts: readonly Act[];
  /** Messages that `recent` and `get` find besides the sent ones. */
  heard(message: Message): void;
  /** Somebody that `members.get` finds, in any guild. */
  welcome(member: MemberView): void;
  /** The next `send` fails so; with `happened` the message is there all the same. */
  failNext(error: AppError, happened?: boolean): void;
  /** Results of `directory.whole`, and the ids it was asked for. */
  place(guild: GuildId, payload: unknown): void;
  readonly asked: readonly GuildId[];
  /** Contents of files by their address. */
  attach(url: string, text: string): void;
  /** Result of `directory.guild`. */
  name(guild: GuildId, name: string): void;
  /** Settles when `count` messages have been sent. */
  arrived(count: number): Promise<void>;
};

export function createRecording(
  application: ApplicationId,
  self: { readonly userId: UserId; readonly name: string },
  clock: Clock,
): RecordingDiscord {
  const sent: Recorded[] = [];
  const acts: Act[] = [];
  const heard: Message[] = [];
  const failures: { error: AppError; happened: boolean }[] = [];
  const members = new Map<UserId, MemberView>();
  const wholes = new Map<GuildId, unknown>();
  const asked: GuildId[] = [];
  const names = new Map<GuildId, string>();
  const files = new Map<string, string>();
  let waiting: { count: number; resolve: () => void }[] = [];
  let next = 9_000_000_000_000_000n;

  const find = (channel: ChannelId, id: MessageId) => {
    const found = sent.find((m) => m.channel === channel && m.id === id && !m.deleted);
    if (found === undefined) throw new AppError("not-found", "Unknown Message");
    return found;
  };
  const asMessage = (recorded: Recorded): Message => ({
    id: recorded.id,
    channelId: recorded.channel,
    guildId: null,
    author: { id: self.userId, name: self.name, bot: true },
    webhook: false,
    system: false,
    content: recorded.message.content,
    mentions: { users: [], roles: [], everyone: false },
    replyTo:
      recorded.message.replyTo === undefined
        ? null
        : { messageId: recorded.message.replyTo, channelId: recorded.channel, authorId: null },
    member: null,
    attachments: [],
    embedText: "",
    createdAtMs: clock.now(),
  });
  /** A response keeps its message through all edits. */
  const responses = new Map<string, MessageId>();
  const idOf = (token: string): MessageId => {
    const id = responses.get(token) ?? (String(next++) as MessageId);
    responses.set(token, id);
    return id;
  };
  const act = (what: Act): Promise<void> => {
    acts.push(what);
    return Promise.resolve();
  };

  return {
    application,
    sent,
    acts,
    place: (guild, payload) => void wholes.set(guild, payload),
    asked,
    name: (guild, name) => void names.set(guild, name),
    attach: (url, text) => void files.set(url, text),
    welcome: (member) => void members.set(member.id, member),
    heard: (message) => void heard.push(message),
    failNext: (error, happened = false) => void failures.push({ error, happened }),
    arrived(count) {
      if (sent.length >= count) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    messages: {
      async send(channel, message, nonce) {
        const failure = failures.shift();
        if (failure !== undefined && !failure.happened) throw failure.error;
        const before = sent.find((m) => m.channel === channel && m.nonce === nonce);
        if (before !== undefined) return before.id;
        const id = String(next++) as MessageId;
        sent.push({ id, channel, nonce, message, deleted: false });
        for (const { resolve } of waiting.filter((w) => sent.length >= w.count)) resolve();
        waiting = waiting.filter((w) => sent.length < w.count);
        if (failure !== undefined) throw failure.error;
        return id;
      },
      async edit(channel, id, message) {
        find(channel, id).message = message;
      },
      async remove(channel, ids) {
        for (const id of ids) {
          const found = sent.find((m) => m.channel === channel && m.id === id);
          if (found !== undefined) found.deleted = true;
          const other = heard.findIndex((m) => m.channelId === channel && m.id === id);
          if (other >= 0) heard.splice(other, 1);
        }
      },
      async file(url) {
        return files.get(url) ?? null;
      },
      async recent(channel, limit, before) {
        const all = [
          ...heard.filter((m) => m.channelId === channel),
          ...sent.filter((m) => m.channel === channel && !m.deleted).map(asMessage),
        ];
        return all.filter(({ id }) => before === undefined || isNewer(before, id)).slice(-limit);
      },
      async get(channel, id) {
        const mine = sent.find((m) => m.channel === channel && m.id === id && !m.deleted);
        return mine === undefined
          ? (heard.find((m) => m.channelId === channel && m.id === id) ?? null)
          : asMessage(mine);
      },
      publish: (channel, id) => act({ act: "publish", channel, published: id }),
      typing: (channel) => act({ act: "typing", channel }),
      direct: (user) => Promise.resolve(`7${user}`.slice(0, 20) as ChannelId),
    },
    interactions: {
      respond: (id, token, response) => act({ act: "respond", id, token, response }),
      async edit(token, message) {
        await act({ act: "edit-response", token, message });
        return idOf(token);
      },
      async follow(token, message, ephemeral) {
        await act({ act: "follow", token, message, ephemeral });
        return String(next++) as MessageId;
      },
      register: (commands) => act({ act: "register", commands }),
    },
    members: {
      get: (_guild, user) => Promise.resolve(members.get(user) ?? null),
      async search(_guild, name, limit) {
        const begins = (view: MemberView) => view.name.toLowerCase().startsWith(name.toLowerCase());
        return [...members.values()].filter(begins).slice(0, limit);
      },
      timeOut: (guild, user, _untilMs, reason) => act({ act: "time-out", guild, user, reason }),
      kick: (guild, user, reason) => act({ act: "kick", guild, user, reason }),
      ban: (guild, user, _deleteSeconds, reason) => act({ act: "ban", guild, user, reason }),
      unban: (guild, user, reason) => act({ act: "unban", guild, user, reason }),
      banned: (guild, user) =>
        Promise.resolve(
          acts.findLast((one) => (one.act === "ban" || one.act === "unban") && one.guild === guild && one.user === user)
            ?.act === "ban",
        ),
    },
    channels: {
      slowness: (channel) => {
        const set = acts.findLast((one) => one.act === "slow" && one.channel === channel);
        return Promise.resolve(set?.act === "slow" ? set.seconds : 0);
      },
      slow: (channel, seconds, reason) => act({ act: "slow", channel, seconds, reason }),
      rename: (channel, name, reason) => act({ act: "rename", channel, name, reason }),
      async invite(channel, seconds, reason) {
        acts.push({ act: "invite", channel, seconds, reason });
        return { url: `https://discord.gg/recorded${next++}`, expiresAtMs: clock.now() + seconds * 1_000 };
      },
    },
    directory: {
      self: () => Promise.resolve(self),
      gateway: () =>
        Promise.resolve({
          url: "ws://127.0.0.1:9",
          shards: 1,
          session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
        }),
      about: () =>
        Promise.resolve({
          id: application,
          name: self.name,
          publicKey: "",
          messageContentIntent: true,
          guildMembersIntent: true,
          interactionsEndpointUrl: null,
        }),
      async guild(guild) {
        const name = names.get(guild);
        return name === undefined ? null : { id: guild, name, ownerId: self.userId, roles: [] };
      },
      channels: () => Promise.resolve([]),
      guilds: () => Promise.resolve([]),
      async whole(guild) {
        asked.push(guild);
        return structuredClone(wholes.get(guild) ?? null);
      },
    },
  };
}
