#!/usr/bin/env bun
/**
 * `gatehouse`: the command line. Results on stdout, logs on stderr, `--help` everywhere.
 *
 * Exit codes: 0 done · 1 it failed · 64 wrong use · 69 something needed is out of reach · 78 wrong configuration.
 */
import { Command, CommanderError } from "commander";
import metadata from "../package.json" with { type: "json" };
import { ConfigError } from "../src/config.ts";
import { AppError } from "../src/errors.ts";
import { listCommands } from "./cli/commands.ts";
import { EXIT, ExitError } from "./cli/exit.ts";

const program = new Command("gatehouse")
  .description(metadata.description)
  .version(metadata.version)
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    "after",
    `
Without a command it is "all". Variables are described in .env.example.
A server's id, for --guild: in Discord switch on Settings → Advanced → Developer Mode, right-click the server, Copy Server ID.
Results go to stdout, the log to stderr (LOG_LEVEL, LOG_FORMAT=text|json).
Exit codes: 0 done · 1 it failed · 64 wrong use · 69 out of reach · 78 wrong configuration.

Try it without a Discord:  gatehouse demo`,
  )
  .showHelpAfterError("(see: gatehouse --help)")
  .exitOverride();

const given = process.argv.slice(2);
// Without a command it is `all`; a default command would take a misspelt one for its argument.
const args = given.length > 0 ? given : ["all"];
const named = args[0] === "help" ? args[1] : args[0];
for (const [usage, description, load] of listCommands(async () => (await import("../web/server.ts")).startWeb)) {
  const [name = "", ...parameters] = usage.split(" ");
  const command = name === named ? await load(name) : new Command(name);
  if (name !== named) for (const parameter of parameters) command.argument(parameter);
  program.addCommand(command.description(description));
}
for (const command of program.commands) inherit(command);

try {
  await program.parseAsync(args, { from: "user" });
  // Pools and timers of a finished command must not hold the process.
  process.exit(process.exitCode ?? 0);
} catch (error) {
  process.exit(report(error));
}

/** Subcommands of subcommands throw like the program does, so that one place turns errors into exit codes. */
function inherit(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError(`(see: gatehouse ${pathOf(command)} --help)`);
  for (const child of command.commands) inherit(child);
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent === program ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function report(error: unknown): number {
  // Commander has printed what was wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof ExitError) {
    if (error.message !== "") process.stderr.write(`gatehouse: ${error.message}\n`);
    return error.code;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`gatehouse: ${error.message}\nAll variables are described in .env.example.\n`);
    return EXIT.wrongConfiguration;
  }
  if (error instanceof AppError) {
    process.stderr.write(`gatehouse: ${error.message}\n`);
    if (error.kind === "unauthorized") return EXIT.wrongConfiguration;
    return error.kind === "unavailable" || error.kind === "timeout" ? EXIT.outOfReach : 1;
  }
  process.stderr.write(`gatehouse: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
