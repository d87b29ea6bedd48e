/**
 * The bench's command line: `bun run bench SUITE… [--quick] [--json FILE]`. Progress on stderr while a suite runs, a table
 * on stdout at the end. Suites are the files in `bench/suites`. Exits 0 when everything could be measured, goals met or not;
 * 1 when a suite could not, 2 when it was called wrongly.
 * `bun run bench report FILE…` makes a page of what `--json` wrote.
 */
import { access, constants, mkdir, readdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { Command, type CommanderError, InvalidArgumentError } from "commander";
import { readable } from "./figure.ts";
import { reportCommand } from "./report/main.ts";
import type { Suite, SuiteJson, SuiteOptions, SuiteReport } from "./suite.ts";

const SUITES = join(import.meta.dir, "suites");

type Flags = {
  readonly quick?: true;
  readonly json?: string;
  readonly data?: string[];
  readonly seed: number;
  readonly set?: string[];
  readonly minutes?: number;
};

const WRONG_CALL = 2;

/** When progress was last shown. */
let shownAtMs = Number.NEGATIVE_INFINITY;

if (import.meta.main) {
  await main(process.argv);
  // A suite that was interrupted has cleaned up, but its timers may still run.
  process.exit(process.exitCode ?? 0);
}

async function main(argv: readonly string[]): Promise<void> {
  const names = await suiteNames();
  await new Command("bench")
    .description("Measures what the system reaches.")
    .argument("[suites...]", `any of: ${names.join(", ")}; or "all"`)
    .option("--quick", "fewer rounds, less data")
    .option("--json <file>", 'write the figures; one suite gives an object, several a list; "-" is stdout')
    .option("--data <path...>", "your own data in place of the shared one (retrieval: a BEIR-style folder)")
    .option("--seed <n>", "the same seed gives the same load", wholeNumber, 1)
    .option("--set <name=value...>", "what only one suite knows; its description says which")
    .option("--minutes <n>", "how long the soak lasts; short for --set minutes=N", wholeNumber)
    .addHelpText("after", argv.some((a) => a === "--help" || a === "-h") ? await describeAll(names) : "")
    .action((suites: string[], flags: Flags) => runSuites(suites, names, flags))
    .addCommand(reportCommand())
    .exitOverride((error: CommanderError) => process.exit(error.exitCode === 0 ? 0 : WRONG_CALL))
    .parseAsync([...argv]);
}

async function runSuites(asked: readonly string[], names: readonly string[], flags: Flags): Promise<void> {
  const wanted = asked.includes("all") ? names : [...new Set(asked)];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (wanted.length === 0 || unknown.length > 0) {
    const why = unknown.length > 0 ? `unknown suite: ${unknown.join(", ")}` : "name a suite";
    process.stderr.write(`bench: ${why}; there are: ${names.join(", ")}\n`);
    process.exitCode = WRONG_CALL;
    return;
  }
  const problem = await unwritable(flags.json);
  if (problem !== undefined) {
    process.stderr.write(`bench: --json ${flags.json}: ${problem}\n`);
    process.exitCode = WRONG_CALL;
    return;
  }

  const reports: SuiteJson[] = [];
  for (const name of wanted) {
    const started = performance.now();
    try {
      const suite = await loadSuite(name);
      const report = await suite.run(suiteOptions(name, flags));
      reports.push({ suite: name, commit: commit(), machine: machine(), ...report });
      clearProgress();
      if (flags.json !== "-") process.stdout.write(table(name, report, (performance.now() - started) / 1_000));
    } catch (error) {
      clearProgress();
      process.stderr.write(`bench: ${name} could not measure: ${told(error)}\n`);
      process.exitCode = 1;
    }
  }
  if (flags.json === undefined || reports.length === 0) return;
  const json = `${JSON.stringify(wanted.length === 1 ? reports[0] : reports, null, 2)}\n`;
  if (flags.json === "-") process.stdout.write(json);
  else await writeFile(flags.json, json);
}

/** Why there can be no such file: found out before minutes of measuring, not after. */
async function unwritable(file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === "-") return undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
    return undefined;
  } catch (error) {
    return told(error);
  }
}

/** What the system refused needs no stack; a bug does. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? error.message : (error.stack ?? error.message);
}

async function suiteNames(): Promise<readonly string[]> {
  const files = await readdir(SUITES);
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}

async function loadSuite(name: string): Promise<Suite> {
  const module = (await import(join(SUITES, `${name}.ts`))) as { readonly suite?: Suite };
  if (module.suite === undefined) throw new Error(`bench/suites/${name}.ts does not export "suite"`);
  return module.suite;
}

function suiteOptions(name: string, flags: Flags): SuiteOptions {
  const set = (flags.set ?? []).map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [pair, "true"] : [pair.slice(0, at), pair.slice(at + 1)];
  });
  return {
    quick: flags.quick === true,
    data: flags.data ?? [],
    seed: flags.seed,
    set: {
      ...(Object.fromEntries(set) as Record<string, string>),
      ...(flags.minutes === undefined ? {} : { minutes: String(flags.minutes) }),
    },
    progress: (what, share) => showProgress(name, what, share),
  };
}

/** On a terminal one line that changes; elsewhere a line every two seconds, so that a log stays readable. */
function showProgress(suite: string, what: string, share: number | undefined): void {
  const text = `${suite}: ${what}${share === undefined ? "" : ` ${Math.round(share * 100)} %`}`;
  const now = performance.now();
  if (process.stderr.isTTY) {
    if (now - shownAtMs < 50 && share !== 1) return;
    process.stderr.write(`\r\x1b[K${text}`);
  } else {
    if (now - shownAtMs < 2_000) return;
    process.stderr.write(`${text}\n`);
  }
  shownAtMs = now;
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  shownAtMs = Number.NEGATIVE_INFINITY;
}

function table(name: string, report: SuiteReport, seconds: number): string {
  const rows = report.results.map((r) => [
    r.name,
    readable(r.value),
    r.unit,
    r.runs > 1 ? `${readable(r.min)} … ${readable(r.max)} of ${r.runs}` : "",
  ]);
  const goals = report.goals.map((g) => [g.name, readable(g.value), g.goal, g.met ? "met" : "MISSED"]);
  const met = report.goals.filter((g) => g.met).length;
  const parts = [`\n${name} (${seconds.toFixed(1)} s)\n`, aligned(rows)];
  if (goals.length > 0) parts.push(`\n  goals: ${met} of ${goals.length} met\n`, aligned(goals));
  return parts.join("");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map(([a = "", b = "", c = "", d = ""]) =>
      `  ${a.padEnd(widths[0] ?? 0)}  ${b.padStart(widths[1] ?? 0)}  ${c.padEnd(widths[2] ?? 0)}  ${d}`.trimEnd(),
    )
    .join("\n")
    .concat("\n");
}

async function describeAll(names: readonly string[]): Promise<string> {
  const lines = await Promise.all(names.map(async (name) => `  ${name}  ${(await loadSuite(name)).description}`));
  return `\nSuites:\n${lines.join("\n")}`;
}

function commit(): string {
  const run = (...args: string[]) =>
    Bun.spawnSync(["git", ...args], { cwd: import.meta.dir })
      .stdout.toString()
      .trim();
  return `${run("rev-parse", "--short=12", "HEAD")}${run("status", "--porcelain", "-uno") === "" ? "" : "+changes"}`;
}

function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown CPU"}, ${gib} GiB, ${process.platform}-${process.arch}, bun ${Bun.version}`;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError("must be a whole number from 0");
  return number;
}
