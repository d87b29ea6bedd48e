/**
 * Two PostgreSQL servers of the bench's own, the second a synchronous standby of the first, and one address before both: a proxy,
 * as a virtual IP or a pooler is one. `failOver` kills the first, promotes the second, and moves the address.
 *
 * The standby is a copy of the cluster as `initdb` left it, which then streams all that came after.
 * https://www.postgresql.org/docs/18/warm-standby.html
 */
import { spawnSync } from "node:child_process";
import { chownSync, cpSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { findHome, type OsAccount } from "../../src/store/embedded/account.ts";
import { findPrograms, type Programs } from "../../src/store/embedded/binaries.ts";
import { temporaryFolder } from "../../test/support/folder.ts";
import { quiet, type TestDatabase } from "../../test/support/postgres.ts";
import { startFaultProxy } from "../simulator/fault-proxy.ts";
import { freePort } from "../simulator/free-port.ts";

const STARTED_MS_MAX = 30_000;
/** Until whoever watches the first server is sure that it is gone. */
const MISSED_MS = 3_000;
const SETTINGS = [
  ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300", "shared_buffers=64MB"],
  // A standby needs at least what the primary was made with: max_wal_senders and the like stay as they are.
  ...["wal_level=replica", "wal_keep_size=1GB", "hot_standby=on", "io_method=sync"],
  // A kill ends a process, not the machine: what was written is there.
  ...["fsync=off", "jit=off", "timezone=UTC"],
];

export type PostgresPair = {
  /** Before the address; `admin` goes through it too. */
  readonly database: TestDatabase;
  /** Resolves once the second server takes writes at the address. */
  failOver(): Promise<void>;
};

type Server = { readonly port: number; kill(): Promise<void> };

export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = temporaryFolder("postgres-pair");
  const { account } = findHome(folder.path, quiet);
  const programs = findPrograms(account, ["/var/cache/gatehouse", folder.path], quiet);
  const home = { programs, account };
  const first = join(folder.path, "first");
  const second = join(folder.path, "second");
  makeCluster(first, home);
  copyCluster(first, second);
  const primary = await startServer(first, home, ["synchronous_standby_names=*"]);
  writeFileSync(join(second, "standby.signal"), "");
  giveAs(first, join(second, "standby.signal"));
  const standby = await startServer(second, home, [
    `primary_conninfo=host=127.0.0.1 port=${primary.port} user=gatehouse application_name=standby`,
  ]);
  const end = async () => {
    await Promise.all([primary.kill(), standby.kill()]);
    folder.remove();
  };
  await answers(primary.port).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const line = await startFaultProxy({ target: { host: "127.0.0.1", port: primary.port } });
  const url = line.urlFor("postgres://gatehouse@127.0.0.1:1/postgres");
  const admin = postgres(url, { max: 2, onnotice: () => {} });
  return {
    database: {
      url,
      admin,
      async drop() {
        await admin.end({ timeout: 1 });
        await line.stop();
        await end();
      },
    },
    async failOver() {
      await primary.kill();
      await line.set({ kind: "reset", connections: "both" });
      await Bun.sleep(MISSED_MS);
      const there = postgres(`postgres://gatehouse@127.0.0.1:${standby.port}/postgres`, { max: 1, onnotice: () => {} });
      await there`select pg_promote(true, 30)`;
      await there.end({ timeout: 1 });
      line.aim({ host: "127.0.0.1", port: standby.port });
      await line.clear();
    },
  };
}

function makeCluster(cluster: string, { programs, account }: { programs: Programs; account: OsAccount }): void {
  const parent = join(cluster, "..");
  const { uid, gid } = account.spawn;
  if (uid !== undefined && gid !== undefined) chownSync(parent, uid, gid);
  const options = [
    "-U",
    "gatehouse",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
    "--no-sync",
  ];
  const made = spawnSync(programs.initdb, ["-D", cluster, ...options], {
    ...account.spawn,
    cwd: "/",
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
}

function copyCluster(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  giveAs(from, to);
}

/** To whom `like` belongs. */
function giveAs(like: string, path: string): void {
  const { uid, gid } = statSync(like);
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveAs(like, join(path, name));
}

async function startServer(
  cluster: string,
  { programs, account }: { programs: Programs; account: OsAccount },
  more: readonly string[],
): Promise<Server> {
  const port = freePort();
  const settings = [...SETTINGS, ...more, `port=${port}`].flatMap((setting) => ["-c", setting]);
  const server = Bun.spawn([programs.postgres, "-D", cluster, ...settings], {
    ...{ cwd: "/", stdin: "ignore", stdout: "ignore", stderr: Bun.file(`${cluster}.log`) },
    ...account.spawn,
  });
  return {
    port,
    async kill() {
      server.kill("SIGKILL");
      await server.exited;
    },
  };
}

/** Settles once writes are answered, the standby's word included. */
async function answers(port: number): Promise<void> {
  const admin = postgres(`postgres://gatehouse@127.0.0.1:${port}/postgres`, { max: 1, onnotice: () => {} });
  const endsAtMs = performance.now() + STARTED_MS_MAX;
  try {
    for (;;) {
      const rows = await admin<{ state: string }[]>`select sync_state as state from pg_stat_replication`.catch(
        () => [],
      );
      if (rows.some(({ state }) => state === "sync")) return;
      if (performance.now() > endsAtMs) throw new Error("the standby did not come up");
      await Bun.sleep(50);
    }
  } finally {
    await admin.end({ timeout: 1 });
  }
}
