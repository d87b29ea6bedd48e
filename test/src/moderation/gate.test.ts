/** How many of one guild's breaches are weighed at once. */
import { expect, test } from "bun:test";
import { createGate } from "../../../src/moderation/gate.ts";
import { settled } from "../../support/doubles.ts";

function open(atOnce: number) {
  const gate = createGate(atOnce);
  const inside: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const enter = (whose: string, name: string) =>
    gate(whose, () => {
      inside.push(name);
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
      );
    });
  return { inside, enter, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test("so many of one guild go at once, the rest in their order as places come free; other guilds have their own", async () => {
  const { inside, enter, end } = open(2);
  const all = ["a", "b", "c", "d"].map((name) => enter("guild", name));
  const other = enter("another", "x");
  await settled();
  expect(inside).toEqual(["a", "b", "x"]);
  end("b");
  await settled();
  expect(inside).toEqual(["a", "b", "x", "c"]);
  for (const name of ["a", "c"]) end(name);
  await settled();
  end("d");
  end("x");
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
  expect(await other).toBe("x");
  void enter("guild", "later");
  await settled();
  expect(inside.at(-1)).toBe("later");
});

test("what fails gives its place on, and fails for its own caller alone", async () => {
  const { inside, enter, end } = open(1);
  const first = enter("guild", "first");
  const second = enter("guild", "second");
  await settled();
  end("first", new Error("away"));
  await expect(first).rejects.toThrow("away");
  await settled();
  expect(inside).toEqual(["first", "second"]);
  end("second");
  expect(await second).toBe("second");
});
