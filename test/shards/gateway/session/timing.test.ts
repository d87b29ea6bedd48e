import { describe, expect, test } from "bun:test";
import { enqueue, receive } from "../../../../shards/gateway/session.ts";
import { drive, KEPT } from "../../support/drive-session.ts";

const TICK = { type: "tick" } as const;

describe("a clock that jumps", () => {
  test("back: a tick that comes before its time brings what was due, at the new time", () => {
    const at = drive().live(100_000);
    expect(at.session.wakeAtMs).toBe(120_000);
    at.feed(TICK, 60_000);
    expect(at.sent().at(-1)).toEqual({ op: 1, d: 1 });
    expect(at.session).toMatchObject({ phase: "live", wakeAtMs: 65_000, sinceMs: 40_000 });
  });

  test("back, while nothing was due: what is waited for is waited for as long as before", () => {
    const at = drive().feed({ type: "start" }, 100_000);
    at.feed({ type: "opened", connection: 1 }, 101_000);
    at.feed({ type: "look-again" }, 51_000);
    expect(at.session).toMatchObject({ deadlineAtMs: 71_000, wakeAtMs: 71_000, sinceMs: 51_000 });
  });

  test("forward: what lies two seconds beyond the time set is a jump, and a wait goes on for two seconds at least", () => {
    for (const [lateMs, phase] of [
      [2_000, "waiting"],
      [2_001, "greeting"],
    ] as const) {
      const at = drive().feed({ type: "start" }, 0).feed({ type: "opened", connection: 1 }, 0);
      at.feed(TICK, 20_000 + lateMs);
      expect(at.session.phase).toBe(phase);
      if (phase === "greeting") expect(at.session.wakeAtMs).toBe(20_000 + lateMs + 2_000);
    }
  });

  test("forward, between two connections: the wait is over", () => {
    const at = drive().feed({ type: "start" }, 0);
    at.feed({ type: "closed", connection: 1, code: null, problem: "" }, 0);
    at.feed(TICK, 3_600_000);
    expect(at.session.phase).toBe("connecting");
  });

  test("forward: an ACK that waits to be read gets two seconds more, and then the peer is a zombie", () => {
    const at = drive().live();
    at.feed(TICK, 20_000).feed(TICK, 3_600_000);
    expect(at.session).toMatchObject({ phase: "live", wakeAtMs: 3_602_000 });
    at.feed(TICK, 3_602_000);
    expect(at.session.phase).toBe("waiting");
  });

  test("forward: a heartbeat that is due goes out once, and the next an interval later", () => {
    const at = drive().live();
    at.feed(TICK, 3_600_000);
    expect(at.sent().filter(({ op }) => op === 1)).toHaveLength(1);
    at.say({ op: 11 }, 3_600_010);
    expect(at.session.wakeAtMs).toBe(3_640_000);
  });

  test("forward: a gap is waited for as long as before, and so is the end of a replay", () => {
    const at = drive().live();
    receive(at.session, 4, 1_000);
    at.feed({ type: "look-again" }, 1_000).feed({ type: "look-again" }, 61_000);
    expect(at.session.sequence.gapAtMs).toBe(61_000);
    const replaying = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(0);
    expect(replaying.session.replayEndsAtMs).toBe(300_000);
    replaying.feed({ type: "look-again" }, 120_000);
    expect(replaying.session.replayEndsAtMs).toBe(400_000);
  });
});

describe("the next moment at which something is due", () => {
  test("is none before the start, and the heartbeat's while nothing else is", () => {
    const at = drive();
    expect(at.session.wakeAtMs).toBeNull();
    at.live();
    expect(at.session.wakeAtMs).toBe(20_000);
  });

  test("is when what waits to be sent may go, once a minute's share is used up", () => {
    const at = drive().live();
    for (let i = 0; i < 200; i++) enqueue(at.session, { op: 8, d: { i } });
    at.feed({ type: "look-again" }, 10);
    expect(at.sent()).toHaveLength(114);
    expect(at.session.wakeAtMs).toBe(20_000);
    at.feed(TICK, 20_000).say({ op: 11 }, 20_001);
    // A minute after the IDENTIFY, then a minute after the others.
    expect(at.session.wakeAtMs).toBe(60_000);
    at.feed(TICK, 60_000);
    expect(at.session.wakeAtMs).toBe(60_010);
    at.feed(TICK, 60_010);
    expect(at.sent().filter(({ op }) => op === 8)).toHaveLength(200);
  });

  test("is not the gap's while it is not live", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(0);
    receive(at.session, 50, 0);
    at.feed({ type: "look-again" }, 0);
    expect(at.session.sequence.gapAtMs).toBe(5_000);
    expect(at.session.wakeAtMs).toBe(20_000);
  });
});
