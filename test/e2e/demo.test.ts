/** The demo as a newcomer starts it: it comes up, answers, ends by itself, and its counts add up; twice, and after a kill. */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { isAlive } from "../../src/store/embedded/processes.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Started, startGatehouse } from "../support/process.ts";

const folder = temporaryFolder("demo");
const environment = { GATEHOUSE_DATA_DIR: folder.path, PORT: "0" };

const started: Started[] = [];

afterEach(async () => {
  for (const process of started.splice(0)) {
    process.kill("SIGKILL");
    await process.exited;
  }
});

afterAll(() => folder.remove());

function demoFor(args: readonly string[], more: Readonly<Record<string, string>> = {}): Started {
  const process = startGatehouse(["demo", ...args], { ...environment, ...more }, { ownGroup: true });
  started.push(process);
  return process;
}

function counted(stdout: string): { messages: number; sum: number; answered: number } {
  const [, messages, parts = ""] = /^messages (\d+) = (.*)$/m.exec(stdout) ?? [];
  const counts = [...parts.matchAll(/([a-z-]+) (\d+)/g)].map((m) => ({ kind: m[1], count: Number(m[2]) }));
  return {
    messages: Number(messages),
    sum: counts.reduce((sum, { count }) => sum + count, 0),
    answered: counts.find(({ kind }) => kind === "answered")?.count ?? 0,
  };
}

describe("gatehouse demo", () => {
  test("answers a simulated community from its knowledge base, ends by itself, and its counts add up, beside another one", async () => {
    const other = demoFor([]);
    const [, port = ""] = await other.printed(/Dashboard +http:\/\/127\.0\.0\.1:(\d+)/, 60_000);
    // It has the folder and the port for as long as this takes; the one beside it takes neither.
    const demo = demoFor(["--seconds", "8"], { PORT: port });
    const [, ownPort] = await demo.printed(/Dashboard +http:\/\/127\.0\.0\.1:(\d+)/, 60_000);
    expect(ownPort).not.toBe(port);
    expect(demo.stderr()).toContain(
      `another demo runs in ${folder.path}/demo: this one keeps its data in ${folder.path}/demo-2`,
    );
    expect(await demo.exited).toBe(0);
    other.kill("SIGTERM");
    expect(await other.exited).toBe(0);
    expect(demo.stdout()).toMatch(/Sign in .*http:\/\/127\.0\.0\.1:\d+\/sign-in\//);
    const { messages, sum, answered } = counted(demo.stdout());
    expect(messages).toBeGreaterThan(5);
    expect(sum).toBe(messages);
    expect(answered).toBeGreaterThan(0);
    expect(demo.stderr()).toMatch(/#help {2}\w+: .* → answered in \d+ ms from "/);
    expect(demo.stderr()).not.toMatch(/"level":[456]0/);
  }, 120_000);

  test("comes up again at once after it was killed, without a model too", async () => {
    const killed = demoFor([]);
    await killed.printed(/Dashboard/, 60_000);
    killed.kill("SIGKILL");
    await killed.exited;

    // A proxy that the machine is told to use is nothing to the demo: all of it runs here.
    const proxy = "http://127.0.0.1:9";
    const again = demoFor(["--seconds", "5", "--extractive"], { HTTP_PROXY: proxy, HTTPS_PROXY: proxy });
    await again.printed(/Discord .*\/control\/page/, 60_000);
    // The second Discord knows nothing of the first one's commands.
    const control = /http\S+(?=\/page)/.exec(again.stdout())?.[0];
    const world = (await (await fetch(`${control}/world`)).json()) as { applications: { commands: number }[] };
    expect(world.applications[0]?.commands).toBe(5);
    expect(await again.exited).toBe(0);
    expect(again.stderr()).toContain("0 imported, 52 unchanged");
    // Nothing of the first Discord is looked for in the second.
    expect(again.stderr()).not.toMatch(/"level":[456]0/);
    const { messages, sum, answered } = counted(again.stdout());
    expect(sum).toBe(messages);
    expect(answered).toBeGreaterThan(0);
  }, 120_000);

  test("is ended by one Ctrl-C, which comes from the terminal and from npm: in order, with nothing left running", async () => {
    const demo = demoFor([]);
    await demo.printed(/Ctrl\+C ends it/, 60_000);
    const postgres = Number(readFileSync(`${folder.path}/demo/postgres/postmaster.pid`, "utf8").split("\n")[0]);
    expect(isAlive(postgres)).toBe(true);
    demo.killGroup("SIGINT");
    await Bun.sleep(100);
    demo.kill("SIGINT");
    expect(await demo.exited).toBe(0);
    expect(demo.stdout()).toMatch(/^messages \d+ = /m);
    expect(demo.stderr()).not.toMatch(/"level":[456]0/);
    expect(isAlive(postgres)).toBe(false);
  }, 120_000);
});
