import { describe, expect, test } from "bun:test";
import type { SessionEvent } from "../../../../shards/gateway/session/state.ts";
import { enqueue, receive } from "../../../../shards/gateway/session.ts";
import { drive, KEPT } from "../../support/drive-session.ts";

type Driven = ReturnType<typeof drive>;

const left = (phase: string, why: string, resumes: boolean, delayMs: number, level = "warn") => ({
  ...{ do: "log", level, event: "session-left" },
  about: { phase, why, resumes, delayMs },
});
const CUT = { do: "cut", code: 4200 };
const FORGOTTEN = { do: "remember", session: null };

function closed(at: Driven, nowMs: number, code: number | null = null, problem = "the line broke"): Driven {
  return at.feed({ type: "closed", connection: at.session.connection, code, problem }, nowMs);
}

/** Ticks until the wait is over, and connects anew; how long the wait was. */
function reconnect(at: Driven, nowMs: number): number {
  const dueMs = at.session.wakeAtMs ?? 0;
  at.feed({ type: "tick" }, dueMs);
  expect(at.session.phase).toBe("connecting");
  return dueMs - nowMs;
}

describe("an invalid session", () => {
  const invalid = (resumable: unknown, chance: number) => {
    const at = drive({ resume: KEPT, chance: () => chance })
      .feed({ type: "start" }, 0)
      .hello(0);
    at.news();
    at.say({ op: 9, d: resumable }, 100);
    return at;
  };

  test("that may be resumed is resumed after a pause of one to five seconds", () => {
    expect(invalid(true, 0).news()).toEqual([CUT, left("resuming", "session invalid, resumable", true, 1_000)]);
    const at = invalid(true, 0.999);
    expect(at.session.deadlineAtMs).toBeCloseTo(100 + 1_000 + 3_996);
    expect(reconnect(at, 100)).toBeCloseTo(4_996);
    at.hello(9_000);
    expect(at.sent().at(-1)).toMatchObject({ op: 6, d: { session_id: "kept" } });
  });

  test("that is over is forgotten at once, and a new one begun after the same pause", () => {
    const at = invalid(false, 0.5);
    expect(at.news()).toEqual([FORGOTTEN, CUT, left("resuming", "session invalid, not resumable", false, 3_000)]);
    expect(reconnect(at, 100)).toBe(3_000);
    at.hello(4_000);
    expect(at.session.phase).toBe("queued");
    // Whatever stands there in place of a truth is none.
    expect(invalid("true", 0).news()[0]).toEqual(FORGOTTEN);
  });

  test("is given up after the third RESUME that is answered so, or not at all", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(0);
    at.say({ op: 9, d: true }, 0);
    reconnect(at, 0);
    at.hello(20_000);
    at.news();
    // Not answered: beats are, so that it is no zombie.
    while (at.session.phase === "resuming") {
      if (at.session.beat?.unackedSinceMs != null) at.say({ op: 11 }, at.session.seenAtMs);
      at.feed({ type: "tick" }, at.session.wakeAtMs ?? 0);
    }
    expect(at.news().slice(-2)).toEqual([
      { do: "cut", code: null },
      left("resuming", "nothing came of resuming", true, 1_500),
    ]);
    reconnect(at, 0);
    at.hello(60_000).news();
    at.say({ op: 9, d: true }, 60_000);
    expect(at.news()[0]).toEqual(FORGOTTEN);
    expect(at.session).toMatchObject({ resume: null, fruitlessResumes: 0 });
  });

  test("is kept through nine broken connections, and given up at the tenth", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0);
    let nowMs = 0;
    for (let broken = 1; broken <= 10; broken++) {
      at.hello(nowMs);
      expect(at.session.phase).toBe("resuming");
      closed(at, nowMs);
      expect(at.session.resume === null).toBe(broken === 10);
      nowMs = at.session.wakeAtMs ?? 0;
      at.feed({ type: "tick" }, nowMs);
    }
    expect(at.session.brokenResumes).toBe(0);
  });
});

