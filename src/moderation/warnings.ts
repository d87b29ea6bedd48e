/** Takes a warning away when its time is over, in whichever process: the time stands in the outbox, and survives a restart. */
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId, ChannelId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { inRequest } from "../request.ts";
import type { OutboxEnd, OutboxTask } from "../store/ports/outbox.ts";
import type { Store } from "../store.ts";

export const WARNING_OVER = "warning-over";

const payloadSchema = z.object({
  application: z.string().transform((id) => id as ApplicationId),
  channel: z.string().transform((id) => id as ChannelId),
  message: z.string().transform((id) => id as MessageId),
});
export type WarningOver = z.output<typeof payloadSchema>;

const AT_ONCE = 100;
const LEASE_MS = 60_000;
const AGAIN_MS = 30_000;
const TRIES_MAX = 10;

export function createWarningEnds(services: {
  readonly store: Pick<Store, "outbox">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discord: (application: ApplicationId) => Discord;
}): () => Promise<number> {
  const { store, clock, logger, discord } = services;

  async function end({ payload, guild, attempts }: OutboxTask): Promise<OutboxEnd> {
    const read = payloadSchema.safeParse(payload);
    if (!read.success) return { failed: "it is of no form that is known" };
    const { application, channel, message } = read.data;
    try {
      await discord(application).messages.remove(channel, [message], "Gatehouse: the warning's time is over");
      return { message: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const passes = ["unavailable", "timeout", "rate-limited", "overloaded"].includes(error.kind);
      if (passes && attempts < TRIES_MAX) return { again: error.kind, atMs: clock.now() + AGAIN_MS };
      // A channel that is gone or closed keeps nobody busy.
      logger.info({ guild, reason: error.kind }, "warning-not-removed");
      return { failed: error.kind };
    }
  }

  return async () => {
    const due = await store.outbox.claim([WARNING_OVER], { limit: AT_ONCE, leaseMs: LEASE_MS });
    // Side by side, so that those of one channel wait for each other's turn at Discord alone.
    await Promise.all(
      due.map(async (task) => {
        await store.outbox.finish(task.guild, task.key, await inRequest(task.request, () => end(task)), task.attempts);
      }),
    );
    return due.length;
  };
}
