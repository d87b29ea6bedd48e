/**
 * The store while PostgreSQL misbehaves. Of every fault the same is asked: no call is pending past its deadline, no
 * acknowledged row is lost, what happens once happens once, it is back within 5 s, and the process lives.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { type FaultProxy, startFaultProxy } from "../../bench/simulator/fault-proxy.ts";
import { systemClock } from "../../src/clock.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { bounds } from "../../src/policy.ts";
import { type Embedded, startEmbedded } from "../../src/store/embedded.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { drive, type Report } from "../support/drive.ts";
import { fairMs } from "../support/fair-time.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { until } from "../support/until.ts";
import { HOUR_MS, newExchange, newGuild, newWho } from "./store/house.ts";
import { newCase } from "./store/moderation.ts";

/** The deadline, and a little to notice that it is over. */
const PENDING_MS_MAX = bounds.postgres.deadlineMs + 500;
const BACK_MS_MAX = 5_000;

/** Acknowledged is kept, and everything was counted exactly as often as it was decided. */
async function check(sql: postgres.Sql, guild: GuildId, report: Report): Promise<void> {
  const rows = await sql<{ trigger: string }[]>`select trigger from decisions where guild_id = ${guild}`;
  const kept = new Set(rows.map((row) => row.trigger));
  expect(report.acknowledged.filter((trigger) => !kept.has(trigger))).toEqual([]);
  const [used] = await sql<
    { count: number }[]
  >`select coalesce(sum(count), 0)::int as count from usage where guild_id = ${guild}`;
  expect(used?.count).toBe(rows.length);
  expect(report.slowestMs).toBeLessThan(PENDING_MS_MAX);
  expect(Object.keys(report.failures).filter((kind) => kind.startsWith("bug"))).toEqual([]);
}

