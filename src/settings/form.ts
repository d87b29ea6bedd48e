/**
 * A guild's settings: their form, their defaults, what a channel overrides. Kept by the store, cached by its worker,
 * put out of date by `guild-changed` on the bus.
 */
import { z } from "zod";
import type { ChannelId } from "../ids.ts";

export const RESPONSE_MODES = ["mention", "all", "ask", "off"] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

export const LANGUAGES = ["en", "tr"] as const;

export const INSTRUCTIONS_CHARS_MAX = 4_000;

const channelOverride = z.object({
  mode: z.enum(RESPONSE_MODES).optional(),
  smart: z.boolean().optional(),
  awareness: z.boolean().optional(),
});

/** Acts on a message or its author, from the mildest to the hardest. */
export const ACTIONS = ["delete", "warn", "timeout", "kick", "ban"] as const;
export type Action = (typeof ACTIONS)[number];

/** Acts that a step of the ladder may lead to: deleting goes beside it, and a ban takes a severe verdict. */
export const LADDER_ACTIONS = ["warn", "timeout", "kick"] as const;
export const LADDER_MAX = 10;

const id = z.string().regex(/^\d{1,20}$/);

/** Subjects of ready-made rules, so that the prefilter knows which rule its findings belong to. */
const RULE_KINDS = ["spam", "nsfw", "harassment", "hate", "promotion", "off-topic", "personal-data"] as const;

/** Before rules had numbers they were texts. */
const rule = z.preprocess(
  (value) => (typeof value === "string" ? { text: value } : value),
  z.object({
    /** Given once and kept, so that a case's rule is found again; 0: not given yet. */
    n: z.int().min(0).max(10_000).default(0),
    text: z.string().trim().min(1).max(500),
    /** The hardest act that a breach of this rule may lead to. */
    action: z.enum(ACTIONS).default("timeout"),
    on: z.boolean().default(true),
    kind: z.enum(RULE_KINDS).nullable().default(null),
  }),
);

/** One day's hours, `HH:MM` each; null: nobody is there. */
const hours = z
  .object({
    from: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
    to: z.string().regex(/^(?:[01]\d|2[0-4]):[0-5]\d$/),
  })
  .nullable();

/** Takeover and escalation: who the team is, when it is there, how it is told. */
const peopleSettings = z.object({
  /** So long after an agent's last activity the bot speaks again. */
  idleMinutes: z.int().min(1).max(60).default(3),
  /** An agent's messages carry the agent's name. */
  showName: z.boolean().default(true),
  /** Roles whose members take over by answering in Discord; empty: members who may manage messages. */
  teamRoles: z.array(id).max(50).default([]),
  zone: z.string().max(64).default("UTC"),
  /** Monday first; null: no hours are named, and nobody is told any. */
  week: z.array(hours).length(7).nullable().default(null),
  mails: z.array(z.string().max(254)).max(10).default([]),
  /** Told when nobody took an escalation within `remindMinutes`. */
  secondMail: z.string().max(254).default(""),
  remindMinutes: z.int().min(5).max(1_440).default(30),
  /** Where an escalation is told in Discord, with a button to take over. */
  channel: id.nullable().default(null),
  webhook: z.string().max(500).default(""),
  /** Two answers in a row that did not help are a reason to call the team. */
  afterFailures: z.boolean().default(false),
});

