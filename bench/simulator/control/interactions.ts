/** Control: members use commands, components and modals. Answers when the application has, or its three seconds are over. */
import { shownMessage } from "../actions.ts";
import type { ControlContext, ControlRoute } from "../control.ts";
import type { RunCommand } from "../interaction-actions.ts";
import { until } from "../until.ts";
import { shownInteraction } from "../world/interactions.ts";
import { channelOf, found, type Interaction, type Json } from "../world.ts";
import { optional, text, wholeNumber } from "./input.ts";

export const interactionControls: readonly ControlRoute[] = [
  {
    method: "POST",
    path: "/interactions/command",
    handle: async (context) =>
      shown(
        context,
        await context.actions.command({
          ...(context.body as unknown as RunCommand),
          name: text(context.body, "name"),
          channelId: text(context.body, "channelId"),
          userId: text(context.body, "userId"),
        }),
      ),
  },
  {
    method: "POST",
    path: "/interactions/component",
    handle: async (context) =>
      shown(
        context,
        await context.actions.component({
          userId: text(context.body, "userId"),
          channelId: text(context.body, "channelId"),
          messageId: text(context.body, "messageId"),
          customId: text(context.body, "customId"),
          ...(Array.isArray(context.body.values) ? { values: context.body.values.map(String) } : {}),
        }),
      ),
  },
  {
    method: "POST",
    path: "/interactions/modal",
    handle: async (context) =>
      shown(
        context,
        await context.actions.modal({
          userId: text(context.body, "userId"),
          interactionId: text(context.body, "interactionId"),
          fields: (context.body.fields ?? {}) as Record<string, string>,
        }),
      ),
  },
  {
    method: "GET",
    path: "/interactions/:interaction",
    async handle(context) {
      const { services, params, query } = context;
      const interaction = found(services.world.interactions.get(params.interaction ?? ""), 10062);
      const wanted = optional(query.get("state"));
      if (wanted !== undefined) {
        await until(
          services,
          () => (interaction.state === wanted ? true : undefined),
          wholeNumber(query, "ms") ?? 5000,
        );
      }
      return shown(context, interaction);
    },
  },
  {
    method: "POST",
    path: "/bots/:application/verify-endpoint",
    async handle({ services, params, body }) {
      const application = found(services.world.applications.get(params.application ?? ""), 10002);
      const url = optional(body.url) ?? application.interactionsEndpointUrl;
      if (!url) throw new Error('no interactions endpoint URL is set, and no "url" given');
      return { verified: await services.interactions.verifyEndpoint(application, url) };
    },
  },
];

/** With the messages it was answered with, ephemeral ones too. */
function shown({ services }: ControlContext, interaction: Interaction): Json {
  const channel = channelOf(services.world, interaction.channelId);
  const ids = new Set([
    ...(interaction.originalId === undefined ? [] : [interaction.originalId]),
    ...interaction.messageIds,
  ]);
  const messages = [...ids].flatMap((id) => channel.messages.get(id) ?? []);
  return { ...shownInteraction(interaction), messages: messages.map((message) => shownMessage(services, message)) };
}
