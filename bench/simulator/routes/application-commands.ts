/** https://discord.com/developers/docs/interactions/application-commands#endpoints */
import { apiError, type FieldError, formError } from "../api-error.ts";
import { checkCommand } from "../command-form.ts";
import { commandPayload } from "../payloads.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { commandsOf, listCommands, registerCommand, replaceCommands, updateCommand } from "../world/commands.ts";
import { type Command, found, type Guild, type Json } from "../world.ts";

/** 100 chat commands, 15 of each context menu: https://discord.com/developers/docs/interactions/application-commands#registering-a-command */
const MAX_BY_TYPE: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15, 4: 1 };
const LIMIT = { requests: 5, perMs: 20_000 } as const;

export const applicationCommandRoutes: readonly Route[] = ["", "/guilds/:guild"].flatMap((scope): Route[] => {
  const base = `/applications/:application${scope}/commands`;
  return [
    { method: "GET", path: base, auth: "bot", handle: list },
    { method: "POST", path: base, auth: "bot", limit: LIMIT, handle: create },
    { method: "PUT", path: base, auth: "bot", limit: LIMIT, handle: overwrite },
    { method: "GET", path: `${base}/:command`, auth: "bot", handle: (context) => ok(shown(context, one(context))) },
    { method: "PATCH", path: `${base}/:command`, auth: "bot", limit: LIMIT, handle: edit },
    { method: "DELETE", path: `${base}/:command`, auth: "bot", limit: LIMIT, handle: remove },
  ];
});

function list(context: Context) {
  return ok(listCommands(context.application, scopeOf(context)).map((command) => shown(context, command)));
}

function create(context: Context) {
  const guild = scopeOf(context);
  check([context.body], "");
  const same = listCommands(context.application, guild).some(
    (c) => c.name === context.body.name && c.type === Number(context.body.type ?? 1),
  );
  if (!same)
    checkCounts([...listCommands(context.application, guild).map((c) => c.type), Number(context.body.type ?? 1)]);
  const { command, isNew } = registerCommand(context.services.world, context.application, guild, context.body);
  return { status: isNew ? 201 : 200, body: commandPayload(command) };
}

function overwrite(context: Context) {
  const guild = scopeOf(context);
  const bodies = (context.list ?? []) as Json[];
  check(bodies, "list");
  checkCounts(bodies.map((body) => Number(body.type ?? 1)));
  const seen = new Set<string>();
  for (const [index, body] of bodies.entries()) {
    const key = `${Number(body.type ?? 1)}:${String(body.name)}`;
    if (seen.has(key)) {
      throw formError([
        {
          path: `${index}.name`,
          code: "APPLICATION_COMMANDS_DUPLICATE_NAME",
          message: "Application command names must be unique",
        },
      ]);
    }
    seen.add(key);
  }
  return ok(replaceCommands(context.services.world, context.application, guild, bodies).map(commandPayload));
}

function edit(context: Context) {
  const command = one(context);
  const errors: FieldError[] = [];
  checkCommand({ type: command.type, ...context.body }, "", errors, true);
  if (errors.length > 0) throw formError(errors);
  updateCommand(context.services.world, command, context.body);
  return ok(commandPayload(command));
}

function remove(context: Context) {
  commandsOf(context.application, scopeOf(context)).delete(one(context).id);
  return NO_CONTENT;
}

function one(context: Context): Command {
  const command = commandsOf(context.application, scopeOf(context)).get(context.params.command ?? "");
  return found(command?.applicationId === context.application.id ? command : undefined, 10063);
}

function scopeOf(context: Context): Guild | undefined {
  if (context.params.application !== context.application.id) throw apiError(20012);
  if (context.params.guild === undefined) return undefined;
  const guild = context.services.world.guilds.get(context.params.guild);
  if (!guild?.members.has(context.application.botId)) throw apiError(50001);
  return guild;
}

/** Localisations are left out of lists unless they are asked for. */
function shown(context: Context, command: Command): Json {
  const payload = commandPayload(command);
  if (context.query.get("with_localizations") === "true" || context.params.command !== undefined) return payload;
  const { name_localizations: _names, description_localizations: _descriptions, ...rest } = payload;
  return rest;
}

function check(bodies: readonly Json[], path: "" | "list"): void {
  const errors: FieldError[] = [];
  for (const [index, body] of bodies.entries()) checkCommand(body, path === "list" ? String(index) : "", errors);
  if (errors.length > 0) throw formError(errors);
}

function checkCounts(types: readonly number[]): void {
  for (const [type, max] of Object.entries(MAX_BY_TYPE)) {
    if (types.filter((t) => t === Number(type)).length > max) throw apiError(30032);
  }
}
