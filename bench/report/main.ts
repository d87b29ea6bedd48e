/**
 * `bun run bench report FILE… [--against FILE…] [--out FILE]`: one page of what `--json` wrote, and on the terminal what
 * changed beyond noise. Also run by itself: `bun bench/report/main.ts FILE…`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { withUnit } from "../figure.ts";
import { type ComparedSuite, compareSuites } from "./compare.ts";
import { reportPage } from "./page.ts";
import { readReports } from "./read.ts";
import { changeText } from "./wording.ts";

const OUT = join(import.meta.dir, "out/report.html");

type Flags = { readonly against?: readonly string[]; readonly out: string };

export function reportCommand(): Command {
  return new Command("report")
    .description("one self-contained page of what --json wrote")
    .argument("<files...>", "what `bun run bench --json` wrote")
    .option("--against <files...>", "an earlier run: says what got slower beyond noise")
    .option("--out <file>", "where the page goes", OUT)
    .action(async (files: string[], flags: Flags) => {
      try {
        const suites = compareSuites(await readReports(files), await readReports(flags.against ?? []));
        await mkdir(dirname(flags.out), { recursive: true });
        await writeFile(flags.out, reportPage(suites, new Date()));
        process.stdout.write(`${summary(suites)}${flags.out}\n`);
      } catch (error) {
        process.stderr.write(`bench report: ${error instanceof Error ? error.message : error}\n`);
        process.exitCode = 1;
      }
    });
}

function summary(suites: readonly ComparedSuite[]): string {
  const lines = suites.flatMap(({ suite, results, goals, otherMachine }) => [
    ...(otherMachine ? [`${suite}: measured on another machine before`] : []),
    ...goals
      .filter(({ change }) => change !== "kept")
      .map(({ goal, change }) => `${suite}: ${goal.name}: goal ${change}`),
    ...results
      .filter(({ change }) => change === "worse" || change === "better")
      .map((row) => {
        const [now, before] = [row.now, row.before].map((side) => (side ? withUnit(side.value, side.unit) : ""));
        return `${suite}: ${row.now?.name}: ${before} → ${now} (${changeText(row)})`;
      }),
  ]);
  const goals = suites.flatMap((suite) => suite.goals);
  const met = goals.filter(({ goal }) => goal.met).length;
  return `${[...lines, `goals: ${met} of ${goals.length} met`].join("\n")}\n`;
}

if (import.meta.main) await reportCommand().parseAsync(process.argv);
