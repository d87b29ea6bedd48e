/** What package.json promises. npm signals the shell that it runs a script in, and nothing behind it: what runs until it is stopped takes that shell's place. */
import { expect, test } from "bun:test";
import { dirname, resolve } from "node:path";
import { scripts } from "../../package.json";

const ROOT = resolve(import.meta.dir, "../..");

test("who stops `npm run sim` stops the simulator, and `npm start` and `npm run demo` are started like it", async () => {
  const shell = Bun.spawn(["/bin/sh", "-c", scripts.sim], {
    cwd: ROOT,
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`, HOME: process.env.HOME ?? "" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const { value } = await shell.stdout.getReader().read();
  const { pid } = JSON.parse(new TextDecoder().decode(value)) as { pid: number };
  shell.kill("SIGTERM");
  expect(await shell.exited).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  for (const script of [scripts.start, scripts.demo])
    expect(script.split(" ")[0]).toBe(scripts.sim.split(" ")[0] ?? "");
});

test("`npm test` ends with one line that says how many tests did not run, and why; in CI nothing may be missing", async () => {
  const file = "test/src/signature.test.ts";
  const run = async (CI: string) => {
    const child = Bun.spawn(["/bin/sh", "-c", `${scripts.test} ${file}`], {
      cwd: ROOT,
      env: {
        ...process.env,
        PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
        CI,
        GATEHOUSE_SHARED: "/none",
      },
      stdout: "ignore",
      stderr: "pipe",
    });
    const said = await new Response(child.stderr).text();
    return { code: await child.exited, lines: said.trimEnd().split("\n") };
  };
  const { code, lines } = await run("");
  expect([code, lines.at(-1)]).toEqual([0, "2 tests did not run: 2 need the shared data."]);
  expect(lines).toContain(" 2 skip");
  expect((await run("true")).code).toBe(1);
}, 60_000);
