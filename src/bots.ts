/**
 * A bot introduces itself: who it is according to Discord, kept for the doctor and the interactions endpoint, and its
 * commands, told to Discord once for each form they take. Called once by a process that acts for the bot.
 */
import { registerCommands } from "./ask.ts";
import { AppError } from "./errors.ts";
import type { ApplicationId } from "./message.ts";
import type { Services } from "./services.ts";
import type { BotRow } from "./store.ts";

export const TOKEN_REFUSED =
  "Discord refuses the bot's token. Copy a new one from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN.";

const WAIT_MS_MIN = 1_000;
const WAIT_MS_MAX = 30_000;

/** Asks until Discord answers, but once only with a token that it refuses: AppError `unauthorized`. */
export async function introduce(
  application: ApplicationId,
  services: Pick<Services, "clock" | "discord" | "logger" | "store">,
): Promise<BotRow> {
  const { clock, logger, store, discord } = services;
  for (let waitMs = WAIT_MS_MIN; ; waitMs = Math.min(WAIT_MS_MAX, waitMs * 2)) {
    try {
      const about = await discord(application).directory.about();
      const known = await store.bots.get(application);
      const bot: BotRow = {
        application,
        shared: true,
        publicKey: about.publicKey,
        tokenSealed: null,
        name: about.name,
        commandsHash: known?.commandsHash ?? null,
      };
      await store.bots.save(bot);
      await registerCommands(application, services);
      return bot;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind === "unauthorized") throw new AppError("unauthorized", TOKEN_REFUSED, { cause: error });
      logger.warn({ application, error, waitMs }, "bot-unintroduced");
      await clock.sleep(waitMs);
    }
  }
}
