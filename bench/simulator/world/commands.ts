/** Registered application commands, of the application (global) or of one guild. */
import type { Application, Command, Guild, Id, Json, World } from "../world.ts";

/** What Discord fills in where a command leaves it out. */
const DEFAULTS = {
  default_member_permissions: null,
  name_localizations: null,
  description: "",
  description_localizations: null,
  dm_permission: true,
  contexts: null,
  integration_types: [0],
  nsfw: false,
} as const satisfies Json;

export function registerCommand(
  world: World,
  application: Application,
  guild: Guild | undefined,
  body: Json,
): { readonly command: Command; readonly isNew: boolean } {
  const commands = commandsOf(application, guild);
  const type = Number(body.type ?? 1);
  const same = [...commands.values()].find(
    (c) => c.name === body.name && c.type === type && c.applicationId === application.id,
  );
  const { type: _type, ...rest } = body;
  const command: Command = {
    id: same?.id ?? world.ids.next(),
    applicationId: application.id,
    guildId: guild?.id,
    type,
    name: String(body.name),
    body: { ...DEFAULTS, ...rest },
    version: world.ids.next(),
  };
  commands.set(command.id, command);
  return { command, isNew: same === undefined };
}

export function updateCommand(world: World, command: Command, changes: Json): void {
  command.body = { ...command.body, ...changes };
  if (typeof changes.name === "string") command.name = changes.name;
  command.version = world.ids.next();
}

/** Only this application's: a guild holds the commands of all its bots. */
export function listCommands(application: Application, guild: Guild | undefined): Command[] {
  return [...commandsOf(application, guild).values()].filter((command) => command.applicationId === application.id);
}

export function replaceCommands(
  world: World,
  application: Application,
  guild: Guild | undefined,
  bodies: readonly Json[],
): Command[] {
  const kept = bodies.map((body) => registerCommand(world, application, guild, body).command);
  const ids = new Set(kept.map((command) => command.id));
  for (const command of listCommands(application, guild))
    if (!ids.has(command.id)) commandsOf(application, guild).delete(command.id);
  return kept;
}

/** The command a member means by its name: the guild's own one before the global one. */
export function findCommand(
  application: Application,
  guild: Guild | undefined,
  name: string,
  type: number,
): Command | undefined {
  const all = [...(guild ? listCommands(application, guild) : []), ...listCommands(application, undefined)];
  return all.find((command) => command.name === name && command.type === type);
}

export function commandsOf(application: Application, guild: Guild | undefined): Map<Id, Command> {
  return guild ? guild.commands : application.commands;
}
