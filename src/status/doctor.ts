/**
 * What is wrong, and what to do about it: one sentence a finding. `examine` gathers facts through the ports, `diagnose` is
 * pure. Asked by the dashboard's doctor page and by `gatehouse doctor`.
 */

import type { ChannelView } from "../channel.ts";
import { sharedBotOf } from "../config.ts";
import type { GuildView, MemberView } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type Language, words } from "../i18n.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { ServedModel } from "../llm.ts";
import { MEANT_PASSAGES_MAX } from "../meanings.ts";
import { channelPermissions, missingPermissions, type Permission, THREAD_TYPES } from "../permissions.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../settings/form.ts";
import type { BotRow } from "../store/ports/bots.ts";
import type { ShardRow } from "../store/ports/shards.ts";
import { GUILD_MEMBERS, moderationFindings } from "./moderation-findings.ts";
import { applicationOf, setsInForce } from "./shard-sets.ts";

export type Finding = {
  /** A fixed word a script can look for: `database`, `token`, `permissions`… */
  readonly check: string;
  readonly state: "ok" | "warning" | "problem";
  /** The guild or channel it is about. */
  readonly where: string | null;
  /** The fact and its remedy, in one sentence. */
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
      readonly membersIntent: boolean;
      readonly endpointUrl: string | null;
      readonly commandsRegistered: boolean;
      /** Discord's reason for refusing them. */
      readonly commandsRefused: string | null;
    };

export type ShardFacts = {
  readonly shards: number;
  /** A process has taken them, and may be connecting still. */
  readonly held: number;
  /** Held, and Discord has said READY: there is a session. */
  readonly ready: number;
};

export type GuildFacts = {
  readonly guild: GuildId;
  readonly application: ApplicationId;
  /** Whether its bot's gateway was told to hear of members; null: no session says so. */
  readonly hearsMembers: boolean | null;
  readonly name: string;
  readonly settings: GuildSettings;
  readonly passages: number;
  /** Passages whose meaning is kept; null without an embedding endpoint. */
  readonly meant: number | null;
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
  /** Null without a key. `models`: the configured ones, where the provider listed what it serves. */
  readonly model: { readonly problem: string | null; readonly models: readonly ServedModel[] } | null;
  /** The embedding endpoint, asked for one vector; null where none is configured. */
  readonly embeddings: { readonly model: string; readonly problem: string | null } | null;
  readonly bots: readonly BotFacts[];
  readonly shards: ShardFacts;
  readonly contentIntentWanted: boolean;
  readonly guilds: readonly GuildFacts[];
};

/** As long as anybody who opened the doctor's page waits. */
const PROVIDER_MS_MAX = 3_000;

/** Reads within the ports' deadlines; an unreachable port is a fact too. */
export async function examine(services: Services, only?: GuildId): Promise<DoctorFacts> {
  const { store, config } = services;
  const health = await store.health();
  const base = {
    redis: await redisState(services),
    model: await modelState(services),
    embeddings: await embeddingsState(services),
    contentIntentWanted: config.discord.messageContentIntent,
  };
  if (!health.ok) {
    return { ...base, database: health, bots: [], shards: { shards: 0, held: 0, ready: 0 }, guilds: [] };
  }
  const [bots, allRows, guilds] = await Promise.all([store.bots.list(), store.shards.list(), store.guilds.list()]);
  const wanted = guilds.filter((g) => g.leftAtMs === null && (only === undefined || g.guild === only));
  const now = services.clock.now();
  const rows = setsInForce(allRows, now);
  const held = rows.filter((row) => row.holder !== null && row.untilMs > now);
  return {
    ...base,
    database: { ok: true, version: health.version, embedded: config.databaseUrl === null },
    bots: await Promise.all(
      known(bots, sharedBotOf(config)?.application ?? null).map((bot) => botFacts(services, bot)),
    ),
    shards: {
      shards: rows.length,
      held: held.length,
      ready: held.filter((row) => row.session !== null).length,
    },
    guilds: await Promise.all(wanted.map((one) => guildFacts(services, one, hearsMembers(rows, one.application)))),
  };
}

type KnownBot = Pick<BotRow, "application" | "commandsHash" | "commandsRefused">;

