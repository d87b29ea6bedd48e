/**
 * What is wrong, and what to do about it: one sentence a finding. `examine` gathers facts through the ports, `diagnose` is
 * pure. Asked by the dashboard's doctor page and by `gatehouse doctor`.
 */

import type { ChannelView, RoleView } from "../channel.ts";
import type { GuildView, MemberView } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type Language, words } from "../i18n.ts";
import type { ApplicationId, GuildId, RoleId, UserId } from "../ids.ts";
import {
  channelPermissions,
  guildPermissions,
  isStaff,
  missingPermissions,
  PERMISSIONS,
  type Permission,
  type PermissionFacts,
  THREAD_TYPES,
} from "../permissions.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../settings/form.ts";
import { setsInForce } from "./shard-sets.ts";

export type Finding = {
  /** A fixed word a script can look for: `database`, `token`, `permissions`… */
  readonly check: string;
  readonly state: "ok" | "warning" | "problem";
  /** The guild or channel it is about. */
  readonly where: string | null;
  /** What is so, and what to do about it, in one sentence. */
  readonly says: string;
};

export type BotFacts =
  | {
      readonly application: ApplicationId;
      readonly refused: string;
      readonly why: "token-refused" | "token-absent" | "unreachable";
    }
  | {
      readonly application: ApplicationId;
      readonly refused: null;
      readonly name: string;
      readonly contentIntent: boolean;
      readonly endpointUrl: string | null;
      readonly commandsRegistered: boolean;
    };

export type ShardFacts = { readonly shards: number; readonly held: number; readonly withSession: number };

export type GuildFacts = {
  readonly guild: GuildId;
  readonly name: string;
  readonly settings: GuildSettings;
  readonly passages: number;
  /** Null: Discord did not show it to us. */
  readonly view: GuildView | null;
  readonly self: MemberView | null;
  readonly channels: readonly ChannelView[];
};

export type DoctorFacts = {
  readonly database:
    | { readonly ok: true; readonly version: string; readonly embedded: boolean }
    | { readonly ok: false; readonly problem: string };
  readonly redis: "absent" | "up" | "down";
  readonly model: boolean;
  readonly bots: readonly BotFacts[];
  readonly shards: ShardFacts;
  readonly contentIntentWanted: boolean;
  readonly guilds: readonly GuildFacts[];
};

/** Reads what can be read within the ports' deadlines; what cannot be reached is a fact too. */
export async function examine(services: Services, only?: GuildId): Promise<DoctorFacts> {
  const { store, config } = services;
  const health = await store.health();
  const base = {
    redis: await redisState(services),
    model: services.llm !== null,
    contentIntentWanted: config.discord.messageContentIntent,
  };
  if (!health.ok) {
    return { ...base, database: health, bots: [], shards: { shards: 0, held: 0, withSession: 0 }, guilds: [] };
  }
  const [bots, allRows, guilds] = await Promise.all([store.bots.list(), store.shards.list(), store.guilds.list()]);
  const wanted = guilds.filter((g) => g.leftAtMs === null && (only === undefined || g.guild === only));
  const now = services.clock.now();
  const rows = setsInForce(allRows, now);
  return {
    ...base,
    database: { ok: true, version: health.version, embedded: config.databaseUrl === null },
    bots: await Promise.all(bots.map((bot) => botFacts(services, bot.application, bot.commandsHash !== null))),
    shards: {
      shards: rows.length,
      held: rows.filter((r) => r.holder !== null && r.untilMs > now).length,
      withSession: rows.filter((r) => r.session !== null).length,
    },
    guilds: await Promise.all(wanted.map((g) => guildFacts(services, g.application, g.guild, g.name, g.settings))),
  };
}

/** Problems first, then warnings, then what is well. */
export function diagnose(facts: DoctorFacts, language: Language): readonly Finding[] {
  const findings = [
    ...deploymentFindings(facts, language),
    ...facts.guilds.flatMap((g) => guildFindings(g, facts, language)),
  ];
  const rank = { problem: 0, warning: 1, ok: 2 } as const;
  return findings.toSorted((a, b) => rank[a.state] - rank[b.state]);
}

