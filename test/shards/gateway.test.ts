import { afterEach, describe, expect, test } from "bun:test";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../bench/simulator/simulator.ts";
import type { Dispatch } from "../../shards/border/protocol.ts";
import { LEASE_MS } from "../../shards/gateway/leases.ts";
import { createGateway, type Gateway, type GatewayOptions, intentsFor } from "../../shards/gateway.ts";
import type { Clock } from "../../src/clock.ts";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import { createLogger } from "../../src/logger.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { type MemoryShards, memoryShards } from "../support/shards-store.ts";
import { until } from "../support/until.ts";

type Seen = Pick<Dispatch, "shard" | "seq" | "type"> & { readonly d: Record<string, unknown> };
type World = {
  readonly simulator: Simulator;
  readonly store: MemoryShards;
  readonly seen: Seen[];
  readonly fatal: { readonly shard: number; readonly code: number | null; readonly message: string }[];
  connect(options?: Partial<GatewayOptions>): Gateway;
  say(content: string): void;
  contents(): unknown[];
  /** How often the client sent this op. */
  sent(op: number): number;
};

const logger = createLogger({ level: "silent", format: "json" });
/** Deadlines and back-off are tens of seconds; here they are twenty times as short. */
const hurried = hurriedClock(20);
const running: { stop(): unknown }[] = [];

afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

function world(options: SimulatorOptions = {}): World {
  const simulator = startSimulator({
    limits: { enforced: false },
    ...options,
    identify: { windowMs: 0, ...options.identify },
  });
  running.push(simulator);
  const store = memoryShards(hurried);
  const seen: Seen[] = [];
  const fatal: World["fatal"] = [];
  const bot = simulator.bots[0];
  if (bot === undefined) throw new Error("the simulator has no bot");
  const { guild, channel } = simulator.actions.createGuild({ name: "Lumen" });
  simulator.actions.installBot(guild.id, bot.applicationId);

  return {
    simulator,
    store,
    seen,
    fatal,
    connect(overrides = {}) {
      const gateway = createGateway({
        application: bot.applicationId as ApplicationId,
        token: bot.token,
        intents: async () => intentsFor({ messageContent: true, members: true, typing: false }),
        compression: "none",
        fetchInformation: async () => {
          const answer = await fetch(`${simulator.api}/v10/gateway/bot`, {
            headers: { Authorization: `Bot ${overrides.token ?? bot.token}` },
          });
          if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
          return await answer.json();
        },
        gatewayUrl: null,
        shards: null,
        store,
        clock: hurried,
        logger,
        events: {
          dispatch({ shard, seq, type, bytes }) {
            seen.push({ shard, seq, type, d: JSON.parse(new TextDecoder().decode(bytes)).d });
          },
          state() {},
          fatal: (shard, problem) => fatal.push({ shard, ...problem }),
        },
        ...overrides,
      });
      running.push(gateway);
      return gateway;
    },
    say(content) {
      simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content });
    },
    sent: (op) => simulator.services.ledger.list({ kind: "gateway", op }).length,
    contents: () => seen.filter((event) => event.type === "MESSAGE_CREATE").map((event) => event.d.content),
  };
}

const live = (gateway: Gateway) => gateway.shards().length > 0 && gateway.shards().every((s) => s.phase === "live");

for (const compression of ["none", "zlib-stream", "zstd-stream"] as const) {
  test(`messages come up from a real socket, one and many at once (${compression})`, async () => {
    const { connect, say, contents, seen } = world();
    const gateway = connect({ compression });
    await gateway.start();
    await until(() => live(gateway));
    say("good morning");
    await until(() => contents().length === 1);
    const many = Array.from({ length: 50 }, (_, n) => `}{"all ${n}`);
    for (const content of many) say(content);
    await until(() => contents().length === 51);
    expect(contents()).toEqual(["good morning", ...many]);
    expect(seen.slice(0, 2).map((event) => event.type)).toEqual(["READY", "GUILD_CREATE"]);
  });
}

/** Starts, and waits until the first session is live and kept, so that the next gateway can resume it. */
async function started(at: World, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = at.connect(options);
  await gateway.start();
  await until(() => live(gateway) && gateway.shards().every(({ resumable }) => resumable));
  return gateway;
}

const IDENTIFY = 2;
const RESUME = 6;

