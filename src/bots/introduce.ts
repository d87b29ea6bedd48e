/**
 * A bot introduces itself: who it is according to Discord, kept for the doctor and the interactions endpoint, and its
 * commands, told to Discord once for each form they take. Called once by a process that acts for the bot; nothing waits for it.
 */
import { registerCommands } from "../ask.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId } from "../ids.ts";
import type { Services } from "../services.ts";

export const TOKEN_REFUSED =
  "Discord refuses the bot's token. Copy a new one from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN.";

const WAIT_MS_MIN = 1_000;
const WAIT_MS_MAX = 30_000;

type Parts = Pick<Services, "bus" | "clock" | "config" | "discord" | "logger" | "store">;

/**
 * Tries until Discord and the store answer, but once only with a token that is refused: AppError `unauthorized`. A server that
 * does not know these routes is gone on with: what the configuration says must do then.
 */
export async function introduce(application: ApplicationId, services: Parts): Promise<void> {
  for (let waitMs = WAIT_MS_MIN; ; waitMs = Math.min(WAIT_MS_MAX, waitMs * 2)) {
    try {
      await keepFacts(application, services);
      await registerCommands(application, services);
      return;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind === "unauthorized") throw new AppError("unauthorized", TOKEN_REFUSED, { cause: error });
      services.logger.warn({ application, error, again: error.retryable }, "bot-unintroduced");
      if (!error.retryable) return;
      await services.clock.sleep(waitMs);
    }
  }
}

async function keepFacts(application: ApplicationId, { bus, config, discord, logger, store }: Parts): Promise<void> {
  const about = await discord(application)
    .directory.about()
    .catch((error: unknown) => {
      if (error instanceof AppError && !error.retryable && error.kind !== "unauthorized") return null;
      throw error;
    });
  const known = await store.bots.get(application);
  await store.bots.save({
    application,
    shared: true,
    guild: null,
    publicKey: about?.publicKey ?? config.discord.publicKey ?? known?.publicKey ?? "",
    tokenSealed: null,
    name: about?.name ?? known?.name ?? application,
    commandsHash: known?.commandsHash ?? null,
    commandsRefused: known?.commandsRefused ?? null,
  });
  // The endpoint of another process may be waiting for the key.
  await bus.publish({ type: "bots-changed", application }).catch((error: unknown) => {
    logger.debug({ application, error }, "news-unpublished");
  });
}
