/** What members do with commands, components and modals; part of actions.ts. */
import { InteractionType } from "discord-api-types/v10";
import { ApiError, apiError } from "./api-error.ts";
import { messagePayload } from "./message-payload.ts";
import { memberPayload, userPayload } from "./payloads.ts";
import { basePermissions } from "./permissions.ts";
import type { Services } from "./services.ts";
import { findCommand } from "./world/commands.ts";
import { createInteraction } from "./world/interactions.ts";
import {
  type Application,
  channelOf,
  found,
  type Id,
  type Interaction,
  type Json,
  messageOf,
  userOf,
} from "./world.ts";

export type RunCommand = {
  readonly userId: Id;
  readonly channelId: Id;
  readonly name: string;
  /** By name; what is no option of the command is refused. */
  readonly options?: Record<string, string | number | boolean>;
  /** For a context-menu command: the message or user it is used on. */
  readonly targetId?: Id;
  /** The first application with such a command unless told. */
  readonly applicationId?: Id;
};

export type InteractionActions = {
  readonly command: (run: RunCommand) => Promise<Interaction>;
  readonly component: (use: {
    readonly userId: Id;
    readonly channelId: Id;
    readonly messageId: Id;
    readonly customId: string;
    readonly values?: readonly string[];
  }) => Promise<Interaction>;
  /** Fills in the modal that an interaction was answered with. */
  readonly modal: (submit: {
    readonly userId: Id;
    readonly interactionId: Id;
    readonly fields: Record<string, string>;
  }) => Promise<Interaction>;
};

export function createInteractionActions(services: Services): InteractionActions {
  const { world } = services;

  return {
    async command(run) {
      const channel = channelOf(world, run.channelId);
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      const menuType = run.targetId === undefined ? 1 : channel.messages.has(run.targetId) ? 3 : 2;
      const applications =
        run.applicationId === undefined
          ? [...world.applications.values()]
          : [found(world.applications.get(run.applicationId), 10002)];
      const application = applications.find(
        (a) => (!guild || guild.members.has(a.botId)) && findCommand(a, guild, run.name, menuType),
      );
      const command = application && findCommand(application, guild, run.name, menuType);
      if (!application || !command)
        throw new ApiError(404, { code: 10063, message: `no command "${run.name}" is registered here` });
      const needed = command.body.default_member_permissions;
      const member = guild?.members.get(run.userId);
      if (guild && member && typeof needed === "string") {
        const bits = BigInt(needed);
        const own = basePermissions(guild, member, world.now());
        if ((own & bits) !== bits || (bits === 0n && guild.ownerId !== run.userId)) throw apiError(50013);
      }
      const interaction = createInteraction(world, {
        application,
        type: InteractionType.ApplicationCommand,
        user: userOf(world, run.userId),
        channel,
        data: {
          id: command.id,
          name: command.name,
          type: command.type,
          ...(command.guildId === undefined ? {} : { guild_id: command.guildId }),
          ...(run.targetId === undefined
            ? { options: optionsOf(command.body, run.options ?? {}) }
            : targetOf(run.channelId, run.targetId, menuType)),
        },
      });
      await services.interactions.deliver(interaction);
      return interaction;
    },

    async component(use) {
      const channel = channelOf(world, use.channelId);
      const message = messageOf(channel, use.messageId);
      const component = flatten(message.components).find((c) => c.custom_id === use.customId);
      if (!component) throw new ApiError(404, { code: 0, message: `message has no component "${use.customId}"` });
      if (component.disabled === true) throw new ApiError(400, { code: 0, message: "component is disabled" });
      if (message.ephemeralFor !== undefined && message.ephemeralFor !== use.userId) throw apiError(10008);
      const interaction = createInteraction(world, {
        application: found(applicationOf(message.authorId), 10002),
        type: InteractionType.MessageComponent,
        user: userOf(world, use.userId),
        channel,
        message,
        data: {
          id: component.id ?? 1,
          custom_id: use.customId,
          component_type: component.type,
          ...(use.values ? { values: use.values } : {}),
        },
      });
      await services.interactions.deliver(interaction);
      return interaction;
    },

    async modal(submit) {
      const opened = found(world.interactions.get(submit.interactionId), 10062);
      const data = (opened.response?.type === 9 ? opened.response.data : undefined) as Json | undefined;
      if (!data) throw new ApiError(400, { code: 0, message: "that interaction was not answered with a modal" });
      const channel = channelOf(world, opened.channelId);
      const interaction = createInteraction(world, {
        application: found(world.applications.get(opened.applicationId), 10002),
        type: InteractionType.ModalSubmit,
        user: userOf(world, submit.userId),
        channel,
        message: channel.messages.get(opened.messageId ?? ""),
        data: { custom_id: data.custom_id, components: filled((data.components ?? []) as Json[], submit.fields) },
      });
      await services.interactions.deliver(interaction);
      return interaction;
    },
  };

  function applicationOf(botId: Id): Application | undefined {
    return [...world.applications.values()].find((application) => application.botId === botId);
  }

  function targetOf(channelId: Id, targetId: Id, menuType: number): Json {
    const channel = channelOf(world, channelId);
    if (menuType === 3) {
      return {
        target_id: targetId,
        resolved: { messages: { [targetId]: messagePayload(world, messageOf(channel, targetId)) } },
      };
    }
    const member = world.guilds.get(channel.guildId ?? "")?.members.get(targetId);
    return {
      target_id: targetId,
      resolved: {
        users: { [targetId]: userPayload(userOf(world, targetId)) },
        ...(member ? { members: { [targetId]: memberPayload(world, member) } } : {}),
      },
    };
  }
}

function optionsOf(body: Json, given: Record<string, string | number | boolean>): Json[] {
  const declared = (body.options ?? []) as Json[];
  for (const name of Object.keys(given)) {
    if (!declared.some((option) => option.name === name))
      throw new ApiError(400, { code: 0, message: `the command has no option "${name}"` });
  }
  for (const option of declared) {
    if (option.required === true && given[String(option.name)] === undefined) {
      throw new ApiError(400, { code: 0, message: `option "${String(option.name)}" is required` });
    }
  }
  return declared.flatMap((option) => {
    const value = given[String(option.name)];
    return value === undefined ? [] : [{ name: option.name, type: option.type, value }];
  });
}

function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((c) => [
    c,
    ...flatten((c.components ?? []) as Json[]),
    ...(c.accessory ? [c.accessory as Json] : []),
  ]);
}

/** The modal's components with what the member typed; labels (type 18) hold one component, rows several. */
function filled(components: readonly Json[], fields: Record<string, string>): Json[] {
  return components.map((component) => {
    const children = component.components as Json[] | undefined;
    const child = component.component as Json | undefined;
    if (children) return { type: component.type, id: component.id ?? 1, components: filled(children, fields) };
    if (child) return { type: component.type, id: component.id ?? 1, component: filled([child], fields)[0] };
    const id = String(component.custom_id);
    return { type: component.type, id: component.id ?? 2, custom_id: id, value: fields[id] ?? "" };
  });
}
