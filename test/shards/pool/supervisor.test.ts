import { describe, expect, test } from "bun:test";
import { MESSAGE_CREATE } from "../../../shards/border/protocol.ts";
import { QuietMarks } from "../../../shards/border/quiet.ts";
import { guildAt, hashId } from "../../../shards/border/scan.ts";
import { OutcomeCounts } from "../../../shards/outcome-counts.ts";
import type { SupervisorHost } from "../../../shards/pool/host.ts";
import { WorkerSupervisor } from "../../../shards/pool/supervisor.ts";
import { systemClock } from "../../../src/clock.ts";
import { APPLICATION, CHANNEL, GUILD } from "../../support/build.ts";
import { quiet } from "../../support/postgres.ts";
import { eventFrame, messageData } from "../support/frames.ts";

function open(waited: SupervisorHost["waited"] = () => {}): WorkerSupervisor {
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
      waited,
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

describe("a message that waits for what is on its way to the worker", () => {
  /** A hundred of them, in a ring of 4,096 bytes. */
  function wait(): { readonly worker: WorkerSupervisor; readonly ends: [number, boolean][] } {
    const ends: [number, boolean][] = [];
    const worker = open((_, token, isSilent) => ends.push([token, isSilent]));
    const guild = GUILD;
    worker.quiet.hear({ application: APPLICATION, guild, needles: [], version: 0, untilMs: 10 }, -1);
    worker.post({ op: "drain", deadlineMs: 0 });
    const content = "x";
    const bytes = eventFrame(
      "MESSAGE_CREATE",
      1,
      messageData({ seq: 1, guild: GUILD, channel: CHANNEL, id: "1", content }),
    );
    for (let token = 0; token < 100; token++) {
      const message = { bytes, receivedAtMs: 0 };
      expect(worker.quiet.find(APPLICATION, message, guildAt(bytes), hashId(GUILD), 0)).toBe("waits");
      expect(worker.wait({ source: 0, kind: MESSAGE_CREATE, guildAt: -1, token, receivedAtMs: 0 }, bytes)).toBe(true);
    }
    return { worker, ends };
  }

  test("leaves half of the ring to those that must be read, and is silent once the worker has dealt with that", () => {
    const { worker, ends } = wait();
    const kept = worker.ring.depth;
    expect(kept).toBeGreaterThan(2);
    expect(worker.ring.used).toBeLessThan(0.7 * worker.ring.capacity);
    expect(worker.depth).toBe(100);
    worker.reclaim();
    expect(ends).toEqual([]);
    const now = () => 0;
    new QuietMarks(worker.quiet.memory, { post: () => {}, now, wallNow: now }).dealtWith(1);
    worker.reclaim();
    expect(ends).toEqual(Array.from({ length: 100 - kept }, (_, i) => [kept + i, true]));
    expect(worker.depth).toBe(kept);
  });

  test("is given up when the worker is gone", () => {
    const { worker, ends } = wait();
    worker.quiet.takeBack(Number.POSITIVE_INFINITY, (_, token, isSilent) => ends.push([token, isSilent]));
    expect(ends.length).toBe(100 - worker.ring.depth);
    expect(ends.some(([, isSilent]) => isSilent)).toBe(false);
  });
});
