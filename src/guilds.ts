/**
 * A guild's settings: their form, their defaults, what a channel overrides. Kept by the store, cached by its worker,
 * put out of date by `guild-changed` on the bus.
 */
import { z } from "zod";
import type { ChannelId } from "./message.ts";

export const RESPONSE_MODES = ["mention", "all", "ask", "off"] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

export const LANGUAGES = ["en", "tr"] as const;

const channelOverride = z.object({
  mode: z.enum(RESPONSE_MODES).optional(),
  smart: z.boolean().optional(),
  awareness: z.boolean().optional(),
});

export const guildSettingsSchema = z.object({
  mode: z.enum(RESPONSE_MODES).default("mention"),
  /** Mode `all`: answer only where it can help. */
  smart: z.boolean().default(true),
  /** The bot sees the last messages of everybody in a channel, not only its own thread with a member. */
  awareness: z.boolean().default(false),
  /** The language of the bot's own words where the asker's is unknown. */
  language: z.enum(LANGUAGES).default("en"),
  /** Tone, name, what not to talk about; goes to the model as the admin's words. */
  instructions: z.string().max(4_000).default(""),
  channels: z.record(z.string(), channelOverride).default({}),
  /** The guild's own limits beside its plan's; quota.ts keeps them. */
  limits: z
    .object({
      memberHour: z.number().int().min(1).max(10_000).default(20),
      channelMinute: z.number().int().min(1).max(10_000).default(30),
      moderationShare: z.number().int().min(0).max(100).default(50),
      costDayUsd: z.number().min(0).max(1_000_000).nullable().default(null),
    })
    .prefault({}),
  moderation: z
    .object({
      on: z.boolean().default(false),
      thorough: z.boolean().default(false),
      dryRun: z.boolean().default(false),
      rules: z.array(z.string().min(1).max(500)).max(50).default([]),
      actions: z
        .object({
          delete: z.boolean().default(false),
          warn: z.boolean().default(false),
          timeout: z.boolean().default(false),
          kick: z.boolean().default(false),
          ban: z.boolean().default(false),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type GuildSettings = z.infer<typeof guildSettingsSchema>;

export const defaultSettings: GuildSettings = guildSettingsSchema.parse({});

/** What is in force in one channel. */
export type ChannelSettings = { readonly mode: ResponseMode; readonly smart: boolean; readonly awareness: boolean };

/** In a direct message, until its home guild is known. */
export const DIRECT: ChannelSettings = { mode: "mention", smart: false, awareness: false };

/** A thread without an override of its own follows its parent channel. */
export function settingsIn(
  settings: GuildSettings,
  channel: ChannelId,
  parent: ChannelId | null = null,
): ChannelSettings {
  const override = settings.channels[channel] ?? (parent === null ? undefined : settings.channels[parent]);
  return {
    mode: override?.mode ?? settings.mode,
    smart: override?.smart ?? settings.smart,
    awareness: override?.awareness ?? settings.awareness,
  };
}
