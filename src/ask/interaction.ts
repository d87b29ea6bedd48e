/**
 * An interaction as the rest of the house sees it, from a gateway's INTERACTION_CREATE or the body of a webhook: the same
 * object either way. What is of no known kind is `other`; what has no id or token is refused.
 * Source: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
 */
import type { ChannelId, GuildId, MessageId, RoleId, UserId } from "../ids.ts";
import { CONTENT_CHARS_MAX, type Message } from "../message.ts";
import { cleanText, type Fields, fieldsOf, listOf, readMessage, snowflake, snowflakes } from "../payload.ts";
import type { PrivacyWish } from "./privacy.ts";

export type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly guildId: GuildId | null;
  readonly guildName: string;
  readonly guildLocale: string | null;
  readonly channelId: ChannelId | null;
  readonly channelName: string;
  readonly parentId: ChannelId | null;
  readonly user: { readonly id: UserId; readonly name: string; readonly roles: readonly RoleId[] };
  /** What the user may do in this channel, as Discord says it. */
  readonly permissions: bigint;
  readonly locale: string | null;
  readonly does:
    | { readonly kind: "ping" }
    | { readonly kind: "ask"; readonly question: string; readonly private: boolean }
    | { readonly kind: "ask-about"; readonly question: string; readonly message: MessageId; readonly author: UserId }
    | { readonly kind: "forget" }
    /** /privacy, and the buttons under its answer. */
    | { readonly kind: "privacy"; readonly wish: PrivacyWish }
    | {
        readonly kind: "feedback";
        readonly value: "up" | "down";
        readonly message: MessageId;
        readonly guild: GuildId | null;
      }
    /** "Talk to a person" under an answer. */
    | { readonly kind: "human"; readonly message: MessageId; readonly guild: GuildId }
    /** "Take over" in the message that the team gets. */
    | { readonly kind: "takeover"; readonly conversation: string }
    /** A button of the mod-log. */
    | { readonly kind: "case"; readonly step: "undo" | "wrong"; readonly case: string }
    /** Under what undoing a kick said. `after`: the invitations that there were then. */
    | { readonly kind: "invite-back"; readonly case: string; readonly after: number }
    | { readonly kind: "raid-end" }
    /** "Appeal" under what a member was told, and the text that they then wrote. */
    | { readonly kind: "appeal-open"; readonly guild: GuildId; readonly case: string }
    | { readonly kind: "appeal"; readonly guild: GuildId; readonly case: string; readonly text: string }
    | { readonly kind: "report"; readonly message: Message }
    | { readonly kind: "other"; readonly name: string };
};

/** The names that the commands were registered under. */
type Names = Readonly<Record<"ask" | "forget" | "privacy" | "askAbout" | "report", string>>;

/** It becomes a part of an address; Discord's are of these characters. */
const TOKEN = /^[\w-]{1,256}$/;
const PING = 1;
const COMMAND = 2;
const COMPONENT = 3;
const FORM = 5;
const MESSAGE_COMMAND = 3;

export function readInteraction(data: unknown, names: Names): Interaction | null {
  const d = fieldsOf(data);
  const id = snowflake(d?.id);
  const token = typeof d?.token === "string" ? d.token : "";
  if (d === null || id === null || (d.type !== PING && !TOKEN.test(token))) return null;
  const member = fieldsOf(d.member);
  const user = fieldsOf(member?.user) ?? fieldsOf(d.user);
  const userId = snowflake(user?.id);
  const does = readDoes(d, names);
  if (does.kind !== "ping" && userId === null) return null;
  const channel = fieldsOf(d.channel);
  return {
    id,
    token,
    guildId: snowflake(d.guild_id) as GuildId | null,
    guildName: cleanText(fieldsOf(d.guild)?.name, 100),
    guildLocale: textOf(d.guild_locale),
    channelId: (snowflake(d.channel_id) ?? snowflake(channel?.id)) as ChannelId | null,
    channelName: cleanText(channel?.name, 100),
    parentId: snowflake(channel?.parent_id) as ChannelId | null,
    user: {
      id: (userId ?? "0") as UserId,
      name: cleanText(textOf(member?.nick) ?? textOf(user?.global_name) ?? textOf(user?.username) ?? "", 100),
      roles: snowflakes(member?.roles) as RoleId[],
    },
    permissions: permissionsOf(member?.permissions),
    locale: textOf(d.locale),
    does,
  };
}

