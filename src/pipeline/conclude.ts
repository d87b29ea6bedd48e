/** ⑨ The end of a message's way: logs its outcome once and records it where an admin reads it, also after an error. */
import { AppError } from "../errors.ts";
import { silenceOf } from "../exchange.ts";
import type { ApplicationId } from "../ids.ts";
import type { Message } from "../message.ts";
import { type Outcome, outcome } from "../record.ts";
import type { Spine } from "./spine.ts";

export type Trigger = {
  readonly application: ApplicationId;
  readonly message: Message;
  /** When the frame came in: `performance.timeOrigin + performance.now()`, comparable across threads. */
  readonly receivedAtMs: number;
  /** Too much work is under way: unasked messages end with their verdict. */
  readonly pressed?: boolean;
};

export function conclude(trigger: Trigger, result: Outcome, spine: Spine, cause?: unknown): Outcome {
  spine.recorder.log(trigger.application, trigger.message, result, cause);
  // A failed message may be delivered again; its outbox keys settle it then.
  if (result.kind === "failed") spine.seen.delete(seenKey(trigger));
  return result;
}

/** A silence that cost a model call is always on record; of the others as many as somebody reads. */
export function concludeSilent(trigger: Trigger, result: Outcome, spine: Spine, why: string | null = null): Outcome {
  const { application, message } = trigger;
  const { guildId, channelId: channel, mentions } = message;
  const named = mentions.users.length > 0;
  if (guildId !== null && (result.model !== null || spine.silences.worthKeeping(guildId, result.reason, named))) {
    const exchange = silenceOf({ application, trigger: message.id, channel }, result, why);
    const kept = spine.patienceWith(guildId).run(() => spine.recorder.keep(guildId, exchange));
    void spine.track(
      kept.catch((error: unknown) => {
        spine.services.logger.error({ guild: guildId, trigger: exchange.trigger, error }, "exchange-unrecorded");
      }),
    );
  }
  return conclude(trigger, result, spine);
}

/** Every error on a message's way ends here, as its outcome; a drain waits for it. */
export function guarded(trigger: Trigger, work: Promise<Outcome>, spine: Spine): Promise<Outcome> {
  return spine.track(
    work.catch((error: unknown) => {
      const reason = error instanceof AppError ? error.kind : "bug";
      return conclude(trigger, outcome("failed", reason, since(trigger, spine)), spine, error);
    }),
  );
}

export function since({ receivedAtMs }: Trigger, { services }: Spine): number {
  return services.clock.now() - receivedAtMs;
}

/** Two bots of one deployment may both be asked by the same message. */
export function seenKey({ application, message }: Trigger): string {
  return `${application}:${message.id}`;
}