/** An admin's own additions to the prefilter, one entry a line. The prefilter checks each entry's form. */
const filterSettings = z.object({
  words: z.array(z.string().max(60)).max(200).default([]),
  patterns: z.array(z.string().max(200)).max(20).default([]),
  /** More mentions in one message than this are a breach; null: their number alone is none. */
  mentionsMax: z.int().min(1).max(100).nullable().default(null),
  allowedDomains: z.array(z.string().max(253)).max(200).default([]),
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
  instructions: z.string().max(INSTRUCTIONS_CHARS_MAX).default(""),
  channels: z.record(z.string(), channelOverride).default({}),
  /** The guild's own limits beside its plan's; quota.ts keeps them. */
  limits: z
    .object({
      memberHour: z.number().int().min(1).max(10_000).default(20),
      channelMinute: z.number().int().min(1).max(10_000).default(120),
      moderationShare: z.number().int().min(0).max(100).default(50),
      costDayUsd: z.number().min(0).max(1_000_000).nullable().default(null),
    })
    .prefault({}),
  /** Days until deletion: of conversations, of the reasons of silences, and of everything but these settings after the bot left. */
  retention: z
    .object({
      turnsDays: z.int().min(1).max(3_650).default(180),
      silencesDays: z.int().min(1).max(3_650).default(30),
      leftDays: z.int().min(1).max(3_650).default(30),
    })
    .prefault({}),
  people: peopleSettings.prefault({}),
  moderation: z
    .object({
      on: z.boolean().default(false),
      /** An admin looked at what it would do and said "act for real"; until then it only says so. */
      live: z.boolean().default(false),
      /** Every message goes to the model, also what the prefilter clears. */
      thorough: z.boolean().default(false),
      rules: z.array(rule).max(50).default([]),
      actions: z
        .object({
          delete: z.boolean().default(false),
          warn: z.boolean().default(false),
          timeout: z.boolean().default(false),
          kick: z.boolean().default(false),
          ban: z.boolean().default(false),
        })
        .prefault({}),
      /** The hardest act for a breach that the prefilter is certain of, where no rule of its kind says otherwise. */
      certain: z.enum(ACTIONS).default("timeout"),
      /** Acts for the first, second, third… breach, while the strikes before it stand. */
      ladder: z
        .array(z.object({ action: z.enum(LADDER_ACTIONS), minutes: z.int().min(1).max(40_320).default(10) }))
        .min(1)
        .max(LADDER_MAX)
        .default([
          { action: "warn", minutes: 10 },
          { action: "timeout", minutes: 10 },
          { action: "timeout", minutes: 1_440 },
          { action: "kick", minutes: 10 },
        ]),
      /** After so many days a strike no longer counts; 0: it always does. */
      strikeDays: z.int().min(0).max(365).default(30),
      /** Below this the model's word is left to a person. */
      confidence: z.number().min(0.5).max(1).default(0.7),
      exemptRoles: z.array(id).max(50).default([]),
      exemptChannels: z.array(id).max(200).default([]),
      /** The most in an hour; past it only the log says what would have been. */
      caps: z
        .object({
          timeout: z.int().min(0).max(1_000).default(50),
          kick: z.int().min(0).max(100).default(5),
          ban: z.int().min(0).max(100).default(5),
        })
        .prefault({}),
      /** One text by many members, or many joins, within seconds: for a while channels are slow, or newcomers timed out. */
      raid: z
        .object({
          on: z.boolean().default(false),
          /** Its own "act for real", beside moderation's: until then it only says what it would do. */
          live: z.boolean().default(false),
          floods: z.boolean().default(true),
          joins: z.boolean().default(true),
          joinsMin: z.int().min(3).max(200).default(10),
          joinsWindowS: z.int().min(5).max(600).default(60),
          slow: z.boolean().default(true),
          /** Newcomers may not write until the raid's end. */
          timeout: z.boolean().default(false),
          /** The prefilter tells a flood from the fourth member on, and 32 apart. */
          membersMin: z.int().min(4).max(32).default(8),
          windowS: z.int().min(5).max(60).default(30),
          /** Discord's bounds. */
          slowS: z.int().min(1).max(21_600).default(30),
          minutes: z.int().min(1).max(1_440).default(10),
        })
        .prefault({}),
      /** A visible warning goes after so long; 0: it stays. */
      warnSeconds: z.int().min(0).max(86_400).default(60),
      /** A member who is banned loses the messages of so long before. */
      banDeleteSeconds: z.int().min(0).max(604_800).default(3_600),
      /** Where each case is told to moderators, with buttons. */
      logChannel: id.nullable().default(null),
      filter: filterSettings.prefault({}),
      /** Names are read too, when a member joins or takes another. */
      names: z.boolean().default(false),
      /** How long a message's text is kept in its case. */
      keepDays: z.int().min(1).max(365).default(30),
    })
    .prefault({}),
});

export type GuildSettings = z.infer<typeof guildSettingsSchema>;
export type ModerationSettings = GuildSettings["moderation"];
export type Rule = ModerationSettings["rules"][number];

export const defaultSettings: GuildSettings = guildSettingsSchema.parse({});

/** Settings in force in one channel. */
export type ChannelSettings = { readonly mode: ResponseMode; readonly smart: boolean; readonly awareness: boolean };

/** In a direct message: with the modes that never answer messages, of the guild whose knowledge it is about. */
export function directSettings(home: GuildSettings | undefined): ChannelSettings {
  const mode = home?.mode === "off" || home?.mode === "ask" ? home.mode : "mention";
  return { mode, smart: false, awareness: false };
}

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