function deploymentFindings(facts: DoctorFacts, language: Language): Finding[] {
  const say = words(language).doctor;
  const findings: Finding[] = [];
  const add = (check: string, state: Finding["state"], says: string, where: string | null = null) =>
    findings.push({ check, state, where, says });

  if (facts.database.ok) add("database", "ok", say.database(facts.database.version, facts.database.embedded));
  else add("database", "problem", say.databaseDown(facts.database.problem));

  if (facts.redis === "down") add("redis", "problem", say.redisDown);
  else add("redis", "ok", facts.redis === "up" ? say.redis : say.redisAbsent);

  add("model", facts.model ? "ok" : "warning", facts.model ? say.model : say.modelAbsent);

  if (facts.bots.length === 0 && facts.database.ok) add("bot", "problem", say.botAbsent);
  for (const bot of facts.bots) {
    if (bot.refused !== null) {
      const says = {
        "token-refused": say.tokenRefused(bot.refused),
        "token-absent": say.tokenAbsent,
        unreachable: say.discordDown(bot.refused),
      };
      add("token", "problem", says[bot.why], bot.application);
      continue;
    }
    add("token", "ok", say.token(bot.name), bot.name);
    if (facts.contentIntentWanted && !bot.contentIntent) add("intents", "warning", say.intentAbsent, bot.name);
    if (bot.commandsRegistered) add("commands", "ok", say.commands, bot.name);
    else add("commands", "warning", say.commandsAbsent, bot.name);
    if (bot.endpointUrl !== null) add("endpoint", "ok", say.endpoint(bot.endpointUrl), bot.name);
  }
  if (facts.bots.some((b) => b.refused === null)) {
    const { shards, held } = facts.shards;
    if (held === 0) add("gateway", "problem", say.gatewayDown);
    else if (held < shards) add("gateway", "warning", say.gatewayPartly(held, shards));
    else add("gateway", "ok", say.gateway(held));
  }
  return findings;
}

/** What answering needs in a channel; moderation's own needs come with the actions that are switched on. */
const ANSWERING: readonly Permission[] = ["viewChannel", "sendMessages", "embedLinks", "readMessageHistory"];

function guildFindings(facts: GuildFacts, all: DoctorFacts, language: Language): Finding[] {
  const say = words(language).doctor;
  const findings: Finding[] = [];
  const add = (check: string, state: Finding["state"], says: string, where = facts.name) =>
    findings.push({ check, state, where, says });
  const { settings } = facts;

  if (facts.view === null || facts.self === null) {
    // Who could not ask Discord at all has said so, and says nothing of its servers.
    if (all.bots.every(({ refused }) => refused !== null)) return findings;
    add("guild", "problem", say.guildUnseen);
    return findings;
  }
  if (facts.passages === 0 && settings.mode !== "off") add("knowledge", "warning", say.knowledgeEmpty);
  else add("knowledge", "ok", say.knowledge(facts.passages));
  if (settings.mode === "all" && all.contentIntentWanted === false) add("intents", "warning", say.modeNeedsContent);

  const permissionFacts = {
    guild: facts.guild,
    ownerId: facts.view.ownerId,
    roles: new Map(facts.view.roles.map((role) => [role.id, role])),
  };
  const closed: { channel: string; missing: readonly Permission[] }[] = [];
  const readable = facts.channels.filter((c) => c.type === 0 || c.type === 5);
  for (const channel of readable) {
    const needed = THREAD_TYPES.includes(channel.type) ? [...ANSWERING, "sendMessagesInThreads" as const] : ANSWERING;
    const missing = missingPermissions(channelPermissions(permissionFacts, facts.self, channel.overwrites), needed);
    if (missing.length > 0) closed.push({ channel: channel.name, missing });
  }
  for (const { channel, missing } of closed) {
    // A channel hidden from the bot is a choice; one it reads but cannot answer in is a surprise.
    const hidden = missing.includes("viewChannel");
    add(
      "permissions",
      hidden ? "ok" : "warning",
      hidden ? say.channelHidden : say.permissionsMissing(missing.map((m) => say.permission[m])),
      `#${channel}`,
    );
  }
  if (closed.length === 0) add("permissions", "ok", say.permissions(readable.length));

  findings.push(...moderationFindings(facts, permissionFacts, facts.self, all.contentIntentWanted, language));
  return findings;
}

