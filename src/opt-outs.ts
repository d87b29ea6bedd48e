/**
 * Members who asked a bot not to read them. What they write is neither answered nor shown to a model, not even as context of
 * somebody else's question; only signals that need no judgement look at it.
 *
 * Each thread holds the whole list: it is asked for every message, and is short. `opt-outs-changed` puts it out of date at once,
 * age after 5 minutes. The wish is kept per application: whose key signs a command speaks for its own bot only.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";
import type { ApplicationId, UserId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import type { PrivacyStore } from "./store/ports/privacy.ts";

export type OptOuts = {
  /** Undefined until the list was read once: `load` first. May start a refresh in the background. */
  has(application: ApplicationId, user: string): boolean | undefined;
  /** Settles once there is a list to go by; throws what the store throws when there is none. */
  load(): Promise<void>;
  /** In force here when it settles, and elsewhere as fast as the bus is. */
  set(application: ApplicationId, user: UserId, out: boolean): Promise<void>;
  close(): void;
};

const FRESH_MS = 5 * 60_000;
const RETRY_MS = 1_000;

export function createOptOuts(services: {
  readonly store: { readonly privacy: Pick<PrivacyStore, "optOuts" | "setOptOut"> };
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
}): OptOuts {
  const { store, bus, clock, logger } = services;
  let held: ReadonlySet<string> | null = null;
  let freshUntilMs = 0;
  let reading: Promise<void> | null = null;
  /** News came while a list was read: that list may be older than they are. */
  let outdated = false;
  const unsubscribe = bus.subscribe((news) => {
    if (news.type !== "opt-outs-changed") return;
    freshUntilMs = 0;
    outdated = true;
    if (held !== null) refresh();
  });

  function read(): Promise<void> {
    reading ??= (async () => {
      try {
        let rows: Awaited<ReturnType<PrivacyStore["optOuts"]>>;
        do {
          outdated = false;
          rows = await store.privacy.optOuts();
        } while (outdated);
        held = new Set(rows.map(({ application, user }) => keyOf(application, user)));
        freshUntilMs = clock.now() + FRESH_MS;
      } catch (error) {
        freshUntilMs = clock.now() + RETRY_MS;
        throw error;
      } finally {
        reading = null;
      }
    })();
    return reading;
  }

  function refresh(): void {
    read().catch((error: unknown) => {
      // The store tells of its own outage, once; the list from before is better than none.
      if (!(error instanceof AppError)) logger.error({ error }, "background-failed");
    });
  }

  return {
    has(application, user) {
      if (held === null) return undefined;
      if (clock.now() >= freshUntilMs && reading === null) refresh();
      return held.size > 0 && held.has(keyOf(application, user));
    },
    async load() {
      if (held === null) await read();
    },
    async set(application, user, out) {
      await store.privacy.setOptOut(application, user, out);
      outdated = true;
      const next = new Set(held);
      if (out) next.add(keyOf(application, user));
      else next.delete(keyOf(application, user));
      if (held !== null) held = next;
      await bus.publish({ type: "opt-outs-changed" }).catch((error: unknown) => {
        // The other processes read it by themselves when their list is old.
        logger.warn({ error }, "news-unpublished");
      });
    },
    close: unsubscribe,
  };
}

function keyOf(application: ApplicationId, user: string): string {
  return `${application}:${user}`;
}