function readDoes(d: Fields, names: Names): Interaction["does"] {
  if (d.type === PING) return { kind: "ping" };
  const data = fieldsOf(d.data) ?? {};
  if (d.type === COMPONENT) return readComponent(d, data);
  if (d.type === FORM) return readForm(data);
  const name = cleanText(data.name, 100);
  if (d.type !== COMMAND) return { kind: "other", name };
  if (name === names.report) return readReport(data, name);
  if (data.type === MESSAGE_COMMAND || name === names.askAbout) return readAbout(data, name);
  if (name === names.forget) return { kind: "forget" };
  if (name === names.privacy) return { kind: "privacy", wish: "show" };
  if (name !== names.ask) return { kind: "other", name };
  const options = listOf(data.options);
  return {
    kind: "ask",
    question: cleanText(options.find((option) => option.name === "question")?.value, CONTENT_CHARS_MAX),
    private: options.find((option) => option.name === "private")?.value === true,
  };
}

/** The message it was used on comes along, whole. */
function readAbout(data: Fields, name: string): Interaction["does"] {
  const target = snowflake(data.target_id);
  const messages = fieldsOf(fieldsOf(data.resolved)?.messages);
  const found = target === null ? null : readMessage(fieldsOf(messages?.[target]));
  if (target === null || found === null) return { kind: "other", name };
  const question = [found.content, found.embedText].filter((part) => part !== "").join("\n");
  return { kind: "ask-about", question, message: found.id, author: found.author.id };
}

function readReport(data: Fields, name: string): Interaction["does"] {
  const target = snowflake(data.target_id);
  const messages = fieldsOf(fieldsOf(data.resolved)?.messages);
  const message = target === null ? null : readMessage(fieldsOf(messages?.[target]));
  return message === null ? { kind: "other", name } : { kind: "report", message };
}

/** The one text of an appeal's form, however Discord wraps its field. */
function readForm(data: Fields): Interaction["does"] {
  const id = cleanText(data.custom_id, 100);
  const appealed = /^appealed:(\d{1,20}):([0-9a-f]{32})$/.exec(id);
  if (appealed?.[1] === undefined || appealed[2] === undefined) return { kind: "other", name: id };
  const fields = listOf(data.components).flatMap((row) => [fieldsOf(row.component), ...listOf(row.components)]);
  const text = cleanText(fields.find((field) => field?.custom_id === "text")?.value, CONTENT_CHARS_MAX);
  return { kind: "appeal", guild: appealed[1] as GuildId, case: appealed[2], text };
}

function readComponent(d: Fields, data: Fields): Interaction["does"] {
  const id = cleanText(data.custom_id, 100);
  const message = snowflake(fieldsOf(d.message)?.id);
  const match = /^feedback:(up|down)(?::(\d{1,20}))?$/.exec(id);
  const taken = /^takeover:([0-9a-f]{32})$/.exec(id);
  if (taken?.[1] !== undefined) return { kind: "takeover", conversation: taken[1] };
  const worked = /^case:(undo|wrong):([0-9a-f]{32})$/.exec(id);
  if (worked?.[2] !== undefined) {
    return { kind: "case", step: worked[1] === "undo" ? "undo" : "wrong", case: worked[2] };
  }
  const invited = /^case:invite:(\d{1,4}):([0-9a-f]{32})$/.exec(id);
  if (invited?.[2] !== undefined) return { kind: "invite-back", case: invited[2], after: Number(invited[1]) };
  if (id === "raid:end") return { kind: "raid-end" };
  const appeal = /^appeal:(\d{1,20}):([0-9a-f]{32})$/.exec(id);
  if (appeal?.[1] !== undefined && appeal[2] !== undefined) {
    return { kind: "appeal-open", guild: appeal[1] as GuildId, case: appeal[2] };
  }
  const wish = /^privacy:(file|forget|unread|read)$/.exec(id);
  if (wish?.[1] !== undefined) return { kind: "privacy", wish: wish[1] as PrivacyWish };
  const called = /^human:(\d{1,20})$/.exec(id);
  if (called?.[1] !== undefined && message !== null) {
    return { kind: "human", message: message as MessageId, guild: called[1] as GuildId };
  }
  if (match === null || message === null) return { kind: "other", name: id };
  const value = match[1] === "up" ? "up" : "down";
  const guild = (match[2] ?? snowflake(d.guild_id)) as GuildId | null;
  return { kind: "feedback", value, message: message as MessageId, guild };
}

function permissionsOf(value: unknown): bigint {
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
