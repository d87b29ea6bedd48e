import { describe, expect, test } from "bun:test";
import { type Fault, type Life, live } from "./session-world.ts";

const SEEDS = 50;
/** Seeds that once failed, so that they are never forgotten: `[fault, seed]`. */
const KEPT: readonly (readonly [string, number])[] = [
  // An IDENTIFY was dated when it was counted, seconds before it went out: six fitted into ten minutes.
  ["sessions that end as soon as they begin", 26],
];

const closes = (code: number | null, forgets = false): Fault => ({
  name: `closed with ${code ?? "nothing (reset)"}`,
  identifies: forgets ? 2 : 1,
  ...(forgets ? { resumesMax: 0 } : { resumesMin: 1 }),
  happen: ({ discord }) => discord.close(code, forgets),
});
const refusesFor = (code: number): Fault => ({
  name: `closed for good with ${code}`,
  ends: "stopped",
  identifies: 1,
  happen: ({ discord }) => discord.close(code),
});
const weather = (name: string, change: (life: Life) => void, more: Partial<Fault> = {}): Fault => ({
  name,
  happen(life) {
    change(life);
    life.discord.close(4000);
  },
  ...more,
});

const FAULTS: readonly Fault[] = [
  ...[4000, 4001, 4002, 4005, 4008, 1000, 1001, 1011, 4999].map((code) => closes(code)),
  ...[4003, 4007, 4009].map((code) => closes(code, true)),
  ...[4004, 4010, 4011, 4012, 4013, 4014].map(refusesFor),
  closes(null),
  { name: "black hole", identifies: 1, happen: ({ discord }) => discord.blackHole() },
  { name: "op 7", identifies: 1, happen: ({ discord }) => discord.raw('{"op":7,"d":null,"s":null,"t":null}') },
  { name: "op 9 true", identifies: 1, happen: ({ discord }) => discord.invalidate(true) },
  { name: "op 9 false", identifies: 2, happen: ({ discord }) => discord.invalidate(false) },
  weather(
    "op 9 true to every RESUME",
    ({ discord }) => {
      discord.weather.invalidOnResume = true;
    },
    { mayGiveUp: true, resumesMax: 3 },
  ),
  weather("op 9 false to a RESUME", ({ discord }) => {
    discord.weather.invalidOnResume = false;
  }),
  weather("op 9 false to two IDENTIFYs", ({ discord }) => {
    discord.weather.invalidOnResume = false;
    discord.weather.invalidOnIdentify = 2;
  }),
  weather(
    "RESUME is never answered, heartbeats are",
    ({ discord }) => {
      discord.weather.noResumed = true;
    },
    { mayGiveUp: true, resumesMax: 3 },
  ),
  weather(
    "reset after each RESUME",
    ({ discord }) => {
      discord.weather.resetAfterResume = true;
    },
    { identifies: 1 },
  ),
  weather(
    "HELLO never comes",
    ({ discord }) => {
      discord.weather.noHello = true;
    },
    { identifies: 1 },
  ),
  weather("READY never comes", ({ discord }) => {
    discord.weather.invalidOnResume = false;
    discord.weather.noReady = true;
  }),
  weather(
    "connection refused",
    ({ discord }) => {
      discord.weather.refuse = true;
    },
    { identifies: 1 },
  ),
  weather(
    "connections are swallowed",
    ({ discord }) => {
      discord.weather.swallow = true;
    },
    { identifies: 1 },
  ),
  {
    name: "the resume host is gone",
    identifies: 1,
    async happen({ clock, discord }) {
      discord.weather.resumeHostGone = true;
      discord.close(null);
      await clock.advance(25_000);
      if (discord.current()?.session == null) discord.faults.push("not back through the front door");
    },
  },
  {
    name: "events that never arrive",
    identifies: 1,
    resumesMin: 1,
    disorderly: true,
    happen({ discord }) {
      discord.weather.dropNext = 2;
      for (let i = 0; i < 4; i++) discord.say();
    },
  },
  {
    name: "echoes of a connection already left",
    identifies: 1,
    resumesMax: 1,
    async happen({ clock, discord }) {
      const left = discord.current();
      discord.raw('{"op":7,"d":null,"s":null,"t":null}');
      await clock.advance(3_000);
      for (const frame of ['{"op":7,"d":null}', '{"op":9,"d":false}', '{"op":10,"d":{"heartbeat_interval":1}}', "x"]) {
        left?.listener.frame(Buffer.from(frame));
      }
      left?.listener.broken("late");
      left?.listener.closed(4009, "late");
    },
  },
  {
    name: "no ACKs, frames go on",
    identifies: 1,
    happen: ({ discord }) => void Object.assign(discord.weather, { noAck: true }),
  },
  { name: "bad zlib", identifies: 1, happen: ({ discord }) => discord.garble() },
  {
    name: "malformed frames",
    resumesMin: 1,
    identifies: 1,
    happen({ discord }) {
      for (let i = 0; i < 20; i++) discord.raw(i % 2 === 0 ? '{"op":0,"s":' : "null");
    },
  },
  {
    name: "unknown ops and fields",
    identifies: 1,
    happen({ discord }) {
      for (let op = 12; op < 60; op++) discord.raw(JSON.stringify({ op, d: { a: 1 }, s: null, t: null, x: [] }));
    },
  },
  {
    name: "a flood of op 1",
    identifies: 1,
    happen({ discord }) {
      for (let i = 0; i < 30; i++) discord.raw('{"op":1,"d":null,"s":null,"t":null}');
    },
  },
  {
    name: "duplicated frames",
    identifies: 1,
    disorderly: false,
    happen: ({ discord }) => void Object.assign(discord.weather, { duplicate: 0.5 }),
  },
  {
    name: "reordered frames",
    identifies: 1,
    disorderly: true,
    happen: ({ discord }) => void Object.assign(discord.weather, { reorder: 0.5 }),
  },
  {
    name: "late frames",
    identifies: 1,
    disorderly: true,
    happen: ({ discord }) => void Object.assign(discord.weather, { late: 0.2, lateMs: 9_000 }),
  },
  {
    name: "duplicated, reordered and late over a reconnect",
    identifies: 1,
    disorderly: true,
    happen({ discord }) {
      Object.assign(discord.weather, { duplicate: 0.3, reorder: 0.3, late: 0.1, lateMs: 3_000 });
      discord.close(null);
    },
  },
  {
    name: "the clock jumps ahead",
    identifies: 1,
    resumesMax: 0,
    happen: ({ clock, random }) => clock.jump(3_600_000 * random() * 24),
  },
  {
    name: "the clock jumps back",
    identifies: 1,
    resumesMax: 0,
    happen: ({ clock, random }) => clock.jump(-3_600_000 * random() * 24),
  },
  {
    name: "the clock jumps while reconnecting",
    identifies: 1,
    happen({ clock, discord, random }) {
      discord.close(null);
      clock.jump((random() - 0.5) * 7_200_000);
    },
  },
  {
    name: "the process hangs for a while",
    hangs: true,
    resumesMax: 0,
    identifies: 1,
    happen: ({ clock, random }) => clock.stall(10_000 + random() * 50_000),
  },
  {
    name: "the process hangs while reconnecting",
    hangs: true,
    identifies: 1,
    async happen({ clock, discord, random }) {
      discord.close(null);
      await clock.advance(random() * 2_000);
      clock.stall(30_000 * random());
    },
  },
  { name: "killed and restarted", identifies: 1, happen: (life) => life.restart() },
  {
    name: "killed and restarted three times",
    identifies: 1,
    async happen(life) {
      for (let i = 0; i < 3; i++) {
        life.restart();
        await life.clock.advance(life.random() * 5_000);
      }
    },
  },
  {
    name: "sessions that end as soon as they begin",
    mayGiveUp: true,
    patienceMs: 11 * 60_000,
    async happen({ discord, clock }) {
      for (let i = 0; i < 40; i++) {
        discord.invalidate(false);
        await clock.advance(5_000);
      }
    },
  },
];

describe("a shard over a scripted network", () => {
  test("meets at least twenty kinds of fault", () => {
    expect(new Set(FAULTS.map((fault) => fault.name)).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThanOrEqual(20);
  });

  for (const fault of FAULTS) {
    test(`${fault.name}: loses nothing, hands on nothing twice, does not hang (${SEEDS} seeds)`, async () => {
      const only = Number(Bun.argv.find((argument) => argument.startsWith("--seed="))?.slice(7) ?? 0);
      const kept = KEPT.filter(([name]) => name === fault.name).map(([, seed]) => seed);
      const seeds = only > 0 ? [only] : [...kept, ...Array.from({ length: SEEDS }, (_, i) => i + 1)];
      const failures: string[] = [];
      for (const seed of seeds) {
        const { problems } = await live(fault, seed);
        if (problems.length > 0) failures.push(`seed ${seed}: ${problems.join("; ")}`);
      }
      expect(failures).toEqual([]);
    });
  }
});
