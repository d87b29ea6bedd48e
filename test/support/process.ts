/** `gatehouse` as a person starts it: a process of its own, its output kept, its end awaited. */
import { resolve } from "node:path";
import { until } from "./until.ts";

const MAIN = resolve(import.meta.dir, "../../shards/main.ts");

export type Started = {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Settles with standard output's first match, or throws with all that was printed. */
  printed(pattern: RegExp, ms?: number): Promise<RegExpExecArray>;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** To it and to all it started in its group, as a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
};

/** The environment is only what is given, so that a developer's own variables change nothing. `main`: of another version. `ownGroup`: for `killGroup`. */
export function startGatehouse(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { main = MAIN, ownGroup = false }: { readonly main?: string | undefined; readonly ownGroup?: boolean } = {},
): Started {
  const child = Bun.spawn([process.execPath, main, ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", LOG_FORMAT: "json", ...environment },
    // A folder without a .env file.
    cwd: import.meta.dir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: ownGroup,
  });
  const text = { stdout: "", stderr: "" };
  const reading = Promise.all([
    collect(child.stdout, (t) => (text.stdout += t)),
    collect(child.stderr, (t) => (text.stderr += t)),
  ]);
  return {
    pid: child.pid,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async printed(pattern, ms = 30_000) {
      try {
        return await until(() => pattern.exec(text.stdout) ?? undefined, ms);
      } catch (cause) {
        throw new Error(`never printed ${pattern}:\n${text.stdout}\n${text.stderr}`, { cause });
      }
    },
    exited: child.exited.then(async (code) => {
      await reading;
      return code;
    }),
    kill: (signal) => child.kill(signal),
    killGroup: (signal) => void process.kill(-child.pid, signal),
  };
}

async function collect(stream: ReadableStream<Uint8Array>, keep: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) keep(decoder.decode(bytes, { stream: true }));
}
