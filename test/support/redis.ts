/**
 * A Redis for tests: the one of this machine (127.0.0.1:6379) if it answers, or a private one when `redis-server` is on
 * the PATH.
 */
import { connect as dial } from "node:net";
import { freePort } from "../../bench/simulator/free-port.ts";
import { temporaryFolder } from "./folder.ts";
import { lacking } from "./not-run.ts";

export type TestRedis = { readonly url: string; stop(): Promise<void> };

export type RedisServer = TestRedis & {
  readonly port: number;
  readonly pid: () => number;
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Ends the process at once. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
};

/** Null where there is none: tests are registered by `needing` then. */
export async function openRedis(): Promise<TestRedis | null> {
  if (await answers(6379)) return { url: "redis://127.0.0.1:6379", stop: async () => {} };
  return startRedis();
}

/** A server of the test's own, to be treated badly. */
export async function startRedis(...options: readonly string[]): Promise<RedisServer | null> {
  const program = Bun.which("redis-server");
  if (program === null) return lacking("Redis");
  const folder = temporaryFolder("redis");
  const port = freePort();
  const start = async () => {
    const command = [
      program,
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--dir",
      folder.path,
      ...options,
    ];
    const started = Bun.spawn(command, { stdout: "ignore", stderr: "ignore" });
    while (!(await answers(port))) {
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
      await Bun.sleep(5);
    }
    return started;
  };
  let server = await start();
  const kill = async () => {
    server.kill("SIGKILL");
    await server.exited;
  };
  return {
    port,
    pid: () => server.pid,
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => server.kill(signal),
    kill,
    async restart() {
      await kill();
      server = await start();
    },
    async stop() {
      await kill();
      folder.remove();
    },
  };
}

/** True when something there says PONG. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const settle = (result: boolean) => {
      resolve(result);
      socket.destroy();
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once("data", (bytes) => settle(/^(\+PONG|-NOAUTH)/.test(bytes.toString())));
    socket.once("error", () => settle(false));
  });
}

/** One command, as an administrator; answers a simple string, a number or a bulk string as text. */
export function command(port: number, ...words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const bulk = (word: string) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`;
    const socket = dial(port, "127.0.0.1", () => socket.write(`*${words.length}\r\n${words.map(bulk).join("")}`));
    socket.once("error", reject);
    socket.once("data", (bytes) => {
      socket.destroy();
      const [first = "", second = ""] = bytes.toString().split("\r\n");
      if (first.startsWith("-")) reject(new Error(first));
      else resolve(first.startsWith("$") ? second : first.slice(1));
    });
  });
}
