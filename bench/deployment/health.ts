/** What a process says of itself on `/readyz` and `/metrics`. */

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

/** Bytes of each thread's heap, by the metric's name and labels; none while it does not answer. */
export async function heapsOf(origin: string): Promise<ReadonlyMap<string, number>> {
  try {
    const answer = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(2_000) });
    const lines = (await answer.text()).matchAll(/^gatehouse_(main_heap_bytes|worker_heap_bytes\{[^}]*\}) (\d+)/gm);
    return new Map(Array.from(lines, ([, name = "", bytes]) => [name, Number(bytes)]));
  } catch {
    return new Map();
  }
}
