/** Who asked the bot something, when, and when and how often it replied: what a member sees, from the simulated Discord's side. */
import type { Message, World, WorldEvent } from "../simulator/world.ts";

export type Exchange = {
  readonly id: string;
  readonly askedAtMs: number;
  /** Of the first reply; null: none yet. */
  repliedAtMs: number | null;
  replies: number;
};

export type Exchanges = {
  /** `message` asks the bot. Call it in the turn in which it was said. */
  asked(message: Message): void;
  /** All asked within these moments, `toMs` excluded, oldest first. */
  between(fromMs: number, toMs: number): readonly Exchange[];
  stop(): void;
};

export function watchExchanges(world: World, botId: string): Exchanges {
  const all = new Map<string, Exchange>();

  function heard({ t, message }: WorldEvent): void {
    if (t !== "MESSAGE_CREATE" || message?.authorId !== botId || message.repliedToId === undefined) return;
    const exchange = all.get(message.repliedToId);
    if (exchange === undefined) return;
    exchange.replies++;
    exchange.repliedAtMs ??= performance.now();
  }
  world.listeners.add(heard);

  return {
    asked({ id }) {
      all.set(id, { id, askedAtMs: performance.now(), repliedAtMs: null, replies: 0 });
    },
    between: (fromMs, toMs) => [...all.values()].filter(({ askedAtMs }) => askedAtMs >= fromMs && askedAtMs < toMs),
    stop: () => void world.listeners.delete(heard),
  };
}
