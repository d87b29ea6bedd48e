import { expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { ApplicationId, UserId } from "../../src/ids.ts";
import { createOptOuts } from "../../src/opt-outs.ts";
import { APPLICATION, MEMBER } from "../support/build.ts";
import { createBusDouble, createClock, settled, silentLogger } from "../support/doubles.ts";

const OTHER = "77" as ApplicationId;

function open() {
  const clock = createClock();
  const bus = createBusDouble();
  const kept = new Set<string>();
  const reads = { count: 0, fail: false };
  const privacy = {
    async optOuts() {
      reads.count++;
      if (reads.fail) throw new AppError("unavailable", "away");
      return [...kept].map((key) => {
        const [application, user] = key.split(":");
        return { application: application as ApplicationId, user: user as UserId };
      });
    },
    async setOptOut(application: ApplicationId, user: UserId, out: boolean) {
      if (out) kept.add(`${application}:${user}`);
      else kept.delete(`${application}:${user}`);
    },
  };
  const create = () => createOptOuts({ store: { privacy }, bus, clock, logger: silentLogger });
  return { clock, bus, kept, reads, create, optOuts: create() };
}

test("nobody is taken for willing to be read before the list was read", async () => {
  const { optOuts } = open();
  expect(optOuts.has(APPLICATION, MEMBER)).toBeUndefined();
  await optOuts.load();
  expect(optOuts.has(APPLICATION, MEMBER)).toBe(false);
});

test("a wish is in force at once here and by the bus elsewhere, for this bot only", async () => {
  const { optOuts, create } = open();
  const elsewhere = create();
  await Promise.all([optOuts.load(), elsewhere.load()]);
  await optOuts.set(APPLICATION, MEMBER, true);
  expect(optOuts.has(APPLICATION, MEMBER)).toBe(true);
  expect(optOuts.has(OTHER, MEMBER)).toBe(false);
  await settled();
  expect(elsewhere.has(APPLICATION, MEMBER)).toBe(true);
  await elsewhere.set(APPLICATION, MEMBER, false);
  await settled();
  expect(optOuts.has(APPLICATION, MEMBER)).toBe(false);
});

test("calls at one time read the list once", async () => {
  const { optOuts, reads } = open();
  await Promise.all(Array.from({ length: 100 }, () => optOuts.load()));
  expect(reads.count).toBe(1);
});

test("a wish whose news were lost is found when the list is old", async () => {
  const { optOuts, kept, clock } = open();
  await optOuts.load();
  kept.add(`${APPLICATION}:${MEMBER}`);
  expect(optOuts.has(APPLICATION, MEMBER)).toBe(false);
  await clock.advance(5 * 60_000);
  optOuts.has(APPLICATION, MEMBER);
  await settled();
  expect(optOuts.has(APPLICATION, MEMBER)).toBe(true);
});

test("while the store is away the list from before holds, and is asked for once a second at most", async () => {
  const { optOuts, reads, clock } = open();
  await optOuts.load();
  await optOuts.set(APPLICATION, MEMBER, true);
  await settled();
  reads.fail = true;
  await clock.advance(5 * 60_000);
  const before = reads.count;
  for (let i = 0; i < 1_000; i++) {
    expect(optOuts.has(APPLICATION, MEMBER)).toBe(true);
    if (i % 100 === 0) await settled();
  }
  expect(reads.count - before).toBe(1);
});
