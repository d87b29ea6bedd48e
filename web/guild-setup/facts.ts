/** What the setup page shows. */

import { AppError } from "../../src/errors.ts";
import { guildPermissions, missingPermissions, neededPermissions, type Permission } from "../../src/permissions.ts";
import { type ModeExamples, modeExamples } from "../../src/status/mode-examples.ts";
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import type { TeamRow } from "../../src/store/ports/people.ts";
import { type ChannelName, channelNames } from "../parts/channels.ts";
import type { Reading } from "../parts/message-text.ts";
import type { Names } from "../parts/names.ts";
import type { TeamMatches, TypedMember } from "../parts/team-members.ts";
import type { GuildVisit } from "../visit.ts";
import { testChannel } from "./test-channel.ts";

export const STEP_NAMES = ["added", "mode", "channels", "voice", "knowledge", "moderation", "team", "test"] as const;
export type SetupStep = (typeof STEP_NAMES)[number];

/** What became of one field, said beside it. */
export type FieldSaid = {
  /** A field's name, or a step's. */
  readonly at: string;
  readonly warn: boolean;
  readonly says: string;
  /** The row of the record that "Undo" puts back. */
  readonly row?: string;
  /** Somebody else's change stands in the way: saving once more replaces it. */
  readonly again?: true;
  /** Where it can be looked at. */
  readonly link?: { readonly href: string; readonly label: string };
};

/** What Discord says; null: it is asked after the page. */
export type DiscordSeen = {
  readonly examples: ModeExamples | null;
  /** What members' lines mention. */
  readonly nameOf: Reading["nameOf"];
  /** Null: it does not tell. */
  readonly missing: readonly Permission[] | null;
};

export type GuildSetupFacts = {
  readonly channels: readonly ChannelName[];
  /** Where a test message goes unless another channel is chosen; null: nobody knows. */
  readonly testChannel: string | null;
  readonly sources: readonly SourceRow[];
  readonly team: readonly TeamRow[];
  readonly asked: boolean;
  readonly seen: DiscordSeen | null;
  readonly said: FieldSaid | null;
  /** A form as it was typed and refused, or with members to choose from. */
  readonly typed: FormData | null;
  readonly member: (TypedMember & { readonly matches: TeamMatches }) | null;
};

const TEAM_SHOWN = 200;

export async function readFacts(visit: GuildVisit, more: Partial<GuildSetupFacts> = {}): Promise<GuildSetupFacts> {
  const { guild, services } = visit;
  const { knowledge, people, conversations } = services.store;
  const [channels, test, sources, team, talks] = await Promise.all([
    channelNames(visit),
    testChannel(visit),
    knowledge.sources(guild.guild),
    people.team(guild.guild, TEAM_SHOWN),
    conversations.list(guild.guild, {}, 1),
  ]);
  const known = { channels, testChannel: test, sources, team, asked: talks.items.length > 0 };
  return { ...known, seen: null, said: null, typed: null, member: null, ...more };
}

export async function lookAtDiscord(visit: GuildVisit, names: Names): Promise<DiscordSeen> {
  const { glances, guild, services } = visit;
  const discord = glances.discord(guild.application);
  const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      services.logger.info({ guild: guild.guild, reason: error.kind }, "setup-unseen");
      return null;
    }
  };
  const [examples, missing, nameOf] = await Promise.all([
    orNull(modeExamples(discord, guild.guild)),
    orNull(missingIn(visit)),
    names.of(visit),
  ]);
  return { examples, missing, nameOf };
}

/** In the server as a whole; single channels are the doctor's. */
export async function missingIn({ glances, guild }: GuildVisit): Promise<readonly Permission[] | null> {
  const { directory, members } = glances.discord(guild.application);
  const self = await directory.self();
  const [view, member] = await Promise.all([directory.guild(guild.guild), members.get(guild.guild, self.userId)]);
  if (view === null || member === null) return null;
  const roles = new Map(view.roles.map((role) => [role.id, role]));
  const bits = guildPermissions({ guild: guild.guild, ownerId: view.ownerId, roles }, member);
  // Without Manage Threads only a thread's title stays, and the invitation of a bot with moderation does not ask for it: the doctor names it.
  return missingPermissions(bits, neededPermissions(guild.settings)).filter((name) => name !== "manageThreads");
}
