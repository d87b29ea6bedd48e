/** A role from its start until it is live: its database answers and, where it runs the gateway, its shards have identified; by `/readyz`. */
import { readdir, readFile } from "node:fs/promises";
import { until } from "../gateway/subject.ts";
import { freePort } from "../simulator/free-port.ts";
import { type Environment, start } from "./command.ts";

export type Live = {
  readonly ms: number;
  /** Of the process with all its threads and all processes below it, a database of its own too. */
  readonly cpuMs: number;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
};

const LIVE_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;
/** A tick of /proc. */
const TICK_MS = 10;

export async function startLive(role: string, shards: number, environment: Environment): Promise<Live> {
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = start([role], { ...environment, PORT: String(port) });
  const said = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop: Live["stop"] = async (signal = "SIGTERM") => {
    child.kill(signal);
    const timer = setTimeout(kill, STOP_MS_MAX);
    await child.exited;
    clearTimeout(timer);
    process.off("exit", kill);
  };
  try {
    await until(`${role} is live`, LIVE_MS_MAX, async () => {
      if (child.exitCode !== null) throw new Error(`${role} ended: ${(await said).join("").slice(-2_000)}`);
      return await isLive(origin, shards);
    });
    const ms = performance.now() - startedAt;
    return { ms, cpuMs: await treeCpuMs(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isLive(origin: string, shards: number): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const told = (await answer.json()) as { readonly ready: boolean; readonly shards: { readonly live: number } };
    return told.ready && told.shards.live >= shards;
  } catch {
    return false;
  }
}

/** Processor time of a process and of all that descend from it and live or were waited for. NaN without /proc. */
async function treeCpuMs(root: number): Promise<number> {
  const processes = await readdir("/proc").catch(() => []);
  const found = new Map<number, { readonly parent: number; readonly ms: number }>();
  for (const name of processes.filter((entry) => /^\d+$/.test(entry))) {
    // One that ended meanwhile.
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => null);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    found.set(Number(name), { parent: Number(fields[1]), ms: ticks * TICK_MS });
  }
  const descends = (pid: number): boolean => {
    const parent = found.get(pid)?.parent;
    return pid === root || (parent !== undefined && descends(parent));
  };
  if (!found.has(root)) return Number.NaN;
  return [...found].reduce((sum, [pid, { ms }]) => sum + (descends(pid) ? ms : 0), 0);
}
