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

  test("the holder's activity renews the hold, for as long as the guild says, and begins none", () => {
    const held = after(0, { type: "claim", agent: ada });
    const active = (agent: UserId, nowMs: number, state = held) =>
      step(state, { type: "activity", agent }, nowMs, 60_000);
    expect(active(ada, 5)).toEqual({ by: "agent", agent: ada, idleAtMs: 60_005, fence: 1 });
    const refused = { refused: "not-holding" } as const;
    expect(active(grace, 5)).toEqual(refused);
    expect(active(ada, IDLE_MS_MAX)).toEqual(refused);
    expect(active(ada, 5, bot)).toEqual(refused);
  });

  test("how long a claim holds is the guild's", () => {
    expect(step(bot, { type: "claim", agent: ada }, 5, 60_000)).toMatchObject({ idleAtMs: 60_005 });
    expect(step(bot, { type: "claim", agent: ada }, 5)).toMatchObject({ idleAtMs: IDLE_MS_MAX + 5 });
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
    type: fc.constantFrom("claim", "agent-message", "activity", "release" as const),
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
          expect(before).not.toBe(event.type === "release" || event.type === "activity" ? event.agent : "bot");
          continue;
        }
        const changed = before !== speaker(next, nowMs);
        expect(next.fence - state.fence).toBe(changed ? 1 : 0);
        state = next;
      }
    }),
  );
});
