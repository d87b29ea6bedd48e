/**
 * Guilds that come and go. At a start thousands are announced at once, and most are on record just so: those that wait are looked up together, and
 * only what is new is written, a few at a time. A guild that leaves keeps its settings for a return; what may vanish of it vanishes now.
 */
import type { Bus } from "../bus.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Memory } from "../memory.ts";
import type { PatienceWith } from "../patience.ts";
import type { Settings } from "../settings/held.ts";
import type { Addressing, GuildRow } from "../store/ports/guilds.ts";
import type { Store } from "../store.ts";

const JOINS_AT_ONCE = 4;
const LOOKED_UP_TOGETHER = 64;

/** A guild as Discord announced it. */
type Announced = {
  readonly application: ApplicationId;
  readonly guild: GuildId;
  readonly name: string;
  readonly locale: string | null;
  readonly addressing: Addressing;
  readonly done: () => void;
};

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
  const waiting: Announced[] = [];
  let running = 0;

  async function run(): Promise<void> {
    running++;
    while (waiting.length > 0) await record(waiting.splice(0, LOOKED_UP_TOGETHER));
    running--;
  }

  async function record(some: readonly Announced[]): Promise<void> {
    const rows = await onRecord(some);
    const others: Announced[] = [];
    for (const one of some) {
      const row = rows.get(one.guild);
      if (row === undefined || !isAsAnnounced(row, one)) {
        others.push(one);
        continue;
      }
      settings.put(row);
      one.done();
    }
    for (const one of others) await write(one);
  }

  /** None where they cannot be read: then each is written, in its own patience, and says why it cannot be. */
  async function onRecord(some: readonly Announced[]): Promise<ReadonlyMap<GuildId, GuildRow>> {
    try {
      const states = await store.states.of(some.map(({ guild }) => guild));
      return new Map([...states].map(([guild, { row }]) => [guild, row]));
    } catch {
      return new Map();
    }
  }

  async function write({ application, guild, name, locale, addressing, done }: Announced): Promise<void> {
    try {
      const join = () => store.guilds.join(guild, application, name, locale, addressing);
      settings.put(await patienceWith(guild).run(join));
    } catch (error) {
      logger.error({ guild, error }, "guild-unrecorded");
    }
    done();
  }

  return {
    join(application, guild, name, locale, addressing) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ application, guild, name, locale, addressing, done: resolve });
      if (running < JOINS_AT_ONCE) void run();
      return promise;
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

function isAsAnnounced(row: GuildRow, { application, name, addressing }: Announced): boolean {
  const { botRole, ownThreads } = row.addressing;
  const addressed = botRole === addressing.botRole && ownThreads.join() === addressing.ownThreads.join();
  return row.application === application && row.name === name && row.leftAtMs === null && addressed;
}
