/**
 * A deferred interaction: the answer's first part takes the place of "is thinking…", the others follow. A follow-up has no
 * nonce: one whose fate is unknown is not sent again, the delivery has failed and whoever asked is told so in the original.
 */
import type { Discord, Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { BotWords } from "../i18n.ts";
import type { ApplicationId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Patience } from "../patience.ts";
import { feedbackButtons, harmless, render } from "../reply.ts";
import type { Store } from "../store.ts";
import type { Delivery, Fence, Reply, Venue } from "../venue.ts";

export type InteractionPlace = {
  readonly application: ApplicationId;
  readonly interaction: string;
  readonly token: string;
  /** The question, repeated because Discord shows others only that a command was used. */
  readonly question: string;
  /** Only the asker sees what comes. */
  readonly ephemeral: boolean;
  readonly discord: Discord;
  readonly patience: Patience;
};

export function createInteractionVenue(
  place: InteractionPlace,
  services: { readonly store: Pick<Store, "outbox">; readonly logger: Logger },
): Venue {
  const { application, interaction, token, question, ephemeral, patience } = place;
  const { interactions } = place.discord;
  const { store, logger } = services;

  async function edit(parts: readonly Outgoing[]): Promise<Delivery> {
    const messages: MessageId[] = [];
    try {
      for (const [index, part] of parts.entries()) {
        messages.push(
          await (index === 0 ? interactions.edit(token, part) : interactions.follow(token, part, ephemeral)),
        );
      }
      return { state: "sent", messages, before: false };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      return { state: "failed", reason: cause.kind, messages, cause };
    }
  }

  async function sendOnce(parts: readonly Outgoing[], { guild, conversation }: Fence): Promise<Delivery> {
    const key = `ask:${application}:${interaction}`;
    const begun = await patience.run(() => store.outbox.begin(guild, key, conversation));
    if (begun.state === "held") return { state: "held", agent: begun.agent, messages: [] };
    if (begun.state === "done")
      return { state: "sent", messages: begun.message === null ? [] : [begun.message], before: true };
    if (begun.state === "closed")
      return { state: "failed", reason: "unknown-outcome", messages: [], cause: new Error(begun.why) };
    if (begun.state === "in-flight") {
      // Editing twice does no harm, but not where an agent holds the conversation by now.
      const again = await patience.run(() => store.outbox.again(guild, key, conversation));
      if (again.state === "held") return { state: "held", agent: again.agent, messages: [] };
    }
    const delivery = await edit(parts);
    const message = delivery.messages.at(-1);
    if (delivery.state !== "sent" || message === undefined) return delivery;
    try {
      await patience.run(() => store.outbox.finish(guild, key, { message }));
    } catch (error) {
      // The member has the answer already: failures after it are only logged.
      if (!(error instanceof AppError)) throw error;
      logger.error({ guild, interaction, error }, "effect-unrecorded");
    }
    return delivery;
  }

  return {
    awaited: true,
    // Discord shows "is thinking…" since the deferral.
    begin() {},
    send({ text, sources, rated, words }: Reply, fence) {
      const contents = render(`${quoteOf(question, words)}${text}`, sources, words);
      const parts = contents.map((content, index): Outgoing => {
        const buttons = rated !== null && index === contents.length - 1 ? feedbackButtons(rated, words) : [];
        return { content, suppressEmbeds: true, ...(buttons.length > 0 ? { buttons } : {}) };
      });
      return sendOnce(parts, fence);
    },
    say: (line) => edit([{ content: line }]),
    finish() {},
  };
}

const QUOTE_CHARS_MAX = 300;

/** One harmless line: repeated by the bot, the asker's text must ping nobody and link nowhere. */
function quoteOf(question: string, words: BotWords): string {
  const line = harmless(question.replace(/\s+/g, " ").slice(0, QUOTE_CHARS_MAX + 1), [], words);
  if (line === "") return "";
  const cut =
    line.length > QUOTE_CHARS_MAX ? `${line.slice(0, QUOTE_CHARS_MAX).replace(/\p{Surrogate}$/u, "")}…` : line;
  return `> ${cut}\n`;
}
