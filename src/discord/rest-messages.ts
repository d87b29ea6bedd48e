/** Channels' messages over Discord's HTTP API. */
import type { Messages } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type ChannelId, createdAt, type MessageId } from "../ids.ts";
import { fieldsOf, readMessage } from "../payload.ts";
import { attachedText } from "./attached-text.ts";
import { bodyOf, editOf } from "./bodies.ts";
import { auditHeader, call, isPresent, nullIfMissing, type RestDeps } from "./call.ts";
import { NEVER_LEFT } from "./guard.ts";

const BULK_MAX = 100;
/** Bulk deletion refuses what is older than 14 days; an hour is kept back for clocks that differ. */
const BULK_AGE_MS_MAX = 14 * 24 * 3_600_000 - 3_600_000;

export function restMessages(deps: RestDeps): Messages {
  const { api, clock, apiBase } = deps;
  return {
    async send(channel, message, nonce) {
      const body = { ...bodyOf(message), nonce, enforce_nonce: true };
      try {
        const sent = await call(deps, "send", channel, "repeatable", (signal) =>
          api.channels.createMessage(channel, body, { signal }),
        );
        return fieldsOf(sent)?.id as MessageId;
      } catch (error) {
        // The nonce lets us repeat it, but after the last try nobody knows.
        const maybe = error instanceof AppError && (error.kind === "unavailable" || error.kind === "timeout");
        if (maybe && error.cause !== NEVER_LEFT) {
          throw new AppError("unknown-outcome", error.message, { cause: error });
        }
        throw error;
      }
    },
    async edit(channel, id, message) {
      await call(deps, "edit", channel, "repeatable", (signal) =>
        api.channels.editMessage(channel, id, editOf(message), { signal }),
      );
    },
    async remove(channel, ids, reason) {
      const now = clock.now();
      const audit = reason === undefined ? {} : { reason: auditHeader(reason) };
      const young = ids.filter((id) => now - createdAt(id) < BULK_AGE_MS_MAX);
      const single = young.length < 2 ? [...ids] : ids.filter((id) => !young.includes(id));
      for (let at = 0; young.length >= 2 && at < young.length; at += BULK_MAX) {
        const some = young.slice(at, at + BULK_MAX);
        if (some.length === 1) single.push(...some);
        else {
          await call(deps, "delete", channel, "repeatable", (signal) =>
            api.channels.bulkDeleteMessages(channel, some, { signal, ...audit }),
          );
        }
      }
      for (const id of single) {
        await nullIfMissing(
          call(deps, "delete", channel, "repeatable", (signal) =>
            api.channels.deleteMessage(channel, id, { signal, ...audit }),
          ),
        );
      }
    },
    async recent(channel, limit, before) {
      const page = { limit: Math.min(100, limit), ...(before === undefined ? {} : { before }) };
      const found = await call(deps, "read", channel, "repeatable", (signal) =>
        api.channels.getMessages(channel, page, { signal }),
      );
      return found.map(readMessage).filter(isPresent).reverse();
    },
    async get(channel, id) {
      const found = await nullIfMissing(
        call(deps, "read", channel, "repeatable", (signal) => api.channels.getMessage(channel, id, { signal })),
      );
      return found === null ? null : readMessage(found);
    },
    async typing(channel) {
      await call(deps, "type", channel, "once", (signal) => api.channels.showTyping(channel, { signal }));
    },
    async publish(channel, id) {
      await call(deps, "publish", channel, "repeatable", (signal) =>
        api.channels.crosspostMessage(channel, id, { signal }),
      );
    },
    async file(url) {
      return await call(deps, "read-file", "file", "repeatable", (signal) => attachedText(url, apiBase, signal));
    },
    async direct(user) {
      const channel = await call(deps, "direct", user, "repeatable", (signal) => api.users.createDM(user, { signal }));
      return fieldsOf(channel)?.id as ChannelId;
    },
  };
}
