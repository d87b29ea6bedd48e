/**
 * Mutation testing of the pure cores: `bun run mutate [CORE or FILE…] [--survivors]`. Stryker makes one small change at a time to a
 * core's files and runs the tests beside it; a change that no test notices has survived. Prints a table and exits 1 where the
 * whole is below the goal.
 *
 * Stryker runs on Bun, by its command runner: each mutant is a run of `bun test --bail` over the files that `CORES` names, so
 * those take a second at most. It rewrites tsconfig.json with an API that TypeScript 7 no longer has: it is pointed past it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { CORES, type Core } from "./cores.ts";

const ROOT = join(import.meta.dir, "../..");
const STRYKER = join(import.meta.dir, "node_modules/@stryker-mutator/core/bin/stryker.js");
const GOAL = 0.85;
/** A run that is slow for the machine is none that hangs. */
const HUNG_MS = 20_000;

/** No test of a core takes longer, also where other work has nearly all of the machine. */
const TEST_MS_MAX = 600_000;

/** The part of mutation-testing-elements' report that is read. */
type Report = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
};
type Mutant = {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
};
type Place = { readonly line: number; readonly column: number };
/** `hung`: how many of those killed ran until they were stopped. */
type Counted = {
  readonly name: string;
  readonly killed: number;
  readonly hung: number;
  readonly survived: readonly string[];
};

if (import.meta.main) await main();

async function main(): Promise<void> {
  await new Command("mutate")
    .description("Changes the pure cores one place at a time, and says which changes no test notices.")
    .argument(
      "[cores...]",
      `any of: ${Object.keys(CORES).join(", ")}, or files of theirs, also as FILE:10-40; all without one`,
    )
    .option("--survivors", "list the changes that survived")
    .addOption(new Option("--concurrency <n>", "test runs at a time").default("1"))
    .action(async (names: string[], { survivors, concurrency }: { survivors?: true; concurrency: string }) => {
      const wanted = chosen(names);
      await install();
      const counted: Counted[] = [];
      for (const [name, core] of wanted) {
        const one = await mutate(name, core, concurrency);
        process.stdout.write(`${line(one)}\n`);
        if (survivors) for (const change of one.survived) process.stdout.write(`    ${change}\n`);
        counted.push(one);
      }
      const all = {
        name: "all",
        killed: counted.reduce((sum, { killed }) => sum + killed, 0),
        hung: counted.reduce((sum, { hung }) => sum + hung, 0),
        survived: counted.flatMap(({ survived }) => survived),
      };
      process.stdout.write(`${line(all)}, goal ${GOAL * 100} %\n`);
      if (score(all) < GOAL) process.exitCode = 1;
    })
    .parseAsync();
}

/** The cores named, whole or by some of their files; all of them where none is named. Throws on a name that is neither. */
function chosen(names: readonly string[]): readonly (readonly [string, Core])[] {
  const all = Object.entries(CORES);
  const known = new Set(all.flatMap(([name, { files }]) => [name, ...files]));
  const unknown = names.filter((name) => !known.has(fileOf(name)));
  if (unknown.length > 0) throw new Error(`no core or file of one: ${unknown.join(", ")}`);
  return all.flatMap(([name, core]) => {
    if (names.length === 0 || names.includes(name)) return [[name, core] as const];
    const files = names.filter((file) => core.files.includes(fileOf(file)));
    return files.length === 0 ? [] : [[name, { ...core, files }] as const];
  });
}

/** `FILE:10-40`: those lines of it. */
function fileOf(name: string): string {
  return name.replace(/:\d+-\d+$/, "");
}

async function install(): Promise<void> {
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: import.meta.dir,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if ((await child.exited) !== 0) throw new Error("Stryker could not be installed");
}

/** Throws where Stryker could not measure, and that is where a test fails without any change. */
async function mutate(name: string, { files, tests }: Core, concurrency: string): Promise<Counted> {
  const folder = await mkdtemp(join(tmpdir(), "gatehouse-mutation-"));
  try {
    const config = join(folder, "stryker.json");
    const report = join(folder, "report.json");
    const options = {
      ...{ mutate: files, testRunner: "command", checkers: [], plugins: [], concurrency: Number(concurrency) },
      timeoutMS: HUNG_MS,
      // What hangs is stopped by Stryker, who knows how long the tests take on this machine.
      commandRunner: { command: `exec "${process.execPath}" test --bail --timeout ${TEST_MS_MAX} ${tests.join(" ")}` },
      ...{ tsconfigFile: "none.json", coverageAnalysis: "off", disableTypeChecks: false },
      ...{ reporters: ["json"], jsonReporter: { fileName: report }, logLevel: "error" },
      ignorePatterns: [
        "**",
        ...["src", "shards", "web", "test", "drizzle", "bench"].map((room) => `!${room}/**`),
      ].concat("!package.json", "!bunfig.toml", "bench/peers", "bench/mutation"),
      tempDirName: ".stryker-tmp",
    };
    await Bun.write(config, JSON.stringify(options));
    const child = Bun.spawn([process.execPath, "--bun", STRYKER, "run", config], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = await new Response(child.stdout).text();
    if ((await child.exited) !== 0) throw new Error(`${name}: Stryker could not measure\n${said.slice(-4_000)}`);
    return { name, ...count((await Bun.file(report).json()) as Report) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Somebody notices what hangs: it counts as killed, and is told. */
function count(report: Report): Omit<Counted, "name"> {
  let killed = 0;
  let hung = 0;
  const survived: string[] = [];
  for (const [path, { source, mutants }] of Object.entries(report.files)) {
    for (const { status, mutatorName, replacement, location } of mutants) {
      if (status === "Killed" || status === "Timeout") killed++;
      if (status === "Timeout") hung++;
      if (status === "Survived" || status === "NoCoverage") {
        const { start, end } = location;
        const was = source
          .split("\n")
          [start.line - 1]?.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
        survived.push(`${path}:${start.line}:${start.column} ${mutatorName}: ${was} → ${replacement ?? ""}`);
      }
    }
  }
  return { killed, hung, survived };
}

function score({ killed, survived }: Counted): number {
  return killed / Math.max(1, killed + survived.length);
}

function line(counted: Counted): string {
  const { name, killed, hung, survived } = counted;
  const share = `${name}: ${(score(counted) * 100).toFixed(1)} % of ${killed + survived.length} changes noticed`;
  return hung === 0 ? share : `${share}, ${hung} of them since they hang`;
}
