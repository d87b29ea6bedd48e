/** Tells Discord of the commands, once per application and again only when they say something new. */
import { AppError } from "../errors.ts";
import type { ApplicationId } from "../ids.ts";
import type { Services } from "../services.ts";
import { commands, commandsHash } from "./commands.ts";

/** Throws what Discord and the store throw; why Discord refused them is kept, for the doctor. */
export async function registerCommands(
  application: ApplicationId,
  services: Pick<Services, "store" | "discord" | "logger">,
): Promise<"registered" | "known"> {
  const hash = commandsHash();
  const bot = await services.store.bots.get(application);
  if (bot?.commandsHash === hash) return "known";
  try {
    await services.discord(application).interactions.register(commands);
  } catch (error) {
    // Retry passing failures; report a refused token as such.
    if (error instanceof AppError && !error.retryable && error.kind !== "unauthorized")
      await services.store.bots.setCommandsRefused(application, error.message);
    throw error;
  }
  await services.store.bots.setCommandsHash(application, hash);
  services.logger.info({ application }, "commands-registered");
  return "registered";
}
