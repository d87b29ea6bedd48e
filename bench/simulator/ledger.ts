/** What the simulator was asked and did: every request, every gateway payload, in order, with waiting for the next one. */
import type { Json } from "./world.ts";

export type Entry =
  | {
      readonly kind: "request";
      readonly n: number;
      readonly atMs: number;
      readonly method: string;
      /** The route's template, e.g. `/channels/:channel/messages`; undefined when no route matched. */
      readonly route: string | undefined;
      readonly path: string;
      readonly query: Record<string, string>;
      readonly headers: Record<string, string>;
      readonly applicationId: string | undefined;
      readonly body: unknown;
      status: number;
      response: unknown;
      ms: number;
      /** The fault that was applied, if any. */
      fault: string | undefined;
    }
  | {
      readonly kind: "gateway";
      readonly n: number;
      readonly atMs: number;
      readonly connection: number;
      readonly applicationId: string | undefined;
      readonly shard: number | undefined;
      readonly event: "open" | "receive" | "close";
      readonly op: number | undefined;
      readonly d: unknown;
    }
  | {
      readonly kind: "delivery";
      readonly n: number;
      readonly atMs: number;
      readonly url: string;
      readonly body: Json;
      readonly status: number;
      readonly answer: Json;
      readonly ms: number;
      readonly signature: "good" | "bad";
    };

type Unnumbered<T> = T extends Entry ? Omit<T, "n"> : never;

export type LedgerFilter = {
  readonly kind?: string | undefined;
  readonly method?: string | undefined;
  /** A route's template, or its beginning followed by `*`. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  readonly op?: number | undefined;
  /** Only entries after this number. */
  readonly after?: number | undefined;
};

export type Ledger = {
  readonly add: (entry: Unnumbered<Entry>) => Entry;
  readonly list: (filter?: LedgerFilter) => Entry[];
  readonly clear: () => void;
  readonly onAdd: Set<() => void>;
};

/** The oldest entries are let go beyond this, so that a soak does not grow without bound. */
const ENTRIES_MAX = 100_000;

export function createLedger(): Ledger {
  let entries: Entry[] = [];
  let n = 0;
  const onAdd = new Set<() => void>();
  return {
    onAdd,
    add(entry) {
      n += 1;
      const numbered = { ...entry, n } as Entry;
      entries.push(numbered);
      if (entries.length > ENTRIES_MAX * 1.1) entries = entries.slice(-ENTRIES_MAX);
      for (const listener of onAdd) listener();
      return numbered;
    },
    list: (filter = {}) => entries.filter((entry) => matches(entry, filter)),
    clear() {
      entries = [];
    },
  };
}

function matches(entry: Entry, filter: LedgerFilter): boolean {
  if (filter.kind !== undefined && entry.kind !== filter.kind) return false;
  if (filter.after !== undefined && entry.n <= filter.after) return false;
  if (filter.method !== undefined && (entry.kind !== "request" || entry.method !== filter.method)) return false;
  if (filter.status !== undefined && (entry.kind !== "request" || entry.status !== filter.status)) return false;
  if (filter.op !== undefined && (entry.kind !== "gateway" || entry.op !== filter.op)) return false;
  if (filter.route === undefined) return true;
  if (entry.kind !== "request") return false;
  const route = entry.route ?? entry.path;
  return filter.route.endsWith("*") ? route.startsWith(filter.route.slice(0, -1)) : route === filter.route;
}
