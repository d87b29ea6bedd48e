import { expect, test } from "bun:test";
import { createMemoryHot } from "../../src/hot/memory.ts";
import { createSignInGate, WAY_MS } from "../../web/sign-in-gate.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

function open() {
  const clock = simulatedClock(1);
  return { clock, gate: createSignInGate({ clock, hot: createMemoryHot({ clock }) }, "secret") };
}

test("a way back is taken once, within ten minutes, and only with our own signature", async () => {
  const { gate, clock } = open();
  const way = gate.open("/guilds");
  expect(await gate.close(`${way.cookie}x`)).toBeNull();
  expect(await gate.close(`${Buffer.from('{"state":"x"}').toString("base64url")}${"A".repeat(43)}`)).toBeNull();
  expect(await gate.close(way.cookie)).toMatchObject({ state: way.state, next: "/guilds" });
  expect(await gate.close(way.cookie)).toBeNull();
  const [inTime, late] = [gate.open("/guilds"), gate.open("/guilds")];
  expect(WAY_MS).toBe(600_000);
  await clock.advance(WAY_MS - 1);
  expect(await gate.close(inTime.cookie)).toMatchObject({ next: "/guilds" });
  await clock.advance(1);
  expect(await gate.close(late.cookie)).toBeNull();
});

test("one address is admitted a few times a minute, and all together no more than Discord bears", async () => {
  const { gate, clock } = open();
  const admitted = (address: string, tries: number) =>
    Array.from({ length: tries }, () => gate.admit(address)).filter(Boolean).length;
  expect(admitted("192.0.2.1", 1_000)).toBe(30);
  expect(admitted("192.0.2.2", 1)).toBe(1);
  await clock.advance(60_000);
  expect(admitted("192.0.2.1", 1_000)).toBe(30);
  const crowd = Array.from({ length: 12_000 }, (_, i) => gate.admit(`198.51.${i >> 8}.${i & 255}`)).filter(Boolean);
  // 120 a minute, of which the first address has had its 30.
  expect(crowd).toHaveLength(90);
});
