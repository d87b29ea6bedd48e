/** Keeps "is typing" up in a channel while an answer is made: at once, then every 8 s (Discord drops it after 10). */
import type { Clock, Timer } from "../clock.ts";
import type { Discord } from "../discord.ts";
import type { ChannelId } from "../ids.ts";
import type { Logger } from "../logger.ts";

const AGAIN_MS = 8_000;
/** Nothing takes longer; a forgotten one must end by itself. */
const TIMES_MAX = 4;

/** Never throws and never waits; the returned function ends it. */
export function keepTyping(
  channel: ChannelId,
  services: { readonly discord: Discord; readonly clock: Clock; readonly logger: Logger },
): () => void {
  const { discord, clock, logger } = services;
  let timer: Timer | null = null;
  let stopped = false;
  let times = 0;
  const show = () => {
    if (stopped || times++ >= TIMES_MAX) return;
    discord.messages.typing(channel).catch((error: unknown) => {
      stopped = true;
      logger.debug({ channel, error }, "typing-failed");
    });
    timer = clock.after(AGAIN_MS, show);
  };
  show();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
