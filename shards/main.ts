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
import { startWeb } from "../web/server.ts";
import { accountCommand } from "./cli/account.ts";
import { askCommand } from "./cli/ask.ts";
import { backupCommand, restoreCommand } from "./cli/backup.ts";
import { checkCommand } from "./cli/check.ts";
import { demoCommand } from "./cli/demo.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { dossierCommand } from "./cli/dossier.ts";
import { knowledgeCommand } from "./cli/knowledge.ts";
import { migrateCommand } from "./cli/migrate.ts";
import { moderationCommand } from "./cli/moderation.ts";
import { privacyCommand } from "./cli/privacy.ts";
import { probeCommand } from "./cli/probe.ts";
import { rotateKeyCommand } from "./cli/rotate-key.ts";
import { EXIT, ExitError, rolesCommand } from "./cli/run.ts";
import { settingsCommand } from "./cli/settings.ts";

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

for (const [name, description, roles] of [
  ["all", "the gateway, its workers, the dashboard and background work", { gateway: true, web: true, jobs: true }],
  ["gateway", "only the gateway and its workers", { gateway: true, web: false, jobs: false }],
  ["web", "the dashboard, the interactions endpoint and background work", { gateway: false, web: true, jobs: true }],
  ["jobs", "only background work: imports, crawls, schedules", { gateway: false, web: false, jobs: true }],
] as const) {
  program.addCommand(rolesCommand(name, description, roles, startWeb));
}
for (const command of [
  demoCommand(startWeb),
  migrateCommand(),
  backupCommand(),
  restoreCommand(),
  knowledgeCommand(),
  settingsCommand(),
  rotateKeyCommand(),
  askCommand(),
  checkCommand(),
  probeCommand(),
  doctorCommand(),
  accountCommand(),
  moderationCommand(),
  privacyCommand(),
  dossierCommand(),
]) {
  program.addCommand(command);
}
for (const command of program.commands) inherit(command);

try {
  // Without a command it is `all`; a default command would take a misspelt one for its argument.
  await program.parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "all"]);
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
