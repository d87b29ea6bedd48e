/**
 * Between us and Discord's ban of an address (10,000 answers of 401, 403 or 429 in 10 minutes): counts them, and stops an action in
 * a channel or guild for 10 minutes after one 403 (what a 401 comes to: token.ts). Turns what the library throws into `AppError`s
 * that hold no token: its own errors carry URLs with interaction and webhook tokens in them.
 */
import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Refusals } from "./refusals.ts";

export type GuardStats = {
  readonly calls: number;
  readonly unauthorized: number;
  readonly forbidden: number;
  readonly rateLimited: number;
  /** Calls refused here, without asking Discord. */
  readonly blocked: number;
};

export type DiscordGuard = {
  /** Throws when this call would only be refused: a forbidden place, too many refusals. */
  admit(action: string, place: string): void;
  /** Counts `error` and says what it means. `sent`: it may have happened all the same. */
  understand(error: unknown, action: string, place: string, sent: "repeatable" | "once"): AppError;
  noteRateLimit(): void;
  /** One was refused here, for its token. */
  noteBlocked(): void;
  stats(): GuardStats;
};

/** The cause of an `unavailable` that certainly did not happen: nothing was there to receive it. */
export const NEVER_LEFT = "never-left";
/** The cause of an `invalid` that only says: this server has no such route. */
export const NO_ROUTE = "no-route";

const FORBIDDEN_MS = 10 * 60_000;
const FORBIDDEN_PLACES_MAX = 10_000;

/** Discord's codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const FORBIDDEN_CODES = [50_001, 50_007, 50_013, 50_083, 160_002, 160_005];

/** `refusals` are counted for the whole process. */
export function createGuard(clock: Clock, refusals: Refusals): DiscordGuard {
  const forbiddenAt = new Map<string, number>();
  const counts = { calls: 0, unauthorized: 0, forbidden: 0, rateLimited: 0, blocked: 0 };

  const refuse = (error: AppError): never => {
    counts.blocked++;
    throw error;
  };

  return {
    admit(action, place) {
      const now = clock.now();
      const since = forbiddenAt.get(`${action}:${place}`);
      if (since !== undefined && now - since < FORBIDDEN_MS) {
        refuse(new AppError("forbidden", `${action} was forbidden here less than 10 minutes ago`));
      }
      try {
        refusals.admit();
      } catch (error) {
        counts.blocked++;
        throw error;
      }
      counts.calls++;
    },

    understand(error, action, place, sent) {
      if (error instanceof AppError) return error;
      if (error instanceof RateLimitError) {
        const options = { retryable: false, retryAfterMs: error.retryAfter };
        return new AppError("rate-limited", `${action}: Discord asks to wait ${error.retryAfter} ms`, options);
      }
      if (error instanceof DiscordAPIError) {
        const code = Number(error.code);
        if (error.status === 401) {
          counts.unauthorized++;
          refusals.note();
          return new AppError("unauthorized", `${action}: Discord refused the token (401)`);
        }
        if (error.status === 403 || FORBIDDEN_CODES.includes(code)) {
          counts.forbidden++;
          refusals.note();
          // Each interaction is a place of its own: one channel's refusal is nothing to all others.
          if (place !== "interaction") {
            forbiddenAt.delete(`${action}:${place}`);
            forbiddenAt.set(`${action}:${place}`, clock.now());
          }
          if (forbiddenAt.size > FORBIDDEN_PLACES_MAX) forbiddenAt.delete(forbiddenAt.keys().next().value ?? "");
          return new AppError("forbidden", `${action}: ${plain(error.message)} (${code})`);
        }
        // A route that a server does not have is no word about what it was asked for.
        if (error.status === 404 && code >= 10_000 && code < 11_000)
          return new AppError("not-found", `${action}: ${plain(error.message)} (${code})`);
        if (Number.isNaN(code)) {
          const cause = error.status === 404 ? { cause: NO_ROUTE } : {};
          return new AppError("invalid", `${action}: the server answered ${error.status}`, cause);
        }
        return new AppError("invalid", `${action}: ${plain(error.message)} (${code})`);
      }
      if (error instanceof HTTPError) {
        return maybeHappened(sent, `${action}: Discord answered ${error.status}`);
      }
      if (error instanceof Error) {
        if (isRefusedConnection(error)) {
          return new AppError("unavailable", `${action}: Discord cannot be reached`, { cause: NEVER_LEFT });
        }
        return maybeHappened(sent, `${action}: the connection to Discord failed (${plain(error.name)})`);
      }
      return maybeHappened(sent, `${action}: the call to Discord failed`);
    },

    noteBlocked() {
      counts.blocked++;
    },
    noteRateLimit() {
      counts.rateLimited++;
      refusals.note();
    },
    stats: () => ({ ...counts }),
  };
}

function maybeHappened(sent: "repeatable" | "once", message: string): AppError {
  return sent === "repeatable" ? new AppError("unavailable", message) : new AppError("unknown-outcome", message);
}

function isRefusedConnection(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return (
    code === "ConnectionRefused" || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "FailedToOpenSocket"
  );
}

/** Discord repeats what it was sent; a message of an error is no place for it, nor for anything long. */
function plain(text: string): string {
  return text
    .replace(/[\w-]{40,}/g, "[…]")
    .replace(/\s+/g, " ")
    .slice(0, 160);
}
