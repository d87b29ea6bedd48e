/** `gatehouse migrate`: brings the database to this version's schema and says what it did. */
import { Command } from "commander";
import { withServices } from "./run.ts";

export function migrateCommand(): Command {
  return new Command("migrate").option("--json", "print one JSON line").action(async (options: { json?: true }) => {
    await withServices(async (_, applied) => {
      if (options.json) process.stdout.write(`${JSON.stringify({ applied })}\n`);
      else
        process.stdout.write(
          applied.length === 0 ? "The schema is up to date.\n" : applied.map((name) => `applied ${name}\n`).join(""),
        );
    });
  });
}
