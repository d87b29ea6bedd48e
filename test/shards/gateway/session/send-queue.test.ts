import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  createSendQueue,
  flush,
  nextAtMs,
  note,
  put,
  SEND_QUEUE_MAX,
} from "../../../../shards/gateway/session/send-queue.ts";

test("whatever is put in, no 60 s see more than 120 payloads, heartbeats included", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (bursts) => {
      const sendQueue = createSendQueue();
      const sentAtMs: number[] = [];
      let nowMs = 0;
      for (const burst of bursts) {
        for (let i = 0; i < burst; i++) put(sendQueue, "x", false);
        for (let step = 0; step < 4; step++) {
          for (const _ of flush(sendQueue, 10_000, nowMs)) sentAtMs.push(nowMs);
          nowMs += 2_500;
        }
        note(sendQueue, nowMs);
        sentAtMs.push(nowMs);
      }
      for (let i = 120; i < sentAtMs.length; i++) {
        expect((sentAtMs[i] ?? 0) - (sentAtMs[i - 120] ?? 0)).toBeGreaterThanOrEqual(60_000);
      }
    }),
  );
});

test("what waits is sent at the moment that was named, in order", () => {
  const sendQueue = createSendQueue();
  for (let i = 0; i < 200; i++) put(sendQueue, `${i}`, false);
  const first = flush(sendQueue, 41_250, 0);
  const atMs = nextAtMs(sendQueue, 41_250, 1) ?? 0;
  expect(atMs).toBe(60_000);
  expect(flush(sendQueue, 41_250, atMs - 1)).toEqual([]);
  const second = flush(sendQueue, 41_250, atMs);
  expect([...first, ...second]).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
  expect(nextAtMs(sendQueue, 41_250, atMs)).toBeNull();
});

test("only the newest presence is kept, and presences keep their distance", () => {
  const sendQueue = createSendQueue();
  put(sendQueue, "first", true);
  expect(flush(sendQueue, 41_250, 10_000)).toEqual(["first"]);
  for (const presence of ["second", "third"]) put(sendQueue, presence, true);
  expect(flush(sendQueue, 41_250, 10_001)).toEqual([]);
  expect(flush(sendQueue, 41_250, nextAtMs(sendQueue, 41_250, 10_001) ?? 0)).toEqual(["third"]);
});

test("a full queue and a payload of more than 4,096 bytes are refused", () => {
  const sendQueue = createSendQueue();
  for (let i = 0; i < SEND_QUEUE_MAX; i++) expect(put(sendQueue, "x", false)).toBe(true);
  expect(put(sendQueue, "x", false)).toBe(false);
  expect(put(createSendQueue(), "é".repeat(2_049), false)).toBe(false);
});
