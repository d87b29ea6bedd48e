/**
 * The public keys that interactions are verified with, of every bot we know: read once for all who ask at once, believed for half a
 * minute, and kept while the store is away.
 */

import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/ids.ts";
import { createReads } from "../src/reads.ts";
import type { Services } from "../src/services.ts";
import type { BotRow } from "../src/store/ports/bots.ts";

export type SigningBot = Pick<BotRow, "application" | "publicKey" | "name" | "shared">;

export type BotKeys = {
  /** Undefined: the shared bot. Null for an application that is none of ours. */
  find(application: string | undefined): Promise<SigningBot | null>;
  close(): void;
};

const KEYS_MS = 30_000;
/** Whom nobody knows may have come since, but not so often that strangers could ask the store by it. */
const MISSED_MS = 1_000;

export function createBotKeys(services: Pick<Services, "config" | "store" | "clock" | "logger" | "bus">): BotKeys {
  const { config, store, clock, logger, bus } = services;
  const { applicationId, publicKey } = config.discord;
  const own: readonly SigningBot[] =
    applicationId === null || publicKey === null
      ? []
      : [{ application: applicationId as ApplicationId, publicKey, name: "Gatehouse", shared: true }];
  const reads = createReads<"all", readonly SigningBot[]>();
  let held: { readonly list: readonly SigningBot[]; readonly atMs: number } | null = null;
  const close = bus.subscribe((news) => {
    if (news.type === "bots-changed" && held !== null) held = { ...held, atMs: Number.NEGATIVE_INFINITY };
  });

  async function keys(ageMsMax: number): Promise<readonly SigningBot[]> {
    if (held !== null && clock.now() - held.atMs <= ageMsMax) return held.list;
    return await reads.once("all", async () => {
      const list = await read();
      held = { list, atMs: clock.now() };
      return list;
    });
  }

  /** While the store is away, those that were read last: a key does not change, a bot may be missing. */
  async function read(): Promise<readonly SigningBot[]> {
    try {
      const rows = await store.bots.list();
      const named = own.map((bot) => ({
        ...bot,
        name: rows.find((row) => row.application === bot.application)?.name ?? bot.name,
      }));
      return [...named, ...rows.filter((row) => !own.some((bot) => bot.application === row.application))];
    } catch (error) {
      const before = held?.list ?? own;
      if (before.length === 0 || !(error instanceof AppError)) throw error;
      logger.warn({ reason: error.kind }, "keys-unread");
      return before;
    }
  }

  return {
    async find(application) {
      const isIt = (bot: SigningBot) => (application === undefined ? bot.shared : bot.application === application);
      return (await keys(KEYS_MS)).find(isIt) ?? (await keys(MISSED_MS)).find(isIt) ?? null;
    },
    close,
  };
}
