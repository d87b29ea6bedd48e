/** The bus inside one process: every listener receives all news, in order. */
import type { Bus, News } from "../bus.ts";
import type { Logger } from "../logger.ts";

export function createMemoryBus(options: { readonly logger: Logger }): Bus {
  const listeners = createListeners(options.logger);
  return {
    async publish(news) {
      // After the publisher's own step, as it would be over a wire.
      queueMicrotask(() => listeners.tell(news));
    },
    subscribe: listeners.add,
    async close() {
      listeners.clear();
    },
  };
}

export type Listeners = {
  add(listener: (news: News) => void): () => void;
  tell(news: News): void;
  clear(): void;
};

/** The listeners of this thread, also for the other buses. One listener's failure does not reach the others. */
export function createListeners(logger: Logger): Listeners {
  // A box each, so that the same function may listen twice.
  const boxes = new Set<{ readonly listener: (news: News) => void }>();
  return {
    add(listener) {
      const box = { listener };
      boxes.add(box);
      return () => {
        boxes.delete(box);
      };
    },
    tell(news) {
      for (const { listener } of [...boxes]) {
        try {
          listener(news);
        } catch (error) {
          logger.error({ error, news: news.type }, "news-listener-failed");
        }
      }
    },
    clear: () => boxes.clear(),
  };
}
