/**
 * What a guild's ids are called, for texts that mention them: the bot, channels and roles, from Discord as it
 * was a moment ago, never waited for long. Members beyond the one a page is about are not looked up, one by one.
 */

import type { Clock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import type { Glances } from "../../src/glances.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { GuildRow } from "../../src/store/ports/guilds.ts";
import type { GuildVisit, Visit } from "../visit.ts";
import type { Mention, Reading } from "./message-text.ts";
import { commonWords } from "./words.ts";

const WAIT_MS_MAX = 1_000;

type Known = ReadonlyMap<string, string>;

export type Names = {
  /** `members` are those the page knows by itself. */
  of(visit: GuildVisit, members?: Readonly<Record<string, string>>): Promise<Reading["nameOf"]>;
  /** Of many guilds at once only their bots are called by name: channels and roles of all of them are not asked for. */
  ofBots(visit: Visit, applications: ReadonlySet<ApplicationId>): Promise<Reading["nameOf"]>;
};

export function createNames({ discord }: Glances, clock: Clock): Names {
  async function orNothing<T>(call: Promise<T>): Promise<T | null> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  async function ask(row: GuildRow): Promise<Known> {
    const { directory } = discord(row.application);
    const [self, guild, channels] = await Promise.all([
      orNothing(directory.self()),
      orNothing(directory.guild(row.guild)),
      orNothing(directory.channels(row.guild)),
    ]);
    return new Map<string, string>([
      ...(guild?.roles.map(({ id, name }) => [id, name] as const) ?? []),
      ...(channels?.map(({ id, name }) => [id, name] as const) ?? []),
      ...(self === null ? [] : [[self.userId, self.name] as const]),
    ]);
  }

  async function askBots(applications: ReadonlySet<ApplicationId>): Promise<Known> {
    const bots = await Promise.all([...applications].map((one) => orNothing(discord(one).directory.self())));
    return new Map(bots.flatMap((self) => (self === null ? [] : [[self.userId as string, self.name]])));
  }

  async function inTime(asked: Promise<Known>): Promise<Known> {
    const late = Promise.withResolvers<Known>();
    const timer = clock.after(WAIT_MS_MAX, () => late.resolve(new Map()));
    return await Promise.race([asked, late.promise]).finally(() => timer.cancel());
  }

  return {
    async of(visit, members = {}) {
      const known = await inTime(ask(visit.guild));
      const fallback = commonWords[visit.language].mentions;
      return (kind: Mention, id) => (Object.hasOwn(members, id) ? members[id] : known.get(id)) ?? fallback[kind];
    },
    async ofBots(visit, applications) {
      const known = await inTime(askBots(applications));
      const fallback = commonWords[visit.language].mentions;
      return (kind: Mention, id) => known.get(id) ?? fallback[kind];
    },
  };
}
