/** The commands of `gatehouse`, in the order of its help. */
import type { Command } from "commander";
import type { Roles, StartWeb } from "../process.ts";

/** The commands that `--help` lists. A command's module is loaded once it is named, so that help does not wait for all of them. */
export type Listed = readonly [usage: string, description: string, load: (name: string) => Promise<Command>];

/** `loadStartWeb` comes from main.ts: shards/ does not import web/. */
export function listCommands(loadStartWeb: () => Promise<StartWeb>): readonly Listed[] {
  const role =
    (roles: Roles): Listed[2] =>
    async (name) =>
      (await import("./roles.ts")).rolesCommand(name, roles, loadStartWeb);
  return [
    [
      "all",
      "the gateway, its workers, the dashboard and background work",
      role({ gateway: true, web: true, jobs: true }),
    ],
    ["gateway", "only the gateway and its workers", role({ gateway: true, web: false, jobs: false })],
    [
      "web",
      "the dashboard, the interactions endpoint and background work",
      role({ gateway: false, web: true, jobs: true }),
    ],
    ["jobs", "only background work: imports, crawls, schedules", role({ gateway: false, web: false, jobs: true })],
    [
      "demo",
      "try everything: a simulated Discord community, a knowledge base, the bot and the dashboard",
      async () => {
        const [{ demoCommand }, startWeb] = await Promise.all([import("./demo.ts"), loadStartWeb()]);
        return demoCommand(startWeb);
      },
    ],
    [
      "migrate",
      "bring the database to this version's schema",
      async () => (await import("./migrate.ts")).migrateCommand(),
    ],
    [
      "backup <file>",
      "write the whole database to a file, in one snapshot, while everything runs",
      async () => (await import("./backup.ts")).backupCommand(),
    ],
    [
      "restore <file>",
      "read a backup into an empty database; with a new GATEHOUSE_KEY in front of the old one, rotate-key follows",
      async () => (await import("./backup.ts")).restoreCommand(),
    ],
    [
      "knowledge",
      "fill and look at a server's knowledge base",
      async () => (await import("./knowledge.ts")).knowledgeCommand(),
    ],
    [
      "settings",
      "export, compare and import a server's settings as a YAML file",
      async () => (await import("./settings.ts")).settingsCommand(),
    ],
    [
      "rotate-key",
      "seal every bot's token anew with the newest key; run it after putting a new key in front of GATEHOUSE_KEY",
      async () => (await import("./rotate-key.ts")).rotateKeyCommand(),
    ],
    [
      "ask <question>",
      "answer a question from a server's knowledge base, on the terminal",
      async () => (await import("./ask.ts")).askCommand(),
    ],
    [
      "check",
      "ask a server's own questions and say which no longer find their answer",
      async () => (await import("./check.ts")).checkCommand(),
    ],
    [
      "probe <name> [arguments...]",
      "run one stage over JSON lines: a line out for each line in, in order; a bad line gives {error} in its place",
      async () => (await import("./probe.ts")).probeCommand(),
    ],
    ["doctor", "say what is wrong, and what to do about it", async () => (await import("./doctor.ts")).doctorCommand()],
    [
      "account",
      "accounts, their plans, and which server belongs to whom",
      async () => (await import("./account.ts")).accountCommand(),
    ],
    [
      "moderation",
      "check the log's chain, or rehearse the rules over the past",
      async () => (await import("./moderation.ts")).moderationCommand(),
    ],
    [
      "privacy",
      "export, forget or look for what is kept about a person",
      async () => (await import("./privacy.ts")).privacyCommand(),
    ],
    [
      "dossier",
      "print what Discord's review of privileged intents asks for, from the settings in force",
      async () => (await import("./dossier.ts")).dossierCommand(),
    ],
  ];
}
