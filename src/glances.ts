/**
 * Discord as pages look at it: what was read a moment ago is not asked again, whoever reloads, and what is being asked is asked
 * once. So a page costs a bot no calls that its members need. What changes something goes through as it is; what decides
 * something (a role, an act) does not read here.
 *
 * A reading is kept for a minute (a message for 15 s, since it may be deleted; a failure for 10 s), for the newest guilds and
 * channels, and of each the newest few.
 */
import type { Clock } from "./clock.ts";
import type { Discord } from "./discord.ts";
import type { ApplicationId, GuildId } from "./ids.ts";
import { createRecent, type Recent } from "./recent.ts";

export type Glances = {
  readonly discord: (application: ApplicationId) => Discord;
  /** Somebody wants to see what is so now: this guild and its bot are read anew. Twice within two seconds is once. */
  again(application: ApplicationId, guild: GuildId): void;
};

const KEPT_MS = 60_000;
const MESSAGE_KEPT_MS = 15_000;
const FAILURE_KEPT_MS = 10_000;
const AGAIN_MS_MIN = 2_000;
/** Bots, guilds and channels; and readings of each. */
const PLACES_MAX = 2_000;
const READINGS_MAX = 32;

type Reading = { readonly found: Promise<unknown>; readonly atMs: number; keptMs: number };

export function createGlances(discord: (application: ApplicationId) => Discord, clock: Clock): Glances {
  const places = createRecent<string, Recent<string, Reading>>(PLACES_MAX);

  function glance<T>(place: string, what: string, keptMs: number, ask: () => Promise<T>): Promise<T> {
    const readings = places.get(place) ?? createRecent<string, Reading>(READINGS_MAX);
    places.set(place, readings);
    const known = readings.get(what);
    if (known !== undefined && clock.now() - known.atMs < known.keptMs) return known.found as Promise<T>;
    const found = ask();
    const reading: Reading = { found, atMs: clock.now(), keptMs };
    readings.set(what, reading);
    found.catch(() => {
      reading.keptMs = FAILURE_KEPT_MS;
    });
    return found;
  }

  return {
    discord(application) {
      const own = discord(application);
      const { directory, members, messages } = own;
      const ofGuild = <T>(guild: GuildId, what: string, ask: () => Promise<T>) =>
        glance(`${application}/${guild}`, what, KEPT_MS, ask);
      const ofBot = <T>(what: string, ask: () => Promise<T>) => glance(application, what, KEPT_MS, ask);
      return {
        ...own,
        directory: {
          ...directory,
          self: () => ofBot("self", () => directory.self()),
          about: () => ofBot("about", () => directory.about()),
          guild: (guild) => ofGuild(guild, "guild", () => directory.guild(guild)),
          channels: (guild) => ofGuild(guild, "channels", () => directory.channels(guild)),
        },
        members: {
          ...members,
          get: (guild, user) => ofGuild(guild, `member ${user}`, () => members.get(guild, user)),
        },
        messages: {
          ...messages,
          get: (channel, id) =>
            glance(`${application}/${channel}`, `message ${id}`, MESSAGE_KEPT_MS, () => messages.get(channel, id)),
        },
      };
    },

    again(application, guild) {
      for (const place of [application, `${application}/${guild}`]) {
        const readings = places.get(place);
        if (readings === undefined) continue;
        for (const what of [...readings.keys()]) {
          if (clock.now() - (readings.get(what)?.atMs ?? 0) >= AGAIN_MS_MIN) readings.delete(what);
        }
      }
    },
  };
}
