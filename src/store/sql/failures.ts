/**
 * What PostgreSQL, postgres.js and drizzle throw → AppError. Texts of queries and their parameters stay out of messages:
 * they hold what members wrote.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
import { DrizzleQueryError } from "drizzle-orm";
import postgres from "postgres";
import { AppError, type ErrorKind } from "../../errors.ts";

type Known = { readonly kind: ErrorKind; readonly retryable: boolean };

const BY_STATE: Readonly<Record<string, Known>> = {
  // Rolled back as a whole: the same transaction may well succeed when it is run again.
  "40001": { kind: "unavailable", retryable: true },
  "40P01": { kind: "unavailable", retryable: true },
  // Cancelled by statement_timeout, lock_timeout.
  "57014": { kind: "timeout", retryable: false },
  "55P03": { kind: "timeout", retryable: true },
  "25006": { kind: "unavailable", retryable: true },
  "3D000": { kind: "not-found", retryable: false },
  "42501": { kind: "forbidden", retryable: false },
  // No such table or column: the migrations have not been here (`gatehouse migrate`, or any start of `gatehouse all`).
  "42P01": { kind: "unavailable", retryable: false },
  "42703": { kind: "unavailable", retryable: false },
  "0A000": { kind: "invalid", retryable: false },
};

const BY_CLASS: Readonly<Record<string, Known>> = {
  "08": { kind: "unavailable", retryable: true },
  "53": { kind: "unavailable", retryable: true },
  "57": { kind: "unavailable", retryable: true },
  "58": { kind: "unavailable", retryable: true },
  "25": { kind: "unavailable", retryable: true },
  "28": { kind: "unauthorized", retryable: false },
  "22": { kind: "invalid", retryable: false },
  "23": { kind: "invalid", retryable: false },
};

/** An error of ours, or the bug as it was. */
export function failure(error: unknown): Error {
  const cause = error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AppError) return cause;
  if (cause instanceof postgres.PostgresError) {
    const known = BY_STATE[cause.code] ?? BY_CLASS[cause.code.slice(0, 2)];
    const message = `PostgreSQL: ${cause.message} (${cause.code})`;
    return known === undefined
      ? new Error(message, { cause })
      : new AppError(known.kind, message, { cause, retryable: known.retryable });
  }
  const code = codeOf(cause);
  if (code !== null && LOST.test(code)) {
    return new AppError("unavailable", `PostgreSQL cannot be reached (${code})`, { cause });
  }
  return cause instanceof Error ? cause : new Error(String(cause), { cause });
}

/** True when the server can be asked on the same connection again: it refused one statement, nothing more. */
export function connectionSurvives(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof postgres.PostgresError)) return codeOf(cause) === null;
  return cause.severity_local !== "FATAL" && cause.severity_local !== "PANIC" && !/^(08|57P)/.test(cause.code);
}

/** The server as a whole does not answer or let us in; one that ended a single connection of ours is still there. */
export function isServerAway(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const code = codeOf(error.cause);
  // A statement that was cancelled for being slow has a code; silence has none.
  return code === null ? error.kind === "timeout" : error.kind === "unavailable" && NOBODY_THERE.test(code);
}

const NOBODY_THERE = /^(CONNECT_TIMEOUT|E[A-Z]{3,}|57P03|53)/;

/** postgres.js's own words and the system's. */
const LOST = /^(CONNECTION_|CONNECT_TIMEOUT|E[A-Z]{3,}|SASL_)/;

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
