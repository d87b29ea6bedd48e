/**
 * Sends the parts of one answer, each once, however often and by whomever it is tried.
 *
 * Every part is an effect of its own, keyed by its trigger: marked in flight under the takeover's fence, sent with a nonce
 * made of the same key, then marked done. What somebody began and did not end is re-sent while Discord still knows the nonce,
 * and afterwards looked for in the channel, never sent blind.
 */
import type { Clock } from "../clock.ts";
import type { Discord, Outgoing } from "../discord.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import { type ApplicationId, type ChannelId, type GuildId, isNewer, type MessageId, type UserId } from "../ids.ts";
import type { Store } from "../store.ts";
import { SEND_MS_MAX } from "../takeover.ts";
import type { Delivery } from "../venue.ts";

export type Parcel = {
  readonly application: ApplicationId;
  readonly guild: GuildId | null;
  readonly conversation: string | null;
  readonly channel: ChannelId;
  readonly trigger: MessageId;
  readonly self: UserId;
  readonly parts: readonly Outgoing[];
};

/** Discord remembers a nonce for a few minutes; past this we do not count on it. */
const NONCE_MS = 2 * 60_000;

/** A busy channel takes 5 messages in 5 s, and Discord is sometimes away: an answer that comes late is better than none. */
const AGAIN_MS_MAX = 3 * 60_000;
const PAUSE_MS_MAX = 15_000;
/** Failures that another try may mend; the key keeps the part from being sent twice. */
const AGAIN: ReadonlySet<ErrorKind> = new Set(["rate-limited", "unknown-outcome", "timeout", "unavailable"]);

export async function deliver(
  parcel: Parcel,
  services: { readonly store: Pick<Store, "outbox">; readonly discord: Discord; readonly clock: Clock },
): Promise<Delivery> {
  const messages: MessageId[] = [];
  let before = true;
  const startedMs = services.clock.now();
  for (let place = 0, tries = 0; ; tries++) {
    const part = parcel.parts[place];
    if (part === undefined) return { state: "sent", messages, before };
    const key = effectKey(parcel.application, parcel.trigger, place);
    const askedMs = services.clock.now();
    try {
      const begin = await services.store.outbox.begin(parcel.guild, key, parcel.conversation);
      if (begin.state === "held") return { state: "held", agent: begin.agent, messages };
      if (begin.state === "done") {
        if (begin.message !== null) messages.push(begin.message);
        place++;
        continue;
      }
      if (begin.state === "closed")
        throw new AppError("unknown-outcome", `its effect is closed: ${begin.why}`, { retryable: false });
      if (begin.state === "in-flight") {
        const found = await findInFlight(parcel, part, begin.sinceMs, services);
        if (found !== null) {
          await services.store.outbox.finish(parcel.guild, key, { message: found });
          messages.push(found);
          place++;
          continue;
        }
      }
      // Sent again, or late after its mark: an agent may hold the conversation by now.
      if (begin.state === "in-flight" || services.clock.now() - askedMs > SEND_MS_MAX) {
        const again = await services.store.outbox.again(parcel.guild, key, parcel.conversation);
        if (again.state === "held") return { state: "held", agent: again.agent, messages };
        if (again.state !== "begun") continue;
      }
      before = false;
      messages.push(await sendOne(parcel, part, place, key, services));
      place++;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      const late = services.clock.now() - startedMs > AGAIN_MS_MAX;
      if (late || !AGAIN.has(cause.kind)) return { state: "failed", reason: cause.kind, messages, cause };
      const pauseMs = Math.min(PAUSE_MS_MAX, 1_000 * 2 ** Math.min(tries, 10));
      await services.clock.sleep(Math.max(cause.retryAfterMs ?? 0, pauseMs * (0.5 + 0.5 * services.clock.chance())));
    }
  }
}

/** One key a part; two bots of one deployment may both be asked by the same message. */
function effectKey(application: ApplicationId, trigger: MessageId, place: number): string {
  return `reply:${application}:${trigger}:${place}`;
}

/** At most 25 characters, the same for every attempt. */
function nonceOf(trigger: MessageId, place: number): string {
  return `${trigger}-${place}`.slice(0, 25);
}

async function sendOne(
  parcel: Parcel,
  part: Outgoing,
  place: number,
  key: string,
  { store, discord }: { readonly store: Pick<Store, "outbox">; readonly discord: Discord },
): Promise<MessageId> {
  let message: MessageId;
  try {
    message = await discord.messages.send(parcel.channel, part, nonceOf(parcel.trigger, place));
  } catch (error) {
    // An unknown outcome stays in flight, to be settled by its key.
    if (error instanceof AppError && isRefusal(error.kind))
      await store.outbox.finish(parcel.guild, key, { failed: error.kind });
    throw error;
  }
  await store.outbox.finish(parcel.guild, key, { message });
  return message;
}

function isRefusal(kind: ErrorKind): boolean {
  return kind !== "unknown-outcome" && kind !== "timeout" && kind !== "unavailable";
}

/** The message that was made, where Discord no longer knows the nonce; null: it is safe to send again. */
async function findInFlight(
  parcel: Parcel,
  part: Outgoing,
  sinceMs: number,
  { discord, clock }: { readonly discord: Discord; readonly clock: Clock },
): Promise<MessageId | null> {
  if (clock.now() - sinceMs < NONCE_MS) return null;
  const recent = await discord.messages.recent(parcel.channel, 100);
  const mine = recent.filter((m) => m.author.id === parcel.self && isNewer(m.id, parcel.trigger));
  // The answer may have been worded anew: any reply of ours to the trigger is this part.
  const found = mine.find((m) =>
    part.replyTo === undefined ? m.content === part.content : m.replyTo?.messageId === part.replyTo,
  );
  if (found !== undefined) return found.id;
  const reachesBack = recent.length < 100 || recent.some((m) => !isNewer(m.id, parcel.trigger));
  if (!reachesBack || part.replyTo === undefined) {
    throw new AppError("unknown-outcome", "it may have been sent before, and the channel does not say");
  }
  return null;
}
