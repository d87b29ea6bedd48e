import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { holdFolder, startEmbedded } from "../../../src/store/embedded.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { quiet } from "../../support/postgres.ts";
import { until } from "../../support/until.ts";

const home = temporaryFolder("embedded");
const dataDir = home.path;
const start = (folder = dataDir) => startEmbedded({ dataDir: folder, logger: quiet });

afterAll(async () => {
  await (await start()).stop();
  home.remove();
});

/** Whether a server answers there. */
async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 1 });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

async function run(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Another process that uses it. */
async function startUser() {
  const user = Bun.spawn([process.execPath, join(import.meta.dir, "../../support/embedded-user.ts"), dataDir], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = user.stdout.getReader();
  const { value } = await reader.read();
  return { url: new TextDecoder().decode(value).trim(), process: user };
}

const postmaster = () => Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);

function listenAt(port: number) {
  try {
    return Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  } catch {
    return null;
  }
}

describe("the embedded PostgreSQL", () => {
  test("is made once, answers on loopback with its password only, and stops", async () => {
    const server = await start();
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
    await run(server.url, "create table kept (what text)");
    await run(server.url, "insert into kept values ('first')");
    const stranger = new URL(server.url);
    stranger.password = "guessed";
    await expect(run(stranger.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    await server.stop();
    await server.stop();
    expect(await answers(server.url)).toBe(false);
  }, 60_000);

  test("starts again with what it held", async () => {
    const server = await start();
    expect(await run(server.url, "select what from kept")).toEqual([{ what: "first" }]);
    await server.stop();
  });

  test("is one server for all processes, and the last one out stops it", async () => {
    const [first, second, elsewhere] = await Promise.all([start(), start(), startUser()]);
    expect(second.url).toBe(first.url);
    expect(elsewhere.url).toBe(first.url);
    await first.stop();
    elsewhere.process.stdin.write("stop\n");
    elsewhere.process.stdin.end();
    await elsewhere.process.exited;
    expect(await answers(second.url)).toBe(true);
    await second.stop();
    expect(await answers(second.url)).toBe(false);
  }, 60_000);

  test("outlives a process that was killed, and the next one goes on with it and stops it", async () => {
    const user = await startUser();
    await run(user.url, "insert into kept values ('second')");
    user.process.kill("SIGKILL");
    await user.process.exited;
    expect(await answers(user.url)).toBe(true);
    const server = await start();
    expect(server.url).toBe(user.url);
    expect(await run(server.url, "select count(*)::int as rows from kept")).toEqual([{ rows: 2 }]);
    await server.stop();
    expect(await answers(server.url)).toBe(false);
  }, 60_000);

  test("is stopped by a process that exits in a hurry, unless another one uses it", async () => {
    const [server, first] = await Promise.all([start(), startUser()]);
    const exit = async ({ process: user }: Awaited<ReturnType<typeof startUser>>) => {
      user.stdin.write("exit\n");
      user.stdin.end();
      await user.exited;
    };
    await exit(first);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    const last = await startUser();
    await exit(last);
    await until(async () => !(await answers(last.url)));
  }, 60_000);

  test("is started again in its place when it is killed itself, with every row that was committed", async () => {
    const server = await start();
    await run(server.url, "insert into kept values ('third')");
    const killed = postmaster();
    process.kill(killed, "SIGKILL");
    await until(async () => (await answers(server.url)) && postmaster() !== killed);
    expect(await run(server.url, "select count(*)::int as rows from kept")).toEqual([{ rows: 3 }]);
    await server.stop();
    expect(await answers(server.url)).toBe(false);
  }, 60_000);

  test.each([
    ["another program takes its port for a second", false],
    ["a process that it left behind stays for a second", true],
  ])(
    "is started again in its place, though %s",
    async (_, stays) => {
      const server = await start();
      const killed = postmaster();
      // They end with their server, but for one that does not get to it.
      const child = Number(readFileSync(`/proc/${killed}/task/${killed}/children`, "utf8").trim().split(" ")[0]);
      if (stays) process.kill(child, "SIGSTOP");
      process.kill(killed, "SIGKILL");
      const other = stays ? null : await until(() => listenAt(Number(new URL(server.url).port)));
      await Bun.sleep(1_000);
      expect(await answers(server.url)).toBe(false);
      other?.stop(true);
      if (stays) process.kill(child, "SIGKILL");
      await until(() => answers(server.url), 15_000);
      await server.stop();
    },
    30_000,
  );

  test("is not fooled by a pid file whose number another process has now", async () => {
    const file = join(dataDir, "postgres", "postmaster.pid");
    writeFileSync(file, `${process.pid}\n${dataDir}/postgres\n0\n5432\n\n127.0.0.1\n0 0\nready   \n`);
    const server = await start();
    expect(await answers(server.url)).toBe(true);
    await server.stop();
  });

  test("throws away what a killed first start left half made", async () => {
    const folder = temporaryFolder("embedded");
    mkdirSync(join(folder.path, "postgres.new"));
    writeFileSync(join(folder.path, "postgres.new", "PG_VERSION"), "18");
    writeFileSync(join(folder.path, "postgres.lock"), "999999-0-of-a-process-that-is-gone");
    const server = await start(folder.path);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    folder.remove();
  }, 60_000);

  test("refuses a folder that holds something else, and says which", async () => {
    const folder = temporaryFolder("embedded");
    mkdirSync(join(folder.path, "postgres"));
    writeFileSync(join(folder.path, "postgres", "letter.txt"), "mine");
    await expect(start(folder.path)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining(folder.path),
    });
    folder.remove();
  });

  test("a problem of PostgreSQL's own is told in its words", async () => {
    const folder = temporaryFolder("embedded");
    await (await start(folder.path)).stop();
    writeFileSync(join(folder.path, "postgres", "postgresql.conf"), "no such setting = 1\n", { flag: "a" });
    await expect(start(folder.path)).rejects.toThrow("does not start");
    folder.remove();
  }, 60_000);
});

test("a folder is held by one process at a time, and what a killed one left holds nothing", () => {
  const folder = join(dataDir, "held");
  const release = holdFolder(folder);
  expect(release).not.toBeNull();
  expect(holdFolder(folder)).toBeNull();
  release?.();
  // A process number that is nobody's.
  writeFileSync(join(folder, "in-use"), "4194304-0-left");
  const again = holdFolder(folder);
  expect(again).not.toBeNull();
  again?.();
});
