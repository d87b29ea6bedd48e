/**
 * `npm test`: bun's tests in two processes side by side, since whole processes and browsers mostly wait; what the second one says is
 * printed when the first is over. Then what failed once more, the sums of both, and one line that says how many did not run on this
 * machine and why. With arguments, which go to `bun test`, in one process. The exit code is bun's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failuresOf } from "./failures.ts";
import { temporaryFolder } from "./folder.ts";
import { NOT_RUN_FILE, type NotRun, notRunLine } from "./not-run.ts";

/** A test that hangs fails; one on a busy machine does not. */
const TEST_MS_MAX = 60_000;
/** Folders whose tests start whole processes. */
const WHOLE = /^test\/(?:e2e|sim|contract)\//;

type Ran = { readonly exitCode: number; readonly said: string; readonly notRun: NotRun | null };

const folder = temporaryFolder("tests");
const asked = process.argv.slice(2);
const ran = asked.length > 0 ? [await run("asked", asked, true)] : await runAll();
folder.remove();
const pass = sumOf(ran, "pass");
const fail = sumOf(ran, "fail");
if (ran.length > 1)
  for (const failure of ran.flatMap(({ said }) => failuresOf(said))) process.stderr.write(`\n${failure}\n`);
if (ran.length > 1) process.stderr.write(`\nBoth together:\n ${pass} pass\n ${fail} fail\n`);
process.stderr.write(`${lineOf(ran)}\n`);
process.exitCode = ran.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;

async function runAll(): Promise<readonly Ran[]> {
  const files = [...new Bun.Glob("test/**/*.test.ts").scanSync(".")].sort().map((file) => file.replaceAll("\\", "/"));
  const whole = files.filter((file) => WHOLE.test(file));
  const others = files.filter((file) => !WHOLE.test(file));
  const second = run("others", pathsOf(others), false);
  const first = await run("whole", pathsOf(whole), true);
  const then = await second;
  process.stderr.write(then.said);
  return [first, then];
}

/** With a dot in front each is a file, and no filter that others pass too. */
function pathsOf(files: readonly string[]): readonly string[] {
  return files.map((file) => `./${file}`);
}

async function run(name: string, paths: readonly string[], aloud: boolean): Promise<Ran> {
  const file = join(folder.path, `${name}.json`);
  const child = Bun.spawn([process.execPath, "test", "--timeout", String(TEST_MS_MAX), ...paths], {
    stdio: ["inherit", "inherit", "pipe"],
    env: { ...process.env, ...(process.stderr.isTTY ? { FORCE_COLOR: "1" } : {}), [NOT_RUN_FILE]: file },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  let said = "";
  const decoder = new TextDecoder();
  for await (const bytes of child.stderr) {
    const text = decoder.decode(bytes, { stream: true });
    said += text;
    if (aloud) process.stderr.write(text);
  }
  const exitCode = await child.exited;
  return { exitCode, said, notRun: existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as NotRun) : null };
}

/** Of `12 pass`, `0 fail` at the end of what each said, colours aside. */
function sumOf(all: readonly Ran[], what: "pass" | "fail"): number {
  return all.reduce((sum, { said }) => {
    const counts = [...Bun.stripANSI(said).matchAll(/^ *(\d+) (pass|fail)$/gm)].filter(([, , kind]) => kind === what);
    return sum + Number(counts.at(-1)?.[1] ?? 0);
  }, 0);
}

function lineOf(all: readonly Ran[]): string {
  const counts = new Map<NotRun[number][0], number>();
  for (const { notRun } of all) {
    if (notRun === null) return "A run did not come to its end: how many tests did not run is not known.";
    for (const [what, tests] of notRun) counts.set(what, (counts.get(what) ?? 0) + tests);
  }
  return notRunLine([...counts]);
}
