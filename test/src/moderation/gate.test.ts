/** How many of one guild's breaches are weighed at once. */
import { expect, test } from "bun:test";
import { createGate } from "../../../src/moderation/gate.ts";
import { settled } from "../../support/doubles.ts";

function open(atOnceMax: number, firstAtOnce?: number) {
  const gate = createGate(atOnceMax, firstAtOnce);
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

test("the first few go before the others begin, and each that is through makes room for one more", async () => {
  const { inside, enter, end } = open(4, 2);
  const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  const all = names.map((name) => enter("guild", name));
  await settled();
  expect(inside.join("")).toBe("ab");
  end("a");
  await settled();
  expect(inside.join("")).toBe("abcd");
  end("b");
  await settled();
  expect(inside.join("")).toBe("abcdef");
  end("c");
  await settled();
  expect(inside.join("")).toBe("abcdefg");
  for (const name of names) {
    end(name);
    await settled();
  }
  expect(await Promise.all(all)).toEqual(names);
  // Nobody is inside: it begins with few again.
  for (const name of ["x", "y", "z"]) void enter("guild", name);
  await settled();
  expect(inside.join("")).toBe("abcdefghixy");
});