describe("over a real socket", () => {
  type Trouble = {
    readonly name: string;
    readonly compression?: "zlib-stream" | "zstd-stream";
    cause(simulator: Simulator): void;
  };
  const RESUMES: readonly Trouble[] = [
    { name: "op 7", cause: (simulator) => simulator.services.gateway.reconnect() },
    { name: "op 9 true", cause: (simulator) => simulator.services.gateway.invalidate(true) },
    { name: "close 4000", cause: (simulator) => simulator.services.gateway.closeWith(4000) },
    { name: "a connection that breaks", cause: (simulator) => simulator.services.gateway.cutAll() },
    { name: "a peer that acknowledges no more", cause: (simulator) => simulator.services.gateway.setZombie(true) },
    { name: "a black hole", cause: (simulator) => simulator.services.gateway.setBlackHole(true) },
    { name: "frames that are no JSON", cause: garbage },
    { name: "a zlib stream that breaks", compression: "zlib-stream", cause: garbage },
    { name: "a zstd stream that breaks", compression: "zstd-stream", cause: garbage },
    {
      name: "a RESUME that is never answered",
      cause(simulator) {
        simulator.services.faults.add({ target: "gateway", kind: "no-resumed", times: 1 });
        simulator.services.gateway.cutAll();
      },
    },
    {
      name: "a HELLO that never comes",
      cause(simulator) {
        simulator.services.faults.add({ target: "gateway", kind: "no-hello", times: 1 });
        simulator.services.gateway.cutAll();
      },
    },
    {
      name: "connections that are refused",
      cause(simulator) {
        simulator.services.faults.add({ target: "gateway", kind: "refuse", status: 503, times: 3 });
        simulator.services.gateway.cutAll();
      },
    },
  ];

  function garbage(simulator: Simulator): void {
    simulator.services.faults.add({ target: "gateway", kind: "garbage", times: 12 });
    for (let i = 0; i < 12; i++) simulator.services.gateway.dispatchRaw("TYPING_START", {});
    simulator.services.gateway.dispatchRaw("TYPING_START", {});
  }

  for (const { name, cause, compression } of RESUMES) {
    test(`${name} costs a RESUME, no IDENTIFY and no message`, async () => {
      const at = world({ gateway: { heartbeatMs: 4_000 } });
      const gateway = await started(at, { compression: compression ?? "none" });
      at.say("before");
      await until(() => at.contents().length === 1);
      cause(at.simulator);
      at.say("meanwhile");
      await until(() => at.sent(RESUME) >= 1);
      await until(() => live(gateway));
      at.say("after");
      await until(() => at.contents().length === 3);
      expect(at.contents()).toEqual(["before", "meanwhile", "after"]);
      expect(at.sent(IDENTIFY)).toBe(1);
    });
  }

  test("op 9 false costs one IDENTIFY", async () => {
    const at = world();
    const gateway = await started(at);
    at.simulator.services.gateway.invalidate(false);
    await until(() => at.sent(IDENTIFY) === 2);
    await until(() => live(gateway));
    at.say("after");
    await until(() => at.contents().length === 1);
    expect(at.sent(RESUME)).toBe(0);
  });
});

describe("a restart", () => {
  test("resumes from what was settled, without an IDENTIFY, and brings again what was not", async () => {
    const at = world();
    const first = await started(at);
    for (const content of ["one", "two", "three"]) at.say(content);
    await until(() => at.contents().length === 3);
    const two = at.seen.find((event) => event.d.content === "two");
    first.settle(0, two?.seq ?? 0);
    await first.stop();
    expect(at.store.rows.get(`${at.simulator.bots[0]?.applicationId}/0`)).toMatchObject({
      holder: null,
      session: { settled: two?.seq },
    });
    at.say("while away");
    at.seen.length = 0;
    await started(at);
    await until(() => at.contents().length === 2);
    expect(at.contents()).toEqual(["three", "while away"]);
    expect(at.sent(IDENTIFY)).toBe(1);
  });

  test("after drain nothing comes upward, and what is settled then is still saved", async () => {
    const at = world();
    const gateway = await started(at);
    at.say("one");
    await until(() => at.contents().length === 1);
    const seq = at.seen.at(-1)?.seq ?? 0;
    gateway.drain();
    at.say("two");
    gateway.settle(0, seq);
    await gateway.stop();
    expect(at.contents()).toEqual(["one"]);
    expect([...at.store.rows.values()][0]?.session?.settled).toBe(seq);
  });

  test("a process that died leaves its lease behind, and the next one waits for it no longer than it lives", async () => {
    const at = world();
    const first = await started(at);
    await first.stop();
    const [key, row] = [...at.store.rows][0] ?? [];
    if (key === undefined || row === undefined) throw new Error("no lease");
    at.store.rows.set(key, { ...row, holder: "another-machine:1:0:a", untilMs: hurried.now() + LEASE_MS });
    const second = await started(at);
    expect(second.shards()[0]?.fence).toBe(2);
    expect(at.sent(IDENTIFY)).toBe(1);
  });

  test("one whose session was resumed by the next holder asks whose the shard is, and lets go", async () => {
    const at = world();
    // Its rounds never come by themselves.
    const after: Clock["after"] = (ms, run) => (ms >= 1_500 ? { cancel() {} } : hurried.after(ms, run));
    const first = await started(at, { clock: { ...hurried, after } });
    const [key, row] = [...at.store.rows][0] ?? [];
    if (key === undefined || row === undefined) throw new Error("no lease");
    at.store.rows.set(key, { ...row, untilMs: 0 });
    const second = await started(at);
    await until(() => first.shards().length === 0);
    await until(() => live(second));
    expect(at.sent(IDENTIFY)).toBe(1);
  });

  test("a dead holder on this machine is not waited for", async () => {
    const at = world();
    const child = Bun.spawnSync([
      process.execPath,
      "-e",
      "const { newProcessIdentity } = await import(process.argv[1]); process.stdout.write(newProcessIdentity({ id: () => 'feedfacefeedface' }))",
      `${import.meta.dir}/../../shards/process-identity.ts`,
    ]);
    const dead = child.stdout.toString();
    const application = at.simulator.bots[0]?.applicationId as ApplicationId;
    await at.store.lease(application, 0, 1, dead, 86_400_000);
    const gateway = await started(at);
    expect(gateway.shards()[0]?.fence).toBe(2);
  });
});

