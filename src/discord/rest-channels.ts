/**
 * A channel's slow mode, a thread's title and invitations over Discord's HTTP API. Needs Manage Channels; in a thread Manage
 * Threads, for an invitation Create Invite.
 */
import type { Channels } from "../discord.ts";
import { AppError } from "../errors.ts";
import { cleanText, fieldsOf } from "../payload.ts";
import { auditHeader, call, nullIfMissing, type RestDeps } from "./call.ts";

/** Discord's longest: six hours. */
const SLOW_S_MAX = 21_600;
const NAME_CHARS_MAX = 100;
/** Seven days. https://discord.com/developers/docs/resources/channel#create-channel-invite */
const INVITE_S_MAX = 604_800;
/** It becomes a part of an address. */
const CODE = /^[\w-]{1,64}$/;

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
    async invite(channel, seconds, reason) {
      const age = Math.min(INVITE_S_MAX, Math.max(1, Math.round(seconds)));
      const body = { max_age: age, max_uses: 1, unique: true };
      const made = fieldsOf(
        await call(deps, "invite", channel, "once", (signal) =>
          api.channels.createInvite(channel, body, { signal, reason: auditHeader(reason) }),
        ),
      );
      const code = String(made?.code);
      if (!CODE.test(code)) throw new AppError("invalid", "invite: Discord answered without a code");
      const until = Date.parse(String(made?.expires_at));
      return {
        url: `https://discord.gg/${code}`,
        expiresAtMs: Number.isNaN(until) ? deps.clock.now() + age * 1_000 : until,
      };
    },
  };
}
