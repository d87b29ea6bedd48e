/** The bus in a worker: it publishes through the main thread, which also passes on all news it receives. */
import type { Bus, News } from "../bus.ts";
import type { Logger } from "../logger.ts";
import type { Call } from "../worker-door.ts";
import { createListeners } from "./memory.ts";

export type ThreadBus = {
  readonly bus: Bus;
  /** Called by the worker for every `news` from the main thread. */
  deliver(news: News): void;
};

/** `serve` must know the other side as `bus`. */
export function createThreadBus(call: Call, logger: Logger): ThreadBus {
  const listeners = createListeners(logger);
  return {
    bus: {
      async publish(news) {
        await call({ port: "bus", method: "publish", args: [news] });
      },
      subscribe: listeners.add,
      async close() {
        listeners.clear();
      },
    },
    deliver: listeners.tell,
  };
}
