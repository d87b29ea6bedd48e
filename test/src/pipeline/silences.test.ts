/** Silences are kept as far as somebody reads them: all of a quiet guild's, a sample of a loud one's. */
import { expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import { createSilences } from "../../../src/pipeline/silences.ts";

const GUILD = "100000000000000001" as GuildId;

function scene() {
  let nowMs = 0;
  const silences = createSilences({ now: () => nowMs, chance: () => 0.5 });
  return {
    pass: (ms: number) => {
      nowMs += ms;
    },
    kept: (count: number, reason = "small-talk", guild = GUILD, named = false) =>
      Array.from({ length: count }, () => silences.worthKeeping(guild, reason, named)).filter(Boolean).length,
  };
}

test("a quiet guild's are all kept, a loud one's up to a bound a minute", () => {
  const { kept, pass } = scene();
  expect(kept(5)).toBe(5);
  expect(kept(100)).toBe(7);
  pass(60_000);
  expect(kept(100)).toBe(12);
});

test("many guilds at once stay within the process's bound a second", () => {
  const { kept, pass } = scene();
  const all = () => {
    let sum = 0;
    for (let n = 0; n < 1_000; n++) sum += kept(1, "small-talk", String(n) as GuildId);
    return sum;
  };
  expect(all()).toBe(20);
  pass(1_000);
  expect(all()).toBe(20);
});

test("what a mode passes over by its nature is never kept, unless somebody was spoken to", () => {
  const { kept } = scene();
  expect(kept(10, "not-mentioned", GUILD, true)).toBe(0);
  expect(kept(10, "mode-off")).toBe(0);
  expect(kept(3, "mode-ask", GUILD, true)).toBe(3);
});

test("beyond a guild's bound one in fifty is, and never more a second than the process may write", () => {
  let turn = 0;
  let nowMs = 0;
  const silences = createSilences({ now: () => nowMs, chance: () => (turn++ % 50) / 50 });
  const kept = (count: number) =>
    Array.from({ length: count }, () => silences.worthKeeping(GUILD, "empty", false)).filter(Boolean).length;
  expect(kept(12 + 150)).toBe(15);
  expect(kept(5_000)).toBe(5);
  nowMs = 1_000;
  expect(kept(5_000)).toBe(20);
});
