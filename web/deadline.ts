/**
 * Every request has a deadline and says how it went: past it the visitor reads that it did not work in time, whatever the
 * handler still waits for. What takes long is a warning with its path, so that a slow page is seen before people tell of it.
 *
 * An event stream and a download answer at once and go on: only the time to the first byte counts. What an upload's body takes
 * is bounded by body.ts.
 */
import type { Clock } from "../src/clock.ts";
import { AppError } from "../src/errors.ts";
import type { Logger } from "../src/logger.ts";

const DEADLINE_MS = 10_000;
/** An answer by the model has 12 s, and its lookups a little more. */
const ANSWER_DEADLINE_MS = 20_000;
/** A body of megabytes comes as fast as its sender's line lets it. */
const UPLOAD_DEADLINE_MS = 120_000;
const UPLOAD_BYTES_MIN = 1 << 20;
const SLOW_MS = 2_000;
/** A takeover waits for answers in flight; a post is written twice if the first is like an old one. */
const ANSWERS =
  /\/playground$|^\/(?:api|widget)\/v\d+\/answers$|\/live\/[0-9a-f]{32}\/(?:takeover|say|draft)$|\/proactive\/[0-9a-f]{32}\/(?:draft|post)$/;

type Deps = { readonly clock: Clock; readonly logger: Logger };

export async function withDeadline<T>(request: Request, path: string, work: () => Promise<T>, deps: Deps): Promise<T> {
  const { clock, logger } = deps;
  const startedAtMs = clock.now();
  const late = Promise.withResolvers<never>();
  const deadlineMs = deadlineOf(request, path);
  const timer = clock.after(deadlineMs, () =>
    late.reject(new AppError("timeout", `the request was not answered within ${deadlineMs} ms`)),
  );
  const running = work();
  try {
    return await Promise.race([running, late.promise]);
  } finally {
    timer.cancel();
    // Nobody reads a response after the deadline.
    running.catch(() => {});
    const ms = clock.now() - startedAtMs;
    const about = { method: request.method, path, ms };
    if (ms >= SLOW_MS) logger.warn(about, "request-slow");
    else logger.debug(about, "request-answered");
  }
}

function deadlineOf(request: Request, path: string): number {
  if (Number(request.headers.get("content-length") ?? 0) >= UPLOAD_BYTES_MIN) return UPLOAD_DEADLINE_MS;
  return ANSWERS.test(path) && request.method === "POST" ? ANSWER_DEADLINE_MS : DEADLINE_MS;
}
