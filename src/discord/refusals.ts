/**
 * How often Discord refused this address lately (401, 403, 429): after 10,000 in 10 minutes it bans the address, and with it every
 * bot and every sign-in of this process. So all of them count here, and all stop at half of it.
 * Source: https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";

export type Refusals = {
  note(): void;
  /** Throws `overloaded` when more calls could get the address banned. */
  admit(): void;
  count(): number;
};

const REFUSALS_MAX = 5_000;
const WINDOW_MS = 10 * 60_000;

export function createRefusals(clock: Clock): Refusals {
  const times: number[] = [];
  const forgetOld = (now: number): void => {
    const kept = times.findIndex((at) => now - at <= WINDOW_MS);
    times.splice(0, kept < 0 ? times.length : kept);
  };
  return {
    note() {
      const now = clock.now();
      if (times.length >= REFUSALS_MAX * 2) forgetOld(now);
      if (times.length < REFUSALS_MAX * 2) times.push(now);
    },
    admit() {
      if (times.length === 0) return;
      forgetOld(clock.now());
      if (times.length >= REFUSALS_MAX) {
        throw new AppError("overloaded", "Discord refused so many calls that more could get this address banned");
      }
    },
    count() {
      forgetOld(clock.now());
      return times.length;
    },
  };
}
