/**
 * A bot's Discord as a worker sees it: every call is done by the main thread, which holds the one REST of that token.
 * The main thread serves it as port `discordPort(application)`.
 */
import { type Discord, discordPort } from "../discord.ts";
import type { ApplicationId } from "../ids.ts";
import { type Call, remote } from "../worker-door.ts";

export function createThreadDiscord(application: ApplicationId, call: Call): Discord {
  const port = remote<Omit<Discord, "application">>(call, discordPort(application));
  return {
    application,
    messages: port.messages,
    interactions: port.interactions,
    members: port.members,
    channels: port.channels,
    directory: port.directory,
  };
}
