import { expect, test } from "bun:test";
import { dispatchKindOf, MESSAGE_CREATE } from "../../../shards/border/protocol.ts";
import type { Entry } from "../../../shards/pool/entry.ts";
import { Saves } from "../../../shards/pool/saves.ts";

const held = (count: number, kind = MESSAGE_CREATE) =>
  Array.from(
    { length: count },
    () => ({ record: { kind }, payload: new Uint8Array(), sinceMs: 0, deaths: 0, saved: false }) as unknown as Entry,
  );

function take(saves: Saves, entries: readonly Entry[], nowMs: number): number {
  let taken = 0;
  for (const entry of saves.due(entries, nowMs)) {
    entry.saved = true;
    saves.begun();
    taken++;
  }
  return taken;
}

test("64 are on their way at a time, and one more as soon as one is there", () => {
  const saves = new Saves();
  const entries = held(100);
  expect(take(saves, entries, 2_001)).toBe(64);
  expect(take(saves, entries, 2_251)).toBe(0);
  saves.ended();
  expect(take(saves, entries, 2_501)).toBe(1);
});

test("after a refusal nothing is asked for a second", () => {
  const saves = new Saves();
  const entries = held(3);
  expect(take(saves, entries.slice(0, 1), 2_001)).toBe(1);
  saves.refused(2_100);
  expect(take(saves, entries, 3_099)).toBe(0);
  expect(take(saves, entries, 3_100)).toBe(2);
});

test("what is not held for two seconds waits, and events are done again from the stream", () => {
  expect(take(new Saves(), held(3), 2_000)).toBe(0);
  expect(take(new Saves(), held(3, dispatchKindOf("GUILD_CREATE")), 9_000)).toBe(0);
});
