/** Ports kept in plain maps, for tests of what stands on them; the real ones have contract suites of their own. */
import type { Bus, News } from "../../src/bus.ts";
import type { Clock } from "../../src/clock.ts";
import type { Hot } from "../../src/hot.ts";
import type { ApplicationId, GuildId, UserId } from "../../src/ids.ts";
import type { Knowledge, PassageRow } from "../../src/knowledge.ts";
import { createLogger } from "../../src/logger.ts";
import { defaultSettings, type GuildSettings } from "../../src/settings/form.ts";
import type { ConversationRow, Exchange, TurnRow } from "../../src/store/ports/conversations.ts";
import type { Addressing, AddressingChange, GuildRow } from "../../src/store/ports/guilds.ts";
import type { Store } from "../../src/store.ts";
import { speaker, step } from "../../src/takeover.ts";
import { memoryDesk } from "./desk-store.ts";
import { type MemoryOutbox, memoryOutbox } from "./outbox-store.ts";

/** Says and sleeps as a test tells it: `advance` runs what falls due, in order, each once `rest` says that nothing else runs. */
export type ManualClock = Clock & { advance(ms: number): Promise<void> };

export function createClock(startMs = Date.UTC(2026, 0, 1, 12), rest = settled): ManualClock {
  let now = startMs;
  let count = 0;
  let due: { atMs: number; run: () => void; order: number }[] = [];
  const after = (ms: number, run: () => void) => {
    const entry = { atMs: now + ms, run, order: count++ };
    due.push(entry);
    const cancel = () => {
      due = due.filter((other) => other !== entry);
    };
    return { cancel };
  };
  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = after(ms, resolve);
        signal?.addEventListener("abort", () => {
          timer.cancel();
          reject(signal.reason);
        });
      }),
    chance: () => 0.999,
    id: () => (count++).toString(16).padStart(32, "0"),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        await rest();
        const next = due.filter((e) => e.atMs <= until).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
        if (next === undefined) break;
        due = due.filter((entry) => entry !== next);
        now = next.atMs;
        next.run();
      }
      now = until;
      await rest();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

export function createHotDouble(): Hot & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    get: async (key) => (values.get(key) as string | undefined) ?? null,
    async set(key, value) {
      values.set(key, value);
    },
    async claim(key, owner) {
      const held = values.get(key);
      if (held !== undefined && held !== owner) return false;
      values.set(key, owner);
      return true;
    },
    async push(key, item, itemsMax) {
      values.set(key, [...((values.get(key) as string[] | undefined) ?? []), item].slice(-itemsMax));
    },
    list: async (key) => (values.get(key) as string[] | undefined) ?? [],
    draw: async () => -1,
    fill: async () => {},
    async spend(key, _request, amount, limit, _ttl, base = 0) {
      const total = ((values.get(key) as number | undefined) ?? base) + amount;
      if (total > limit) return { granted: false, total: total - amount };
      values.set(key, total);
      return { granted: true, total };
    },
    async remove(keys) {
      for (const key of keys) values.delete(key);
    },
    async drop(prefix) {
      for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
    },
  };
}

