/** `gatehouse check --guild ID`: asks the server's check set, says what passes and what broke; exit code 1 where something fails. */
import { Command } from "commander";
import type { GuildId } from "../../src/ids.ts";
import { runChecks } from "../../src/learning.ts";
import { ExitError } from "./exit.ts";
import { readGuildId, withServices } from "./run.ts";

export function checkCommand(): Command {
  return new Command("check")
    .requiredOption("--guild <id>", "whose check set", readGuildId)
    .action(async ({ guild }: { guild: GuildId }) => {
      await withServices(async (services) => {
        const results = await runChecks(guild, services);
        if (results.length === 0) {
          process.stderr.write(
            "This server has no check set yet: add questions to it on the dashboard, under Open questions.\n",
          );
          return;
        }
        for (const { question, expected, found, passed, broke } of results) {
          const state = passed ? "passes" : broke ? "BROKE " : "fails ";
          process.stdout.write(
            `${state}  ${question}${passed ? "" : `\n        should find "${expected}", finds "${found}"`}\n`,
          );
        }
        const failed = results.filter(({ passed }) => !passed).length;
        process.stdout.write(`${results.length - failed} of ${results.length} pass\n`);
        if (failed > 0) throw new ExitError(1, `${failed} of ${results.length} checks fail.`);
      });
    });
}
