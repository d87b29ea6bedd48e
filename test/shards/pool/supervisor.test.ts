import { expect, test } from "bun:test";
import { MESSAGE_CREATE } from "../../../shards/border/protocol.ts";
import { OutcomeCounts } from "../../../shards/outcome-counts.ts";
import { WorkerSupervisor } from "../../../shards/pool/supervisor.ts";
import { systemClock } from "../../../src/clock.ts";
import { quiet } from "../../support/postgres.ts";

function open(): WorkerSupervisor {
  const counts = new OutcomeCounts();
  return new WorkerSupervisor({
    worker: 0,
    entry: "unused",
    config: null,
    ringBytes: 4_096,
    stallMs: 1_000,
    host: {
      clock: systemClock,
      logger: quiet,
      sources: () => [],
      serve: () => Promise.reject(new Error("unused")),
      count: (kind, reason) => counts.of(kind, reason),
      settle: () => {},
      settled: () => {},
      ended: () => {},
      parked: () => {},
      ready: () => {},
    },
  });
}

test("once a message found the ring full, others of its size are refused by one look, smaller ones are tried", () => {
  const worker = open();
  const record = { source: 0, kind: MESSAGE_CREATE, guildAt: -1, token: 0, receivedAtMs: 0 };
  expect(worker.ring.refuses(300)).toBe(false);
  while (worker.write(record, new Uint8Array(300), null));
  expect([worker.ring.refuses(300), worker.ring.refuses(301), worker.ring.refuses(299)]).toEqual([true, true, false]);
  // What must not be lost has room of its own.
  expect(worker.write({ ...record, kind: MESSAGE_CREATE + 1 }, new Uint8Array(100), null)).toBe(true);
});

test("a large frame at the head of a full ring is copied when there is room for it, not at every try", () => {
  const worker = open();
  let posts = 0;
  worker.post = () => {
    posts++;
  };
  const record = { source: 0, kind: MESSAGE_CREATE + 1, guildAt: -1, token: 0, receivedAtMs: 0 };
  while (worker.ring.hasRoom(300)) worker.write(record, new Uint8Array(300), null);
  while (worker.ring.hasRoom(0)) worker.write(record, new Uint8Array(0), null);
  worker.write(record, new Uint8Array(3 << 20), null);
  for (let i = 0; i < 300; i++) worker.reclaim();
  expect(posts).toBe(0);
});