export function createBusDouble(): Bus & { readonly published: News[] } {
  const listeners = new Set<(news: News) => void>();
  const published: News[] = [];
  return {
    published,
    async publish(news) {
      published.push(news);
      for (const listener of listeners) listener(news);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}

export type StoreDouble = Store & {
  readonly exchanges: (Exchange & { readonly guild: GuildId })[];
  readonly rows: Map<GuildId, GuildRow>;
  readonly talks: Map<string, { row: ConversationRow; turns: TurnRow[] }>;
  readonly outbox: MemoryOutbox;
  /** Versions of knowledge bases; without one, 1. */
  readonly versions: Map<GuildId, number>;
  configure(guild: GuildId, settings: Partial<GuildSettings>): void;
};

/** Guilds, conversations and the outbox; whatever else is asked of it throws. */
export function createStoreDouble(clock: Clock, application: ApplicationId): StoreDouble {
  const rows = new Map<GuildId, GuildRow>();
  const talks: StoreDouble["talks"] = new Map();
  const outbox = memoryOutbox(clock, (conversation) => {
    const talk = talks.get(conversation);
    const who = talk === undefined ? "bot" : speaker(talk.row.takeover, clock.now());
    return who === "bot" ? null : who;
  });
  const exchanges: StoreDouble["exchanges"] = [];
  const versions: StoreDouble["versions"] = new Map();
  const missing = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(`no ${String(name)} here`)) });
  const joined = (guild: GuildId, settings: GuildSettings): GuildRow => ({
    guild,
    application,
    account: "account",
    name: "Lumen",
    settings,
    version: 1,
    joinedAtMs: clock.now(),
    leftAtMs: null,
    addressing: { botRole: null, ownThreads: [] },
  });

  const store = {
    rows,
    talks,
    outbox,
    exchanges,
    versions,
    configure(guild: GuildId, settings: Partial<GuildSettings>) {
      rows.set(guild, joined(guild, { ...defaultSettings, ...settings }));
    },
    privacy: memoryPrivacy(),
    retention: { forgetMember: async () => 0, emptyMessages: async () => 0 },
    guilds: {
      async join(guild: GuildId, _application: string, name: string, _locale: string | null, addressing?: Addressing) {
        const there = rows.get(guild) ?? joined(guild, defaultSettings);
        const row = { ...there, name, leftAtMs: null, addressing: addressing ?? there.addressing };
        rows.set(guild, row);
        return row;
      },
      async meet(guild: GuildId, by: string, name: string, locale: string | null) {
        const there = rows.get(guild);
        if (there !== undefined && there.application !== by) return there;
        return await store.guilds.join(guild, by, name, locale);
      },
      async address(guild: GuildId, change: AddressingChange) {
        const row = rows.get(guild);
        if (row === undefined) return;
        const { botRole, ownThreads } = row.addressing;
        const threads = ownThreads.filter((id) => !("closed" in change) || id !== change.closed);
        const addressing = {
          botRole: "botRole" in change ? change.botRole : botRole,
          ownThreads: "opened" in change ? [...threads, change.opened] : threads,
        };
        rows.set(guild, { ...row, addressing });
      },
      async leave(guild: GuildId) {
        const row = rows.get(guild);
        if (row !== undefined) rows.set(guild, { ...row, leftAtMs: clock.now() });
      },
      get: async (guild: GuildId) => rows.get(guild) ?? null,
      list: async () => [...rows.values()],
    },
    states: {
      async of(guilds: readonly GuildId[]) {
        const found = await Promise.all(guilds.map((guild) => store.guilds.get(guild)));
        return new Map(
          found.flatMap((row) =>
            row === null ? [] : [[row.guild, { row, subscription: null, knowledge: 0 }] as const],
          ),
        );
      },
    },
    conversations: {
      async open(guild: GuildId, who: Parameters<Store["conversations"]["open"]>[1], idleMs: number) {
        const found = [...talks.values()].find(
          ({ row }) =>
            row.guild === guild &&
            row.channel === who.channel &&
            row.member === who.member &&
            clock.now() - row.lastAtMs <= idleMs,
        );
        if (found !== undefined) return found.row;
        const row: ConversationRow = {
          id: clock.id(),
          guild,
          ...who,
          startedAtMs: clock.now(),
          lastAtMs: clock.now(),
          turns: 0,
          takeover: { by: "bot", fence: 0 },
          escalatedAtMs: null,
          lastText: "",
          ...{ lastRole: null, agentName: null, wantedBy: null, state: "open", assignee: null, readAtMs: null },
        };
        talks.set(row.id, { row, turns: [] });
        return row;
      },
      async record(guild: GuildId, exchange: Exchange) {
        if (exchanges.some((other) => other.trigger === exchange.trigger)) return false;
        exchanges.push({ ...exchange, guild });
        const talk = exchange.conversation === null ? undefined : talks.get(exchange.conversation);
        talk?.turns.push(...exchange.turns.map((turn) => ({ ...turn, id: clock.id(), feedback: null })));
        if (talk !== undefined && exchange.outcome.kind === "escalated") {
          talk.row = { ...talk.row, escalatedAtMs: clock.now() };
        }
        return true;
      },
      async get(guild: GuildId, id: string) {
        const talk = talks.get(id);
        return talk === undefined || talk.row.guild !== guild ? null : { conversation: talk.row, turns: talk.turns };
      },
      async takeover(
        guild: GuildId,
        id: string,
        event: Parameters<Store["conversations"]["takeover"]>[2],
        by: { idleMs?: number } = {},
      ) {
        const talk = talks.get(id);
        if (talk === undefined || talk.row.guild !== guild) return null;
        const next = step(talk.row.takeover, event, clock.now(), by.idleMs);
        if (!("refused" in next)) talk.row = { ...talk.row, takeover: next };
        return next;
      },
      async homeOf(_application: ApplicationId, member: string) {
        return [...talks.values()].findLast(({ row }) => row.member === member)?.row.guild ?? null;
      },
      async feedback(guild: GuildId, message: string, value: "up" | "down") {
        for (const { row, turns } of talks.values()) {
          const at = turns.findIndex((turn) => turn.message === message && turn.role === "bot");
          const turn = turns[at];
          if (row.guild === guild && turn !== undefined) turns[at] = { ...turn, feedback: value };
        }
        return true;
      },
      async stands(guild: GuildId, kept: string, knowledge: number, _sinceMs: number) {
        if (knowledge !== (versions.get(guild) ?? 1)) return false;
        return ![...talks.values()].some(({ row, turns }) => {
          const said = turns.filter(({ outcome }) => outcome?.kept === kept);
          const toTeam = row.escalatedAtMs !== null || row.takeover.by === "agent";
          return row.guild === guild && said.some(({ feedback }) => feedback === "down" || toTeam);
        });
      },
    },
    desk: memoryDesk(clock, talks),
    escalations: { take: async () => {}, close: async () => {}, of: async () => [], open: async () => null },
    bots: missing,
    knowledge: Object.assign(Object.create(missing), { version: async (guild: GuildId) => versions.get(guild) ?? 1 }),
    usage: missing,
    people: missing,
    shards: missing,
    processes: missing,
    inbox: missing,
    cases: missing,
    alerts: missing,
    reports: missing,
    migrate: async () => [],
    buildIndexes: async () => ({ built: [], elsewhere: [] }),
    health: async () => ({ ok: true, version: "double" }),
    load: () => ({ connections: 1, busy: 0, waiting: 0 }),
    close: () => Promise.resolve(),
  };
  return store as unknown as StoreDouble;
}

