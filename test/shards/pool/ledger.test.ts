import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Ledger } from "../../../shards/pool/ledger.ts";

describe("the mark", () => {
  test("is the newest sequence with nothing open below it, whatever the order of ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), settleAt: fc.nat(3_000) }), { maxLength: 3_000 }),
        (plan) => {
          const ledger = new Ledger();
          let sequence = 0;
          const entered = plan.map(({ gap, settleAt }) => {
            sequence += gap;
            return { sequence, token: ledger.enter(sequence), settleAt };
          });
          const open = new Set(entered.map((entry) => entry.sequence));
          for (const { sequence: ended, token } of [...entered].sort((a, b) => a.settleAt - b.settleAt)) {
            ledger.settle(token);
            open.delete(ended);
            const firstOpen = Math.min(...open);
            const below = entered.filter((entry) => entry.sequence < firstOpen).at(-1)?.sequence ?? null;
            if (entered.length < 60) expect(ledger.mark).toBe(below);
          }
          expect(ledger.mark).toBe(entered.at(-1)?.sequence ?? null);
          expect(ledger.open).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("may start at 0", () => {
    const ledger = new Ledger();
    expect(ledger.settle(ledger.enter(0))).toBe(true);
    expect(ledger.mark).toBe(0);
  });

  test("is not held by a number that came late or twice", () => {
    const ledger = new Ledger();
    const token = ledger.enter(5);
    expect(ledger.enter(5)).toBe(-1);
    expect(ledger.enter(3)).toBe(-1);
    ledger.settle(token);
    expect(ledger.mark).toBe(5);
  });

  test("of a new session is not moved by ends of the old one", () => {
    const ledger = new Ledger();
    const old = ledger.enter(900);
    ledger.restart();
    const token = ledger.enter(1);
    expect(ledger.settle(old)).toBe(false);
    expect(ledger.mark).toBeNull();
    ledger.settle(token);
    expect(ledger.mark).toBe(1);
  });
});