describe("the number of shards", () => {
  const answers = (at: World, shards: number) => async () => ({ url: at.simulator.gatewayUrl, shards });

  test("stays when Discord recommends a few more, so that a deploy costs no IDENTIFY", async () => {
    const at = world({ identify: { maxConcurrency: 4 } });
    const first = await started(at, { fetchInformation: answers(at, 2) });
    await until(() => first.shards().length === 2 && live(first));
    await first.stop();
    const second = await started(at, { fetchInformation: answers(at, 3) });
    expect([second.shardCount(), at.sent(IDENTIFY)]).toEqual([2, 2]);
  });

  test("follows Discord when it recommends many more, and configuration always", async () => {
    const at = world({ identify: { maxConcurrency: 4 } });
    await (await started(at, { fetchInformation: answers(at, 1) })).stop();
    const second = await started(at, { fetchInformation: answers(at, 4) });
    expect(second.shardCount()).toBe(4);
    await second.stop();
    expect((await started(at, { fetchInformation: answers(at, 4), shards: 3 })).shardCount()).toBe(3);
  });
});

describe("several gateways", () => {
  const count = (gateway: Gateway) => gateway.shards().length;
  /** Settles what comes in at once, as a pool without work does. */
  function settling(at: World): GatewayOptions["events"] & { gateway: Gateway | null } {
    const events = {
      gateway: null as Gateway | null,
      dispatch({ shard, seq, type, bytes }: Dispatch) {
        at.seen.push({ shard, seq, type, d: JSON.parse(new TextDecoder().decode(bytes)).d });
        events.gateway?.settle(shard, seq);
      },
      state() {},
      fatal: (shard: number, problem: { readonly code: number | null; readonly message: string }) =>
        void at.fatal.push({ shard, ...problem }),
    };
    return events;
  }
  function join(at: World, holder: string): Gateway {
    const events = settling(at);
    events.gateway = at.connect({ shards: 4, holder, events });
    return events.gateway;
  }

  test("one that joins gets its share by RESUME, one that leaves gives it back, and no message is lost or doubled", async () => {
    const at = world();
    const a = join(at, "a");
    await a.start();
    await until(() => live(a) && count(a) === 4);
    expect(at.sent(IDENTIFY)).toBe(4);
    const b = join(at, "b");
    await b.start();
    for (let i = 0; i < 10; i++) at.say(`moving ${i}`);
    await until(() => count(a) === 2 && count(b) === 2 && live(a) && live(b), 15_000);
    for (let i = 10; i < 20; i++) at.say(`moving ${i}`);
    await until(() => at.contents().length === 20);
    await b.stop();
    await until(() => count(a) === 4 && live(a), 15_000);
    at.say("the end");
    await until(() => at.contents().length === 21);
    expect(at.contents()).toEqual([...Array.from({ length: 20 }, (_, i) => `moving ${i}`), "the end"]);
    expect(at.sent(IDENTIFY)).toBe(4);
  }, 40_000);

  function resharded(at: World, holder: string, shards: number): Gateway {
    const events = settling(at);
    events.gateway = at.connect({ shards, holder, events });
    return events.gateway;
  }
  /** What people wrote, each once, whichever session brought it first. */
  const unique = (at: World) => [...new Set(at.contents())];

  test("another number of shards: old sessions answer until the new ones are up, and no message is lost", async () => {
    const at = world({ identify: { maxConcurrency: 1, windowMs: 5_000 / 20 } });
    const before = resharded(at, "a", 2);
    await before.start();
    await until(() => live(before) && count(before) === 2);
    at.say("0");
    await until(() => at.contents().length === 1);
    await before.stop();
    // Nobody is connected now: what is written here comes by RESUME.
    at.say("1");
    const after = resharded(at, "b", 4);
    await after.start();
    for (let i = 2; i < 40; i++) {
      at.say(`${i}`);
      await hurried.sleep(1_000);
    }
    await until(() => count(after) === 4 && live(after), 15_000);
    at.say("40");
    await until(() => unique(at).length === 41, 15_000);
    expect(
      unique(at)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 41 }, (_, i) => i));
    expect(at.sent(IDENTIFY)).toBe(2 + 4);
    // The old sessions are gone for good, and the next start resumes the new ones.
    await until(() => [...at.store.rows.values()].every((row) => row.shards === 4 || row.session === null), 15_000);
    await after.stop();
    const again = resharded(at, "c", 4);
    await again.start();
    await until(() => count(again) === 4 && live(again), 15_000);
    expect(at.sent(IDENTIFY)).toBe(2 + 4);
  }, 60_000);

  test("8 shards become 16 while 280 messages are written, and none of them is lost", async () => {
    const at = world({ identify: { maxConcurrency: 1, windowMs: 5_000 / 20 } });
    const before = resharded(at, "a", 8);
    await before.start();
    await until(() => live(before) && count(before) === 8, 30_000);
    await before.stop();
    const after = resharded(at, "b", 16);
    await after.start();
    for (let i = 0; i < 280; i++) {
      at.say(`${i}`);
      await hurried.sleep(400);
    }
    await until(() => count(after) === 16 && live(after), 60_000);
    await until(() => unique(at).length === 280, 15_000);
    // Twenty times faster, a busy machine sends one or two within Discord's window: refused, and sent again.
    expect(at.sent(IDENTIFY)).toBeGreaterThanOrEqual(8 + 16);
    expect(at.sent(IDENTIFY)).toBeLessThan(8 + 16 + 8);
  }, 120_000);

  test("a process with the old number and one with the new run side by side during a deploy", async () => {
    const at = world({ identify: { maxConcurrency: 4 } });
    const before = resharded(at, "a", 2);
    await before.start();
    await until(() => live(before) && count(before) === 2);
    const after = resharded(at, "b", 4);
    await after.start();
    await until(() => count(after) === 4 && live(after), 15_000);
    expect(live(before) && count(before) === 2).toBe(true);
    at.say("twice");
    await until(() => at.contents().length === 2);
    await before.stop();
    at.say("once");
    await until(() => unique(at).length === 2);
    expect(at.sent(IDENTIFY)).toBe(2 + 4);
  }, 40_000);

  test("a token that is refused ends the gateway once, and its leases are free for whoever has the right one", async () => {
    const at = world();
    let refused = false;
    let asked = 0;
    const gateway = await started(at, {
      shards: 4,
      fetchInformation: async () => {
        asked++;
        if (refused) throw Object.assign(new Error("refused"), { status: 401 });
        return { url: at.simulator.gatewayUrl, shards: 4, session_start_limit: { max_concurrency: 4 } };
      },
      isTokenRefused: () => refused,
    });
    await until(() => count(gateway) === 4);
    refused = true;
    await until(() => at.fatal.length === 1);
    await until(() => [...at.store.rows.values()].every((row) => row.holder === null));
    const before = asked;
    await hurried.sleep(120_000);
    expect(at.fatal).toHaveLength(1);
    expect(asked - before).toBeLessThanOrEqual(1);
    expect(count(gateway)).toBe(0);
  }, 60_000);
});

