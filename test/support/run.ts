/**
 * `npm test`: bun's tests, and below their summary one line that says how many did not run on this machine and why. Arguments go
 * to `bun test`; the exit code is its own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folder.ts";
import { NOT_RUN_FILE, type NotRun, notRunLine } from "./not-run.ts";

/** A test that hangs fails; one on a busy machine does not. */
const TEST_MS_MAX = 20_000;

const folder = temporaryFolder("tests");
const file = join(folder.path, "not-run.json");
const child = Bun.spawn([process.execPath, "test", "--timeout", String(TEST_MS_MAX), ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit"],
  env: { ...process.env, [NOT_RUN_FILE]: file },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
process.exitCode = await child.exited;
const line = existsSync(file)
  ? notRunLine(JSON.parse(readFileSync(file, "utf8")) as NotRun)
  : "The run did not come to its end: how many tests did not run is not known.";
folder.remove();
process.stderr.write(`${line}\n`);
