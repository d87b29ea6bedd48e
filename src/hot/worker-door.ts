/** A worker's door to the hot state of the main thread. A main thread that is busy for longer than the deadline counts as away. */
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Hot } from "../hot.ts";
import { bounds } from "../policy.ts";
import { type Call, remote } from "../worker-door.ts";

/** `serve` must know the other side as `hot`. */
export function createThreadHot(call: Call, clock: Clock = systemClock): Hot {
  return remote<Hot>((request) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = clock.after(bounds.redis.deadlineMs, () =>
      reject(new AppError("timeout", `the main thread did not answer hot.${request.method} in time`)),
    );
    call(request)
      .then(resolve, reject)
      .finally(() => timer.cancel());
    return promise;
  }, "hot");
}
