import { afterEach, describe, expect, test } from "bun:test";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../bench/simulator/simulator.ts";
import { createGateway, type Gateway, type GatewayOptions, intentsFor } from "../../shards/gateway.ts";
import type { Dispatch } from "../../shards/shard.ts";
import { systemClock } from "../../src/clock.ts";
import { createLogger } from "../../src/logger.ts";
import type { ApplicationId } from "../../src/message.ts";
import { type MemoryShards, memoryShards } from "../support/shards-store.ts";
import { until } from "../support/until.ts";

type Seen = Pick<Dispatch, "shard" | "seq" | "type"> & { readonly d: Record<string, unknown> };
type World = {
  readonly simulator: Simulator;
  readonly store: MemoryShards;
  readonly seen: Seen[];
  readonly fatal: { readonly shard: number; readonly code: number | null; readonly message: string }[];
  connect(options?: Partial<GatewayOptions>): Gateway;
  say(content: string): void;
  contents(): unknown[];
};

const logger = createLogger({ level: "silent", format: "json" });
const running: { stop(): unknown }[] = [];

afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

function world(options: SimulatorOptions = {}): World {
  const simulator = startSimulator({ ...options, identify: { windowMs: 0, ...options.identify } });
  running.push(simulator);
  const store = memoryShards(systemClock);
  const seen: Seen[] = [];
  const fatal: World["fatal"] = [];
  const bot = simulator.bots[0];
  if (bot === undefined) throw new Error("the simulator has no bot");
  const { guild, channel } = simulator.actions.createGuild({ name: "Lumen" });
  simulator.actions.installBot(guild.id, bot.applicationId);

  return {
    simulator,
    store,
    seen,
    fatal,
    connect(overrides = {}) {
      const gateway = createGateway({
        application: bot.applicationId as ApplicationId,
        token: bot.token,
        intents: intentsFor(true),
        compression: "none",
        fetchInformation: async () => {
          const answer = await fetch(`${simulator.api}/v10/gateway/bot`, {
            headers: { Authorization: `Bot ${overrides.token ?? bot.token}` },
          });
          if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
          return await answer.json();
        },
        gatewayUrl: null,
        shards: null,
        store,
        clock: systemClock,
        logger,
        events: {
          dispatch({ shard, seq, type, bytes }) {
            seen.push({ shard, seq, type, d: JSON.parse(new TextDecoder().decode(bytes)).d });
          },
          state() {},
          fatal: (shard, problem) => fatal.push({ shard, ...problem }),
        },
        ...overrides,
      });
      running.push(gateway);
      return gateway;
    },
    say(content) {
      simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content });
    },
    contents: () => seen.filter((event) => event.type === "MESSAGE_CREATE").map((event) => event.d.content),
  };
}

const live = (gateway: Gateway) => gateway.shards().length > 0 && gateway.shards().every((s) => s.phase === "live");

for (const compression of ["none", "zlib-stream", "zstd-stream"] as const) {
  test(`a message comes up from a real socket (${compression})`, async () => {
    const { connect, say, contents, seen } = world();
    const gateway = connect({ compression });
    await gateway.start();
    await until(() => live(gateway));
    say("good morning");
    await until(() => contents().length === 1);
    expect(contents()).toEqual(["good morning"]);
    expect(seen.slice(0, 2).map((event) => event.type)).toEqual(["READY", "GUILD_CREATE"]);
  });
}
