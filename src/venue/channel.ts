/** A Discord channel: "is typing…", then replies to the message that asked, each part sent once (deliver.ts). */
import type { Clock } from "../clock.ts";
import type { Discord, Outgoing } from "../discord.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import type { ApplicationId, ChannelId, MessageId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Patience } from "../patience.ts";
import { feedbackButtons, render } from "../reply.ts";
import type { Store } from "../store.ts";
import type { Delivery, Fence, Reply, Venue } from "../venue.ts";
import { deliver } from "./deliver.ts";
import { keepTyping } from "./typing.ts";

const REFUSES_REPLY: ReadonlySet<ErrorKind> = new Set(["invalid", "not-found"]);

export type ChannelPlace = {
  readonly application: ApplicationId;
  readonly channel: ChannelId;
  /** The message that is replied to. */
  readonly trigger: MessageId;
  /** The bot's user. */
  readonly self: UserId;
  readonly discord: Discord;
  /** A decided send waits for the store; its key tells whether it was done. */
  readonly patience: Patience;
  /** Hears of every message that was sent. */
  readonly posted: (messages: readonly MessageId[]) => void;
};

export function createChannelVenue(
  place: ChannelPlace,
  services: {
    readonly store: Pick<Store, "outbox">;
    readonly clock: Clock;
    readonly logger: Logger;
  },
): Venue {
  const { application, channel, trigger, self, discord, patience, posted } = place;
  const { store, clock } = services;
  let stopTyping = () => {};

  const outbox: Store["outbox"] = {
    ...store.outbox,
    begin: (guild, key, conversation) => patience.run(() => store.outbox.begin(guild, key, conversation)),
    again: (guild, key, conversation) => patience.run(() => store.outbox.again(guild, key, conversation)),
    finish: (guild, key, end) => patience.run(() => store.outbox.finish(guild, key, end)),
  };

  async function post(
    contents: readonly string[],
    buttons: NonNullable<Outgoing["buttons"]>,
    fence: Fence,
  ): Promise<Delivery> {
    const parts = contents.map(
      (content, index): Outgoing => ({
        content,
        suppressEmbeds: true,
        ...(index === 0 ? { replyTo: trigger } : {}),
        ...(index === contents.length - 1 && buttons.length > 0 ? { buttons } : {}),
      }),
    );
    const delivery = await deliver(
      { ...{ application, channel, trigger, self, parts }, ...fence },
      { store: { outbox }, discord, clock },
    );
    posted(delivery.messages);
    const refused = delivery.state === "failed" && REFUSES_REPLY.has(delivery.reason) && delivery.messages.length === 0;
    return refused && (await questionIsGone()) ? { state: "gone", messages: [] } : delivery;
  }

  /** Discord refuses a reply to a message that is not there in words that say little: its absence is asked for. */
  async function questionIsGone(): Promise<boolean> {
    try {
      return (await discord.messages.get(channel, trigger)) === null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.kind === "not-found";
    }
  }

  return {
    awaited: false,
    begin() {
      stopTyping();
      stopTyping = keepTyping(channel, { ...services, discord });
    },
    send({ text, sources, rated, words }: Reply, fence) {
      return post(render(text, sources, words), rated === null ? [] : feedbackButtons(rated, words), fence);
    },
    say: (line, fence) => post([line], [], fence),
    finish() {
      stopTyping();
    },
  };
}
