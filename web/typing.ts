/**
 * Who types in the conversations that are looked at. A page that is open says so (`live-watched`), at most every 30 s a server and
 * process; then workers tell who types there. What was heard is worth ten seconds, as in Discord.
 */
import type { News } from "../src/bus.ts";
import type { ChannelId, GuildId, UserId } from "../src/ids.ts";
import { createRecent } from "../src/recent.ts";
import type { Services } from "../src/services.ts";

type Talk = { readonly channel: ChannelId; readonly member: UserId };

/** Is this somebody typing in one of these talks? */
export function typesIn(news: News, talks: readonly Talk[]): boolean {
  if (news.type !== "member-typing") return false;
  return talks.some(({ channel, member }) => channel === news.channel && member === news.member);
}

export type TypingBoard = {
  /** Somebody looks at this guild's live pages; null: at every guild's. */
  watch(guild: GuildId | null): void;
  /** Until when the member is shown as typing; null: not. `saidAtMs`: their last line, which ended what they typed before it. */
  until(talk: Talk, saidAtMs: number, nowMs: number): number | null;
  close(): void;
};

const TYPING_MS = 10_000;
const WATCH_MS = 30_000;
const MEMBERS_MAX = 10_000;
const GUILDS_MAX = 5_000;

export function createTypingBoard({ bus, clock, logger }: Services): TypingBoard {
  const typedAtMs = createRecent<string, number>(MEMBERS_MAX);
  const watchedAtMs = createRecent<string, number>(GUILDS_MAX);
  const close = bus.subscribe((news) => {
    if (news.type === "member-typing") typedAtMs.set(`${news.channel}:${news.member}`, clock.now());
  });

  return {
    watch(guild) {
      const key = guild ?? "all";
      const now = clock.now();
      if (now - (watchedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < WATCH_MS) return;
      watchedAtMs.set(key, now);
      bus.publish({ type: "live-watched", guild }).catch((error: unknown) => {
        logger.debug({ guild, error }, "live-watch-untold");
      });
    },
    until({ channel, member }, saidAtMs, nowMs) {
      const atMs = typedAtMs.get(`${channel}:${member}`);
      return atMs !== undefined && atMs > saidAtMs && nowMs - atMs < TYPING_MS ? atMs + TYPING_MS : null;
    },
    close,
  };
}
