/**
 * How many questions and considered lines of one guild and one person reach a model in a minute. A guild's own limits (plans/quota)
 * count answers; this stands before whatever costs a call, smart mode's judgement too, and needs no other process.
 *
 * Algorithm: a token bucket for each, refilled evenly over a minute. A question that finds it empty is refused and takes nothing.
 */
import type { Busy } from "../answer-queue.ts";
import type { Clock } from "../clock.ts";
import type { GuildId, UserId } from "../ids.ts";
import { shares } from "../policy.ts";
import { createRecent, guildShare } from "../recent.ts";

export type Rates = {
  /** Takes one from both; null where both had one. */
  take(guild: GuildId, person: UserId): Busy | null;
  /** True for the first who asks in a minute: a refusal is said once, not to each of a flood. */
  firstToSay(guild: GuildId, person: UserId, busy: Busy): boolean;
};

const MINUTE_MS = 60_000;
const PERSONS_MAX = 20_000;
const GUILDS_MAX = 20_000;

type Bucket = { readonly left: number; readonly atMs: number };

export function createRates(
  clock: Clock,
  limits: { readonly [Name in keyof typeof shares.model]: number } = shares.model,
): Rates {
  const guilds = createRecent<string, Bucket>(GUILDS_MAX);
  const persons = createRecent<string, Bucket>(PERSONS_MAX, guildShare(PERSONS_MAX));
  const saidAtMs = createRecent<string, number>(PERSONS_MAX, guildShare(PERSONS_MAX));

  function filled(bucket: Bucket | undefined, minute: number): Bucket {
    const nowMs = clock.now();
    if (bucket === undefined) return { left: minute, atMs: nowMs };
    return { left: Math.min(minute, bucket.left + ((nowMs - bucket.atMs) * minute) / MINUTE_MS), atMs: nowMs };
  }

  return {
    take(guild, person) {
      const whose = `${guild}:${person}`;
      const ofPerson = filled(persons.get(whose), limits.personMinute);
      if (ofPerson.left < 1) return "member-busy";
      const ofGuild = filled(guilds.get(guild), limits.guildMinute);
      if (ofGuild.left < 1) return "server-busy";
      persons.set(whose, { ...ofPerson, left: ofPerson.left - 1 });
      guilds.set(guild, { ...ofGuild, left: ofGuild.left - 1 });
      return null;
    },
    firstToSay(guild, person, busy) {
      const whom = `${guild}:${busy === "member-busy" ? person : ""}`;
      const before = saidAtMs.get(whom) ?? Number.NEGATIVE_INFINITY;
      if (clock.now() - before < MINUTE_MS) return false;
      saidAtMs.set(whom, clock.now());
      return true;
    },
  };
}
