import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CLASSES, type LaneClass, Lanes, SLICE } from "../../../shards/worker/lanes.ts";

type Item = { readonly lane: string; readonly n: number; readonly laneClass: LaneClass };

function drain<T>(lanes: Lanes<T>): T[] {
  const out: T[] = [];
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

  test("hold a whole slice of one channel: what one turn scans, none of it is shed", () => {
    const lanes = new Lanes<number>();
    const shed = Array.from({ length: SLICE.framesMax }, (_, n) => lanes.push(at("raided"), "moderation", n));
    expect(shed.filter((gave) => gave !== null)).toEqual([]);
    expect(drain(lanes)).toHaveLength(SLICE.framesMax);
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
    expect(drain(lanes)).toEqual(["ask", "check"]);
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

  test("when full shed the newest of the least urgent, in whatever channel it waits, and keep the older", () => {
    const lanes = new Lanes<string>({ frames: 4, laneFrames: 4 });
    lanes.push(at("a"), "smart", "talk 1");
    lanes.push(at("a"), "smart", "talk 2");
    // An urgent one at its end lifts the channel; its small talk stays the least urgent there is.
    lanes.push(at("a"), "addressed", "question");
    lanes.push(at("b"), "moderation", "check");
    expect(lanes.push(at("c"), "interaction", "ask")).toEqual({ shed: "talk 2", laneClass: "smart" });
    expect(lanes.push(at("c"), "addressed", "question 2")).toEqual({ shed: "talk 1", laneClass: "smart" });
    expect(lanes.push(at("c"), "addressed", "question 3")).toEqual({ shed: "check", laneClass: "moderation" });
    expect(lanes.has("b")).toBe(false);
    expect(lanes.push(at("d"), "addressed", "question 4")).toEqual({ shed: "question 4", laneClass: "addressed" });
    expect(lanes.has("d")).toBe(false);
    expect(lanes.depth).toBe(4);
    expect(drain(lanes)).toEqual(["ask", "question", "question 2", "question 3"]);
    expect(["a", "b", "c"].filter((key) => lanes.has(key))).toEqual([]);
  });

  test("of channels that take turns the last in turn gives way first", () => {
    const lanes = new Lanes<string>({ frames: 3, laneFrames: 3 });
    for (const key of ["a", "b", "c"]) lanes.push(at(key), "smart", key);
    expect(lanes.push(at("d"), "addressed", "d")).toEqual({ shed: "c", laneClass: "smart" });
    expect(lanes.push(at("e"), "addressed", "e")).toEqual({ shed: "b", laneClass: "smart" });
    expect(drain(lanes)).toEqual(["d", "e", "a"]);
  });

  test("a channel that has its share sheds its own newest of the least urgent, or the newcomer, while others have room", () => {
    const lanes = new Lanes<string>({ frames: 10, laneFrames: 3 });
    lanes.push(at("a"), "smart", "talk 1");
    lanes.push(at("a"), "moderation", "check");
    lanes.push(at("a"), "smart", "talk 2");
    lanes.push(at("b"), "smart", "elsewhere");
    expect(lanes.push(at("a"), "smart", "talk 3")).toEqual({ shed: "talk 3", laneClass: "smart" });
    expect(lanes.push(at("a"), "addressed", "question 1")).toEqual({ shed: "talk 2", laneClass: "smart" });
    expect(lanes.push(at("a"), "addressed", "question 2")).toEqual({ shed: "talk 1", laneClass: "smart" });
    expect(lanes.push(at("a"), "addressed", "question 3")).toEqual({ shed: "check", laneClass: "moderation" });
    expect(lanes.push(at("a"), "addressed", "question 4")).toEqual({ shed: "question 4", laneClass: "addressed" });
    expect(lanes.depth).toBe(4);
    expect(drain(lanes)).toEqual(["question 1", "question 2", "question 3", "elsewhere"]);
  });

  test("a channel that sheds its only message for a more urgent one waits under that one's urgency", () => {
    const lanes = new Lanes<string>({ frames: 10, laneFrames: 1 });
    lanes.push(at("a"), "smart", "talk");
    lanes.push(at("b"), "moderation", "check");
    expect(lanes.push(at("a"), "addressed", "question")).toEqual({ shed: "talk", laneClass: "smart" });
    expect(drain(lanes)).toEqual(["question", "check"]);
  });

  test("a channel whose urgent message has run waits with the others again", () => {
    const lanes = new Lanes<string>();
    lanes.push(at("a"), "interaction", "ask");
    lanes.push(at("a"), "smart", "talk");
    lanes.push(at("b"), "moderation", "check");
    lanes.push(at("c"), "moderation", "check 3");
    // No more urgent than what waits there: its place in turn stays.
    lanes.push(at("b"), "moderation", "check 2");
    expect(drain(lanes)).toEqual(["ask", "check", "check 3", "check 2", "talk"]);
  });
});