describe("the pause before the next connection", () => {
  /** What each of six connections in a row that end at once is waited for; `chance` varies each. */
  const waits = (chance: number) => {
    const at = drive({ chance: () => chance }).feed({ type: "start" }, 0);
    let nowMs = 0;
    return Array.from({ length: 6 }, () => {
      closed(at, nowMs);
      const waitMs = reconnect(at, nowMs);
      nowMs += waitMs;
      return waitMs;
    });
  };

  test("doubles up to ten seconds, of which half is chance; the first is chance alone", () => {
    expect(waits(0)).toEqual([0, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(waits(0.5)).toEqual([500, 1_500, 3_000, 6_000, 7_500, 7_500]);
  });

  test("begins anew after a minute in order, and not before", () => {
    for (const [liveMs, pauseMs] of [
      [59_999, 3_000],
      [60_000, 500],
    ] as const) {
      const at = drive().feed({ type: "start" }, 0);
      closed(at, 0);
      reconnect(at, 0);
      closed(at, 500);
      reconnect(at, 500);
      at.hello(2_000).feed({ type: "permitted", connection: 3 }, 2_000);
      at.say({ op: 0, s: 1, t: "READY", d: { session_id: "s" } }, 2_000);
      at.session.wakeAtMs = null;
      closed(at, 2_000 + liveMs);
      expect((at.session.deadlineAtMs ?? 0) - 2_000 - liveMs).toBe(pauseMs);
    }
  });

  test("with it what went wrong with RESUMEs before is forgiven", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0);
    at.hello(0).say({ op: 9, d: true }, 0);
    reconnect(at, 0);
    at.hello(9_000);
    closed(at, 9_000);
    expect(at.session).toMatchObject({ fruitlessResumes: 1, brokenResumes: 1, attempts: 2 });
    reconnect(at, 9_000);
    at.hello(20_000).say({ op: 0, s: 42, t: "RESUMED", d: {} }, 20_000);
    at.session.wakeAtMs = null;
    closed(at, 90_000);
    expect(at.session).toMatchObject({ fruitlessResumes: 0, brokenResumes: 0, attempts: 1 });
  });

  test("is a quarter of a second at most where Discord only asks to come again, the first time", () => {
    const at = drive().live();
    at.news();
    at.say({ op: 7 }, 10);
    expect(at.news()).toEqual([CUT, left("live", "server asked to reconnect", true, 125, "info")]);
    reconnect(at, 10);
    at.hello(1_000).say({ op: 7 }, 1_000);
    expect((at.session.deadlineAtMs ?? 0) - 1_000).toBe(1_500);
  });

  test("lasts until the permit may be asked for again, where it was refused", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.news();
    at.feed(
      { type: "refused", connection: 1, retryAtMs: 60_000, reason: "the day's starts are spent", waitsFor: "budget" },
      10,
    );
    expect(at.news()).toEqual([
      {
        ...{ do: "log", level: "warn", event: "identify-refused" },
        about: { reason: "the day's starts are spent", retryInS: 60 },
      },
      CUT,
      left("queued", "the day's starts are spent", false, 60_490),
    ]);
    const past = drive().feed({ type: "start" }, 0).hello(90_000);
    past.feed({ type: "refused", connection: 1, retryAtMs: 0, reason: "late", waitsFor: "budget" }, 90_000);
    expect(past.session.deadlineAtMs).toBe(90_000);
  });

  test("says on the way what it waits for, and for how long at most", () => {
    const at = drive({ resume: KEPT });
    const waits = (): readonly unknown[] => [at.session.waitsFor, at.session.deadlineAtMs];
    expect(waits()).toEqual(["connection", null]);
    at.feed({ type: "start" }, 0);
    expect(waits()).toEqual(["connection", 20_000]);
    at.feed({ type: "opened", connection: 1 }, 10);
    expect(waits()).toEqual(["hello", 20_010]);
    at.say({ op: 10, d: { heartbeat_interval: 40_000 } }, 20);
    expect(waits()).toEqual(["resumed", 20_020]);
    at.say({ op: 9, d: false }, 30);
    expect(waits()).toEqual(["next-try", 3_030]);
    reconnect(at, 30);
    at.hello(3_030);
    expect(waits()).toEqual(["turn", null]);
    at.feed({ type: "refused", connection: 2, retryAtMs: 60_000, reason: "too many", waitsFor: "breaker" }, 4_000);
    expect(waits()).toEqual(["breaker", 60_500]);
    reconnect(at, 4_000);
    at.hello(60_500).feed({ type: "permitted", connection: 3 }, 60_500);
    expect(waits()).toEqual(["ready", 80_500]);
    at.say({ op: 0, s: 1, t: "READY", d: { session_id: "s" } }, 60_600);
    expect(waits()).toEqual([null, null]);
    at.feed({ type: "closed", connection: 3, code: 4014, problem: "" }, 60_700);
    expect(waits()).toEqual(["operator", null]);
  });

  test("a refusal that comes after the permit, and a permit after the refusal, change nothing", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    at.news();
    at.feed({ type: "refused", connection: 1, retryAtMs: 60_000, reason: "late", waitsFor: "budget" }, 10);
    at.feed({ type: "permitted", connection: 1 }, 10);
    expect([at.session.phase, at.news()]).toEqual(["identifying", []]);
  });
});

