/** The shards' part of the store, in memory and on the test's clock, with the rules of store/sql: fences, expiry, ledger. */
import type { Clock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import type { ShardRow, ShardsStore } from "../../src/store/ports/shards.ts";

export type MemoryShards = ShardsStore & {
  /** While true every call fails as an unreachable database does. */
  down: boolean;
  readonly rows: Map<string, ShardRow>;
  saves: number;
};

export function memoryShards(clock: Pick<Clock, "now">): MemoryShards {
  const rows = new Map<string, ShardRow>();
  const turns = new Map<string, number>();
  const gateways = new Map<string, number>();
  const ledger: { readonly key: string; readonly atMs: number }[] = [];
  const reach = () => {
    if (store.down) throw new AppError("unavailable", "the test took the store away");
  };
  const store: MemoryShards = {
    down: false,
    rows,
    saves: 0,
    async lease(application, shard, shards, holder, ttlMs) {
      reach();
      const key = `${application}/${shard}`;
      const old = rows.get(key);
      if (old !== undefined && old.holder !== null && old.holder !== holder && old.untilMs > clock.now()) return null;
      const same = old?.shards === shards;
      const row: ShardRow = {
        application,
        shard,
        shards,
        holder,
        fence: (old?.fence ?? 0) + (same && old?.holder === holder ? 0 : 1),
        untilMs: clock.now() + ttlMs,
        session: same ? (old?.session ?? null) : null,
      };
      rows.set(key, row);
      return row;
    },
    async renew(application, mine, shards, holder, ttlMs) {
      reach();
      const renewed = new Set<number>();
      for (const shard of mine) {
        const key = `${application}/${shard}`;
        const row = rows.get(key);
        if (row === undefined || row.holder !== holder || row.shards !== shards) continue;
        rows.set(key, { ...row, untilMs: clock.now() + ttlMs });
        renewed.add(shard);
      }
      return renewed;
    },
    async release(application, shard, holder, fence) {
      reach();
      const key = `${application}/${shard}`;
      const row = rows.get(key);
      if (row?.holder === holder && row.fence === fence) rows.set(key, { ...row, holder: null });
    },
    async saveSession(application, shard, fence, session) {
      reach();
      const key = `${application}/${shard}`;
      const row = rows.get(key);
      if (row?.fence !== fence) return false;
      rows.set(key, { ...row, session });
      store.saves += 1;
      return true;
    },
    async present(application, holder, ttlMs) {
      reach();
      gateways.set(`${application}/${holder}`, clock.now() + ttlMs);
      for (const [key, untilMs] of gateways) if (untilMs <= clock.now()) gateways.delete(key);
      return [...gateways.keys()].filter((key) => key.startsWith(`${application}/`)).length;
    },
    async absent(application, holder) {
      reach();
      gateways.delete(`${application}/${holder}`);
    },
    async countIdentify(application, shard, sinceMs, max) {
      reach();
      const key = `${application}/${shard}`;
      const since = ledger.filter((entry) => entry.key === key && entry.atMs >= sinceMs);
      const oldest = since.at(-max);
      if (oldest !== undefined) return oldest.atMs;
      ledger.push({ key, atMs: clock.now() });
      return null;
    },
    async takeIdentifyTurn(application, key, paceMs) {
      reach();
      const name = `${application}/${key}`;
      const turnAtMs = Math.max(turns.get(name) ?? 0, clock.now());
      turns.set(name, turnAtMs + paceMs);
      return turnAtMs - clock.now();
    },
    async forget(application) {
      reach();
      for (const key of rows.keys()) if (key.startsWith(`${application}/`)) rows.delete(key);
      for (const key of turns.keys()) if (key.startsWith(`${application}/`)) turns.delete(key);
      ledger.splice(0, ledger.length, ...ledger.filter((entry) => !entry.key.startsWith(`${application}/`)));
    },
    async list(application) {
      reach();
      return [...rows.values()].filter((row) => application === undefined || row.application === application);
    },
  };
  return store;
}
