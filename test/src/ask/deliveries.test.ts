import { expect, test } from "bun:test";
import { createDeliveries } from "../../../src/ask/deliveries.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

function open() {
  const clock = simulatedClock(1);
  const hot = createMemoryHot({ clock });
  return { clock, hot, deliveries: createDeliveries({ hot, clock }) };
}

test("what was done is not done again, and is said so within ten seconds", async () => {
  const { clock, deliveries } = open();
  await (await deliveries.take("1"))?.end();
  const again = deliveries.take("1");
  await clock.advance(10_000);
  expect(await again).toBeNull();
  expect(await deliveries.take("2")).not.toBeNull();
});

test("what goes on for longer than a claim lasts is not done beside it, also at the third delivery", async () => {
  const { clock, deliveries } = open();
  const first = await deliveries.take("1");
  for (let delivery = 2; delivery <= 3; delivery++) {
    const again = deliveries.take("1");
    await clock.advance(10_000);
    expect(await again).toBeNull();
  }
  await first?.end();
});

test("what a killed process left is done by the delivery that waits", async () => {
  const { clock, hot } = open();
  // A killed process's timers never run.
  const killed = createDeliveries({ hot, clock: { ...clock, after: () => ({ cancel() {} }) } });
  await killed.take("1");
  const next = createDeliveries({ hot, clock }).take("1");
  await clock.advance(10_000);
  expect(await next).not.toBeNull();
});

test("of two that wait for a killed process's claim one has it", async () => {
  const { clock, hot, deliveries } = open();
  await createDeliveries({ hot, clock: { ...clock, after: () => ({ cancel() {} }) } }).take("1");
  const both = Promise.all([deliveries.take("1"), deliveries.take("1")]);
  await clock.advance(20_000);
  expect((await both).filter((claim) => claim !== null)).toHaveLength(1);
});

test("without hot state everything is worked on, since its effect has a key", async () => {
  const { clock, hot } = open();
  const deliveries = createDeliveries({
    hot: { ...hot, claim: () => Promise.reject(new AppError("unavailable", "Redis is away")) },
    clock,
  });
  const taken = await deliveries.take("1");
  expect(taken).not.toBeNull();
  await taken?.end();
});
