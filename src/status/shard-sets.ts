/**
 * A bot's shards of one count are a set. While the count changes there are two, and the new one's leases are kept under the
 * bot's id with the count behind it.
 */
import type { ApplicationId } from "../ids.ts";
import type { ShardRow } from "../store/ports/shards.ts";

/** The name under which the leases of another count are kept beside the bot's own. */
export function taggedKey(application: ApplicationId, shards: number): ApplicationId {
  return `${application}#${shards}` as ApplicationId;
}

export function applicationOf(leaseKey: ApplicationId): ApplicationId {
  return leaseKey.split("#")[0] as ApplicationId;
}

/** Of each bot the rows of the set that is in force (the most shards held, then the larger count), under the bot's own id. */
export function setsInForce(rows: readonly ShardRow[], nowMs: number): readonly ShardRow[] {
  const sets = new Map<ApplicationId, Map<string, ShardRow[]>>();
  for (const row of rows) {
    const application = applicationOf(row.application);
    const mine = sets.get(application) ?? new Map<string, ShardRow[]>();
    sets.set(application, mine);
    const name = `${row.application}/${row.shards}`;
    mine.set(name, [...(mine.get(name) ?? []), { ...row, application }]);
  }
  const held = (set: readonly ShardRow[]) => set.filter((row) => row.holder !== null && row.untilMs > nowMs).length;
  return [...sets.values()].flatMap(
    (mine) =>
      [...mine.values()].sort((a, b) => held(b) - held(a) || (b[0]?.shards ?? 0) - (a[0]?.shards ?? 0))[0] ?? [],
  );
}
