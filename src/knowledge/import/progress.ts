/** An import's progress: to the caller at once, to the store and the bus at most once a second, and always at its end. */
import type { Bus } from "../../bus.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId } from "../../ids.ts";
import type { DocumentInput, ImportSummary, KnowledgeStore, SourceRow } from "../../store/ports/knowledge.ts";

/** A job's failures that are kept; a site that fails ten thousand times fails for one reason. */
const FAILURES_MAX = 200;
const SAVE_MS = 1_000;

/** Indexes are built anew this often while a long import runs, so that what is in can be asked for. */
const ANNOUNCE_MS = 20_000;

export type Failure = { readonly what: string; readonly reason: string };

export type ImportProgress = {
  readonly done: number;
  readonly total: number;
  /** The document worked on last. */
  readonly what: string;
  readonly failures: readonly Failure[];
};

/** Nothing is done yet. */
export const NOTHING_DONE: SourceRow["progress"] = { done: 0, total: 0, failures: [] };

export type Reporter = {
  start(): Promise<void>;
  /** The remaining work, as far as it is known. */
  setLeft(left: number): void;
  /** One more is done, well or not. */
  done(what: string): Promise<void>;
  failed(what: string, reason: string): void;
  /** A document as it is kept now. `leftOutChars`: characters of its page that are not kept. */
  read(document: DocumentInput, leftOutChars: number, unchanged: boolean): void;
  /** The knowledge base is another now. */
  changed(): Promise<void>;
  end(changed: boolean): Promise<void>;
  /** It stops here and is to be gone on with. */
  pause(): Promise<void>;
  /** The import itself failed, not a document of it. */
  broken(error: unknown): Promise<void>;
  failures(): readonly Failure[];
};

export function createReporter(options: {
  readonly store: Pick<KnowledgeStore, "setProgress">;
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly guild: GuildId;
  readonly source: string;
  /** Documents done before it was stopped: it goes on from there. */
  readonly before: SourceRow["progress"];
  readonly left: number;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}): Reporter {
  const { store, bus, clock, guild, source, before, onProgress } = options;
  const failures: Failure[] = [...before.failures];
  let summary: ImportSummary = before.report ?? { read: 0, unchanged: 0, keptChars: 0, leftOutChars: 0, samples: [] };
  let { done } = before;
  let total = done + options.left;
  let savedAtMs = 0;
  let announcedAtMs = clock.now();

  async function save(state: SourceRow["state"]): Promise<void> {
    savedAtMs = clock.now();
    await store.setProgress(guild, source, state, { done, total, failures, report: summary });
    await bus.publish({ type: "job-progressed", guild, job: source });
  }

  return {
    start: () => save("running"),
    setLeft(left) {
      total = done + left;
    },
    async done(what) {
      done++;
      onProgress?.({ done, total, what, failures });
      if (clock.now() - savedAtMs >= SAVE_MS) await save("running");
    },
    failed(what, reason) {
      // A page that is read a second time fails once.
      const known = failures.findIndex((failure) => failure.what === what);
      if (known >= 0) failures[known] = { what, reason };
      else if (failures.length < FAILURES_MAX) failures.push({ what, reason });
    },
    read(document, leftOutChars, unchanged) {
      summary = {
        read: summary.read + 1,
        unchanged: summary.unchanged + (unchanged ? 1 : 0),
        keptChars: summary.keptChars + document.passages.reduce((sum, { text }) => sum + text.length, 0),
        leftOutChars: summary.leftOutChars + leftOutChars,
        samples: sampled(summary, document),
      };
    },
    async changed() {
      if (clock.now() - announcedAtMs < ANNOUNCE_MS) return;
      announcedAtMs = clock.now();
      await bus.publish({ type: "knowledge-changed", guild });
    },
    async end(changed) {
      await save("idle");
      if (changed) await bus.publish({ type: "knowledge-changed", guild });
    },
    pause: () => save("running"),
    async broken(error) {
      if (failures.length < FAILURES_MAX) {
        failures.push({ what: "the import", reason: error instanceof Error ? error.message : String(error) });
      }
      // The store may be what broke: the first error is the one to tell.
      await save("failed").catch(() => undefined);
      await bus.publish({ type: "knowledge-changed", guild }).catch(() => undefined);
    },
    failures: () => failures,
  };
}

const SAMPLES = 3;
const SAMPLE_CHARS_MAX = 600;

/** The first three, then every document whose number is a power of two in place of one of them: spread over the whole import. */
function sampled({ read, samples }: ImportSummary, document: DocumentInput): ImportSummary["samples"] {
  const [passage] = document.passages;
  if (passage === undefined) return samples;
  const sample = { title: document.title, url: passage.url, text: passage.text.slice(0, SAMPLE_CHARS_MAX) };
  if (samples.length < SAMPLES) return [...samples, sample];
  const turn = Math.log2(read + 1);
  return Number.isInteger(turn) ? samples.with(turn % SAMPLES, sample) : samples;
}
