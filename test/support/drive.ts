/** Starts a driver (store-driver.ts, hot-driver.ts) as a process and talks with it. */
import { afterEach } from "bun:test";
import { join } from "node:path";

export type Report = {
  readonly acknowledged: readonly string[];
  /** By error kind; a bug under its own words. */
  readonly failures: Readonly<Record<string, number>>;
  readonly slowestMs: number;
};

export type Driver = {
  /** Milliseconds until a call that begins from now on succeeds, by fair-time.ts. */
  back(): Promise<number>;
  /** Rejects when the process did not live to report. */
  stop(): Promise<Report>;
};

/** Of a test that failed before it stopped them: they would write on without pause, beside all that follows. */
const running = new Set<Bun.Subprocess>();
afterEach(() => {
  for (const driver of running) driver.kill("SIGKILL");
  running.clear();
});

export function drive(script: string, ...parameters: readonly string[]): Driver {
  const command = [process.execPath, join(import.meta.dir, script), ...parameters];
  const driver = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  running.add(driver);
  const lines = readLines(driver.stdout);
  const say = (line: string) => {
    driver.stdin.write(`${line}\n`);
    driver.stdin.flush();
  };
  const hear = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the driver ended with ${await driver.exited}`);
    return value;
  };
  return {
    async back() {
      say("mark");
      return Number((await hear()).replace("back ", ""));
    },
    async stop() {
      say("stop");
      const report = JSON.parse(await hear()) as Report;
      if ((await driver.exited) !== 0) throw new Error(`the driver ended with ${driver.exitCode}`);
      return report;
    },
  };
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
