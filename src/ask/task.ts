/** One interaction on its way: the facts that its steps need, and the words for its replies. */

import { type BotWords, botLines } from "../i18n.ts";
import type { ApplicationId } from "../ids.ts";
import { type ChannelSettings, settingsIn } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import { languageOf } from "../text/language.ts";
import type { Interaction } from "./interaction.ts";

export type CommandTask = {
  readonly application: ApplicationId;
  readonly interaction: Interaction;
  readonly receivedAtMs: number;
  readonly botName: string;
  /** Only the asker sees what comes. */
  readonly ephemeral: boolean;
};

/** The asker's own language first, then their client's, then the guild's. */
export function wordsFor({ interaction }: CommandTask, row: GuildRow | null, question: string): BotWords {
  const own = languageOf(question);
  return botLines(own === "und" ? null : own, interaction.locale, row?.settings.language);
}

/** A direct message has a channel too; an interaction without one keeps its talk under the member. */
export function channelOf(interaction: Interaction) {
  return interaction.channelId ?? (interaction.user.id as string as NonNullable<Interaction["channelId"]>);
}

export function commandSettings(interaction: Interaction, row: GuildRow): ChannelSettings {
  return settingsIn(row.settings, channelOf(interaction), interaction.parentId);
}
