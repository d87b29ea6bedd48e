import { expect, test } from "bun:test";
import { createBursts } from "../../../src/pipeline/burst.ts";
import { message } from "../../support/build.ts";
import { createClock, settled } from "../../support/doubles.ts";

function open() {
  const clock = createClock();
  const bursts = createBursts(clock);
  const ends: (readonly string[] | null)[] = [];
  const add = (content: string, key = "turn") =>
    void bursts.add(key, message({ content })).then((said) => ends.push(said?.map((one) => one.content) ?? null));
  return { clock, bursts, ends, add };
}

test("what is said within 1.5 s of each other is handed to the last, and null to those before it", async () => {
  const { clock, bursts, ends, add } = open();
  add("a");
  await clock.advance(1_499);
  expect(ends).toEqual([]);
  add("b");
  await clock.advance(1_499);
  expect([ends, bursts.pending("turn")]).toEqual([[null], true]);
  await clock.advance(1);
  expect([ends, bursts.pending("turn")]).toEqual([[null, ["a", "b"]], false]);
  // What comes then is a thought of its own.
  add("c");
  await clock.advance(1_500);
  expect(ends.at(-1)).toEqual(["c"]);
});

test("a thought that goes on ends 6 s after its first message", async () => {
  const { clock, ends, add } = open();
  for (let n = 0; n < 6; n++) {
    add(`${n}`);
    await clock.advance(1_000);
  }
  expect(ends).toEqual([null, null, null, null, null, ["0", "1", "2", "3", "4", "5"]]);
});

test("of twenty messages the last is handed all at once, and the next begins anew", async () => {
  const { clock, ends, add } = open();
  for (let n = 0; n < 20; n++) add(`${n}`);
  await settled();
  expect(ends.filter((said) => said !== null).map((said) => said?.length)).toEqual([20]);
  add("next");
  await clock.advance(1_500);
  expect(ends.at(-1)).toEqual(["next"]);
});

test("one's thought is taken by what is answered at once: its last message hears that it is part of another's answer", async () => {
  const { clock, bursts, ends, add } = open();
  add("a");
  add("b");
  add("elsewhere", "other");
  expect(bursts.take("turn").map((one) => one.content)).toEqual(["a", "b"]);
  expect([bursts.pending("turn"), bursts.pending("other"), bursts.take("turn"), bursts.take("nobody")]).toEqual([
    false,
    true,
    [],
    [],
  ]);
  await settled();
  expect(ends).toEqual([null, null]);
  // Its timer does not end what begins under the same key meanwhile.
  await clock.advance(1_000);
  add("c");
  await clock.advance(600);
  expect(bursts.pending("turn")).toBe(true);
  await clock.advance(900);
  expect(ends).toEqual([null, null, ["elsewhere"], ["c"]]);
});

test("a flush ends every thought, once", async () => {
  const { clock, bursts, ends, add } = open();
  add("a");
  add("b", "other");
  bursts.flush();
  await settled();
  expect(ends).toEqual([["a"], ["b"]]);
  add("c");
  await clock.advance(1_000);
  expect(bursts.pending("turn")).toBe(true);
  await clock.advance(500);
  expect(ends).toHaveLength(3);
});
