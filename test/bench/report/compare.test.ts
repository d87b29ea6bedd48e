import { describe, expect, test } from "bun:test";
import { changeBetween, compareSuites, directionOf } from "../../../bench/report/compare.ts";
import { changeText } from "../../../bench/report/wording.ts";
import { atLeast, atMost, type Result, result, type SuiteJson } from "../../../bench/suite.ts";

const suite = (results: readonly Result[], more: Partial<SuiteJson> = {}): SuiteJson => ({
  suite: "gateway",
  commit: "aaaa",
  machine: "2 cores",
  results,
  goals: [],
  ...more,
});

const changeOf = (now: Result, before: Result) =>
  compareSuites([suite([now])], [suite([before])])[0]?.results[0]?.change;

describe("a change", () => {
  test("counts where the runs' ranges lie apart, and not where they overlap", () => {
    expect(changeOf(result("x", "ms", 20, 21, 22), result("x", "ms", 10, 11, 19))).toBe("worse");
    expect(changeOf(result("x", "ms", 20, 21, 22), result("x", "ms", 10, 11, 20))).toBe("same");
  });

  test("too small to matter is none, however sure it is", () => {
    expect(changeOf(result("x", "ms", 101, 101, 101), result("x", "ms", 100, 100, 100))).toBe("same");
    expect(changeOf(result("x", "ms", 103, 103, 103), result("x", "ms", 100, 100, 100))).toBe("worse");
  });

  test("of a single run counts beyond what one run is off by: much for a time, little for a share", () => {
    expect(changeOf(result("x", "ms", 118), result("x", "ms", 100))).toBe("same");
    expect(changeOf(result("x", "ms", 130), result("x", "ms", 100))).toBe("worse");
    expect(changeOf(result("x", "share", 0.52), result("x", "share", 0.5))).toBe("better");
    expect(changeOf(result("x", "share", 0.504), result("x", "share", 0.5))).toBe("same");
  });

  test("is better or worse by the unit: less of a time, more of a rate", () => {
    expect(changeOf(result("x", "frames/s", 200, 210), result("x", "frames/s", 100, 110))).toBe("better");
    expect(changeOf(result("x", "bytes", 200, 210), result("x", "bytes", 100, 110))).toBe("worse");
    expect(changeOf(result("x", "count", 200, 210), result("x", "count", 100, 110))).toBe("other");
    expect(changeOf(result("false alarms", "share", 0.2), result("false alarms", "share", 0.1))).toBe("worse");
  });

  test("is better or worse by the goal of the same name, before anything else", () => {
    expect(directionOf({ name: "messages asked about", unit: "share" }, [])).toBe("higher");
    expect(
      directionOf({ name: "messages asked about", unit: "share" }, [atMost("messages asked about", 0.2, 0.1)]),
    ).toBe("lower");
    expect(directionOf({ name: "x", unit: "ms" }, [atLeast("x", 1, 2)])).toBe("higher");
  });

  test("of what could not be measured is neither good nor bad", () => {
    expect(changeBetween(result("x", "ms", Number.NaN), result("x", "ms", 1), "lower")).toBe("other");
  });

  test("from nothing to something has no ratio, and from nothing to nothing is none", () => {
    const [compared] = compareSuites([suite([result("lost", "count", 3)])], [suite([result("lost", "count", 0)])]);
    expect(compared?.results[0]).toMatchObject({ change: "worse", ratio: null });
    expect(changeOf(result("lost", "count", 0), result("lost", "count", 0))).toBe("same");
  });
});

describe("two runs", () => {
  test("tell what is new, what is gone, and what means another thing now", () => {
    const now = suite([result("a", "ms", 1), result("b", "s", 1)]);
    const before = suite([result("b", "ms", 1), result("c", "ms", 1)]);
    const [compared] = compareSuites([now], [before]);
    expect(compared?.results.map(({ now: a, before: b, change }) => [a?.name ?? b?.name, change])).toEqual([
      ["a", "new"],
      ["b", "new"],
      ["c", "gone"],
    ]);
  });

  test("tell goals won and lost, and leave alone those that were set anew", () => {
    const now = suite([], { goals: [atLeast("a", 1, 2), atLeast("b", 1, 0), atLeast("c", 3, 2)] });
    const before = suite([], { goals: [atLeast("a", 1, 0), atLeast("b", 1, 2), atLeast("c", 1, 2)] });
    expect(compareSuites([now], [before])[0]?.goals.map(({ change }) => change)).toEqual(["won", "lost", "kept"]);
  });

  test("of other machines say so; a suite that was not run before is compared with nothing", () => {
    const [other] = compareSuites([suite([])], [suite([], { machine: "64 cores" })]);
    expect(other?.otherMachine).toBe(true);
    const [alone] = compareSuites([suite([result("x", "ms", 1)])], [suite([], { suite: "memory" })]);
    expect(alone).toMatchObject({ before: null, otherMachine: false });
    expect(alone?.results[0]?.change).toBe("same");
  });
});

test("a change is told in the words of its unit", () => {
  const told = (now: Result, before: Result) => {
    const row = compareSuites([suite([now])], [suite([before])])[0]?.results[0];
    return row === undefined ? "" : changeText(row);
  };
  expect(told(result("x", "ms", 15, 15), result("x", "ms", 10, 10))).toBe("+50 % slower");
  expect(told(result("x", "frames/s", 80, 80), result("x", "frames/s", 100, 100))).toBe("−20 % slower");
  expect(told(result("x", "ms", 1, 1), result("x", "ms", 10, 10))).toBe("0.10 × faster");
  expect(told(result("x", "bytes", 50, 50), result("x", "bytes", 100, 100))).toBe("−50 % smaller");
  expect(told(result("x", "share", 0.5), result("x", "share", 0.4))).toBe("+25 % better");
  expect(told(result("x", "ms", 10), result("x", "ms", 10))).toBe("");
});