describe("where to", () => {
  test("two attempts at the session's own host, then every other at the front door", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0);
    let nowMs = 0;
    for (let attempt = 1; attempt < 6; attempt++) {
      closed(at, nowMs);
      nowMs += reconnect(at, nowMs);
    }
    const [own, front] = ["wss://resume.test/", "wss://front.test/"];
    expect(at.did("open").map((command) => command.do === "open" && command.url)).toEqual([
      own,
      own,
      front,
      own,
      front,
      own,
    ]);
  });

  test.each(["connecting", "greeting"] as const)(
    "one at a host that says nothing while %s, then the front door and it by turns",
    (phase) => {
      const at = drive({ resume: KEPT }).feed({ type: "start" }, 0);
      for (let attempt = 1; attempt < 5; attempt++) {
        if (phase === "greeting") at.feed({ type: "opened", connection: attempt }, at.session.seenAtMs);
        at.feed({ type: "tick" }, at.session.wakeAtMs ?? 0);
        expect(at.session.phase).toBe("waiting");
        reconnect(at, 0);
      }
      const [own, front] = ["wss://resume.test/", "wss://front.test/"];
      const urls = at.did("open").map((command) => command.do === "open" && command.url);
      expect(urls).toEqual([own, front, own, front, own]);
    },
  );

  test("the session's own host again, once a connection came to a greeting", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0);
    closed(at, 0);
    reconnect(at, 0);
    at.hello(2_000);
    closed(at, 2_000);
    reconnect(at, 2_000);
    closed(at, 9_000);
    reconnect(at, 9_000);
    expect(at.did("open").at(-1)).toMatchObject({ url: "wss://resume.test/" });
  });
});

