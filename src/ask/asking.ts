/** A command's question, as answering takes it: the deferred response is its venue. */
import type { Asking } from "../answering.ts";
import { questionOf } from "../answering.ts";
import type { Patience } from "../patience.ts";
import type { Services } from "../services.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import { createInteractionVenue } from "../venue.ts";
import type { Interaction } from "./interaction.ts";
import { type CommandTask, channelOf, commandSettings } from "./task.ts";

type Question = Extract<Interaction["does"], { readonly question: string }>;

export function askingByCommand(
  task: CommandTask,
  does: Question,
  row: GuildRow | null,
  patience: Patience,
  services: Services,
): Asking {
  const { application, interaction, ephemeral, botName, receivedAtMs } = task;
  const { id, token, channelName, user, locale } = interaction;
  const discord = services.discord(application);
  const text = questionOf({ content: does.question }, []);
  return {
    ...{ application, trigger: id, row, channelName, asker: user, text, locale, botName, receivedAtMs, patience },
    venue: createInteractionVenue(
      { application, interaction: id, token, question: text, ephemeral, discord, patience },
      services,
    ),
    channel: channelOf(interaction),
    atMs: receivedAtMs,
    message: null,
    question: async () => text,
    said: [],
    reason: does.kind,
    unasked: false,
    awareness: row !== null && commandSettings(interaction, row).awareness,
    private: ephemeral,
  };
}
