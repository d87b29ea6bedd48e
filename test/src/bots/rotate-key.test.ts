/** Sealing anew: all of it, again without harm, and what an admin changes meanwhile wins. */
import { expect, test } from "bun:test";
import { rotate } from "../../../src/bots/rotate-key.ts";
import { createSealer, tokenRow } from "../../../src/crypto.ts";
import type { ApplicationId } from "../../../src/ids.ts";

const key = (id: string, fill: number) => ({ id, secret: new Uint8Array(32).fill(fill) });
const [old, fresh] = [key("old", 1), key("new", 2)];
const before = createSealer([old]);
const both = createSealer([fresh, old]);
const after = createSealer([fresh]);

function table(count: number) {
  const rows = new Map<ApplicationId, string>();
  for (let n = 0; n < count; n++) {
    const application = String(500_000_000_000_000_000n + BigInt(n)) as ApplicationId;
    rows.set(application, before.seal(`token ${n}`, tokenRow(application)));
  }
  return {
    rows,
    async sealed(from: string, limit: number) {
      return [...rows]
        .filter(([application]) => application > from)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([application, tokenSealed]) => ({ application, tokenSealed }));
    },
    async reseal(application: ApplicationId, was: string, is: string) {
      if (rows.get(application) !== was) return false;
      rows.set(application, is);
      return true;
    },
  };
}

test("every token opens with the new key alone afterwards, and a second run changes nothing", async () => {
  const bots = table(450);
  expect(await rotate(bots, both)).toEqual({ resealed: 450, current: 0, unreadable: [] });
  for (const [application, sealed] of bots.rows)
    expect(after.open(sealed, tokenRow(application))).toStartWith("token ");
  expect(await rotate(bots, both)).toEqual({ resealed: 0, current: 450, unreadable: [] });
});

test("a token that an admin changed meanwhile stays as the admin left it", async () => {
  const bots = table(3);
  const [first] = bots.rows.keys();
  if (first === undefined) throw new Error("no row");
  const changed = both.seal("by the admin", tokenRow(first));
  const racing = {
    ...bots,
    async reseal(application: ApplicationId, was: string, is: string) {
      if (application === first) bots.rows.set(first, changed);
      return await bots.reseal(application, was, is);
    },
  };
  expect((await rotate(racing, both)).resealed).toBe(2);
  expect(bots.rows.get(first)).toBe(changed);
});

test("what does not open is named and left, the rest goes on", async () => {
  const bots = table(3);
  const [first, second] = [...bots.rows.keys()] as [ApplicationId, ApplicationId];
  // Moved from another row.
  bots.rows.set(first, bots.rows.get(second) ?? "");
  const result = await rotate(bots, both);
  expect([result.resealed, result.unreadable.map(({ application }) => application)]).toEqual([2, [first]]);
});
