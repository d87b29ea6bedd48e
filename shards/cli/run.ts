/** Shared by the commands: services that come and go, roles that stay until a signal, ids. */
import { Command, InvalidArgumentError } from "commander";
import { TOKEN_REFUSED } from "../../src/bots/introduce.ts";
import { loadCommandConfig, loadConfig } from "../../src/config.ts";
import type { GuildId } from "../../src/ids.ts";
import { createServices, type MainServices } from "../../src/services.ts";
import { migrated, type Roles, type StartWeb, startProcess } from "../process.ts";
import { EXIT, ExitError } from "./exit.ts";
import { welcome } from "./welcome.ts";

export function readGuildId(text: string): GuildId {
  if (!/^\d{15,20}$/.test(text)) {
    throw new InvalidArgumentError(
      "It must be a Discord server id: 15 to 20 digits (Developer Mode, right click, Copy Server ID).",
    );
  }
  return text as GuildId;
}

/** Each is a few seconds. */
const WAITS_MAX = 12;

/** A member is told to ask again while a large knowledge base is read. Whoever runs a command would rather wait, and see why. */
export async function readKnowledge(guild: GuildId, question: string, { knowledge }: MainServices): Promise<void> {
  for (let waits = 0; waits < WAITS_MAX; waits++) {
    const { loading } = await knowledge.retrieve(guild, question, 1);
    if (loading !== true) return;
    process.stderr.write("Reading the knowledge base …\n");
  }
}

/** For commands that end by themselves: services up, `work`, services down, also after an error. */
export async function withServices<T>(
  work: (services: MainServices, migrations: readonly string[]) => Promise<T>,
): Promise<T> {
  const services = await createServices(loadCommandConfig());
  try {
    const migrations = await migrated(services);
    return await work(services, migrations);
  } finally {
    await services.close();
  }
}

/** `gatehouse all | gateway | web | jobs`: until SIGTERM or SIGINT. */
export function rolesCommand(name: string, wanted: Roles, startWeb: StartWeb): Command {
  const command = new Command(name);
  if (wanted.web) command.option("--no-jobs", "leave background work to processes of the role jobs");
  return command.action(async (options: { readonly jobs?: boolean }) => {
    const roles = { ...wanted, jobs: wanted.jobs && options.jobs !== false };
    const config = loadConfig();
    if (roles.gateway && !roles.web && config.discord.token === null) {
      throw new ExitError(
        EXIT.wrongConfiguration,
        "A gateway needs a bot: set DISCORD_TOKEN (Developer Portal, Bot, Reset Token).",
      );
    }
    const running = await startProcess(config, roles, startWeb);
    const { logger } = running.services;
    const asked = stopAsked();
    if (roles.web) {
      const welcomed = welcome(running.web, running.services, (text) => process.stdout.write(text));
      await Promise.race([welcomed, asked]);
    }
    if (roles.gateway && config.discord.token === null) {
      logger.warn({}, "bot-absent: the dashboard runs alone; set DISCORD_TOKEN, or try `npm run demo`");
    }
    const ended = await Promise.race([asked, running.gatewayEnded]);
    if (ended === null || roles.web) {
      // With a dashboard the process stays useful, and the dashboard says what is wrong.
      if (ended !== null) {
        logger.error({ problem: ended }, "gateway-ended");
        await asked;
      }
      await running.stop();
      return;
    }
    await running.stop();
    throw new ExitError(ended === TOKEN_REFUSED ? EXIT.wrongConfiguration : 1, ended);
  });
}

/** Settles with null at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopAsked(): Promise<null> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(null);
      });
    }
  });
}
