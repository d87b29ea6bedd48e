/**
 * Operational failures: few kinds, each with its cause, and whether trying again can help.
 * Expected outcomes are union values, not errors; bugs throw plain `Error` and end the worker.
 */

export type ErrorKind =
  /** The other side did not answer within its deadline. */
  | "timeout"
  /** The other side cannot be reached, or said that it is down. */
  | "unavailable"
  /** The other side asks for fewer calls; `retryAfterMs` says when. */
  | "rate-limited"
  /** Credentials refused: trying again with the same ones cannot help. */
  | "unauthorized"
  /** Permissions missing for this one call. */
  | "forbidden"
  | "not-found"
  /** Somebody else changed it since it was read; nothing was written. */
  | "conflict"
  /** The request or the reply does not have the agreed form. */
  | "invalid"
  /** Our own bound was reached: a full queue, an exhausted budget. */
  | "overloaded"
  /** It may or may not have happened: to be settled by its key, never repeated blind. */
  | "unknown-outcome";

export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { readonly cause?: unknown; readonly retryable?: boolean; readonly retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.kind = kind;
    this.retryable = options.retryable ?? (kind === "timeout" || kind === "unavailable" || kind === "rate-limited");
    this.retryAfterMs = options.retryAfterMs;
  }
}
