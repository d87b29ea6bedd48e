/** The guild whose background work goes next: the waiting guild that was served longest ago, so that a guild with a hundred orders delays only its own. */
import type { GuildId } from "../ids.ts";
import { createRecent } from "../recent.ts";

export type GuildTurns = {
  /** In the order of their guilds' turns; a guild's own keep theirs. */
  inTurn<Work extends { readonly guild: GuildId }>(waiting: Iterable<Work>): readonly Work[];
  /** It was this guild's turn. */
  took(guild: GuildId): void;
};

const GUILDS_MAX = 5_000;

export function createGuildTurns(): GuildTurns {
  const servedAt = createRecent<GuildId, number>(GUILDS_MAX);
  let turn = 0;
  return {
    inTurn: (waiting) => [...waiting].sort((a, b) => (servedAt.get(a.guild) ?? 0) - (servedAt.get(b.guild) ?? 0)),
    took(guild) {
      servedAt.set(guild, ++turn);
    },
  };
}
