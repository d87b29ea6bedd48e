import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { GuildId } from "../../../src/ids.ts";
import { createTurns } from "../../../src/llm/turns.ts";

type Item = { readonly name: string };

function drain(turns: ReturnType<typeof createTurns<Item>>): string[] {
  const out: string[] = [];
  for (let next = turns.first(); next !== null; next = turns.first()) {
    out.push(next.name);
    turns.take(next);
  }
  return out;
}

describe("turns", () => {
  test("a guild with many waits behind a guild with one", () => {
    const turns = createTurns<Item>(1);
    for (let i = 0; i < 4; i++) turns.add({ name: `hog${i}` }, 0, "1" as GuildId);
    turns.add({ name: "quiet" }, 0, "2" as GuildId);
    turns.add({ name: "other" }, 0, "3" as GuildId);
    expect(drain(turns)).toEqual(["hog0", "quiet", "other", "hog1", "hog2", "hog3"]);
  });

  test("a higher priority goes before every guild of a lower one", () => {
    const turns = createTurns<Item>(2);
    turns.add({ name: "moderation" }, 1, "1" as GuildId);
    turns.add({ name: "answer" }, 0, "2" as GuildId);
    expect(drain(turns)).toEqual(["answer", "moderation"]);
  });

  test("who gives up leaves the others as they were, and everybody comes out once", () => {
    const step = fc.record({ guild: fc.constantFrom("1", "2", "3"), priority: fc.nat(2), gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const turns = createTurns<Item>(3);
        const items = steps.map((one, i) => ({ name: String(i), ...one }));
        for (const item of items) turns.add(item, item.priority, item.guild as GuildId);
        for (const item of items) if (item.gone) turns.remove(item);
        const out = drain(turns);
        const left = items.filter(({ gone }) => !gone).map(({ name }) => name);
        expect([...out].sort()).toEqual([...left].sort());
        expect(turns.size()).toBe(0);
        // In a guild's own line nobody overtakes.
        for (const guild of ["1", "2", "3"]) {
          for (const priority of [0, 1, 2]) {
            const mine = out.filter(
              (name) => items[Number(name)]?.guild === guild && items[Number(name)]?.priority === priority,
            );
            expect(mine).toEqual([...mine].sort((a, b) => Number(a) - Number(b)));
          }
        }
      }),
    );
  });
});
