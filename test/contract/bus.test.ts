/** One suite for every `Bus`: in one process, over Redis between two, and through the thread border. */
import { afterAll, expect } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { createRedisBus } from "../../src/bus/redis.ts";
import { createThreadBus } from "../../src/bus/worker-door.ts";
import type { Bus, News } from "../../src/bus.ts";
import type { GuildId } from "../../src/ids.ts";
import { serve, settle } from "../../src/worker-door.ts";
import { needing } from "../support/needing.ts";
import { quiet } from "../support/postgres.ts";
import { openRedis } from "../support/redis.ts";
import { until } from "../support/until.ts";

const redis = await openRedis();

afterAll(async () => {
  await redis?.stop();
});

/** Two ends of one bus: what the one publishes the other hears. */
type Ends = { readonly web: Bus; readonly worker: Bus };

const implementations: Record<string, () => Promise<Ends>> = {
  async memory() {
    const bus = createMemoryBus({ logger: quiet });
    return { web: bus, worker: bus };
  },
  async thread() {
    const web = createMemoryBus({ logger: quiet });
    const door = createThreadBus(async (request) => settle(await serve({ bus: web }, structuredClone(request))), quiet);
    web.subscribe(door.deliver);
    return { web, worker: door.bus };
  },
  async redis() {
    const channel = `gatehouse-test-${crypto.randomUUID()}`;
    const web = createRedisBus({ url: redis?.url ?? "", logger: quiet, channel });
    const worker = createRedisBus({ url: redis?.url ?? "", logger: quiet, channel });
    await Promise.all([web.listening, worker.listening]);
    return { web, worker };
  },
};

const changed = (guild: number): News => ({ type: "guild-changed", guild: String(guild) as GuildId });

for (const [name, open] of Object.entries(implementations)) {
  const { describe, test } = needing(name === "redis" ? redis : open, "Redis");
  describe(`bus/${name}`, () => {
    test("news reaches who listens at the other end and at one's own, in order", async () => {
      const { web, worker } = await open();
      const heard: News[] = [];
      const own: News[] = [];
      worker.subscribe((news) => heard.push(news));
      web.subscribe((news) => own.push(news));
      for (let i = 0; i < 50; i++) await web.publish(changed(i));
      await until(() => heard.length === 50 && own.length === 50);
      expect(heard).toEqual(Array.from({ length: 50 }, (_, i) => changed(i)));
      expect(own).toEqual(heard);
      await Promise.all([web.close(), worker.close()]);
    });

    test("news goes both ways", async () => {
      const { web, worker } = await open();
      const heard: News[] = [];
      web.subscribe((news) => heard.push(news));
      await worker.publish(changed(7));
      await until(() => heard.length === 1);
      expect(heard).toEqual([changed(7)]);
      await Promise.all([web.close(), worker.close()]);
    });

    test("a listener that throws takes nothing from the others, and hears the next", async () => {
      const { web, worker } = await open();
      let thrown = 0;
      const heard: News[] = [];
      worker.subscribe(() => {
        thrown++;
        throw new Error("a listener's own trouble");
      });
      worker.subscribe((news) => heard.push(news));
      await web.publish(changed(1));
      await web.publish(changed(2));
      await until(() => heard.length === 2);
      expect(thrown).toBe(2);
      await Promise.all([web.close(), worker.close()]);
    });

    test("who has left hears nothing more, and who came twice leaves once", async () => {
      const { web, worker } = await open();
      const heard: News[] = [];
      const listener = (news: News) => heard.push(news);
      const leave = worker.subscribe(listener);
      worker.subscribe(listener);
      leave();
      leave();
      await web.publish(changed(1));
      await until(() => heard.length === 1);
      await web.publish(changed(2));
      await until(() => heard.length === 2);
      expect(heard).toEqual([changed(1), changed(2)]);
      await Promise.all([web.close(), worker.close()]);
    });
  });
}
