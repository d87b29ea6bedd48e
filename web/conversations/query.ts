/** A conversation list's query, read from the address: malformed parts are ignored. */
import type { ConversationRow, ConversationsStore, Glimpse } from "../../src/store/ports/conversations.ts";
import type { ListPage } from "../../src/store/ports/page.ts";
import { field } from "../body.ts";
import type { Reading } from "../parts/message-text.ts";

export const STATES = ["escalated", "not-found", "disliked", "agent", "open", "resolved"] as const;

export type ConversationQuery = {
  readonly text: string;
  readonly channel: string;
  readonly state: (typeof STATES)[number] | "";
  readonly before: string;
};

export type ConversationList = {
  readonly query: ConversationQuery;
  readonly found: ListPage<ConversationRow>;
  readonly glimpses: ReadonlyMap<string, Glimpse>;
  readonly channels: Awaited<ReturnType<ConversationsStore["channels"]>>;
  readonly nameOf: Reading["nameOf"];
  /** Nothing was said yet, and there is nothing to say: the first thing to do is to fill the knowledge base. */
  readonly knowledgeEmpty: boolean;
};

export function readQuery(search: URLSearchParams): ConversationQuery {
  const channel = field(search, "channel", 20);
  const state = field(search, "state", 20);
  return {
    text: field(search, "q"),
    channel: /^\d{1,20}$/.test(channel) ? channel : "",
    state: STATES.find((known) => known === state) ?? "",
    before: field(search, "before", 100),
  };
}
