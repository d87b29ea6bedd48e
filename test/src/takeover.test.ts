import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { UserId } from "../../src/ids.ts";
import { IDLE_MS_MAX, speaker, step, type Takeover, type TakeoverEvent } from "../../src/takeover.ts";

const ada = "700000000000000001" as UserId;
const grace = "700000000000000002" as UserId;
const bot: Takeover = { by: "bot", fence: 0 };

/** The state after `events`, all of which must apply. */
function after(nowMs: number, ...events: TakeoverEvent[]): Takeover {
  return events.reduce<Takeover>((state, event) => {
    const next = step(state, event, nowMs);
    if ("refused" in next) throw new Error(next.refused);
    return next;
  }, bot);
}

describe("who speaks", () => {
  test("the bot, until an agent claims or just types", () => {
    expect(speaker(bot, 0)).toBe("bot");
    expect(speaker(after(0, { type: "claim", agent: ada }), 0)).toBe(ada);
    expect(speaker(after(0, { type: "agent-message", agent: ada }), 0)).toBe(ada);
  });

  test("a hold counts until the millisecond it goes idle, not after", () => {
    const held = after(1_000, { type: "claim", agent: ada });
    expect(speaker(held, 1_000 + IDLE_MS_MAX - 1)).toBe(ada);
    expect(speaker(held, 1_000 + IDLE_MS_MAX)).toBe("bot");
  });

  test("each message of the agent renews the hold without a new fence", () => {
    const held = after(0, { type: "claim", agent: ada });
    const renewed = step(held, { type: "agent-message", agent: ada }, IDLE_MS_MAX - 1);
    expect(renewed).toEqual({ by: "agent", agent: ada, idleAtMs: 2 * IDLE_MS_MAX - 1, fence: 1 });
  });

  test("a colleague is refused while it is held, and welcome once it is idle", () => {
    const held = after(0, { type: "claim", agent: ada });
    expect(step(held, { type: "claim", agent: grace }, 5)).toEqual({
      refused: "held-by-another",
      agent: ada,
      idleAtMs: IDLE_MS_MAX,
    });
    expect(step(held, { type: "claim", agent: grace }, IDLE_MS_MAX)).toMatchObject({ agent: grace, fence: 2 });
  });

  test("only the holder releases", () => {
    const held = after(0, { type: "claim", agent: ada });
    expect(step(held, { type: "release", agent: grace }, 5)).toEqual({ refused: "not-holding" });
    expect(step(held, { type: "release", agent: ada }, 5)).toEqual({ by: "bot", fence: 2 });
    expect(step(held, { type: "release", agent: ada }, IDLE_MS_MAX)).toEqual({ refused: "not-holding" });
  });
});

test("whatever happens, the fence never falls, and grows with every change of who was let in", () => {
  const event = fc.record({
    type: fc.constantFrom("claim", "agent-message", "release" as const),
    agent: fc.constantFrom(ada, grace),
    waitMs: fc.integer({ min: 0, max: 2 * IDLE_MS_MAX }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state: Takeover = bot;
      let nowMs = 0;
      for (const { waitMs, ...event } of events) {
        nowMs += waitMs;
        const before = speaker(state, nowMs);
        const next = step(state, event, nowMs);
        if ("refused" in next) {
          expect(before).not.toBe(event.type === "release" ? event.agent : "bot");
          continue;
        }
        const changed = before !== speaker(next, nowMs);
        expect(next.fence - state.fence).toBe(changed ? 1 : 0);
        state = next;
      }
    }),
  );
});
