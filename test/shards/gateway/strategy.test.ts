import { describe, expect, test } from "bun:test";
import { type SessionInfo, WebSocketShardStatus } from "@discordjs/ws";
import { GatewayManager, ShardStrategy } from "../../../shards/gateway/strategy.ts";
import { createLogger } from "../../../src/logger.ts";
import { scriptedDiscord } from "../../support/scripted-discord.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const logger = createLogger({ level: "silent", format: "json" });

function setup(kept: SessionInfo | null = null) {
  const clock = simulatedClock(1);
  const discord = scriptedDiscord(clock);
  const updates: (SessionInfo | null)[] = [];
  const waited: number[] = [];
  const dispatched: string[] = [];
  let strategy: ShardStrategy | null = null;
  const manager = new GatewayManager(
    {
      token: "token",
      intents: 1,
      shardCount: 2,
      retrieveSessionInfo: () => kept,
      updateSessionInfo: (_, info) => void updates.push(info),
      buildIdentifyThrottler: async () => ({ waitForIdentify: async (shard) => void waited.push(shard) }),
      buildStrategy(self) {
        strategy = new ShardStrategy(self, {
          frontDoorOnly: false,
          open: discord.open,
          clock,
          logger,
          events: { dispatch: ({ type }) => void dispatched.push(type), state() {}, fatal() {} },
        });
        return strategy;
      },
    },
    async () => ({
      url: "wss://front.test/",
      shards: 1,
      session_start_limit: { total: 1_000, remaining: 0, reset_after: 0, max_concurrency: 1 },
    }),
  );
  if (strategy === null) throw new Error("no strategy was built");
  return { clock, discord, manager, strategy: strategy as ShardStrategy, updates, waited, dispatched };
}

describe("@discordjs/ws's WebSocketManager over our shards", () => {
  test("its options, hooks and throttler are what a shard goes by", async () => {
    const { clock, discord, manager, strategy, updates, waited, dispatched } = setup();
    await strategy.spawn([1]);
    await clock.advance(1_000);
    expect((await manager.fetchStatus()).get(1)).toBe(WebSocketShardStatus.Ready);
    expect(waited).toEqual([1]);
    expect(updates).toEqual([
      { shardId: 1, shardCount: 2, sessionId: "session-1", resumeURL: "wss://resume.test/", sequence: 1 },
    ]);
    discord.say();
    await clock.advance(100);
    expect(dispatched).toEqual(["READY", "MESSAGE_CREATE"]);
  });

  test("a kept session is resumed without asking the throttler, also when no session starts are left", async () => {
    const first = setup();
    await first.strategy.spawn([0]);
    await first.clock.advance(1_000);
    const second = setup({
      shardId: 0,
      shardCount: 2,
      sessionId: "session-1",
      resumeURL: "wss://r.test/",
      sequence: 1,
    });
    await second.strategy.spawn([0]);
    await second.clock.advance(100);
    expect(second.discord.connections[0]?.url).toBe("wss://r.test/");
    expect(second.discord.resumedAtMs).toHaveLength(1);
    expect(second.waited).toEqual([]);
  });

  test("a session of another shard count is not resumed: it holds other guilds", async () => {
    const at = setup({ shardId: 0, shardCount: 9, sessionId: "old", resumeURL: "wss://r.test/", sequence: 1 });
    await at.strategy.spawn([0]);
    await at.clock.advance(1_000);
    expect([at.discord.resumedAtMs.length, at.discord.identifiedAtMs.length]).toEqual([0, 1]);
  });

  test("send goes out by the manager, destroy leaves a session that can be resumed", async () => {
    const { clock, discord, manager, strategy } = setup();
    await strategy.spawn([0]);
    await clock.advance(1_000);
    const before = discord.current()?.sentAtMs.length ?? 0;
    await manager.send(0, { op: 3, d: { since: null, activities: [], status: "idle" as never, afk: false } });
    await clock.advance(100);
    expect(discord.current()?.sentAtMs.length).toBe(before + 1);
    await manager.destroy();
    await clock.advance(1_000);
    expect(discord.current()).toBeNull();
    expect(discord.sessions[0]?.valid).toBe(true);
    expect([...strategy.all()]).toEqual([]);
  });

  test("a shard is spawned once, however often it is asked for", async () => {
    const { clock, discord, strategy } = setup();
    await Promise.all([strategy.spawn([0]), strategy.spawn([0, 0])]);
    await clock.advance(1_000);
    expect(discord.connections).toHaveLength(1);
  });
});
