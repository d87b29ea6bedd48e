/**
 * The same talk at another pace, so that the forest learns who speaks to whom and not how fast one community types (domain
 * randomisation; Tobin et al. 2017): a busy channel in which some conversations are left and time is stretched, and quiet
 * channels side by side in one, their pauses cut short. In the quieter ones some replies do without the name that they begin
 * with, as people do where there is less to mix up. Used for growing only, never for measuring.
 */
import { seeded } from "./linear.ts";
import type { Log } from "./smart-data.ts";

export type Varied = {
  readonly log: Log;
  /** Where each of its rows stands in the logs it was made from. */
  readonly origins: readonly { readonly log: Log; readonly place: number }[];
};

type Said = { readonly log: Log; readonly place: number; readonly atMs: number };

const QUIETER = [
  { kept: 0.3, slower: 3 },
  { kept: 0.15, slower: 10 },
  { kept: 0.5, slower: 1.5 },
  { kept: 0.1, slower: 20 },
  { kept: 0.25, slower: 5 },
] as const;
const BUSIER = [
  { streams: 8, faster: 2 },
  { streams: 16, faster: 3 },
  { streams: 5, faster: 1 },
  { streams: 24, faster: 4 },
  { streams: 12, faster: 2 },
] as const;

/** Of the replies to somebody by name in a quieter channel. */
const NAMELESS_SHARE = 0.25;

const MINUTE_MS = 60_000;
/** Nights and weekends are cut to this. */
const PAUSE_MS_MAX = 60 * MINUTE_MS;
const BUSY_PAUSE_MS_MAX = 20 * MINUTE_MS;

/** Of busy logs with reply links the quieter ones; of all others together the busier ones. */
export function variedLogs(logs: readonly Log[]): Varied[] {
  const busy = logs.filter(({ rows }) => rows.some(({ reply_to }) => reply_to !== undefined));
  const calm = logs.filter(({ community }) => community === "gitter");
  return [
    ...busy.flatMap((log) => QUIETER.map((way, i) => quieter(log, i + 1, way))),
    ...(calm.length === 0 ? [] : BUSIER.map((way, i) => busier(calm, i + 1, way))),
  ];
}

function quieter(log: Log, seed: number, { kept, slower }: (typeof QUIETER)[number]): Varied {
  const random = seeded(seed);
  const conversationOf = conversations(log);
  const stays = new Map<string, boolean>();
  const said: Said[] = [];
  let atMs = 0;
  for (const [place, row] of log.rows.entries()) {
    atMs += slower * pause(log, place, PAUSE_MS_MAX);
    const conversation = conversationOf(row.id);
    const stay = stays.get(conversation) ?? random() < kept;
    stays.set(conversation, stay);
    if (stay) said.push({ log, place, atMs });
  }
  return nameless(together(`quieter-${seed}`, log.community, said), random);
}

function busier(logs: readonly Log[], seed: number, { streams, faster }: (typeof BUSIER)[number]): Varied {
  const random = seeded(seed);
  const all = logs.reduce((sum, { rows }) => sum + rows.length, 0);
  const said = logs.flatMap((log) => {
    const parts = Math.max(1, Math.round((streams * log.rows.length) / all));
    return Array.from({ length: parts }, (_, part) => {
      const from = Math.floor((part * log.rows.length) / parts);
      const to = Math.floor(((part + 1) * log.rows.length) / parts);
      let atMs = random() * BUSY_PAUSE_MS_MAX;
      return log.rows.slice(from, to).map((_row, i): Said => {
        if (i > 0) atMs += pause(log, from + i, BUSY_PAUSE_MS_MAX) / faster;
        return { log, place: from + i, atMs };
      });
    }).flat();
  });
  said.sort((a, b) => a.atMs - b.atMs);
  // IRC's logs know minutes only.
  const rounded = said.map((one) => ({ ...one, atMs: Math.floor(one.atMs / MINUTE_MS) * MINUTE_MS }));
  return together(`busier-${seed}`, "gitter", rounded);
}

function pause({ lines }: Log, place: number, most: number): number {
  if (place === 0) return 0;
  return Math.min(most, Math.max(0, (lines[place]?.atMs ?? 0) - (lines[place - 1]?.atMs ?? 0)));
}

/** What replies tie together, directly or by others, is one conversation; what nothing ties is one by itself. */
function conversations({ rows }: Log): (id: string) => string {
  const above = new Map<string, string>();
  const top = (id: string): string => {
    let at = id;
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
    return at;
  };
  for (const { id, reply_to } of rows) {
    for (const other of reply_to ?? []) if (top(id) !== top(other)) above.set(top(id), top(other));
  }
  return top;
}

function nameless({ log, origins }: Varied, random: () => number): Varied {
  const drops = log.rows.map(
    (row) => row.expected === "silent" && (row.addressed_to ?? null) !== null && random() < NAMELESS_SHARE,
  );
  return {
    log: {
      ...log,
      rows: log.rows.map((row, i) => (drops[i] ? { ...row, text: withoutName(row.text), addressed_to: null } : row)),
      lines: log.lines.map((line, i) => (drops[i] ? { ...line, text: withoutName(line.text) } : line)),
    },
    origins,
  };
}

/** Without the name that a line begins with. */
export function withoutName(text: string): string {
  return text.replace(/^@?\S{2,32}?[:,>]+\s+|^@\S+\s+/, "");
}

function together(name: string, community: Log["community"], said: readonly Said[]): Varied {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const kept = said.flatMap(({ log, place, atMs }) => {
    const row = log.rows[place];
    const line = log.lines[place];
    if (row === undefined || line === undefined) return [];
    return [{ row, line: { ...line, channel: name, atMs: start + atMs }, origin: { log, place } }];
  });
  return {
    log: { name, community, rows: kept.map(({ row }) => row), lines: kept.map(({ line }) => line) },
    origins: kept.map(({ origin }) => origin),
  };
}
