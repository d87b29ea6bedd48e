/** The bots of the deployment: the shared one, and those that admins brought with their own application. */
import type { ApplicationId } from "../../ids.ts";

export type BotRow = {
  readonly application: ApplicationId;
  readonly shared: boolean;
  readonly publicKey: string;
  /** AES-256-GCM, see crypto.ts; null for the shared bot, whose token is in the environment. */
  readonly tokenSealed: string | null;
  readonly name: string;
  /** The hash of the commands that Discord knows, so that they are registered once and not at every start. */
  readonly commandsHash: string | null;
};

export type BotsStore = {
  save(bot: BotRow): Promise<void>;
  get(application: ApplicationId): Promise<BotRow | null>;
  list(): Promise<readonly BotRow[]>;
  setCommandsHash(application: ApplicationId, hash: string | null): Promise<void>;
};