describe("a close", () => {
  test.each([4004, 4010, 4011, 4012, 4013, 4014])("with %i stops the shard for good, and says why", (code) => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.news();
    closed(at, 10, code);
    expect(at.news()).toEqual([
      { do: "withdraw-identify" },
      { do: "cut", code: null },
      { do: "fatal", code, message: expect.stringMatching(/DISCORD_|Update Gatehouse/) },
    ]);
    expect(at.session).toMatchObject({ phase: "stopped", wakeAtMs: null, beat: null });
    at.feed({ type: "start" }, 20).feed({ type: "stop", code: 1000 }, 20);
    expect(at.news()).toEqual([]);
  });

  test.each([4003, 4007, 4009])("with %i ends the session", (code) => {
    const at = drive().live();
    at.news();
    closed(at, 10, code, "over");
    expect(at.news()).toEqual([FORGOTTEN, left("live", `closed with ${code} over`, false, 500)]);
  });

  test.each([null, 1000, 1006, 4000, 4008])("with %p keeps it", (code) => {
    const at = drive().live();
    at.news();
    closed(at, 10, code, "");
    expect(at.news()).toEqual([left("live", code === null ? "" : `closed with ${code}`, true, 500)]);
  });

  test("of a connection that waits for its permit takes the wish back", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.news();
    closed(at, 10);
    expect(at.news()).toEqual([{ do: "withdraw-identify" }, left("queued", "the line broke", false, 500)]);
  });

  test("of an earlier connection, or before any, is nobody's", () => {
    const at = drive().feed({ type: "start" }, 0);
    closed(at, 0);
    reconnect(at, 0);
    at.news();
    at.feed({ type: "closed", connection: 1, code: 4004, problem: "" }, 600);
    expect([at.session.phase, at.news()]).toEqual(["connecting", []]);
    const idle = drive();
    idle.feed({ type: "closed", connection: 0, code: 4004, problem: "" }, 0);
    expect([idle.session.phase, idle.news()]).toEqual(["idle", []]);
  });
});

describe("a stop", () => {
  test("cuts a connection with its code, takes back a wish for a permit, and is the end", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.news();
    at.feed({ type: "stop", code: 1000 }, 10);
    expect(at.news()).toEqual([{ do: "withdraw-identify" }, { do: "cut", code: 1000 }]);
    expect(at.session).toMatchObject({ phase: "stopped", deadlineAtMs: null, wakeAtMs: null });
    expect(enqueue(at.session, { op: 3, d: {} })).toBe(false);
    at.feed({ type: "stop", code: 1000 }, 20).feed({ type: "tick" }, 90_000);
    expect(at.news()).toEqual([]);
  });

  test("between two connections has none to cut", () => {
    const at = drive().feed({ type: "start" }, 0);
    closed(at, 0);
    at.news();
    at.feed({ type: "stop", code: 1000 }, 10);
    expect(at.news()).toEqual([]);
  });

  test("begins once: a second start opens no second connection", () => {
    const at = drive().feed({ type: "start" }, 0).feed({ type: "start" }, 1);
    expect(at.did("open")).toHaveLength(1);
  });
});

