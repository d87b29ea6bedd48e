import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CLASSES, type LaneClass, Lanes } from "../../../shards/worker/lanes.ts";

type Item = { readonly lane: string; readonly n: number; readonly laneClass: LaneClass };

function drain(lanes: Lanes<Item>): Item[] {
  const out: Item[] = [];
  for (let item = lanes.next(); item !== undefined; item = lanes.next()) out.push(item);
  return out;
}

/** A channel of the guild of its name. */
const at = (lane: string, person: string | null = null) => ({ lane, guild: `guild of ${lane}`, person });

describe("lanes", () => {
  test("keep a channel's order, stay within their bound, and lose nothing unsaid", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            lane: fc.constantFrom("a", "b", "c", "d"),
            laneClass: fc.constantFrom(...CLASSES),
            pop: fc.boolean(),
            person: fc.constantFrom("ada", "eve", null),
          }),
          { maxLength: 200 },
        ),
        (steps) => {
          const lanes = new Lanes<Item>({ frames: 12, laneFrames: 5, guildFrames: 8, personFrames: 4 });
          const shed: Item[] = [];
          const run: Item[] = [];
          steps.forEach(({ lane, laneClass, pop, person }, n) => {
            const guild = lane < "c" ? "1" : "2";
            const gave = lanes.push({ lane, guild, person }, laneClass, { lane, n, laneClass });
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
    lanes.push(at("a"), "smart", "talk");
    lanes.push(at("b"), "moderation", "check");
    lanes.push(at("c"), "interaction", "ask");
    expect([lanes.next(), lanes.next(), lanes.next(), lanes.next()]).toEqual(["ask", "check", "talk", undefined]);
  });

  test("lift a channel's small talk when something urgent waits behind it", () => {
    const lanes = new Lanes<string>();
    lanes.push(at("b"), "moderation", "other");
    lanes.push(at("a"), "smart", "first");
    lanes.push(at("a"), "addressed", "second");
    expect([lanes.next(), lanes.next(), lanes.next()]).toEqual(["first", "second", "other"]);
  });

  test("take turns between channels", () => {
    const lanes = new Lanes<string>();
    for (const n of [1, 2, 3]) lanes.push(at("loud"), "moderation", `loud ${n}`);
    lanes.push(at("quiet"), "moderation", "quiet");
    expect([lanes.next(), lanes.next()]).toEqual(["loud 1", "quiet"]);
  });

  test("when full shed smart mode first, then refuse the newcomer of the least urgent class", () => {
    const lanes = new Lanes<string>({ frames: 2 });
    lanes.push(at("a"), "smart", "talk");
    lanes.push(at("b"), "moderation", "check");
    expect(lanes.push(at("c"), "moderation", "check 2")).toEqual({ shed: "talk", laneClass: "smart" });
    expect(lanes.push(at("d"), "smart", "talk 2")).toEqual({ shed: "talk 2", laneClass: "smart" });
    expect(lanes.push(at("d"), "interaction", "ask")).toEqual({ shed: "check 2", laneClass: "moderation" });
  });

  test("take turns between guilds, however many channels one of them is loud in", () => {
    const lanes = new Lanes<string>();
    for (const n of [1, 2, 3])
      lanes.push({ lane: `loud-${n}`, guild: "loud", person: null }, "moderation", `loud ${n}`);
    for (const n of [1, 2]) lanes.push({ lane: "calm", guild: "calm", person: null }, "moderation", `calm ${n}`);
    const order = Array.from({ length: 5 }, () => lanes.next());
    expect(order).toEqual(["loud 1", "calm 1", "loud 2", "calm 2", "loud 3"]);
  });

  test("of one guild hold no more than its part, and shed among its own: another guild's come in", () => {
    const lanes = new Lanes<string>({ guildFrames: 2 });
    const loud = (n: number) => ({ lane: `loud-${n}`, guild: "loud", person: null });
    lanes.push(loud(1), "smart", "talk");
    lanes.push(loud(2), "moderation", "check");
    expect(lanes.push(loud(3), "moderation", "check 2")).toEqual({ shed: "talk", laneClass: "smart" });
    expect(lanes.push(loud(4), "moderation", "check 3")).toEqual({ shed: "check 3", laneClass: "moderation" });
    expect(lanes.push(at("calm"), "smart", "calm")).toBeNull();
  });

  test("when full shed of the guild that has most", () => {
    const lanes = new Lanes<string>({ frames: 4 });
    lanes.push({ lane: "calm", guild: "calm", person: null }, "smart", "calm");
    for (const n of [1, 2, 3]) lanes.push({ lane: `${n}`, guild: "loud", person: null }, "smart", `loud ${n}`);
    expect(lanes.push(at("new"), "moderation", "check")).toEqual({ shed: "loud 3", laneClass: "smart" });
  });

  test("of one person hold no more than their part, in whatever channels: another's come in", () => {
    const lanes = new Lanes<string>({ personFrames: 2 });
    for (const n of [1, 2]) lanes.push(at(`${n}`, "eve"), "addressed", `eve ${n}`);
    expect(lanes.push(at("3", "eve"), "addressed", "eve 3")).toEqual({ shed: "eve 3", laneClass: "addressed" });
    expect(lanes.push(at("3", "ada"), "addressed", "ada")).toBeNull();
    lanes.next();
    expect(lanes.push(at("3", "eve"), "addressed", "eve 4")).toBeNull();
  });
});
