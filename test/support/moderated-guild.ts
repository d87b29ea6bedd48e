/** A guild that is moderated, for tests: a bot that records, a scripted model, the pipeline over a store of PostgreSQL's. */
import { createRecording } from "../../src/discord/recording.ts";
import type { Discord } from "../../src/discord.ts";
import { createMemoryHot } from "../../src/hot/memory.ts";
import type { Hot } from "../../src/hot.ts";
import type { GuildId, RoleId, UserId } from "../../src/ids.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import type { ScriptedLlm } from "../../src/llm/scripted.ts";
import type { ModerateResult, ModerateTask } from "../../src/llm.ts";
import type { Message } from "../../src/message.ts";
import { createOptOuts } from "../../src/opt-outs.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import { createPipeline } from "../../src/pipeline.ts";
import type { Services } from "../../src/services.ts";
import { type GuildSettings, guildSettingsSchema } from "../../src/settings/form.ts";
import type { Store } from "../../src/store.ts";
import type { ShiftedClock } from "../contract/store/house.ts";
import { APPLICATION, BOT, BOT_ROLE, CHANNEL, guildPayload, message, snowflake } from "./build.ts";
import { createBusDouble, createKnowledgeDouble, HELD_BY_NOBODY, silentLogger } from "./doubles.ts";

export const OWNER = "300000000000000999" as UserId;
export const HELPERS = "100000000000000701" as RoleId;
export const MODS = "100000000000000702" as RoleId;
export const ABOVE = "100000000000000703" as RoleId;
const ALL_ACTIONS = { delete: true, warn: true, timeout: true, kick: true, ban: true };

export type Verdict = ModerateResult["verdicts"][number];
export const verdict = (fields: Partial<Verdict> = {}): Verdict => ({
  ...{
    message: 1,
    rule: 1,
    category: "harassment",
    severity: "medium",
    confidence: 0.95,
    reason: "an insult",
    ...fields,
  },
});
/** The same word on every message of the batch. */
export const onAll =
  (fields: Partial<Verdict> = {}) =>
  (task: ModerateTask): Promise<ModerateResult> =>
    Promise.resolve({ verdicts: task.messages.map(({ n }) => verdict({ ...fields, message: n })) });

type Options = {
  readonly store: Store;
  readonly clock: ShiftedClock;
  readonly moderation?: Partial<GuildSettings["moderation"]>;
  readonly llm?: ScriptedLlm | null;
  readonly botPermissions?: bigint;
  readonly discord?: (recorded: Discord) => Discord;
  readonly guild?: GuildId;
  /** What several processes share. */
  readonly hot?: Hot;
  readonly language?: GuildSettings["language"];
};

export async function openModerated(options: Options) {
  const { store, clock } = options;
  const guild = options.guild ?? (snowflake() as GuildId);
  const recorded = createRecording(APPLICATION, BOT, clock);
  const permissions = options.botPermissions ?? (1n << 53n) - 1n - PERMISSIONS.administrator;
  const roles = [
    { id: guild as string as RoleId, name: "@everyone", position: 0, permissions: PERMISSIONS.viewChannel },
    { id: BOT_ROLE, name: "Gatehouse", position: 5, permissions },
    { id: HELPERS, name: "Helpers", position: 2, permissions: 0n },
    { id: MODS, name: "Mods", position: 3, permissions: PERMISSIONS.manageMessages },
    { id: ABOVE, name: "VIP", position: 9, permissions: 0n },
  ];
  recorded.welcome({ id: BOT.userId, name: BOT.name, roles: [BOT_ROLE], timedOutUntilMs: null, joinedAtMs: null });
  const whole: Discord = {
    ...recorded,
    directory: {
      ...recorded.directory,
      guild: async () => ({ id: guild, name: "Lumen", ownerId: OWNER, roles }),
      channels: async () => [{ id: CHANNEL, name: "help", type: 0, parentId: null, ownerId: null, overwrites: [] }],
    },
  };
  const discord = options.discord?.(whole) ?? whole;
  const moderation = guildSettingsSchema.shape.moderation.parse({
    ...{ on: true, live: true, actions: ALL_ACTIONS, rules: ["Be kind."] },
    ...options.moderation,
  });
  const row = await store.guilds.join(guild, APPLICATION, "Lumen", "en-US");
  await store.guilds.change(
    guild,
    { ...row.settings, language: options.language ?? "en", moderation },
    "test",
    "settings",
  );
  const llm = options.llm ?? null;
  const services = {
    ...{
      clock,
      store,
      logger: silentLogger,
      llm,
      hot: options.hot ?? createMemoryHot({ clock }),
      bus: createBusDouble(),
    },
    config: { web: { publicUrl: "https://gatehouse.example" } },
    plans: HELD_BY_NOBODY.plans,
    ...{ knowledge: createKnowledgeDouble(), extractive: createExtractive(), discord: () => discord },
    quota: {
      admit: async () => ({ admitted: true, account: "default" }),
      release: async () => {},
      commit: async () => {},
    },
    optOuts: createOptOuts({ store, clock, logger: silentLogger, bus: createBusDouble() }),
  } as unknown as Services;
  const pipeline = createPipeline(services, { self: () => BOT });
  await pipeline.observe(
    APPLICATION,
    "GUILD_CREATE",
    guildPayload({
      id: guild,
      owner_id: OWNER,
      roles: roles.map(({ permissions: bits, ...role }) => ({
        ...role,
        permissions: String(bits),
        ...(role.id === BOT_ROLE ? { tags: { bot_id: BOT.userId } } : {}),
      })),
    }),
  );
  const say = (content: string, fields: Record<string, unknown> = {}): Message => {
    const made = message({ guild_id: guild, content, ...fields });
    recorded.heard(made);
    return made;
  };
  const handle = async (what: Message, receivedAtMs = clock.now()) =>
    await pipeline.handle({ application: APPLICATION, message: what, receivedAtMs });
  const acts = () => recorded.acts.map(({ act }) => act).filter((act) => act !== "typing");
  const cases = async () => (await store.cases.list(guild, {}, 100)).items;
  const isThere = async (what: Message) => (await recorded.messages.get(what.channelId, what.id)) !== null;
  return { guild, recorded, discord, services, pipeline, say, handle, acts, cases, isThere };
}
