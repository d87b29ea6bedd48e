/** Processor time of a process by its threads: main, our workers, and the runtime's own (collector, compiler). From /proc; NaN without it. */
import { readdir, readFile } from "node:fs/promises";

export type ThreadMs = { readonly main: number; readonly workers: number; readonly runtime: number };

/** A tick of /proc. */
const TICK_MS = 10;
/** The kernel keeps 15 letters of a name. */
const WORKER = "gatehouse-worke";

export async function threadMsOf(pid: number): Promise<ThreadMs> {
  const found = { main: 0, workers: 0, runtime: 0 };
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => null);
  if (tasks === null) return { main: Number.NaN, workers: Number.NaN, runtime: Number.NaN };
  for (const task of tasks) {
    // One that ended meanwhile.
    const stat = await readFile(`/proc/${pid}/task/${task}/stat`, "utf8").catch(() => "");
    const [head = "", tail = ""] = stat.split(") ");
    const fields = tail.split(" ");
    const ms = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
    if (Number(task) === pid) found.main += ms;
    else if (head.includes(WORKER)) found.workers += ms;
    else found.runtime += ms;
  }
  return found;
}
