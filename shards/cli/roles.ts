/** The commands that stay until a signal. What a role is made of is loaded once its options and its configuration are right. */
import { Command } from "commander";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import type { Roles, StartWeb } from "../process.ts";
import { EXIT, ExitError } from "./exit.ts";
import { welcome } from "./welcome.ts";

/** Signals closer together are one wish: a Ctrl-C comes from the terminal, and once more from npm. */
const ONE_WISH_MS_MAX = 1_000;

/** `gatehouse all | gateway | web | jobs`: until SIGTERM or SIGINT. */
export function rolesCommand(name: string, wanted: Roles, loadStartWeb: () => Promise<StartWeb>): Command {
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
    const [{ startProcess }, startWeb] = await Promise.all([import("../process.ts"), loadStartWeb()]);
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
    const { TOKEN_REFUSED } = await import("../../src/bots/introduce.ts");
    throw new ExitError(ended === TOKEN_REFUSED ? EXIT.wrongConfiguration : 1, ended);
  });
}

/** Settles with null at the first SIGTERM or SIGINT; one that comes more than a second later ends the process at once. */
export function stopAsked(): Promise<null> {
  return new Promise((resolve) => {
    let askedAtMs: number | null = null;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        const nowMs = systemClock.now();
        if (askedAtMs !== null && nowMs - askedAtMs > ONE_WISH_MS_MAX) process.exit(130);
        askedAtMs ??= nowMs;
        resolve(null);
      });
    }
  });
}
