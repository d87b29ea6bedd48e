/** Control: what members write, and reading channels with waiting for the bot. */
import { type Say, shownMessage } from "../actions.ts";
import type { ControlContext, ControlRoute } from "../control.ts";
import { channelPayload } from "../payloads.ts";
import type { Json } from "../world.ts";
import { optional, text, wholeNumber } from "./input.ts";

/** Longer than this no wait lasts, so that a forgotten one does not hold a connection for good. */
const WAIT_MS_MAX = 120_000;

export const messageControls: readonly ControlRoute[] = [
  {
    method: "POST",
    path: "/channels/:channel/messages",
    handle({ services, actions, params, body }) {
      const message = actions.say({
        ...(body as unknown as Say),
        channelId: params.channel ?? "",
        userId: text(body, "userId"),
        content: String(body.content ?? ""),
      });
      return shownMessage(services, message);
    },
  },
  { method: "GET", path: "/channels/:channel/messages", handle: read },
  { method: "GET", path: "/channels/:channel/wait", handle: read },
  {
    method: "PATCH",
    path: "/channels/:channel/messages/:message",
    handle: ({ services, actions, params, body }) =>
      shownMessage(services, actions.edit(params.channel ?? "", params.message ?? "", text(body, "content"))),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message",
    handle: ({ actions, params }) => actions.delete(params.channel ?? "", params.message ?? ""),
  },
  {
    method: "POST",
    path: "/channels/:channel/messages/:message/reactions",
    handle: ({ actions, params, body }) =>
      actions.react(params.channel ?? "", params.message ?? "", text(body, "userId"), text(body, "emoji")),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message/reactions",
    handle: ({ actions, params, body }) =>
      actions.react(params.channel ?? "", params.message ?? "", text(body, "userId"), text(body, "emoji"), true),
  },
  {
    method: "POST",
    path: "/channels/:channel/typing",
    handle: ({ actions, params, body }) => actions.typing(params.channel ?? "", text(body, "userId")),
  },
  {
    method: "POST",
    path: "/channels/:channel/threads",
    handle({ services, actions, params, body }) {
      const thread = actions.openThread({
        channelId: params.channel ?? "",
        userId: text(body, "userId"),
        name: text(body, "name"),
        ...(body.messageId === undefined ? {} : { messageId: String(body.messageId) }),
        ...(body.content === undefined ? {} : { content: String(body.content) }),
        ...(body.private === true ? { private: true } : {}),
      });
      return channelPayload(services.world, thread);
    },
  },
  {
    method: "POST",
    path: "/direct",
    handle({ services, actions, body }) {
      const message = actions.direct({
        userId: text(body, "userId"),
        content: text(body, "content"),
        ...(body.applicationId ? { applicationId: String(body.applicationId) } : {}),
      });
      return shownMessage(services, message);
    },
  },
];

/** `?after=ID&author=ID|bot&contains=TEXT&count=N&ms=N`; without `ms` it answers at once. */
async function read({ services, actions, params, query }: ControlContext): Promise<Json[]> {
  const found = await actions.messages({
    channelId: params.channel ?? "",
    after: optional(query.get("after")),
    author: optional(query.get("author")),
    contains: optional(query.get("contains")),
    count: wholeNumber(query, "count") ?? 1,
    ms: Math.min(WAIT_MS_MAX, wholeNumber(query, "ms") ?? 0),
  });
  return found.map((message) => shownMessage(services, message));
}
