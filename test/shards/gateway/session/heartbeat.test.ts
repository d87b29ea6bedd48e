import { expect, test } from "bun:test";
import { ACK_MS_MAX, acked, createHeartbeat, sent, zombieAtMs } from "../../../../shards/gateway/session/heartbeat.ts";

test("the first comes after a random part of the interval", () => {
  expect(createHeartbeat(40_000, 0.25, 1_000).nextAtMs).toBe(11_000);
});

test("an interval that is none falls back to Discord's, and a ridiculous one is bounded", () => {
  expect(createHeartbeat("soon", 0, 0).intervalMs).toBe(41_250);
  expect(createHeartbeat(Number.NaN, 0, 0).intervalMs).toBe(41_250);
  expect(createHeartbeat(1e12, 0, 0).intervalMs).toBe(600_000);
  expect(createHeartbeat(0.001, 0, 0).intervalMs).toBe(50);
});

test("a silent peer is a zombie 5 s after the heartbeat it did not answer", () => {
  const beat = createHeartbeat(40_000, 0, 0);
  sent(beat, 0);
  expect(zombieAtMs(beat)).toBe(ACK_MS_MAX);
  acked(beat, 120);
  expect([zombieAtMs(beat), beat.latencyMs]).toEqual([null, 120]);
});

test("a flood, in which the ACK may be stuck, buys time until the next heartbeat and no longer", () => {
  const beat = createHeartbeat(40_000, 0, 0);
  sent(beat, 0);
  beat.framesSince = 10_000;
  expect(zombieAtMs(beat)).toBe(40_000);
  sent(beat, 40_000);
  expect(zombieAtMs(beat)).toBe(40_000);
});

test("a heartbeat the server asked for does not move the schedule", () => {
  const beat = createHeartbeat(40_000, 0.5, 0);
  sent(beat, 3_000, true);
  expect(beat.nextAtMs).toBe(20_000);
});
