import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { SessionEvent } from "../../../shards/gateway/session/state.ts";
import { enqueue, receive } from "../../../shards/gateway/session.ts";
import { drive, KEPT } from "../support/drive-session.ts";

describe("the handshake", () => {
  test("asks for a permit before it identifies, and identifies with what was configured", () => {
    const at = drive().feed({ type: "start" }, 0).hello(10);
    expect(at.sent()).toEqual([]);
    expect(at.session.phase).toBe("queued");
    at.feed({ type: "permitted", connection: 1 }, 20);
    expect(at.sent()).toEqual([
      {
        op: 2,
        d: {
          token: "token",
          intents: 513,
          properties: { os: "test", browser: "test", device: "test" },
          shard: [3, 8],
          large_threshold: 50,
          presence: { status: "online" },
        },
      },
    ]);
  });

  test("resumes a kept session at its own address, from what was settled, and asks nobody", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(10);
    expect(at.did("open")).toEqual([{ do: "open", connection: 1, url: "wss://resume.test/" }]);
    expect(at.sent()).toEqual([{ op: 6, d: { token: "token", session_id: "kept", seq: 41 } }]);
    expect(at.did("ask-identify")).toEqual([]);
  });

  test("resumes at the front door where a proxy stands in front of every host, also what it is told to resume elsewhere", () => {
    const at = drive({ resume: KEPT, frontDoorOnly: true }).feed({ type: "start" }, 0).hello(10);
    expect(at.did("open")).toEqual([{ do: "open", connection: 1, url: "wss://front.test/" }]);
    const fresh = drive({ frontDoorOnly: true }).live();
    fresh.feed({ type: "closed", connection: 1, code: 1006, problem: "" }, 10).feed({ type: "tick" }, 5_000);
    expect(fresh.did("open").at(-1)).toEqual({ do: "open", connection: 2, url: "wss://front.test/" });
  });

  test("heartbeats go on while the permit is waited for", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.feed({ type: "tick" }, at.session.wakeAtMs ?? 0);
    expect(at.sent()).toEqual([{ op: 1, d: null }]);
  });

  test("a READY without an address, and without a session id, still works", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    at.say({ op: 0, s: 0, t: "READY", d: { session_id: "s" } }, 5);
    expect(at.session.resume).toEqual({ id: "s", url: "wss://front.test/" });
    const bare = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    bare.say({ op: 0, s: null, t: "READY", d: null }, 5);
    expect([bare.session.phase, bare.session.resume]).toEqual(["live", null]);
  });

  test("what is sent before it is live waits, and the newest presence is in the IDENTIFY", () => {
    const at = drive().feed({ type: "start" }, 0);
    enqueue(at.session, { op: 3, d: { status: "dnd" } });
    enqueue(at.session, { op: 8, d: { guild_id: "1" } });
    at.hello(0);
    expect(at.sent()).toEqual([]);
    at.feed({ type: "permitted", connection: 1 }, 0).say({ op: 0, s: 1, t: "READY", d: { session_id: "s" } }, 5);
    expect(at.sent().map((payload) => payload.op)).toEqual([2, 8]);
    expect(at.sent()[0].d.presence).toEqual({ status: "dnd" });
  });
});

describe("each wait has an end", () => {
  const waits: readonly [string, (at: ReturnType<typeof drive>) => void][] = [
    ["connecting", () => {}],
    ["greeting", (at) => at.feed({ type: "opened", connection: 1 }, 0)],
    ["identifying", (at) => at.hello(0).feed({ type: "permitted", connection: 1 }, 0)],
  ];
  for (const [phase, reach] of waits) {
    test(`${phase} gives up after 20 s by a cut, without waiting for a close event`, () => {
      const at = drive().feed({ type: "start" }, 0);
      reach(at);
      expect(at.session.phase).toBe(phase as never);
      for (let guard = 0; guard < 9 && at.session.phase === phase; guard++) {
        if (at.session.beat?.unackedSinceMs != null) at.say({ op: 11 }, at.session.seenAtMs);
        at.feed({ type: "tick" }, at.session.wakeAtMs ?? 0);
      }
      expect([at.session.phase, at.session.seenAtMs]).toEqual(["waiting", 20_000]);
      expect(at.did("cut")).toEqual([{ do: "cut", code: null }]);
    });
  }

  test("a replay that makes progress may take longer, but not for ever", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(0);
    let nowMs = 0;
    for (let seq = 42; at.session.phase === "resuming" && seq < 1_000; seq++) {
      nowMs += 1_000;
      receive(at.session, seq, nowMs);
      at.say({ op: 11 }, nowMs);
      while (at.session.wakeAtMs !== null && at.session.wakeAtMs <= nowMs) at.feed({ type: "tick" }, nowMs);
    }
    expect(nowMs).toBe(300_000);
  });
});

describe("whatever comes", () => {
  const anything = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string(), fc.object());
  const payload = fc.record(
    {
      op: fc.oneof(fc.integer({ min: -1, max: 12 }), anything),
      d: fc.oneof(
        anything,
        fc.record({ heartbeat_interval: anything, session_id: anything, resume_gateway_url: anything }),
      ),
      s: fc.oneof(fc.integer({ min: -5, max: 50 }), anything),
      t: fc.oneof(fc.constantFrom("READY", "RESUMED", "X"), anything),
    },
    { requiredKeys: ["op"] },
  );
  const connection = fc.integer({ min: 1, max: 12 });
  const event: fc.Arbitrary<SessionEvent> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant("payload" as const), connection, payload }) },
    { weight: 4, arbitrary: fc.constant({ type: "tick" as const }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("opened" as const), connection }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("permitted" as const), connection }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("malformed" as const), connection }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("closed" as const),
        connection,
        code: fc.oneof(fc.constant(null), fc.constantFrom(1000, 4000, 4004, 4009)),
        problem: fc.string(),
      }),
    },
  );

  test("it never throws, and never waits without an end", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: -5_000, max: 60_000 })), { maxLength: 60 }), (script) => {
        const at = drive();
        at.feed({ type: "start" }, 0);
        let nowMs = 0;
        for (const [what, laterMs] of script) {
          nowMs += laterMs;
          at.feed(what, nowMs);
          if (at.session.phase !== "stopped") expect(at.session.wakeAtMs).not.toBeNull();
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the same events at the same times give the same commands", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 9_000 })), { maxLength: 40 }), (script) => {
        const run = () => {
          const at = drive();
          at.feed({ type: "start" }, 0);
          let nowMs = 0;
          for (const [what, laterMs] of script) {
            nowMs += laterMs;
            at.feed(what, nowMs);
          }
          return at.commands;
        };
        expect(run()).toEqual(run());
      }),
    );
  });
});
