/**
 * Whoever asked waits for the reply itself, as an HTTP request does: it is handed back instead of sent. Marked under the
 * takeover's fence like any send, so that nothing of the bot's is handed out once an agent holds the conversation.
 */
import type { MessageId } from "../ids.ts";
import type { Patience } from "../patience.ts";
import type { Store } from "../store.ts";
import type { Delivery, Reply, Venue } from "../venue.ts";

export type TakenReply = { readonly text: string; readonly sources: Reply["sources"]; readonly answer: boolean };

export function createTakenVenue(
  place: {
    readonly key: string;
    /** The reply's id in the transcript, in place of a message id. */
    readonly message: MessageId;
    readonly patience: Patience;
  },
  services: { readonly store: Pick<Store, "outbox"> },
): Venue & { taken(): TakenReply | null } {
  const { key, message, patience } = place;
  const { outbox } = services.store;
  let reply: TakenReply | null = null;
  const sent: Delivery = { state: "sent", messages: [message], before: false };

  return {
    awaited: true,
    begin() {},
    async send({ text, sources, rated }, { guild, conversation }) {
      const begun = await patience.run(() => outbox.begin(guild, key, conversation));
      if (begun.state === "held") return { state: "held", agent: begun.agent, messages: [] };
      reply = { text, sources, answer: rated !== null };
      await patience.run(() => outbox.finish(guild, key, { message }));
      return sent;
    },
    async say(line) {
      reply = { text: line, sources: [], answer: false };
      return sent;
    },
    finish() {},
    taken: () => reply,
  };
}
