/** A pipeline with everything around it in memory: one guild, one bot that records, a clock that the test moves. */
import type { Clock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { Hot } from "../../src/hot.ts";
import type { GuildId } from "../../src/ids.ts";
import type { Knowledge } from "../../src/knowledge.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import type { Llm } from "../../src/llm.ts";
import type { Message } from "../../src/message.ts";
import { createOptOuts } from "../../src/opt-outs.ts";
import type { PipelineExtra } from "../../src/pipeline/spine.ts";
import { createPipeline } from "../../src/pipeline.ts";
import { FEATURES, type Feature } from "../../src/plans/plans.ts";
import type { Quota } from "../../src/plans/quota.ts";
import type { Services } from "../../src/services.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { APPLICATION, BOT, GUILD, guildPayload, MEMBER, passage } from "./build.ts";
import {
  createBusDouble,
  createClock,
  createHotDouble,
  createKnowledgeDouble,
  createStoreDouble,
  HELD_BY_NOBODY,
  silentLogger,
} from "./doubles.ts";

export const PAIRING = passage(
  "Hold the hub's button for 3 seconds. The light blinks blue: the pairing window is open for 120 seconds.\n\nPull the tab out of the sensor. It chirps twice when it has been accepted.",
  { title: "Pair sensors", url: "https://docs.example/pair", document: "pair" },
);
const REFUNDS = passage("Refunds are paid within 14 days of the purchase, without a reason.", {
  title: "Billing and refunds",
  url: "https://docs.example/refunds",
  document: "refunds",
});

export async function openHouse(
  options: {
    readonly llm?: Llm | null;
    readonly settings?: Partial<GuildSettings>;
    readonly knowledge?: Knowledge;
    readonly joined?: readonly GuildId[];
    readonly quota?: Partial<Quota>;
    readonly features?: readonly Feature[];
    /** In place of the double that comes back. */
    readonly hot?: (clock: Clock) => Hot;
  } = {},
) {
  const clock = createClock();
  const store = createStoreDouble(clock, APPLICATION);
  const hot = createHotDouble();
  const bus = createBusDouble();
  const discord = createRecording(APPLICATION, BOT, clock);
  discord.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
  const optOuts = createOptOuts({ store, bus, clock, logger: silentLogger });
  await optOuts.load();
  const services = {
    config: { web: { publicUrl: "https://gatehouse.example" } },
    clock,
    logger: silentLogger,
    store,
    hot: options.hot?.(clock) ?? hot,
    bus,
    knowledge: options.knowledge ?? createKnowledgeDouble({ guild: GUILD, passages: [PAIRING, REFUNDS] }),
    llm: options.llm ?? null,
    extractive: createExtractive(),
    discord: () => discord,
    optOuts,
    // A plan without a limit, as a self-hoster has.
    plans: { features: async () => new Set(options.features ?? FEATURES), come: HELD_BY_NOBODY.plans.come },
    quota: {
      admit: async () => ({ admitted: true, account: "default" }) as const,
      release: async () => {},
      commit: async () => {},
      ...options.quota,
    },
    close: () => Promise.resolve(),
  } as unknown as Services;
  const pipeline = createPipeline(services, { self: () => BOT });
  for (const guild of options.joined ?? [GUILD]) {
    store.configure(guild, options.settings ?? {});
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: guild }));
  }
  const handle = async (message: Message) =>
    await pipeline.handle({ application: APPLICATION, message, receivedAtMs: clock.now() });
  return { clock, store, hot, bus, discord, pipeline, services, handle, optOuts };
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** A second process of the house: it starts from what the store holds, and no gateway has told it of anything. */
export function freshProcess(
  house: House,
  extra: PipelineExtra = { self: () => BOT },
  services: Partial<Services> = {},
) {
  const pipeline = createPipeline({ ...house.services, ...services }, extra);
  const hear = (heard: Message, application = APPLICATION) =>
    pipeline.handle({ application, message: heard, receivedAtMs: house.clock.now() });
  return { pipeline, hear };
}
