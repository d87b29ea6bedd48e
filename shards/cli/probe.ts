/** `gatehouse probe NAME < cases.jsonl > results.jsonl`: one stage, on anybody's data. */
import { Argument, Command } from "commander";
import { probeNames, runProbe } from "../../src/probe.ts";

export function probeCommand(): Command {
  return new Command("probe")
    .addArgument(new Argument("<name>", "the stage").choices(probeNames()))
    .argument("[arguments...]", "the probe's own options, such as --corpus FILE")
    .allowUnknownOption()
    .addHelpText("after", "\nExample:\n  gatehouse probe retrieve --corpus corpus.jsonl < queries.jsonl > ranked.jsonl")
    .action(async (name: string, args: readonly string[]) => {
      const done = await runProbe(name, { input: Bun.stdin.stream(), output: process.stdout, args });
      process.stderr.write(`${done.rows} lines, ${done.errors} with an error\n`);
    });
}