describe("a live session", () => {
  test("is told by READY, remembered, and handed on once", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    at.news();
    const ready = { op: 0, s: 7, t: "READY", d: { session_id: "s", resume_gateway_url: "wss://r.test/" } };
    at.say(ready, 5);
    expect(at.news()).toEqual([
      { do: "remember", session: { id: "s", resumeUrl: "wss://r.test/", seq: 7 } },
      { do: "log", level: "info", event: "session-ready", about: { seq: 7 } },
      { do: "deliver", seq: 7 },
    ]);
    at.say(ready, 6);
    expect(at.news()).toEqual([]);
    expect(at.session.counts).toMatchObject({ connects: 1, identifies: 1, resumes: 0, resumed: 0 });
  });

  test.each([["http://r.test/"], ["not a url"], [7]])("does not believe %p for an address", (url) => {
    const at = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    at.say({ op: 0, s: 1, t: "READY", d: { session_id: "s", resume_gateway_url: url } }, 5);
    expect(at.session.resume).toEqual({ id: "s", url: "wss://front.test/" });
  });

  test("a nameless one is not remembered", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    at.say({ op: 0, s: 1, t: "READY", d: { session_id: "" } }, 5);
    expect(at.session.resume).toBeNull();
  });

  test("RESUMED makes it live only where a RESUME was sent, and is counted", () => {
    const at = drive({ resume: KEPT }).feed({ type: "start" }, 0).hello(0);
    at.news();
    at.say({ op: 0, s: 42, t: "GUILD_CREATE", d: {} }, 5);
    expect(at.session.phase).toBe("resuming");
    at.say({ op: 0, s: 43, t: "RESUMED", d: {} }, 6);
    expect(at.news()).toEqual([{ do: "log", level: "info", event: "session-resumed", about: { seq: 43 } }]);
    expect(at.session).toMatchObject({ phase: "live", counts: { resumes: 1, resumed: 1 } });
    at.say({ op: 0, s: 44, t: "RESUMED", d: {} }, 7);
    expect(at.session.counts.resumed).toBe(1);
    const fresh = drive().feed({ type: "start" }, 0).hello(0).feed({ type: "permitted", connection: 1 }, 0);
    fresh.say({ op: 0, s: 1, t: "RESUMED", d: {} }, 5);
    expect(fresh.session.phase).toBe("identifying");
  });

  test("hears no event before it has said who it is", () => {
    const at = drive().feed({ type: "start" }, 0).hello(0);
    at.say({ op: 0, s: 1, t: "READY", d: { session_id: "s" } }, 5);
    expect(receive(at.session, 2, 6)).toBe(false);
    expect(at.session).toMatchObject({ phase: "queued", counts: { strays: 2 }, lastDispatchAtMs: null });
  });

  test("answers a wish for a heartbeat at once, beside those that are due", () => {
    const at = drive().live();
    at.news();
    const dueMs = at.session.beat?.nextAtMs;
    at.say({ op: 1 }, 50);
    expect(at.news()).toEqual([{ do: "send", text: '{"op":1,"d":1}' }]);
    expect(at.session.beat?.nextAtMs).toBe(dueMs as number);
  });

  test("leaves a peer that answers no heartbeat for five seconds, as a zombie, without a word", () => {
    const at = drive().live();
    at.feed({ type: "tick" }, 20_000).news();
    expect(at.session.wakeAtMs).toBe(25_000);
    at.feed({ type: "tick" }, 25_000);
    expect(at.news()).toEqual([{ do: "cut", code: null }, left("live", "no heartbeat ACK: a zombie", true, 500)]);
    expect(at.session.counts.zombies).toBe(1);
  });

  test("asks for events that are missing for five seconds, once, by coming again", () => {
    const at = drive().live();
    at.news();
    expect(receive(at.session, 4, 1_000)).toBe(true);
    at.feed({ type: "look-again" }, 1_000);
    expect(at.session.wakeAtMs).toBe(6_000);
    at.feed({ type: "tick" }, 6_000);
    expect(at.news()).toEqual([CUT, left("live", "events are missing", true, 125, "info")]);
    expect(at.session.counts.gaps).toBe(1);
    reconnect(at, 6_000);
    at.hello(7_000);
    expect(at.sent().at(-1)).toMatchObject({ op: 6, d: { seq: 1 } });
  });

  test("bears ten frames that are none, and not an eleventh; a new connection counts anew", () => {
    const at = drive().live();
    at.news();
    const malformed: SessionEvent = { type: "malformed", connection: 1 };
    for (let i = 0; i < 9; i++) at.feed(malformed, 10);
    at.say({ op: "ten" }, 10);
    at.say({ op: 99 }, 10);
    expect([at.session.phase, at.session.counts.malformed, at.session.counts.unknown]).toEqual(["live", 10, 2]);
    at.feed(malformed, 10);
    expect(at.news()).toEqual([CUT, left("live", "too many malformed frames", true, 500)]);
    reconnect(at, 10);
    expect(at.session.malformedHere).toBe(0);
  });

  test("ends a stream that cannot be read any further", () => {
    const at = drive().live();
    at.news();
    at.feed({ type: "broken", connection: 1, problem: "inflate: incorrect data check" }, 10);
    expect(at.news()).toEqual([CUT, left("live", "inflate: incorrect data check", true, 500)]);
  });
});
