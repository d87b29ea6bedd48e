/** npm signals the shell that it runs a script in, and nothing behind it: what runs until it is stopped takes that shell's place. */
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
