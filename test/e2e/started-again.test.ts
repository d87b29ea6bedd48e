/**
 * `gatehouse all` started where an earlier process left its sessions, killed or stopped: it is live within a bound, begins no session
 * that it need not, and says meanwhile what it waits for.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { FaultRule } from "../../bench/simulator/faults.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(90_000);

type Waiting = { readonly for: string; readonly shard?: number; readonly inS: number | null };
type Ready = { readonly ready: boolean; readonly waiting?: readonly Waiting[] };

let stage: Stage;
let all: Started;

beforeAll(async () => {
  stage = await openStage("started-again");
  stage.simulator.actions.createGuild({ name: "Kettles" });
  all = stage.gatehouse(["all"]);
  await live(all);
});
afterAll(() => stage.close());

const identifies = () => stage.simulator.services.ledger.list({ kind: "gateway", op: 2 }).length;
const fault = (rule: Omit<FaultRule, "target">) =>
  stage.simulator.services.faults.add({ target: "gateway", times: 1, ...rule });
const rows = (statement: string) => stage.database.admin.unsafe(statement);

async function end(signal: NodeJS.Signals): Promise<void> {
  all.kill(signal);
  await all.exited;
  // Each case spends an IDENTIFY at most; together they would meet the breaker.
  await rows("delete from identifies");
}

async function readyz(): Promise<Ready> {
  const [, url = ""] = await all.printed(/Dashboard: (http\S+)/);
  return (await (await fetch(new URL("/readyz", url))).json()) as Ready;
}

/** What it says that it waits for, once that is `what`. */
async function waitsFor(what: string): Promise<Waiting> {
  return await until(async () => (await readyz()).waiting?.find((one) => one.for === what), 30_000);
}

const ELSEWHERE = "holder = 'another-machine:1:1:x', until = clock_timestamp() + interval '7 seconds'";
const INVALID = { kind: "invalid-session", on: "resume", resumable: false } as const;
const CASES: readonly [name: string, signal: NodeJS.Signals, spent: number, before: () => unknown][] = [
  ["RESUME is taken", "SIGKILL", 0, () => {}],
  ["RESUME is taken", "SIGTERM", 0, () => {}],
  ["RESUME is refused", "SIGKILL", 1, () => fault(INVALID)],
  ["RESUME is refused", "SIGTERM", 1, () => fault(INVALID)],
  ["RESUME is to be tried again", "SIGKILL", 0, () => fault({ ...INVALID, resumable: true })],
  ["resume address is gone", "SIGTERM", 0, () => rows("update shards set resume_url = 'ws://127.0.0.1:1/'")],
  ["lease another machine's dead process holds", "SIGKILL", 0, () => rows(`update shards set ${ELSEWHERE}`)],
];

test.each(CASES)("a session whose %s, after %s, is live again for %d IDENTIFY", async (_, signal, spent, before) => {
  await end(signal);
  const had = identifies();
  await before();
  all = stage.gatehouse(["all"]);
  // `live` has a bound of its own.
  await live(all);
  expect(identifies() - had).toBe(spent);
});

test("the day's session starts are used up: a session is resumed all the same", async () => {
  await end("SIGKILL");
  const had = identifies();
  const { services, world } = stage.simulator;
  for (const application of world.applications.values()) services.identifies.setRemaining(application, 0);
  all = stage.gatehouse(["all"]);
  await live(all);
  for (const application of world.applications.values()) services.identifies.setRemaining(application, 1_000);
  expect(identifies() - had).toBe(0);
});

describe("five sessions began in ten minutes, and no RESUME is taken", () => {
  const WINDOW_MS = 660_000;
  /** As if the first of them were over at `freeAtMs`. */
  const begun = async (freeAtMs: number) => {
    const application = stage.simulator.bots[0]?.applicationId ?? "";
    await rows("delete from identifies");
    await stage.database.admin`insert into identifies (application_id, shard, at)
      select ${application}, 0, ${new Date(freeAtMs - WINDOW_MS).toISOString()}::timestamptz from generate_series(1, 5)`;
  };

  test("no sixth is begun: the process says so, with when it goes on, which no new start puts off", async () => {
    await end("SIGKILL");
    const had = identifies();
    const freeAtMs = Date.now() + 300_000;
    await begun(freeAtMs);
    fault(INVALID);
    for (let start = 0; start < 2; start++) {
      all = stage.gatehouse(["all"]);
      const { shard, inS } = await waitsFor("breaker");
      expect(shard).toBe(0);
      // Up to a second later, so that not all shards come at once.
      expect(inS).toBeLessThanOrEqual((freeAtMs - Date.now()) / 1_000 + 3);
      expect((await readyz()).ready).toBe(false);
      expect(all.stderr()).toContain("5 session starts in 10 minutes");
      all.kill("SIGKILL");
      await all.exited;
    }
    expect(identifies()).toBe(had);
    // Those that were refused are not counted, or each would put the next off.
    expect(await rows("select 1 from identifies")).toHaveLength(5);
  });

  test("it goes on by itself once the first of them is over", async () => {
    const had = identifies();
    const freeAtMs = Date.now() + 10_000;
    await begun(freeAtMs);
    all = stage.gatehouse(["all"]);
    await live(all);
    expect(identifies() - had).toBe(1);
    expect(Date.now()).toBeGreaterThanOrEqual(freeAtMs);
  });
});

test("a process that waits for Discord is not ready, and says what it waits for", async () => {
  await end("SIGTERM");
  const { faults } = stage.simulator.services;
  const away = faults.add({ target: "rest", kind: "status", status: 503, route: "/gateway/bot" });
  all = stage.gatehouse(["all"]);
  expect(await waitsFor("discord")).toEqual({ for: "discord", inS: null });
  expect((await readyz()).ready).toBe(false);
  faults.remove(away.id);
  await live(all);
});
