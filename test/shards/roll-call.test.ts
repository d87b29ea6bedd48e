import { expect, test } from "bun:test";
import { createRollCall } from "../../shards/roll-call.ts";
import { AppError } from "../../src/errors.ts";
import type { ProcessesStore, ProcessReport } from "../../src/store/ports/processes.ts";
import { createClock, settled, silentLogger } from "../support/doubles.ts";

const REPORT: ProcessReport = {
  ...{ holder: "h", instance: "host:1", roles: ["gateway"], version: "1", startedAtMs: 0 },
  ...{ memoryBytes: 1, shards: 1, shardsLive: 1, open: 0 },
};

function open() {
  const clock = createClock();
  const heard: string[] = [];
  const store = { away: false, drainAsked: false };
  const processes: ProcessesStore = {
    async report({ holder }) {
      if (store.away) throw new AppError("unavailable", "away");
      heard.push(`report ${holder}`);
      return { drainAsked: store.drainAsked };
    },
    leave: async (holder) => void heard.push(`leave ${holder}`),
    askToDrain: async () => true,
    list: async () => [],
  };
  const call = createRollCall({
    ...{ processes, clock, logger: silentLogger },
    report: () => REPORT,
    drain: () => void heard.push("drain"),
  });
  return { call, clock, heard, store };
}

test("a process says that it lives at once and every five seconds, also after the store was away, and that it ends", async () => {
  const { call, clock, heard, store } = open();
  call.start();
  await settled();
  expect(heard).toEqual(["report h"]);
  await clock.advance(4_999);
  expect(heard).toHaveLength(1);
  store.away = true;
  await clock.advance(5_001);
  store.away = false;
  await clock.advance(5_000);
  expect(heard).toEqual(["report h", "report h"]);
  await call.stop();
  await clock.advance(60_000);
  expect(heard).toEqual(["report h", "report h", "leave h"]);
});

test("a process that is asked to drain drains once, and goes on to say that it lives", async () => {
  const { call, clock, heard, store } = open();
  store.drainAsked = true;
  call.start();
  await clock.advance(10_000);
  expect(heard).toEqual(["report h", "drain", "report h", "report h"]);
  await call.stop();
});