/** The wishes not to be read; nothing else is kept about anybody. */
function memoryPrivacy() {
  const wishes = new Map<string, { application: ApplicationId; user: UserId }>();
  return {
    guilds: async () => [],
    optOuts: async () => [...wishes.values()],
    async setOptOut(application: ApplicationId, user: UserId, out: boolean) {
      if (out) wishes.set(`${application} ${user}`, { application, user });
      else wishes.delete(`${application} ${user}`);
    },
  };
}

const ignored = (_: GuildId, read: Promise<unknown>) => void read.catch(() => {});
/** For settings whose guilds have nothing else that is held. */
export const HELD_BY_NOBODY = { plans: { come: ignored }, knowledge: { versionComes: ignored } };

/** Ranks by shared words: enough to tell a question that is held from one that is not. */
export function createKnowledgeDouble(
  ...held: readonly { readonly guild: GuildId; readonly passages: readonly PassageRow[] }[]
): Knowledge {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
  return {
    async retrieve(guild, question, limit) {
      const asked = wordsOf(question);
      const passages = held
        .filter((entry) => entry.guild === guild)
        .flatMap((entry) => entry.passages)
        .map((passage) => {
          const words = wordsOf(`${passage.title} ${passage.headings.join(" ")} ${passage.text}`);
          return { passage, score: [...asked].filter((word) => words.has(word)).length / Math.max(1, asked.size) };
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
      return { passages, answerable: Math.min(1, (passages[0]?.score ?? 0) * 1.5) };
    },
    empty: async (guild) => !held.some((entry) => entry.guild === guild && entry.passages.length > 0),
    versionComes: (_, read) => void read.catch(() => {}),
    stats: () => ({ bytes: 0, guilds: held.length, hits: 0, misses: 0 }),
  };
}

export const silentLogger = createLogger({ level: "silent", format: "json" });
