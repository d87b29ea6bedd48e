/** A worker with a pipeline that does as messages tell it: `die:exit`, `slow:20`, `shed`… Guilds are in mention mode. */

import { serveWorker } from "../../../shards/worker/port.ts";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import type { Pipeline } from "../../../src/pipeline.ts";
import type { Outcome } from "../../../src/record.ts";
import { remote } from "../../../src/worker-door.ts";
import { BOT } from "./frames.ts";

type Deeds = { note(worker: number, what: string): Promise<void> };

const outcome = (kind: Outcome["kind"], reason: string, tokens = 0): Outcome => ({
  kind,
  reason,
  ms: 1,
  model: tokens > 0 ? "fake" : null,
  tokensIn: tokens,
  tokensOut: 0,
  costUsd: 0,
});

serveWorker(async ({ worker, config, call, listen, board }) => {
  const deeds = remote<Deeds>(call, "deeds");
  const { everything = [] } = config as { everything?: readonly string[] };
  const active = new Set<string>();
  listen((news) => void deeds.note(worker, `news:${news.type}`));

  const pipeline: Pipeline = {
    self: () => null,
    interest: (_, guild) => ({
      everything: guild === null || everything.includes(guild),
      moderated: false,
      needles: [BOT],
      active: (channel) => active.has(channel),
    }),
    watched: () => true,
    hurried: () => false,
    handle({ application, message }) {
      const [deed = "", value = ""] =
        message.content
          .split(" ")
          .find((word) => word.includes(":"))
          ?.split(":") ?? [];
      switch (deed) {
        case "die":
          if (value === "exit") process.exit(0);
          if (value === "throw") throw new Error("a bug");
          if (value === "reject") void Promise.reject(new Error("nobody waits for this"));
          if (value === "timer")
            setTimeout(() => {
              throw new Error("a late bug");
            }, 1);
          return new Promise(() => {});
        case "hang":
          for (;;);
        case "slow":
          return new Promise((resolve) => setTimeout(() => resolve(outcome("answered", "slow", 7)), Number(value)));
        case "never":
          return new Promise(() => {});
        case "busy":
          for (const until = performance.now() + Number(value); performance.now() < until; );
          return outcome("silent", "small-talk");
        case "fail":
          throw new AppError("timeout", "the model is slow");
        case "tell":
          return deeds.note(worker, `tell:${value}`).then(() => outcome("answered", "told", 1));
        case "active":
          active.add(message.channelId);
          board.active(message.channelId, Number.POSITIVE_INFINITY);
          return outcome("silent", "small-talk");
        case "quiet":
          board.publish(application, message.guildId as GuildId, [BOT], Date.now() + 60_000);
          return outcome("silent", "small-talk");
        case "changed":
          board.changed(message.guildId as GuildId);
          return outcome("silent", "small-talk");
        default:
          return outcome("silent", "small-talk");
      }
    },
    observe(_, type, data) {
      return deeds.note(worker, `${type}:${(data as { id?: string }).id ?? ""}`);
    },
    drain: async () => {},
  };
  return { pipeline, close: async () => {} };
});
