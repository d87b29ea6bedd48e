/** Made once by the server and given to every page's routes, which take their part of it. */
import type { CustomBots } from "../src/bots/custom.ts";
import type { Jobs } from "../src/jobs.ts";
import type { Services } from "../src/services.ts";
import type { Live } from "./events.ts";
import type { Machine } from "./machine.ts";
import type { Names } from "./parts/names.ts";
import type { Searches } from "./searches.ts";
import type { SignInGate } from "./sign-in-gate.ts";
import type { TypingBoard } from "./typing.ts";
import type { Webhook } from "./webhook.ts";

export type Kit = {
  readonly services: Services;
  /** Bounds what strangers can make a sign-in by Discord cost. */
  readonly searches: Searches;
  readonly signInGate: SignInGate;
  /** Server-sent events: keeps a part of a page up to date. */
  readonly live: Live;
  /** People who type in the conversations that are being watched. */
  readonly typing: TypingBoard;
  /** Names of a guild's roles, channels and members. */
  readonly names: Names;
  /** This process's gateway and metrics. */
  readonly machine: Machine;
  /** The interactions endpoint. */
  readonly webhook: Webhook;
  /** Takes orders for background work. */
  readonly jobs: Jobs;
  /** Bots that admins bring with an application of their own. */
  readonly customBots: CustomBots;
};
