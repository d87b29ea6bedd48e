/** Tells Discord of the commands, once per application and again only when they say something new. */
import type { ApplicationId } from "../ids.ts";
import type { Services } from "../services.ts";
import { commands, commandsHash } from "./commands.ts";

/** Throws what Discord and the store throw. */
export async function registerCommands(
  application: ApplicationId,
  services: Pick<Services, "store" | "discord" | "logger">,
): Promise<"registered" | "known"> {
  const hash = commandsHash();
  const bot = await services.store.bots.get(application);
  if (bot?.commandsHash === hash) return "known";
  await services.discord(application).interactions.register(commands);
  await services.store.bots.setCommandsHash(application, hash);
  services.logger.info({ application }, "commands-registered");
  return "registered";
}
