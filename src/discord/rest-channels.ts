/** A channel's slow mode and a thread's title over Discord's HTTP API. Needs Manage Channels; in a thread, Manage Threads. */
import type { Channels } from "../discord.ts";
import { cleanText, fieldsOf } from "../payload.ts";
import { auditHeader, call, nullIfMissing, type RestDeps } from "./call.ts";

/** Discord's longest: six hours. */
const SLOW_S_MAX = 21_600;
const NAME_CHARS_MAX = 100;

export function restChannels(deps: RestDeps): Channels {
  const { api } = deps;
  return {
    async slowness(channel) {
      const found = fieldsOf(
        await nullIfMissing(
          call(deps, "read-channel", channel, "repeatable", (signal) => api.channels.get(channel, { signal })),
        ),
      );
      if (found === null) return null;
      const seconds = Number(found.rate_limit_per_user ?? 0);
      return Number.isInteger(seconds) && seconds >= 0 ? seconds : 0;
    },
    async slow(channel, seconds, reason) {
      const body = { rate_limit_per_user: Math.min(SLOW_S_MAX, Math.max(0, Math.round(seconds))) };
      await call(deps, "slow-channel", channel, "repeatable", (signal) =>
        api.channels.edit(channel, body, { signal, reason: auditHeader(reason) }),
      );
    },
    async rename(channel, name, reason) {
      const body = { name: cleanText(name, NAME_CHARS_MAX) };
      await call(deps, "rename-channel", channel, "repeatable", (signal) =>
        api.channels.edit(channel, body, { signal, reason: auditHeader(reason) }),
      );
    },
  };
}
