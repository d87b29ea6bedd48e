import { expect, test } from "bun:test";
import fc from "fast-check";
import { createOutbox, flush, nextAtMs, note, OUTBOX_MAX, put } from "../../../../shards/gateway/session/outbox.ts";

test("whatever is put in, no 60 s see more than 120 payloads, heartbeats included", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (bursts) => {
      const outbox = createOutbox();
      const sentAtMs: number[] = [];
      let nowMs = 0;
      for (const burst of bursts) {
        for (let i = 0; i < burst; i++) put(outbox, "x", false);
        for (let step = 0; step < 4; step++) {
          for (const _ of flush(outbox, 10_000, nowMs)) sentAtMs.push(nowMs);
          nowMs += 2_500;
        }
        note(outbox, nowMs);
        sentAtMs.push(nowMs);
      }
      for (let i = 120; i < sentAtMs.length; i++) {
        expect((sentAtMs[i] ?? 0) - (sentAtMs[i - 120] ?? 0)).toBeGreaterThanOrEqual(60_000);
      }
    }),
  );
});

test("what waits is sent at the moment that was named, in order", () => {
  const outbox = createOutbox();
  for (let i = 0; i < 200; i++) put(outbox, `${i}`, false);
  const first = flush(outbox, 41_250, 0);
  const atMs = nextAtMs(outbox, 41_250, 1) ?? 0;
  expect(atMs).toBe(60_000);
  expect(flush(outbox, 41_250, atMs - 1)).toEqual([]);
  const second = flush(outbox, 41_250, atMs);
  expect([...first, ...second]).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
  expect(nextAtMs(outbox, 41_250, atMs)).toBeNull();
});

test("only the newest presence is kept, and presences keep their distance", () => {
  const outbox = createOutbox();
  put(outbox, "first", true);
  expect(flush(outbox, 41_250, 10_000)).toEqual(["first"]);
  for (const presence of ["second", "third"]) put(outbox, presence, true);
  expect(flush(outbox, 41_250, 10_001)).toEqual([]);
  expect(flush(outbox, 41_250, nextAtMs(outbox, 41_250, 10_001) ?? 0)).toEqual(["third"]);
});

test("a full queue and a payload of more than 4,096 bytes are refused", () => {
  const outbox = createOutbox();
  for (let i = 0; i < OUTBOX_MAX; i++) expect(put(outbox, "x", false)).toBe(true);
  expect(put(outbox, "x", false)).toBe(false);
  expect(put(createOutbox(), "é".repeat(2_049), false)).toBe(false);
});
