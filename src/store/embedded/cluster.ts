/**
 * One cluster: made once, run, found running, stopped.
 *
 * `postmaster.pid` is PostgreSQL's own word on it: process, folder, start, port, socket folder, address, shared memory,
 * status. Source: src/include/utils/pidfile.h and bin/pg_ctl, which wait for "ready" in the same way.
 */
import { execFile, spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { makeFolder, type OsAccount } from "./account.ts";
import type { Programs } from "./binaries.ts";
import { newPort, portIfFree } from "./ports.ts";
import { commandLine, isAlive } from "./processes.ts";

export type Running = { readonly pid: number; readonly port: number };

const USER = "gatehouse";
const PASSWORD_FILE = "gatehouse.password";
const LOOK_MS = 10;
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;
const STARTS_MAX = 5;
const LOG_BYTES_MAX = 8 * 1024 * 1024;

/** Only TCP on loopback, only with the password; small, since it shares the machine with the bot. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=100",
  "shared_buffers=64MB",
  "wal_level=minimal",
  "max_wal_senders=0",
  "max_wal_size=256MB",
  "io_method=sync",
  "jit=off",
  "timezone=UTC",
  "log_timezone=UTC",
  "log_checkpoints=off",
];

const run = promisify(execFile);

/** Makes the cluster unless it is there. A half made one is never in its place. */
export async function makeCluster(
  cluster: string,
  account: OsAccount,
  programs: Programs,
  clock: Clock,
  logger: Logger,
): Promise<void> {
  if (existsSync(join(cluster, "PG_VERSION"))) return;
  if (existsSync(cluster)) {
    throw new AppError("invalid", `${cluster} is there but holds no PostgreSQL cluster; move it away`);
  }
  const half = `${cluster}.new`;
  const passwordFile = `${half}.password`;
  rmSync(half, { recursive: true, force: true });
  makeFolder(half, account);
  const password = clock.id();
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const { uid, gid } = account.spawn;
    if (uid !== undefined && gid !== undefined) chownSync(passwordFile, uid, gid);
    const options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
    const auth = ["--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--no-instructions"];
    // It takes a second or more, in which a command says what it waits for.
    await run(programs.initdb, ["-D", half, "-U", USER, ...options, ...auth], { ...account.spawn, cwd: "/" }).catch(
      (error: Error & { readonly stderr?: string }) => {
        throw new AppError("unavailable", `initdb failed: ${lastLines(error.stderr || error.message)}`, {
          cause: error,
        });
      },
    );
    writeFileSync(join(half, PASSWORD_FILE), password, { mode: 0o600 });
    renameSync(half, cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
  logger.info({ cluster }, "embedded-made");
}

export function urlOf(cluster: string, port: number): string {
  const password = readFileSync(join(cluster, PASSWORD_FILE), "utf8").trim();
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * The server that runs on this cluster and takes connections; waits for one that is starting or stopping. Removes the
 * file of a dead one, so only for who is alone: a server whose own file vanishes shuts down.
 */
export async function findRunning(cluster: string, clock: Clock): Promise<Running | null> {
  for (const until = clock.now() + READY_MS_MAX; ; ) {
    const found = inspect(cluster);
    if (found === null) {
      rmSync(join(cluster, "postmaster.pid"), { force: true });
      return null;
    }
    if (found.status === "ready" && found.port > 0) return found;
    if (clock.now() > until) {
      throw new AppError("unavailable", `PostgreSQL (process ${found.pid}) has been ${found.status} for a minute`);
    }
    await clock.sleep(LOOK_MS);
  }
}

/** Running, starting or stopping. */
export function isRunning(cluster: string): boolean {
  return inspect(cluster) !== null;
}

/** On the port of the last time, if it is free: a known URL stays valid. On `known` and no other, where somebody holds on to its URL. */
export async function startCluster(
  cluster: string,
  account: OsAccount,
  programs: Programs,
  clock: Clock,
  known: number | null = null,
): Promise<Running> {
  const log = `${cluster}.log`;
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.old`);
  const last = known ?? lastPort(cluster);
  let isTaken = false;
  for (let start = 1; ; start++) {
    const from = existsSync(log) ? statSync(log).size : 0;
    const port = known ?? (last === 0 || isTaken ? null : portIfFree(last)) ?? newPort(clock);
    const running = await spawnServer(cluster, log, port, account, programs, clock);
    if (running !== null) return running;
    // Another program was faster with the port, or the processes of a killed server are still leaving.
    const said = readFileSync(log, "utf8").slice(from);
    if (start === STARTS_MAX || !/could not bind|could not create any TCP|still in use|lock file/.test(said)) {
      throw new AppError("unavailable", `PostgreSQL does not start: ${lastLines(said)} (all of it in ${log})`);
    }
    isTaken = /could not bind|could not create any TCP/.test(said);
    await clock.sleep(start * 200);
  }
}

/** Fast shutdown: open transactions are rolled back. Returns when the server is gone. */
export async function stopCluster(
  cluster: string,
  programs: Programs,
  account: OsAccount,
  clock: Clock,
): Promise<void> {
  const found = inspect(cluster);
  if (found === null) return;
  if (process.platform === "win32") {
    spawnSync(programs.pgCtl, ["stop", "-D", cluster, "-m", "fast", "-w"], { ...account.spawn });
    return;
  }
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    kill(found.pid, signal);
    for (const until = clock.now() + STOP_MS_MAX; clock.now() < until; await clock.sleep(LOOK_MS)) {
      if (!isAlive(found.pid)) return;
    }
  }
  throw new AppError("unavailable", `PostgreSQL (process ${found.pid}) does not stop`);
}

/** Asks for a fast shutdown and waits for nothing: for who is about to exit. */
export function askToStop(cluster: string): void {
  const found = inspect(cluster);
  if (found !== null && process.platform !== "win32") kill(found.pid, "SIGINT");
}

async function spawnServer(
  cluster: string,
  log: string,
  port: number,
  account: OsAccount,
  programs: Programs,
  clock: Clock,
): Promise<Running | null> {
  const out = openSync(log, "a", 0o600);
  const settings = [...SETTINGS, `port=${port}`].flatMap((setting) => ["-c", setting]);
  // In a session of its own: Ctrl-C in the terminal is for us, and we stop the server last.
  const server = spawn(programs.postgres, ["-D", cluster, ...settings], {
    ...account.spawn,
    cwd: "/",
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  const ended = { yes: false };
  server.on("error", () => {
    ended.yes = true;
  });
  server.on("exit", () => {
    ended.yes = true;
  });
  server.unref();
  for (const until = clock.now() + READY_MS_MAX; clock.now() < until && !ended.yes; await clock.sleep(LOOK_MS)) {
    const found = inspect(cluster);
    if (found !== null && found.pid === server.pid && found.status === "ready") return found;
  }
  return null;
}

/** The contents of `postmaster.pid`, if its process is a PostgreSQL of this cluster. */
function inspect(cluster: string): (Running & { readonly status: string }) | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  // Being written right now.
  if (!Number.isInteger(pid) || pid <= 0) return { pid: 0, port: 0, status: "starting" };
  const command = isAlive(pid) ? commandLine(pid) : "";
  if (command !== null && !command.includes(cluster)) return null;
  return { pid, port: Number(lines[3]) || 0, status: lines[7]?.trim() || "starting" };
}

/** PostgreSQL keeps the command line of the last start. */
function lastPort(cluster: string): number {
  try {
    return Number(/"port=(\d+)"/.exec(readFileSync(join(cluster, "postmaster.opts"), "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function kill(pid: number, signal: "SIGINT" | "SIGQUIT"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already: that is what we wait for.
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" / ");
}
