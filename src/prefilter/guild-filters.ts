/**
 * The compiled filters of guilds, made once for as long as what the admin wrote stays the same. Settings are read anew every half
 * minute: what was read then is compared once, and the filter compiled before goes on. A guild without a filter costs nothing.
 */
import type { GuildId } from "../ids.ts";
import { createRecent } from "../recent.ts";
import { compileFilter, type FilterSettings, type GuildFilter, NO_FILTER } from "./guild-filter.ts";

export type GuildFilters = (guild: GuildId, written: FilterSettings) => GuildFilter;

const GUILDS_MAX = 5_000;

export function createGuildFilters(): GuildFilters {
  const held = createRecent<GuildId, { readonly written: FilterSettings; readonly filter: GuildFilter }>(GUILDS_MAX);
  return (guild, written) => {
    if (isEmpty(written)) return NO_FILTER;
    const before = held.get(guild);
    if (before?.written === written) return before.filter;
    const filter =
      before !== undefined && Bun.deepEquals(before.written, written) ? before.filter : compileFilter(written);
    held.set(guild, { written, filter });
    return filter;
  };
}

function isEmpty({ mentionsMax, words, patterns, allowedDomains }: FilterSettings): boolean {
  return mentionsMax === null && words.length === 0 && patterns.length === 0 && allowedDomains.length === 0;
}
