import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { GUILD } from "../support/build.ts";
import { type Fault, type Life, live } from "./pipeline-world.ts";

const SEEDS = 50;
/** Seeds that once failed, so that they are never forgotten: `[fault, seed]`. */
const KEPT: readonly (readonly [string, number])[] = [];

const burst = ({ say, deliver, run }: Life, count: number) => {
  for (let i = 0; i < count; i++) deliver(say());
  run();
};
const away = (life: Life, ms: number) => life.house.clock.advance(ms);

const FAULTS: readonly Fault[] = [
  { name: "nothing goes wrong", happen: () => {} },
  {
    name: "the model is down",
    async happen(life) {
      life.weather.model = "down";
      burst(life, 3);
      await away(life, 4_000);
    },
  },
  {
    name: "the model is slow",
    happen(life) {
      life.weather.model = "slow";
      burst(life, 3);
    },
  },
  {
    name: "a send fails",
    happen({ house }) {
      house.discord.failNext(new AppError("unavailable", "the weather"));
    },
  },
  {
    name: "a send's answer is lost",
    happen({ house }) {
      house.discord.failNext(new AppError("timeout", "the weather"), true);
    },
  },
  {
    name: "the store is away for a while",
    async happen(life) {
      life.weather.storeAway = true;
      burst(life, 3);
      await away(life, 3_000);
      life.weather.storeAway = false;
    },
  },
  {
    name: "everything is delivered twice",
    happen({ said, deliver, run }) {
      for (const one of [...said]) deliver(one);
      run();
    },
  },
  {
    name: "more comes at once than lanes take",
    happen: (life) => burst(life, 10),
  },
  {
    name: "a flood that lanes must shed",
    happen({ say, deliver, run }) {
      for (let i = 0; i < 90; i++) deliver(say());
      run();
    },
  },
  {
    name: "the worker dies",
    async happen(life) {
      burst(life, 4);
      await away(life, life.random() * 3_000);
      await life.die();
    },
  },
  {
    name: "the worker dies three times",
    async happen(life) {
      for (let i = 0; i < 3; i++) {
        burst(life, 2);
        await away(life, life.random() * 2_000);
        await life.die();
      }
    },
  },
  {
    name: "the worker dies while the model is slow",
    async happen(life) {
      life.weather.model = "slow";
      burst(life, 4);
      await away(life, life.random() * 6_000);
      await life.die();
    },
  },
  {
    name: "the worker dies right after a send whose answer is lost",
    async happen(life) {
      life.house.discord.failNext(new AppError("timeout", "the weather"), true);
      burst(life, 3);
      await away(life, life.random() * 3_000);
      await life.die();
    },
  },
  {
    name: "questions are deleted while they are answered",
    async happen({ observe, say, deliver, run }) {
      for (let i = 0; i < 4; i++) {
        const one = say();
        deliver(one);
        run();
        await observe("MESSAGE_DELETE", { id: one.id, channel_id: one.channelId, guild_id: GUILD });
      }
    },
  },
  {
    name: "an agent takes every conversation",
    async happen({ house }) {
      for (const id of house.store.talks.keys()) {
        await house.store.conversations.takeover(GUILD, id, { type: "claim", agent: "9" as never });
      }
    },
  },
];

describe("lanes and pipeline under a seeded clock", () => {
  for (const fault of FAULTS) {
    test(`${fault.name}: one outcome each, no two replies, no hang, lanes bounded (${SEEDS} seeds)`, async () => {
      const kept = KEPT.filter(([name]) => name === fault.name).map(([, seed]) => seed);
      const failures: string[] = [];
      for (const seed of [...kept, ...Array.from({ length: SEEDS }, (_, i) => i + 1)]) {
        const problems = await live(fault, seed);
        if (problems.length > 0) failures.push(`seed ${seed}: ${problems.join("; ")}`);
      }
      expect(failures).toEqual([]);
    }, 60_000);
  }
});
