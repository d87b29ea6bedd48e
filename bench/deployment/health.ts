/** What a process says of itself on `/readyz`. */

export type Shards = { readonly all: number; readonly live: number };

/** None while it does not answer. */
export async function shardsOf(origin: string): Promise<Shards> {
  try {
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const { shards } = (await answer.json()) as { shards?: Partial<Shards> };
    return { all: shards?.all ?? 0, live: shards?.live ?? 0 };
  } catch {
    return { all: 0, live: 0 };
  }
}
