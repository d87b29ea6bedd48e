/** Findings about moderation in a server: missing permissions in it and in each channel, intents, the bot's role too low. Pure. */
import type { ChannelView, RoleView } from "../channel.ts";
import type { MemberView } from "../discord.ts";
import { type Language, words } from "../i18n.ts";
import type { RoleId, UserId } from "../ids.ts";
import {
  channelPermissions,
  guildPermissions,
  invitableChannels,
  isStaff,
  missingPermissions,
  moderationNeeds,
  PERMISSIONS,
  type Permission,
  type PermissionFacts,
} from "../permissions.ts";
import type { GuildSettings } from "../settings/form.ts";
import type { Finding } from "./doctor.ts";

/** https://discord.com/developers/docs/events/gateway#list-of-intents */
export const GUILD_MEMBERS = 1 << 1;

/** Text, voice, announcements, stage and forum: members write in all of them. */
const WRITTEN_IN = [0, 2, 5, 13, 15];
/** A person who is nobody: only what the role itself gives counts. */
const NOBODY = "0" as UserId;
const NAMED_MAX = 5;

export function moderationFindings(
  facts: {
    readonly name: string;
    readonly settings: GuildSettings;
    readonly self: MemberView;
    readonly channels: readonly ChannelView[];
    readonly permissions: PermissionFacts & { readonly roles: ReadonlyMap<RoleId, RoleView> };
  },
  /** `members`: granted in the Developer Portal; `heard`: asked for by the gateway. Null: nobody could say. */
  intents: { readonly content: boolean; readonly members: boolean | null; readonly heard: boolean | null },
  language: Language,
): Finding[] {
  const { self, permissions, channels } = facts;
  const { moderation } = facts.settings;
  if (!moderation.on) return [];
  const say = words(language).doctor;
  const findings: Finding[] = [];
  const add = (says: string, state: Finding["state"] = "warning") =>
    findings.push({ check: "moderation", state, where: facts.name, says });

  const { actions, raid, names, rules } = moderation;
  if (!Object.values(actions).some(Boolean)) add(say.moderationWithoutAction);
  if (!rules.some(({ on }) => on)) add(say.moderationWithoutRules);
  if (!intents.content) add(say.moderationNeedsContent);
  if ((raid.on && raid.joins) || names) {
    if (intents.members === false) add(say.joinsNeedMembers);
    else if (intents.heard === false) add(say.joinsNeedRestart);
  }

  const needs = moderationNeeds(moderation);
  const mine = guildPermissions(permissions, self);
  const missing = missingPermissions(mine, [...needs.channel, ...needs.guild]);
  if (missing.length > 0) add(say.permissionsMissing(missing.map((name) => say.permission[name])));
  // A channel's overwrites may take away permissions that the bot has in the whole server.
  const closed = new Map<Permission, string[]>();
  for (const { name, type, overwrites } of channels) {
    const here = channelPermissions(permissions, self, overwrites);
    if (!WRITTEN_IN.includes(type) || (here & PERMISSIONS.viewChannel) === 0n) continue;
    for (const need of missingPermissions(here, needs.channel)) {
      if (!missing.includes(need)) closed.set(need, [...(closed.get(need) ?? []), `#${name}`]);
    }
  }
  for (const [need, where] of closed) add(say.moderationMissingIn(say.permission[need], named(where)));

  const log = channels.find(({ id }) => id === moderation.logChannel);
  if (moderation.logChannel !== null) {
    const there = log === undefined ? 0n : channelPermissions(permissions, self, log.overwrites);
    const lacking = missingPermissions(there, ["viewChannel", "sendMessages"]);
    if (log === undefined) add(say.logChannelGone);
    else if (lacking.length > 0)
      add(say.logChannelClosed(`#${log.name}`, lacking.map((name) => say.permission[name]).join(", ")));
  }

  const roles = [...permissions.roles.values()];
  const own = Math.max(0, ...roles.filter(({ id }) => self.roles.includes(id)).map(({ position }) => position));
  const above = roles.filter(
    (role) =>
      role.position >= own &&
      role.position > 0 &&
      !self.roles.includes(role.id) &&
      !isStaff(permissions, { id: NOBODY, roles: [role.id] }),
  );
  const ranked = actions.timeout || actions.kick || actions.ban || (raid.on && raid.timeout);
  if (ranked && above.length > 0) add(say.moderationRoleOrder(named(above.map(({ name }) => name))));
  const putsOut = actions.kick || actions.ban;
  const { seen, may } = invitableChannels(permissions, self, channels);
  const invites = seen.length === 0 ? (mine & PERMISSIONS.createInvite) !== 0n : may.length > 0;
  if (putsOut && !invites) add(say.inviteMissing);
  // Nothing of ours needs it: told once, among what is well.
  if ((mine & PERMISSIONS.manageGuild) === 0n) add(say.autoModUnseen, "ok");
  if (findings.every(({ state }) => state === "ok")) add(say.moderationWell, "ok");
  return findings;
}

function named(names: readonly string[]): string {
  const more = names.length > NAMED_MAX ? ` (+${names.length - NAMED_MAX})` : "";
  return `${names.slice(0, NAMED_MAX).join(", ")}${more}`;
}