function moderationFindings(
  facts: GuildFacts,
  permissionFacts: PermissionFacts & { readonly roles: ReadonlyMap<RoleId, RoleView> },
  self: MemberView,
  contentIntent: boolean,
  language: Language,
): Finding[] {
  const { moderation } = facts.settings;
  const bits = guildPermissions(permissionFacts, self);
  if (!moderation.on) return [];
  const say = words(language).doctor;
  const finding = (says: string): Finding => ({ check: "moderation", state: "warning", where: facts.name, says });
  const needs: Record<keyof typeof moderation.actions, Permission> = {
    delete: "manageMessages",
    warn: "sendMessages",
    timeout: "moderateMembers",
    kick: "kickMembers",
    ban: "banMembers",
  };
  const on = (Object.keys(needs) as (keyof typeof needs)[]).filter((action) => moderation.actions[action]);
  const missing = missingPermissions(bits, [
    ...on.map((action) => needs[action]),
    ...(moderation.raid.on ? ["manageChannels" as const] : []),
  ]);
  const findings: Finding[] = [];
  if (on.length === 0) findings.push(finding(say.moderationWithoutAction));
  if (moderation.rules.length === 0) findings.push(finding(say.moderationWithoutRules));
  if (missing.length > 0) findings.push(finding(say.permissionsMissing(missing.map((m) => say.permission[m]))));
  if (!contentIntent) findings.push(finding(say.moderationNeedsContent));

  // Where the whole server lets the bot delete, a channel's own overwrites may not.
  const closed = facts.channels.filter(({ type, overwrites }) => {
    const here = channelPermissions(permissionFacts, self, overwrites);
    const sees = (here & PERMISSIONS.viewChannel) !== 0n;
    return (type === 0 || type === 5) && sees && (here & PERMISSIONS.manageMessages) === 0n;
  });
  if (moderation.actions.delete && closed.length > 0 && !missing.includes("manageMessages"))
    findings.push(finding(say.moderationCannotDelete(named(closed.map(({ name }) => `#${name}`)))));

  const roles = [...permissionFacts.roles.values()];
  const own = Math.max(0, ...roles.filter(({ id }) => self.roles.includes(id)).map(({ position }) => position));
  const above = roles.filter(
    (role) =>
      role.position >= own &&
      role.position > 0 &&
      !self.roles.includes(role.id) &&
      !isStaff(permissionFacts, { id: NOBODY, roles: [role.id] }),
  );
  const ranked = moderation.actions.timeout || moderation.actions.kick || moderation.actions.ban;
  if (ranked && above.length > 0) findings.push(finding(say.moderationRoleOrder(named(above.map(({ name }) => name)))));
  return findings;
}

/** A person who is nobody: only what the role itself gives counts. */
const NOBODY = "0" as UserId;
const NAMED_MAX = 5;

function named(names: readonly string[]): string {
  const more = names.length > NAMED_MAX ? ` (+${names.length - NAMED_MAX})` : "";
  return `${names.slice(0, NAMED_MAX).join(", ")}${more}`;
}

async function redisState(services: Services): Promise<DoctorFacts["redis"]> {
  if (services.config.redisUrl === null) return "absent";
  try {
    await services.hot.get("gh1:{global}:doctor");
    return "up";
  } catch (error) {
    if (error instanceof AppError) return "down";
    throw error;
  }
}

async function botFacts(
  services: Services,
  application: ApplicationId,
  commandsRegistered: boolean,
): Promise<BotFacts> {
  try {
    const about = await services.discord(application).directory.about();
    return {
      application,
      refused: null,
      name: about.name,
      contentIntent: about.messageContentIntent,
      endpointUrl: about.interactionsEndpointUrl,
      commandsRegistered,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const why =
      error.kind === "unauthorized" ? "token-refused" : error.kind === "not-found" ? "token-absent" : "unreachable";
    return { application, refused: error.message, why };
  }
}

async function guildFacts(
  services: Services,
  application: ApplicationId,
  guild: GuildId,
  name: string,
  settings: GuildSettings,
): Promise<GuildFacts> {
  const sources = await services.store.knowledge.sources(guild);
  const passages = sources.reduce((sum, source) => sum + source.passages, 0);
  const unseen: GuildFacts = { guild, name, settings, passages, view: null, self: null, channels: [] };
  try {
    const discord = services.discord(application);
    const self = await discord.directory.self();
    const [view, member, channels] = await Promise.all([
      discord.directory.guild(guild),
      discord.members.get(guild, self.userId),
      discord.directory.channels(guild),
    ]);
    return { ...unseen, view, self: member, channels };
  } catch (error) {
    if (error instanceof AppError) return unseen;
    throw error;
  }
}
