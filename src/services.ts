/**
 * The composition root: config → ports. The only file that picks implementations; a test overrides any of them.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Discord } from "./discord.ts";
import type { Hot } from "./hot.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Llm } from "./llm.ts";
import type { Logger } from "./logger.ts";
import type { ApplicationId } from "./message.ts";
import type { Store } from "./store.ts";

export type Services = {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly hot: Hot;
  readonly bus: Bus;
  readonly knowledge: Knowledge;
  /** Null without a key: answers are extractive then. */
  readonly llm: Llm | null;
  /** The fallback that needs nobody. */
  readonly extractive: Llm;
  /** One REST per bot and process. */
  readonly discord: (application: ApplicationId) => Discord;
  close(): Promise<void>;
};
