/** The bots of the deployment: the shared one, and those that admins brought with their own application. */
import type { ApplicationId, GuildId } from "../../ids.ts";

export type BotRow = {
  readonly application: ApplicationId;
  readonly shared: boolean;
  /** The guild whose admins brought it; null for the shared bot. */
  readonly guild: GuildId | null;
  readonly publicKey: string;
  /** AES-256-GCM, see crypto.ts; null for the shared bot, whose token is in the environment. */
  readonly tokenSealed: string | null;
  readonly name: string;
  /** The hash of the commands that Discord knows, so that they are registered once and not at every start. */
  readonly commandsHash: string | null;
  /** Why Discord refused them, in its words; null where it took them, or was not asked yet. */
  readonly commandsRefused: string | null;
};

export type BotsStore = {
  /** False, and nothing is written, where another guild's admins brought this application before. */
  save(bot: BotRow): Promise<boolean>;
  get(application: ApplicationId): Promise<BotRow | null>;
  list(): Promise<readonly BotRow[]>;
  /** A custom bot of a guild's admins. */
  ofGuild(guild: GuildId): Promise<BotRow | null>;
  /** False where it is none of this guild's. */
  remove(guild: GuildId, application: ApplicationId): Promise<boolean>;
  /** Sealed tokens in the order of their applications, those behind `after`. */
  sealed(
    after: string,
    limit: number,
  ): Promise<readonly { readonly application: ApplicationId; readonly tokenSealed: string }[]>;
  /** Writes a token that was sealed anew; false when it is another one by now. */
  reseal(application: ApplicationId, before: string, after: string): Promise<boolean>;
  /** Discord took the commands: its earlier refusal is removed. */
  setCommandsHash(application: ApplicationId, hash: string | null): Promise<void>;
  setCommandsRefused(application: ApplicationId, why: string): Promise<void>;
};