describe("leases", () => {
  test("two processes never hold the same shard, and share what there is", async () => {
    const at = world({ shards: 4, identify: { maxConcurrency: 4 } });
    const one = at.connect({ shardsMax: 2 });
    const two = at.connect({ shardsMax: 4 });
    await Promise.all([one.start(), two.start()]);
    await until(() => one.shards().length + two.shards().length === 4);
    await until(() => live(one) && live(two));
    const ids = [...one.shards(), ...two.shards()].map((shard) => shard.shard).sort();
    expect(ids).toEqual([0, 1, 2, 3]);
    expect(at.sent(IDENTIFY)).toBe(4);
  });

  test("a store that is away keeps every shard connected", async () => {
    const at = world();
    const gateway = await started(at);
    at.store.down = true;
    at.say("without a store");
    await until(() => at.contents().length === 1);
    // More than a lease is long.
    await hurried.sleep(20_000);
    expect(live(gateway)).toBe(true);
    at.store.down = false;
  });

  test("a newer fence ends the shard here, resumably, and the other one takes the session over", async () => {
    const at = world();
    const gateway = await started(at);
    await until(() => at.store.saves > 0);
    const [key, row] = [...at.store.rows][0] ?? [];
    if (key === undefined || row === undefined) throw new Error("no lease");
    at.store.rows.set(key, { ...row, holder: "another", fence: row.fence + 1, untilMs: hurried.now() + 60_000 });
    await until(() => gateway.shards().length === 0);
    expect([...at.simulator.services.gateway.sessions.values()]).toHaveLength(1);
  });
});