/** The bot of the environment is one also before a gateway has ever started with it. */
function known(bots: readonly KnownBot[], shared: ApplicationId | null): readonly KnownBot[] {
  if (shared === null || bots.some(({ application }) => application === shared)) return bots;
  return [{ application: shared, commandsHash: null, commandsRefused: null }, ...bots];
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

  if (facts.model === null) add("model", "warning", say.modelAbsent);
  else if (facts.model.problem !== null) add("model", "warning", say.modelDown(facts.model.problem));
  else {
    const gone = facts.model.models.filter(({ served }) => !served);
    if (gone.length === 0) add("model", "ok", say.model);
    for (const { model, instead } of gone) {
      add("model", instead === null ? "problem" : "warning", say.modelGone(model, instead));
    }
  }

  const { embeddings } = facts;
  if (embeddings?.problem === null) add("meanings", "ok", say.meanings(embeddings.model));
  else if (embeddings !== null) add("meanings", "warning", say.meaningsDown(embeddings.problem));

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
    if (bot.commandsRefused !== null) add("commands", "problem", say.commandsRefused(bot.commandsRefused), bot.name);
    else if (bot.commandsRegistered) add("commands", "ok", say.commands, bot.name);
    else add("commands", "warning", say.commandsAbsent, bot.name);
    if (bot.endpointUrl !== null) add("endpoint", "ok", say.endpoint(bot.endpointUrl), bot.name);
  }
  if (facts.bots.some((b) => b.refused === null)) {
    const { shards, held, ready } = facts.shards;
    if (held === 0) add("gateway", "problem", say.gatewayDown);
    else if (ready === 0) add("gateway", "problem", say.gatewayConnecting);
    else if (ready < shards) add("gateway", "warning", say.gatewayPartly(ready, shards));
    else add("gateway", "ok", say.gateway(ready));
  }
  return findings;
}

/** Permissions that answering needs in a channel; moderation's come with the actions that are switched on. */
const ANSWERING: readonly Permission[] = ["viewChannel", "sendMessages", "embedLinks", "readMessageHistory"];

function guildFindings(facts: GuildFacts, all: DoctorFacts, language: Language): Finding[] {
  const say = words(language).doctor;
  const findings: Finding[] = [];
  const add = (check: string, state: Finding["state"], says: string, where = facts.name) =>
    findings.push({ check, state, where, says });
  const { settings } = facts;

  if (facts.view === null || facts.self === null) {
    // Discord could not be asked: that is a finding of its own, and nothing is said about its servers.
    if (all.bots.every(({ refused }) => refused !== null)) return findings;
    add("guild", "problem", say.guildUnseen);
    return findings;
  }
  if (facts.passages === 0 && settings.mode !== "off") add("knowledge", "warning", say.knowledgeEmpty);
  else add("knowledge", "ok", say.knowledge(facts.passages));
  if (facts.meant !== null && facts.passages > MEANT_PASSAGES_MAX) {
    add("meanings", "warning", say.meaningsTooMany(facts.passages, MEANT_PASSAGES_MAX));
  } else if (facts.meant !== null) add("meanings", "ok", say.meaningsKept(facts.meant, facts.passages));
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

  const bot = all.bots.find((one) => one.application === facts.application);
  const members = bot?.refused === null ? bot.membersIntent : null;
  findings.push(
    ...moderationFindings(
      { ...facts, self: facts.self, permissions: permissionFacts },
      { content: all.contentIntentWanted, members, heard: facts.hearsMembers },
      language,
    ),
  );
  return findings;
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

async function modelState({ llm }: Services): Promise<DoctorFacts["model"]> {
  if (llm === null) return null;
  try {
    return { problem: null, models: (await llm.served?.(PROVIDER_MS_MAX)) ?? [] };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message, models: [] };
    throw error;
  }
}

/** One short text: costs next to nothing, and tells more than a look at what failed before. */
async function embeddingsState({ embedder }: Services): Promise<DoctorFacts["embeddings"]> {
  if (embedder === null) return null;
  const { model } = embedder;
  try {
    await embedder.embed(["Gatehouse"], PROVIDER_MS_MAX);
    return { model, problem: null };
  } catch (error) {
    if (error instanceof AppError) return { model, problem: error.message };
    throw error;
  }
}

/** The intents that the current sessions identified with. */
function hearsMembers(rows: readonly ShardRow[], application: ApplicationId): boolean | null {
  const intents = rows
    .filter((row) => applicationOf(row.application) === application)
    .flatMap((row) => row.session?.intents ?? []);
  return intents.length === 0 ? null : intents.every((bits) => (bits & GUILD_MEMBERS) !== 0);
}

async function botFacts(
  services: Services,
  { application, commandsHash, commandsRefused }: KnownBot,
): Promise<BotFacts> {
  try {
    const about = await services.discord(application).directory.about();
    return {
      application,
      refused: null,
      name: about.name,
      contentIntent: about.messageContentIntent,
      membersIntent: about.guildMembersIntent,
      endpointUrl: about.interactionsEndpointUrl,
      commandsRegistered: commandsHash !== null,
      commandsRefused,
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
  { application, guild, name, settings }: Pick<GuildFacts, "application" | "guild" | "name" | "settings">,
  hears: boolean | null,
): Promise<GuildFacts> {
  const sources = await services.store.knowledge.sources(guild);
  const passages = sources.reduce((sum, source) => sum + source.passages, 0);
  const { embedder, store } = services;
  const meant = embedder === null ? null : await store.meanings.count(guild, embedder.model);
  const known = { guild, application, name, settings, passages, meant, hearsMembers: hears };
  const unseen: GuildFacts = { ...known, view: null, self: null, channels: [] };
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
