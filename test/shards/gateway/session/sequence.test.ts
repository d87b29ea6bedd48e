import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  createSequence,
  GAP_MS_MAX,
  replayed,
  restart,
  resumeFrom,
  settleGap,
  take,
} from "../../../../shards/gateway/session/sequence.ts";

describe("a session's numbers", () => {
  test("each is taken exactly once, whatever the order and however often it comes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300 }),
        (first, order) => {
          const sequence = createSequence(first - 1);
          const taken = order.filter((offset) => take(sequence, first + offset, 0));
          expect(new Set(taken).size).toBe(taken.length);
          expect(new Set(taken)).toEqual(new Set(order));
        },
      ),
    );
  });

  test("a RESUME asks from before the first that is missing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (order) => {
        const sequence = createSequence(0);
        for (const seq of order) take(sequence, seq, 0);
        let through = 0;
        while (order.includes(through + 1)) through += 1;
        expect(resumeFrom(sequence)).toBe(through);
      }),
    );
  });

  test("may start at zero, or anywhere", () => {
    for (const first of [0, 1, 9_000]) {
      const sequence = createSequence();
      expect(take(sequence, first, 0)).toBe(true);
      expect(resumeFrom(sequence)).toBe(first);
    }
  });

  test("an event without a number is always taken and changes nothing", () => {
    const sequence = createSequence(5);
    expect([take(sequence, null, 0), take(sequence, null, 0)]).toEqual([true, true]);
    expect(resumeFrom(sequence)).toBe(5);
  });
});

describe("a gap", () => {
  test("is given time to fill, then asked for once, then forgiven; a straggler is taken even so", () => {
    const sequence = createSequence(1);
    take(sequence, 3, 100);
    expect(sequence.gapAtMs).toBe(100 + GAP_MS_MAX);
    expect(settleGap(sequence)).toBe("ask");
    replayed(sequence, 7_000);
    expect(sequence.gapAtMs).toBe(7_000 + GAP_MS_MAX);
    expect(settleGap(sequence)).toBe("forgive");
    expect(resumeFrom(sequence)).toBe(3);
    expect([take(sequence, 2, 0), take(sequence, 2, 0)]).toEqual([true, false]);
  });

  test("is asked for no more when the server skips numbers as a habit", () => {
    const sequence = createSequence(0);
    let asked = 0;
    for (let seq = 2; seq < 200; seq += 2) {
      take(sequence, seq, 0);
      if (sequence.gapAtMs === null) continue;
      if (settleGap(sequence) !== "ask") continue;
      asked += 1;
      replayed(sequence, 0);
      settleGap(sequence);
    }
    expect(asked).toBeLessThanOrEqual(2);
    restart(sequence);
    take(sequence, 1, 0);
    take(sequence, 9, 0);
    expect(sequence.gapAtMs).toBeNull();
  });

  test("as wide as a lake costs no memory", () => {
    const sequence = createSequence(0);
    for (let seq = 900_000; seq < 20_000_000; seq += 900_000) take(sequence, seq, 0);
    expect(sequence.missing.size + sequence.forgiven.size).toBeLessThan(5_000);
  });

  test("as wide as an ocean is a broken frame's, and makes no duplicates of what follows", () => {
    const sequence = createSequence(5);
    expect(take(sequence, 2 ** 50, 0)).toBe(true);
    expect(take(sequence, 6, 0)).toBe(true);
    expect(resumeFrom(sequence)).toBe(6);
  });
});
