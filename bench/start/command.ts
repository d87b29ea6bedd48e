/** `gatehouse` as a person calls it, with only the environment that is given: a command to its end, or a role that stays. */
import { join } from "node:path";

const MAIN = join(import.meta.dir, "../../shards/main.ts");

export type Environment = Readonly<Record<string, string>>;

export type Ran = {
  readonly code: number;
  readonly ms: number;
  /** Of the process with all its threads, and of those children that it waited for. */
  readonly cpuMs: number;
  /** Until it wrote anything. */
  readonly firstWordMs: number;
  readonly stdout: string;
  readonly stderr: string;
};

export function start(args: readonly string[], environment: Environment) {
  return Bun.spawn([process.execPath, MAIN, ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment },
    // A folder without a .env file.
    cwd: import.meta.dir,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(args: readonly string[], environment: Environment): Promise<Ran> {
  const startedAt = performance.now();
  let firstWordMs = Number.NaN;
  const child = start(args, environment);
  const read = async (stream: ReadableStream<Uint8Array>) => {
    let text = "";
    for await (const bytes of stream) {
      if (Number.isNaN(firstWordMs)) firstWordMs = performance.now() - startedAt;
      text += new TextDecoder().decode(bytes);
    }
    return text;
  };
  const [stdout, stderr, code] = await Promise.all([read(child.stdout), read(child.stderr), child.exited]);
  const ms = performance.now() - startedAt;
  const cpuMs = Number(child.resourceUsage()?.cpuTime.total ?? Number.NaN) / 1_000;
  return { code, ms, cpuMs, firstWordMs, stdout, stderr };
}

/** Throws, with what it said, unless it ends as `code`. */
export async function ranTo(code: number, args: readonly string[], environment: Environment): Promise<Ran> {
  const ran = await run(args, environment);
  if (ran.code === code) return ran;
  throw new Error(`gatehouse ${args[0]} ended with ${ran.code}, not ${code}: ${ran.stderr.slice(-2_000)}`);
}
