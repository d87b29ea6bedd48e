/**
 * Guilds that come and go: recorded a few at a time, since at start thousands are announced at once. A guild that leaves
 * keeps its settings for a return; what may vanish of it vanishes now.
 */
import type { Bus } from "../bus.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Memory } from "../memory.ts";
import type { PatienceWith } from "../patience.ts";
import type { Settings } from "../settings/held.ts";
import type { Addressing } from "../store/ports/guilds.ts";
import type { Store } from "../store.ts";

const JOINS_AT_ONCE = 4;

export type GuildLifecycle = {
  /** Settles when it is recorded, or logged that it is not. */
  join(
    application: ApplicationId,
    guild: GuildId,
    name: string,
    locale: string | null,
    addressing: Addressing,
  ): Promise<void>;
  leave(application: ApplicationId, guild: GuildId): Promise<void>;
};

export function createGuildLifecycle(services: {
  readonly store: Store;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly memory: Memory;
  /** A store that is away at a start would else leave out every guild that is announced meanwhile. */
  readonly patienceWith: PatienceWith;
}): GuildLifecycle {
  const { store, bus, logger, settings, memory, patienceWith } = services;
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;

  async function run(): Promise<void> {
    running++;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    running--;
  }

  return {
    join(application, guild, name, locale, addressing) {
      const joined = Promise.withResolvers<void>();
      waiting.push(async () => {
        try {
          const join = () => store.guilds.join(guild, application, name, locale, addressing);
          settings.put(await patienceWith(guild).run(join));
        } catch (error) {
          logger.error({ guild, error }, "guild-unrecorded");
        }
        joined.resolve();
      });
      if (running < JOINS_AT_ONCE) void run();
      return joined.promise;
    },
    async leave(application, guild) {
      try {
        // Another bot of ours may be the guild's own, and stay.
        const patience = patienceWith(guild);
        if ((await patience.run(() => store.guilds.get(guild)))?.application !== application) return;
        settings.drop(guild);
        await patience.run(() => store.guilds.leave(guild));
        await memory.forgetGuild(guild);
        await bus.publish({ type: "guild-changed", guild });
      } catch (error) {
        logger.error({ guild, error }, "guild-unrecorded");
      }
    },
  };
}
