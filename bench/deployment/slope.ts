/**
 * How fast something grows, whatever noise is in it.
 *
 * Algorithm: memory that is collected now and then goes up and down like a saw, so only the lowest value of every minute counts.
 * The slope is the median of the slopes between all pairs of those (Theil, 1950; Sen, 1968): single values that stand out
 * change nothing, where a line of least squares would follow them.
 */

export type Point = { readonly atMs: number; readonly value: number };

const MINUTE_MS = 60_000;

/** What `points` grow by in ten minutes, in their own unit; 0 where there are fewer than two minutes of them. */
export function growthInTenMinutes(points: readonly Point[]): number {
  const lowest = lowestByMinute(points);
  const slopes: number[] = [];
  for (const [i, a] of lowest.entries())
    for (const b of lowest.slice(i + 1)) slopes.push((b.value - a.value) / (b.atMs - a.atMs));
  if (slopes.length === 0) return 0;
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  const median = slopes.length % 2 === 1 ? slopes[middle] : ((slopes[middle - 1] ?? 0) + (slopes[middle] ?? 0)) / 2;
  return (median ?? 0) * 10 * MINUTE_MS;
}

/** One a minute, at the minute's beginning, counted from the first point. */
export function lowestByMinute(points: readonly Point[]): readonly Point[] {
  const from = points[0]?.atMs ?? 0;
  const lowest = new Map<number, number>();
  for (const { atMs, value } of points) {
    const minute = Math.floor((atMs - from) / MINUTE_MS);
    lowest.set(minute, Math.min(lowest.get(minute) ?? Number.POSITIVE_INFINITY, value));
  }
  return [...lowest].map(([minute, value]) => ({ atMs: from + minute * MINUTE_MS, value }));
}
