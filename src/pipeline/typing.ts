/**
 * Who types, for the live pages. Discord says it of everybody; it is passed on only for guilds that somebody looks at, which the
 * pages say again and again while they are open (`live-watched`). Nothing of it is kept.
 */
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { ChannelId, GuildId, UserId } from "../ids.ts";
import { fieldsOf, snowflake } from "../payload.ts";
import { createRecent } from "../recent.ts";

export type Typing = {
  /** Does anybody look at this guild's live pages? Null: at any, for direct messages. */
  watched(guild: GuildId | null): boolean;
  /** A TYPING_START's data. */
  hear(data: unknown): Promise<void> | undefined;
  close(): void;
};

/** The pages say it every 30 s. */
const WATCHED_MS = 75_000;
const GUILDS_MAX = 5_000;
/** Discord's clients send it about every 8 s; more often is no client. */
const AGAIN_MS = 3_000;
const MEMBERS_MAX = 5_000;

export function createTyping({ bus, clock }: { readonly bus: Bus; readonly clock: Clock }): Typing {
  const watchedAtMs = createRecent<GuildId, number>(GUILDS_MAX);
  const toldAtMs = createRecent<string, number>(MEMBERS_MAX);
  let anyAtMs = Number.NEGATIVE_INFINITY;
  let allAtMs = Number.NEGATIVE_INFINITY;

  const close = bus.subscribe((news) => {
    if (news.type !== "live-watched") return;
    anyAtMs = clock.now();
    if (news.guild === null) allAtMs = anyAtMs;
    else watchedAtMs.set(news.guild, anyAtMs);
  });

  function watched(guild: GuildId | null): boolean {
    const sinceMs = clock.now() - WATCHED_MS;
    if (anyAtMs < sinceMs) return false;
    return guild === null || allAtMs >= sinceMs || (watchedAtMs.get(guild) ?? sinceMs - 1) >= sinceMs;
  }

  return {
    watched,
    hear(data) {
      const fields = fieldsOf(data);
      const guild = snowflake(fields?.guild_id) as GuildId | null;
      const channel = snowflake(fields?.channel_id) as ChannelId | null;
      const member = snowflake(fields?.user_id) as UserId | null;
      if (channel === null || member === null || !watched(guild)) return undefined;
      const key = `${channel}:${member}`;
      const now = clock.now();
      if (now - (toldAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return undefined;
      toldAtMs.set(key, now);
      return bus.publish({ type: "member-typing", guild, channel, member }).catch((error: unknown) => {
        // A moment that nobody sees: the next keystroke comes.
        if (!(error instanceof AppError)) throw error;
      });
    },
    close,
  };
}
