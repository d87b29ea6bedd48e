/**
 * What a text mentions, and whom it would ping after `allowed_mentions`.
 * https://discord.com/developers/docs/resources/message#allowed-mentions-object
 *
 * Left out, everything parses. Given, only what it names; code spans are not looked into by Discord either, so they
 * are cut out first.
 */
import type { Guild, Id, Pinged, World } from "../world.ts";

export type AllowedMentions = {
  readonly parse?: readonly string[];
  readonly roles?: readonly Id[];
  readonly users?: readonly Id[];
  readonly replied_user?: boolean;
};

export type Mentions = {
  readonly users: readonly Id[];
  readonly roles: readonly Id[];
  readonly everyone: boolean;
  readonly pinged: Pinged;
};

export function resolveMentions(
  world: World,
  guild: Guild | undefined,
  text: string,
  options: {
    readonly allowed: AllowedMentions | undefined;
    readonly repliedToUser: Id | undefined;
    /** Discord ignores @everyone and roles that the author may not mention. */
    readonly mayMentionEveryone: boolean;
  },
): Mentions {
  const visible = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  const { allowed, repliedToUser } = options;
  const parses = (kind: string) => allowed === undefined || (allowed.parse ?? []).includes(kind);

  const namedUsers = unique([...visible.matchAll(/<@!?(\d{1,20})>/g)].map((match) => match[1] ?? ""));
  const users = namedUsers.filter((id) => world.users.has(id) && (parses("users") || allowed?.users?.includes(id)));
  const repliedPing = repliedToUser !== undefined && (allowed === undefined || (allowed.replied_user ?? false));
  if (repliedPing && !users.includes(repliedToUser)) users.push(repliedToUser);

  const namedRoles = unique([...visible.matchAll(/<@&(\d{1,20})>/g)].map((match) => match[1] ?? ""));
  const roles = namedRoles.filter((id) => guild?.roles.has(id) && (parses("roles") || allowed?.roles?.includes(id)));
  const pingedRoles = roles.filter((id) => options.mayMentionEveryone || guild?.roles.get(id)?.mentionable);
  const everyone =
    guild !== undefined && options.mayMentionEveryone && parses("everyone") && /@(everyone|here)\b/.test(visible);
  return { users, roles, everyone, pinged: { everyone, roles: pingedRoles, users } };
}

function unique(ids: string[]): Id[] {
  return [...new Set(ids)].slice(0, 100);
}
