import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CLASSES, type LaneClass, Lanes } from "../../../shards/worker/lanes.ts";

type Item = { readonly lane: string; readonly n: number; readonly laneClass: LaneClass };

function drain(lanes: Lanes<Item>): Item[] {
  const out: Item[] = [];
  for (let item = lanes.next(); item !== undefined; item = lanes.next()) out.push(item);
  return out;
}

describe("lanes", () => {
  test("keep a channel's order, stay within their bound, and lose nothing unsaid", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            lane: fc.constantFrom("a", "b", "c", "d"),
            laneClass: fc.constantFrom(...CLASSES),
            pop: fc.boolean(),
          }),
          { maxLength: 200 },
        ),
        (steps) => {
          const lanes = new Lanes<Item>(12, 5);
          const shed: Item[] = [];
          const run: Item[] = [];
          steps.forEach(({ lane, laneClass, pop }, n) => {
            const gave = lanes.push(lane, laneClass, { lane, n, laneClass });
            if (gave !== null) {
              shed.push(gave.shed);
              expect(gave.laneClass).toBe(gave.shed.laneClass);
              // What gives way is never more urgent than the newcomer.
              expect(CLASSES.indexOf(gave.laneClass)).toBeGreaterThanOrEqual(CLASSES.indexOf(laneClass));
            }
            expect(lanes.depth).toBeLessThanOrEqual(12);
            const next = pop ? lanes.next() : undefined;
            if (next !== undefined) run.push(next);
          });
          run.push(...drain(lanes));
          expect(run.length + shed.length).toBe(steps.length);
          for (const lane of ["a", "b", "c", "d"]) {
            const order = run.filter((item) => item.lane === lane).map((item) => item.n);
            expect(order).toEqual([...order].sort((x, y) => x - y));
          }
          expect(lanes.depth).toBe(0);
        },
      ),
    );
  });

  test("run an interaction before everything else that waits", () => {
    const lanes = new Lanes<string>();
    lanes.push("a", "smart", "talk");
    lanes.push("b", "moderation", "check");
    lanes.push("c", "interaction", "ask");
    expect([lanes.next(), lanes.next(), lanes.next(), lanes.next()]).toEqual(["ask", "check", "talk", undefined]);
  });

  test("lift a channel's small talk when something urgent waits behind it", () => {
    const lanes = new Lanes<string>();
    lanes.push("b", "moderation", "other");
    lanes.push("a", "smart", "first");
    lanes.push("a", "addressed", "second");
    expect([lanes.next(), lanes.next(), lanes.next()]).toEqual(["first", "second", "other"]);
  });

  test("take turns between channels", () => {
    const lanes = new Lanes<string>();
    for (const n of [1, 2, 3]) lanes.push("loud", "moderation", `loud ${n}`);
    lanes.push("quiet", "moderation", "quiet");
    expect([lanes.next(), lanes.next()]).toEqual(["loud 1", "quiet"]);
  });

  test("when full shed smart mode first, then refuse the newcomer of the least urgent class", () => {
    const lanes = new Lanes<string>(2, 2);
    lanes.push("a", "smart", "talk");
    lanes.push("b", "moderation", "check");
    expect(lanes.push("c", "moderation", "check 2")).toEqual({ shed: "talk", laneClass: "smart" });
    expect(lanes.push("d", "smart", "talk 2")).toEqual({ shed: "talk 2", laneClass: "smart" });
    expect(lanes.push("d", "interaction", "ask")).toEqual({ shed: "check 2", laneClass: "moderation" });
  });
});