describe("refusals", () => {
  test("a refused token is tried once and rejects with what to do", async () => {
    const at = world();
    const gateway = at.connect({ token: "not-the-token" });
    await expect(gateway.start()).rejects.toThrow("DISCORD_TOKEN");
    expect(at.simulator.services.ledger.list({ kind: "request" })).toHaveLength(1);
    expect(at.sent(IDENTIFY)).toBe(0);
  });

  test("4004 is one IDENTIFY and one alert for all shards", async () => {
    const at = world({ shards: 3, identify: { maxConcurrency: 3 } });
    at.simulator.services.faults.add({ target: "gateway", kind: "close", code: 4004, on: "identify" });
    const gateway = at.connect();
    await gateway.start();
    await until(() => at.fatal.length > 0);
    await hurried.sleep(12_000);
    expect(at.fatal).toHaveLength(1);
    expect(at.fatal[0]?.message).toContain("DISCORD_TOKEN");
    expect(gateway.shards()).toEqual([]);
    expect([...at.store.rows.values()].every((row) => row.holder === null)).toBe(true);
  });

  test("a disallowed intent stops the shard after one IDENTIFY, and says which switch", async () => {
    const at = world();
    at.simulator.services.faults.add({ target: "gateway", kind: "close", code: 4014, on: "identify" });
    await at.connect().start();
    await until(() => at.fatal.length > 0);
    await hurried.sleep(12_000);
    expect(at.fatal).toEqual([{ shard: 0, code: 4014, message: expect.stringContaining("Message Content") }]);
    expect(at.sent(IDENTIFY)).toBe(1);
  });

  test("below a fifth of the session starts nothing is started, but what can be resumed is", async () => {
    const at = world();
    const first = await started(at);
    await first.stop();
    const application = at.simulator.world.applications.get(at.simulator.bots[0]?.applicationId ?? "");
    if (application === undefined) throw new Error("no application");
    at.simulator.services.identifies.setRemaining(application, 199);
    const second = await started(at);
    await second.stop();
    expect(at.sent(IDENTIFY)).toBe(1);
    at.store.rows.clear();
    const third = at.connect();
    await third.start();
    await until(() => third.shards()[0]?.phase === "waiting");
    await hurried.sleep(12_000);
    expect(at.sent(IDENTIFY)).toBe(1);
  });
});

describe("what is sent", () => {
  test("the newest presence reaches Discord, and never more than 120 payloads in a minute", async () => {
    const at = world();
    const gateway = await started(at, { clock: systemClock });
    for (let i = 0; i < 300; i++) {
      gateway.send(0, { op: 3, d: { since: null, activities: [], status: "idle", afk: false } });
      gateway.send(0, { op: 8, d: { guild_id: "1", query: "", limit: 0, nonce: `${i}` } });
    }
    await until(() => at.sent(8) + at.sent(3) >= 110);
    expect(at.sent(3)).toBe(1);
    expect(at.sent(8) + at.sent(3) + at.sent(1) + at.sent(IDENTIFY)).toBeLessThan(120);
    expect(live(gateway)).toBe(true);
  });

  test("what Discord would refuse for its length is refused here", async () => {
    const gateway = await started(world());
    expect(gateway.send(0, { op: 3, d: { status: "x".repeat(5_000) } })).toBe(false);
    expect(gateway.send(7, { op: 3, d: null })).toBe(false);
  });
});
