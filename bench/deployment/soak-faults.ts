/** What goes wrong in a soak, one a minute, in turn. Each is over by itself within half a minute, and none ends a process of ours. */
import type { RedisServer } from "../../test/support/redis.ts";
import type { Stage } from "../../test/support/stage.ts";
import type { FaultProxy } from "../simulator/fault-proxy.ts";

export type Fault = { readonly name: string; strike(): Promise<void> };

const AWAY_MS = 4_000;
const ZOMBIE_MS = 25_000;

export function soakFaults(house: {
  readonly stage: Stage;
  readonly line: FaultProxy;
  readonly redis: RedisServer;
}): readonly Fault[] {
  const { stage, line, redis } = house;
  const { gateway, faults } = stage.simulator.services;
  const at = (name: string, strike: () => unknown): Fault => ({ name, strike: async () => void (await strike()) });
  return [
    at("op 7", () => gateway.reconnect()),
    at("PostgreSQL's connections reset", () =>
      line.set({ kind: "reset", connections: "open" }).then(() => line.clear()),
    ),
    at("a model that stalls", () => {
      stage.groq.faults.add({ fault: { kind: "stall", at: "mid-body" }, times: 3 });
    }),
    at("Redis killed and empty", () => redis.restart()),
    at("Discord cut off", () => gateway.cutAll()),
    at("PostgreSQL silent", async () => {
      await line.set({ kind: "black-hole" }, { kind: "reset", connections: "open" });
      await Bun.sleep(AWAY_MS);
      await line.clear();
    }),
    at("Discord's errors", () => {
      faults.add({ target: "rest", kind: "status", status: 503, times: 10 });
      faults.add({
        target: "rest",
        kind: "lost-reply",
        method: "POST",
        route: "/channels/:channel/messages",
        times: 3,
      });
    }),
    at("a model out of tokens", () => {
      stage.groq.faults.add({ fault: { kind: "rate-limit", of: "tokensPerMinute", retryAfterS: 3 }, times: 10 });
    }),
    at("a session lost", () => gateway.invalidate(false)),
    at("Redis frozen", async () => {
      redis.signal("SIGSTOP");
      await Bun.sleep(AWAY_MS);
      redis.signal("SIGCONT");
    }),
    at("no heartbeat answered", async () => {
      gateway.setZombie(true);
      await Bun.sleep(ZOMBIE_MS);
      gateway.setZombie(false);
    }),
    at("PostgreSQL frozen", async () => {
      await line.set({ kind: "freeze" });
      await Bun.sleep(AWAY_MS);
      await line.clear();
    }),
    at("Discord's global limit", () => {
      faults.add({ target: "rest", kind: "rate-limit", scope: "global", ms: 2_000, times: 3 });
    }),
    at("a model that talks nonsense", () => {
      stage.groq.faults.add({ fault: { kind: "garbage-content" }, times: 5 });
      stage.groq.faults.add({ fault: { kind: "reset" }, times: 5 });
    }),
  ];
}