describe("a store on a server where", () => {
  let database: TestDatabase;
  let store: Store;
  let proxy: FaultProxy;

  beforeAll(async () => {
    database = await openDatabase();
    store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
    await store.migrate();
    proxy = await openLine();
  }, 60_000);

  afterAll(async () => {
    await store.close();
    await proxy.stop();
    await database.drop();
  });

  const openLine = () =>
    startFaultProxy({ target: { host: "127.0.0.1", port: Number(new URL(database.url).port || 5432) } });

  /** A store behind a proxy, connected already. */
  async function behind(line: FaultProxy): Promise<Store> {
    await line.clear();
    const far = createSqlStore({ url: line.urlFor(database.url), clock: systemClock, logger: quiet, connections: 1 });
    expect(await far.health()).toMatchObject({ ok: true });
    return far;
  }

  test("200 backends are killed inside their transactions", async () => {
    const guild = newGuild();
    const driver = drive("store-driver.ts", database.url, guild);
    await driver.back();
    let killed = 0;
    await until(async () => {
      const rows = await database.admin`
        select pg_terminate_backend(pid) from (
          select pid from pg_stat_activity where datname = current_database() and application_name = 'gatehouse'
            and xact_start is not null order by random() limit 1) as victim`;
      killed += rows.length;
      return killed >= 200;
    }, 60_000);
    expect(await driver.back()).toBeLessThan(BACK_MS_MAX);
    const report = await driver.stop();
    expect(report.acknowledged.length).toBeGreaterThan(0);
    await check(database.admin, guild, report);
  }, 45_000);

  test("no connection is left", async () => {
    const url = new URL(database.url);
    url.username = `limited_${process.pid}`;
    url.password = "limited";
    await database.admin.unsafe(`create role ${url.username} login password 'limited' connection limit 2 superuser`);
    await database.admin.unsafe(`alter role ${url.username} nosuperuser`);
    await database.admin.unsafe(`grant all on all tables in schema public to ${url.username}`);
    const takers = postgres(url.href, { max: 2 });
    await Promise.all([takers`select pg_sleep(0.05)`, takers`select pg_sleep(0.05)`]);
    const crowded = createSqlStore({ url: url.href, clock: systemClock, logger: quiet });
    const startedAtMs = fairMs();
    await expect(crowded.usage.days(newGuild(), 0)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(crowded.guilds.leave(newGuild())).rejects.toMatchObject({ kind: "unavailable" });
    expect(fairMs() - startedAtMs).toBeLessThan(2 * PENDING_MS_MAX);
    await takers.end({ timeout: 1 });
    await until(() => crowded.health().then(({ ok }) => ok), BACK_MS_MAX);
    await crowded.close();
    await database.admin.unsafe(`drop owned by ${url.username}; drop role ${url.username}`);
  }, 60_000);

  test("two transactions wait for each other", async () => {
    const guild = newGuild();
    const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
    const exchange = newExchange(id);
    const rival = await database.admin.reserve();
    await rival`begin`;
    await rival`select 1 from conversations where id = ${id} for update`;
    // The store has the decision and waits for the conversation; the rival the other way round.
    const recorded = store.conversations.record(guild, exchange);
    await until(async () => {
      const waiting = await database.admin`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting.length === 1;
    });
    const crossing = rival`insert into decisions select ${guild}, ${exchange.trigger}, now(), '1', null, 'x', 'x', 0, null, 0, 0, 0, 'x'`;
    await crossing.catch(() => {});
    await rival`rollback`;
    rival.release();
    expect(await recorded).toBe(true);
    expect((await store.conversations.get(guild, id))?.turns).toHaveLength(2);
  }, 60_000);

  test("a transaction cannot be serialized, twice", async () => {
    await database.admin.unsafe(`
      create sequence refusals;
      create function refuse() returns trigger language plpgsql as $$ begin
        if nextval('refusals') <= 2 then raise exception 'could not serialize access' using errcode = '40001'; end if;
        return new;
      end $$;
      create trigger refuse before insert on decisions for each row execute function refuse()`);
    const guild = newGuild();
    expect(await store.conversations.record(guild, newExchange(null))).toBe(true);
    expect(await store.usage.days(guild, 0)).toMatchObject([{ count: 1 }]);
    await database.admin.unsafe("drop trigger refuse on decisions; drop function refuse; drop sequence refusals");
  });

  test("the answer to a commit is lost", async () => {
    const far = await behind(proxy);
    const guild = newGuild();
    const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
    const agent = "700000000000000001" as UserId;
    const losing = (request = "commit") => proxy.set({ kind: "lose-reply", request, times: 1 });
    const exchange = newExchange(id);
    await losing(exchange.trigger);
    expect(await far.conversations.record(guild, exchange)).toBe(true);
    expect(await store.usage.days(guild, 0)).toMatchObject([{ count: 1 }]);
    await losing();
    expect(await far.conversations.takeover(guild, id, { type: "claim", agent })).toMatchObject({ agent, fence: 1 });
    await losing();
    expect(await far.conversations.takeover(guild, id, { type: "release", agent })).toEqual({ by: "bot", fence: 2 });
    await losing(`lost:${id}`);
    expect(await far.outbox.begin(guild, `lost:${id}`, id)).toEqual({ state: "begun" });
    const { settings } = await store.guilds.join(guild, "1" as never, "Lumen", null);
    await losing();
    expect((await far.guilds.change(guild, settings, "Ada", "nothing"))?.version).toBe(2);
    expect(await store.guilds.audit(guild, 10)).toHaveLength(1);
    await far.close();
  }, 60_000);

  test("the answer to a case's commit is lost: it was planned by us, and its events stand once", async () => {
    const far = await behind(proxy);
    const guild = newGuild();
    const losing = () => proxy.set({ kind: "lose-reply", request: "commit", times: 1 });
    await losing();
    const [planned] = await far.cases.plan(guild, [newCase()]);
    expect(planned?.fresh).toBe(true);
    const id = planned?.case.id ?? "";
    await losing();
    expect(await far.cases.append(guild, [{ case: id, event: { kind: "applied", by: "bot" } }])).toEqual(["changed"]);
    await losing();
    expect(await far.cases.append(guild, [{ case: id, event: { kind: "note", by: "1", text: "seen" } }])).toEqual([
      "changed",
    ]);
    const found = await store.cases.get(guild, id);
    expect(found?.events.map(({ kind }) => kind)).toEqual(["planned", "applied", "note"]);
    expect(await store.cases.verify(guild)).toEqual({ cases: 1, events: 3, problem: null });
    await far.close();
  }, 60_000);

  test("the answer to a single statement is lost", async () => {
    const far = await behind(proxy);
    await store.people.issueLink("lost-answer", "ada", HOUR_MS);
    await proxy.set({ kind: "lose-reply", request: "used_by", times: 1 });
    expect(await far.people.redeemLink("lost-answer")).toBe("ada");
    expect(await far.people.redeemLink("lost-answer")).toBeNull();
    await far.close();
  }, 60_000);

  test("nothing answers any more after a write was sent: the outcome is said to be unknown, and known afterwards", async () => {
    const far = await behind(proxy);
    const guild = newGuild();
    const exchange = newExchange(null);
    await proxy.set({ kind: "lose-reply", request: exchange.trigger });
    const startedAtMs = fairMs();
    await expect(far.conversations.record(guild, exchange)).rejects.toMatchObject({ kind: "unknown-outcome" });
    expect(fairMs() - startedAtMs).toBeLessThan(PENDING_MS_MAX);
    await proxy.clear();
    await until(() => far.health().then(({ ok }) => ok), BACK_MS_MAX);
    expect(await far.conversations.record(guild, exchange)).toBe(false);
    expect(await store.usage.days(guild, 0)).toMatchObject([{ count: 1 }]);
    await far.close();
  }, 60_000);

  for (const kind of ["refuse", "black-hole", "half-open", "freeze", "reset"] as const) {
    test.concurrent(`the line fails: ${kind}`, async () => {
      const line = await openLine();
      const far = await behind(line);
      await line.set({ kind });
      // Refusing new ones is nothing to who is connected.
      if (kind === "refuse") await line.set({ kind }, { kind: "reset", connections: "open" });
      const startedAtMs = fairMs();
      const calls = await Promise.allSettled([
        far.usage.days(newGuild(), 0),
        far.conversations.record(newGuild(), newExchange(null)),
        far.outbox.finish(null, "nothing", { failed: "x" }),
      ]);
      expect(fairMs() - startedAtMs).toBeLessThan(PENDING_MS_MAX);
      // New connections pass a half-open line: what was not sent yet is done on one of those.
      if (kind !== "half-open") expect(calls.map((call) => call.status)).not.toContain("fulfilled");
      await line.clear();
      await until(() => far.health().then(({ ok }) => ok), BACK_MS_MAX);
      await far.close();
      await line.stop();
    }, 60_000);
  }

  test("nobody listens: calls fail at once, and no write is said to be uncertain", async () => {
    const url = new URL(database.url);
    url.port = "1";
    const nowhere = createSqlStore({ url: url.href, clock: systemClock, logger: quiet });
    await expect(nowhere.conversations.record(newGuild(), newExchange(null))).rejects.toMatchObject({
      kind: "unavailable",
    });
    await expect(nowhere.guilds.leave(newGuild())).rejects.toMatchObject({ kind: "unavailable" });
    expect(await nowhere.health()).toMatchObject({ ok: false, problem: expect.stringContaining("ECONNREFUSED") });
    await nowhere.close();
  });

  test("the password is wrong, or the database is not there: said, not tried again", async () => {
    const wrong = async (change: (url: URL) => void) => {
      const url = new URL(database.url);
      change(url);
      const refused = createSqlStore({ url: url.href, clock: systemClock, logger: quiet });
      const health = await refused.health();
      await refused.close();
      return health;
    };
    expect(await wrong((url) => (url.pathname = "/nothing_here"))).toMatchObject({
      ok: false,
      problem: expect.stringContaining("3D000"),
    });
    expect(await wrong((url) => (url.username = "nobody_here"))).toMatchObject({
      ok: false,
      problem: expect.stringContaining("nobody_here"),
    });
  });
});

test("a database that was never migrated is said to be that", async () => {
  const database = await openDatabase();
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await expect(store.guilds.list()).rejects.toMatchObject({ kind: "unavailable", retryable: false });
  await store.close();
  await database.drop();
});

describe("a store on an embedded server that", () => {
  const home = temporaryFolder("faults");
  let server: Embedded;
  let admin: postgres.Sql;

  beforeAll(async () => {
    server = await startEmbedded({ dataDir: home.path, logger: quiet });
    const store = createSqlStore({ url: server.url, clock: systemClock, logger: quiet });
    await store.migrate();
    await store.close();
    // By itself it would wait up to 20 s between its tries.
    admin = postgres(server.url, { max: 1, backoff: () => 0.1 });
  }, 60_000);

  afterAll(async () => {
    await admin.end({ timeout: 1 });
    await server.stop();
    home.remove();
  });

  /** NaN while a server starts or stops. */
  const postmaster = () => {
    const file = join(home.path, "postgres", "postmaster.pid");
    return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : Number.NaN;
  };

  test("is frozen and thaws", async () => {
    const guild = newGuild();
    const driver = drive("store-driver.ts", server.url, guild);
    await driver.back();
    const frozen = signalAll(postmaster(), "SIGSTOP");
    // Long enough that calls began, waited and gave up.
    await Bun.sleep(bounds.postgres.deadlineMs + 1_500);
    for (const pid of frozen) process.kill(pid, "SIGCONT");
    expect(await driver.back()).toBeLessThan(BACK_MS_MAX);
    const report = await driver.stop();
    expect(Object.values(report.failures).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
    await check(admin, guild, report);
  }, 60_000);

  test("is killed", async () => {
    const guild = newGuild();
    const driver = drive("store-driver.ts", server.url, guild);
    await driver.back();
    const killed = postmaster();
    process.kill(killed, "SIGKILL");
    // Its children answer for a moment longer.
    await until(() => postmaster() !== killed, 10_000);
    await until(
      () =>
        admin`select 1`.then(
          () => true,
          () => false,
        ),
      10_000,
    );
    expect(await driver.back()).toBeLessThan(BACK_MS_MAX);
    await check(admin, guild, await driver.stop());
  }, 60_000);

  test("is shut down and started again", async () => {
    const guild = newGuild();
    const driver = drive("store-driver.ts", server.url, guild);
    await driver.back();
    const { url } = server;
    await server.stop();
    server = await startEmbedded({ dataDir: home.path, logger: quiet });
    expect(server.url).toBe(url);
    expect(await driver.back()).toBeLessThan(BACK_MS_MAX);
    await check(admin, guild, await driver.stop());
  }, 60_000);
});

/** The server first, so that it makes no more of them; then its processes. */
function signalAll(parent: number, signal: NodeJS.Signals): number[] {
  process.kill(parent, signal);
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === parent)
    .map(Number);
  for (const pid of children) process.kill(pid, signal);
  return [parent, ...children];
}

function parentOf(pid: string): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return null;
  }
}
