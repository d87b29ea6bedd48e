/**
 * The part of a session that outlives the process: its id, its resume URL, and `settled`, the sequence number up to which every event
 * has an outcome.
 *
 * Saved under the lease's fence, a new session at once, `settled` at most once a second a shard; a failed save is tried again, the
 * newest state wins. After a restart the next holder RESUMEs from `settled`, so what was received but not done comes again.
 */
import type { Clock } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import type { ShardRow, ShardsStore } from "../../src/store/ports/shards.ts";
import type { SessionRecord } from "./session.ts";

const SAVE_MS_MIN = 1_000;
const RETRY_MS_MAX = 10_000;
const FLUSH_RETRY_MS = 100;

export type Sessions = {
  /** Begins to keep a shard under `fence`, from its last holder's session. */
  adopt(shard: number, fence: number, session: ShardRow["session"]): void;
  /** Lost to another holder: nothing is saved for it any more. */
  drop(shard: number): void;
  /** The process ends: nothing that settles from here on is saved. */
  close(): void;
  get(shard: number): SessionRecord | null;
  /** Is the session saved that the shard has now? Only then does the next holder miss nothing after a crash. */
  isSaved(shard: number): boolean;
  /** A new session, or null when the old one is of no more use. */
  remember(shard: number, session: SessionRecord | null): void;
  /** Everything up to `seq` has an outcome. Never goes back within a session. */
  settle(shard: number, seq: number): void;
  settled(shard: number): number | null;
  /** Resolves when all is saved, or after `deadlineMs`; true when all was. `shard`: only this one's. */
  flush(deadlineMs: number, shard?: number): Promise<boolean>;
};

type Entry = {
  readonly fence: number;
  session: { id: string; resumeUrl: string; settled: number; intents: number | null } | null;
  savedId: string | null;
  dirty: boolean;
  savedAtMs: number;
  failures: number;
  saving: Promise<void> | null;
  scheduled: { cancel(): void } | null;
};

export function createSessions(options: {
  readonly application: ApplicationId;
  /** Intents of new sessions. */
  readonly intents: number;
  readonly store: Pick<ShardsStore, "saveSession">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A save was refused: somebody else holds the shard now. */
  readonly fenced: (shard: number) => void;
}): Sessions {
  const { application, store, clock, logger } = options;
  const entries = new Map<number, Entry>();

  function touch(shard: number, entry: Entry): void {
    entry.dirty = true;
    if (entry.scheduled !== null || entry.saving !== null) return;
    const isNew = entry.savedId !== (entry.session?.id ?? null);
    const pauseMs = isNew && entry.failures === 0 ? 0 : Math.min(RETRY_MS_MAX, SAVE_MS_MIN * 2 ** entry.failures);
    const waitMs = Math.min(pauseMs, Math.max(0, entry.savedAtMs + pauseMs - clock.now()));
    entry.scheduled = clock.after(waitMs, () => {
      entry.scheduled = null;
      if (entries.get(shard) === entry) void save(shard, entry);
    });
  }

  function save(shard: number, entry: Entry): Promise<void> {
    entry.saving ??= write(shard, entry).finally(() => {
      entry.saving = null;
      if (entry.dirty && entries.get(shard) === entry) touch(shard, entry);
    });
    return entry.saving;
  }

  async function write(shard: number, entry: Entry): Promise<void> {
    entry.dirty = false;
    entry.savedAtMs = clock.now();
    try {
      const session = entry.session === null ? null : { ...entry.session };
      const kept = await store.saveSession(application, shard, entry.fence, session);
      if (entry.failures > 0) logger.info({ shard }, "session-saved-again");
      entry.failures = 0;
      if (kept) entry.savedId = session?.id ?? null;
      if (kept || entries.get(shard) !== entry) return;
      entries.delete(shard);
      options.fenced(shard);
    } catch (error) {
      // Nobody waits for it any more: the process has ended with the shard.
      if (entries.get(shard) !== entry) return;
      if (entry.failures === 0) logger.warn({ shard, error }, "session-unsaved");
      entry.failures += 1;
      entry.dirty = true;
    }
  }

  return {
    adopt(shard, fence, session) {
      entries.set(shard, {
        fence,
        session: session === null ? null : { ...session },
        savedId: session?.id ?? null,
        dirty: false,
        savedAtMs: 0,
        failures: 0,
        saving: null,
        scheduled: null,
      });
    },
    drop(shard) {
      entries.delete(shard);
    },
    close() {
      entries.clear();
    },
    get(shard) {
      const session = entries.get(shard)?.session ?? null;
      return session === null ? null : { id: session.id, resumeUrl: session.resumeUrl, seq: session.settled };
    },
    isSaved(shard) {
      const entry = entries.get(shard);
      return entry?.session != null && entry.savedId === entry.session.id;
    },
    remember(shard, session) {
      const entry = entries.get(shard);
      if (entry === undefined) return;
      const same = entry.session?.id === session?.id;
      // A resumed session keeps the intents that it identified with.
      const intents = same ? (entry.session?.intents ?? null) : options.intents;
      entry.session =
        session === null ? null : { id: session.id, resumeUrl: session.resumeUrl, settled: session.seq, intents };
      if (!same) {
        entry.scheduled?.cancel();
        entry.scheduled = null;
      }
      touch(shard, entry);
    },
    settle(shard, seq) {
      const entry = entries.get(shard);
      if (entry?.session == null || seq <= entry.session.settled) return;
      entry.session.settled = seq;
      if (!entry.dirty) touch(shard, entry);
    },
    settled(shard) {
      return entries.get(shard)?.session?.settled ?? null;
    },
    async flush(deadlineMs, only) {
      const late = new AbortController();
      const deadline = clock.after(deadlineMs, () => late.abort());
      const cut = new Promise<void>((resolve) => late.signal.addEventListener("abort", () => resolve()));
      try {
        while (!late.signal.aborted) {
          const waiting = [...entries].filter(
            ([shard, entry]) => (only === undefined || shard === only) && (entry.dirty || entry.saving !== null),
          );
          if (waiting.length === 0) return true;
          if (waiting.some(([, entry]) => entry.failures > 0)) {
            await clock.sleep(FLUSH_RETRY_MS, late.signal).catch(() => {});
          }
          await Promise.race([Promise.all(waiting.map(([shard, entry]) => save(shard, entry))), cut]);
        }
        return false;
      } finally {
        deadline.cancel();
      }
    },
  };
}
