/** What a gateway would tell the dashboard about itself: one shard a phase, two workers, some outcomes. */
import type { GatewayStatus } from "../../src/status/process.ts";
import { APPLICATION } from "./build.ts";

export function gatewayStatus(phases: readonly string[]): GatewayStatus {
  const nowMs = Date.now();
  return {
    application: APPLICATION,
    waitsFor: phases.length === 0 ? "lease" : null,
    shards: phases.map((phase, shard) => ({
      shard,
      phase,
      sinceMs: nowMs - 3_600_000,
      waitsFor: phase === "live" ? null : "next-try",
      waitsUntilMs: phase === "live" ? null : nowMs + 20_000,
      latencyMs: phase === "live" ? 41 : null,
      lastDispatchAtMs: phase === "live" ? nowMs - 800 : nowMs - 95_000,
      resumable: true,
      counts: { identifies: 1, resumed: shard, zombies: 0 },
    })),
    workers: [
      { worker: 0, state: "running", restarts: 0, held: 3, lanes: 12, shedEvents: 0 },
      { worker: 1, state: "starting", restarts: 1, held: 0, lanes: 0, shedEvents: 4 },
    ],
    messagesIn: 18_412,
    outcomes: [
      { kind: "silent", reason: "not-mentioned", count: 17_011 },
      { kind: "answered", reason: "known", count: 1_204 },
      { kind: "answered", reason: "not-in-knowledge", count: 190 },
      { kind: "failed", reason: "timeout", count: 7 },
    ],
  };
}
