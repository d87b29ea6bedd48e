/** The quota over every counter (in the process, in Redis) and two stores on one database: two processes, as far as it can see. */
import { afterAll, expect } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { AppError } from "../../src/errors.ts";
import { createMemoryHot } from "../../src/hot/memory.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import type { Hot } from "../../src/hot.ts";
import type { GuildId } from "../../src/ids.ts";
import { createPlans, FEATURES, type Feature } from "../../src/plans/plans.ts";
import { createQuota, type Quota, type QuotaWarning, type Wish } from "../../src/plans/quota.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { monthIn } from "../../src/time-zone.ts";
import { needing } from "../support/needing.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { command, type RedisServer, startRedis } from "../support/redis.ts";
import { until } from "../support/until.ts";
import {
  newApplication,
  newExchange,
  newGuild,
  newMember,
  newMessage,
  type ShiftedClock,
  shiftedClock,
} from "./store/house.ts";

/** Null where it is missing: its tests do not run then. */
const redis = (await startRedis()) as RedisServer;
const limits = defaultSettings.limits;

afterAll(async () => {
  await redis?.stop();
});

type Kit = { readonly hot: () => Hot; readonly flush: () => Promise<void>; readonly close: () => Promise<void> };

const implementations: Record<string, (time: ShiftedClock) => Kit> = {
  memory: (time) => {
    const hot = createMemoryHot({ clock: time });
    return { hot: () => hot, flush: () => hot.drop(""), close: async () => {} };
  },
  redis: () => redisKit(redis),
};

function redisKit(server: RedisServer): Kit {
  const opened: { close(): Promise<void> }[] = [];
  return {
    hot() {
      const hot = createRedisHot({ url: server.url, logger: quiet });
      opened.push(hot);
      return hot;
    },
    flush: async () => void (await command(server.port, "FLUSHALL")),
    close: async () => void (await Promise.all(opened.map((hot) => hot.close()))),
  };
}

for (const [name, open] of Object.entries(implementations)) {
  const { describe, test, beforeAll, afterAll } = needing(name === "redis" ? redis : open, "Redis");
  describe(`quota over hot/${name}`, () => {
    const time = shiftedClock();
    const bus = createMemoryBus({ logger: quiet });
    const warnings: QuotaWarning[] = [];
    let database: TestDatabase;
    let stores: Store[];
    let kit: Kit;
    let quotas: [Quota, Quota];

    beforeAll(async () => {
      database = await openDatabase();
      kit = open(time);
      stores = [0, 1].map(() => createSqlStore({ url: database.url, clock: time, logger: quiet }));
      await Promise.all(stores.map((store) => store.migrate()));
      quotas = stores.map((store) =>
        createQuota({
          ...{ store, hot: kit.hot(), clock: time, logger: quiet, plans: createPlans({ store, bus, clock: time }) },
          warn: async (warning) => void warnings.push(warning),
        }),
      ) as [Quota, Quota];
    }, 60_000);

    afterAll(async () => {
      await kit.close();
      await Promise.all(stores.map((store) => store.close()));
      await database.drop();
    });

    async function newAccount(
      messages: number | null,
      timeZone = "UTC",
      features: readonly Feature[] = FEATURES,
    ): Promise<GuildId> {
      const [store] = stores;
      if (store === undefined) throw new Error("no store");
      const id = `plan${messages}.${features.length}`;
      await store.accounts.savePlan({ id, name: id, priceUsd: 1, messages, features, position: 9 });
      const guild = newGuild();
      await store.accounts.save({ id: `of-${guild}`, name: "Lumen", plan: id, timeZone, owner: null, mail: null });
      await store.guilds.join(guild, newApplication(), "Lumen", null);
      await store.accounts.move(guild, `of-${guild}`, "test");
      return guild;
    }

    /** Every answer by another member in another channel, so that only the plan counts. */
    function wish(fields: Partial<Wish> = {}): Wish {
      return { request: newMessage(), kind: "answer", limits, ...fields };
    }

    const [first, second] = [() => quotas[0], () => quotas[1]];

    async function record(guild: GuildId, request: string, count = 1): Promise<void> {
      const exchange = newExchange(null, { trigger: request });
      const usage = { kind: "answer", count, tokensIn: 10, tokensOut: 1, costUsd: 0.001 } as const;
      await stores[0]?.conversations.record(guild, { ...exchange, usage });
    }

    async function counted(guild: GuildId): Promise<number> {
      const days = (await stores[1]?.usage.days(guild, 0)) ?? [];
      return days.reduce((sum, day) => sum + day.count, 0);
    }

    test("two processes grant exactly the plan's messages, whatever is asked at once", async () => {
      const guild = await newAccount(30);
      let admitted = 0;
      // Sixteen at once: what has no turn at the database within its 2 s fails, and that is another test's matter.
      for (let round = 0; round < 5; round++) {
        const all = Array.from({ length: 16 }, (_, i) => (i % 2 ? first() : second()).admit(guild, wish()));
        admitted += (await Promise.all(all)).filter((one) => one.admitted).length;
      }
      expect(admitted).toBe(30);
    });

    test("the same request is one message, however often it is asked", async () => {
      const guild = await newAccount(2);
      const again = wish();
      for (let i = 0; i < 5; i++) {
        expect(await (i % 2 ? first() : second()).admit(guild, again)).toMatchObject({ admitted: true });
      }
      expect(await first().admit(guild, wish())).toMatchObject({ admitted: true });
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: false, reason: "quota" });
      // What has its message keeps it.
      expect(await second().admit(guild, again)).toMatchObject({ admitted: true });
    });

    test("what led to nothing is given back, what was answered is counted once", async () => {
      const guild = await newAccount(1);
      const failed = wish();
      expect(await first().admit(guild, failed)).toMatchObject({ admitted: true });
      await first().release(guild, failed);
      const answered = wish();
      expect(await second().admit(guild, answered)).toMatchObject({ admitted: true });
      await record(guild, answered.request);
      await record(guild, answered.request);
      expect(await first().admit(guild, wish())).toMatchObject({ admitted: false, reason: "quota" });
      expect(await counted(guild)).toBe(1);
    });

    test("an exchange that counts nothing ends its reservation too", async () => {
      const guild = await newAccount(1);
      const unknown = wish();
      await first().admit(guild, unknown);
      await record(guild, unknown.request, 0);
      time.pass(2_000);
      expect(await first().admit(guild, wish())).toMatchObject({ admitted: true });
    });

    test("a counter that was flushed grants nothing twice and holds nothing back", async () => {
      const guild = await newAccount(40);
      let admitted = 0;
      for (let round = 0; round < 10; round++) {
        const asked = await Promise.all(
          Array.from({ length: 6 }, async (_, i) => {
            const one = wish();
            const { admitted } = await (i % 2 ? first() : second()).admit(guild, one);
            if (admitted && i % 3 === 0) await record(guild, one.request);
            return admitted;
          }),
        );
        admitted += asked.filter(Boolean).length;
        await kit.flush();
      }
      expect(admitted).toBe(40);
    });

    test("what a dead process left behind comes back by itself", async () => {
      const guild = await newAccount(1);
      await first().admit(guild, wish());
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: false });
      time.pass(16 * 60_000);
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: true });
    });

    test("a batch of verdicts counts as many as it has, once a request", async () => {
      const guild = await newAccount(10);
      const batch = wish({ kind: "moderation", count: 4, limits: { ...limits, moderationShare: 100 } });
      expect(await first().admit(guild, batch)).toMatchObject({ admitted: true });
      const entry = { kind: "moderation", count: 3, tokensIn: 9, tokensOut: 3, costUsd: 0 } as const;
      await Promise.all([first().commit(guild, batch.request, entry), second().commit(guild, batch.request, entry)]);
      expect(await counted(guild)).toBe(3);
      const rest = await Promise.all(Array.from({ length: 12 }, () => first().admit(guild, wish())));
      expect(rest.filter((one) => one.admitted)).toHaveLength(7);
    });

    test("moderation takes its share of the month and leaves the rest to answers", async () => {
      const guild = await newAccount(20);
      const shared = { ...limits, moderationShare: 25 };
      const flood = await Promise.all(
        Array.from({ length: 12 }, () => first().admit(guild, wish({ kind: "moderation", limits: shared }))),
      );
      expect(flood.filter((one) => one.admitted)).toHaveLength(5);
      expect(flood.find((one) => !one.admitted)).toMatchObject({ reason: "moderation-share", say: false });
      const answers = await Promise.all(Array.from({ length: 20 }, () => second().admit(guild, wish())));
      expect(answers.filter((one) => one.admitted)).toHaveLength(15);
    });

    test("a member's hour and a channel's minute are bounded, and each says so once", async () => {
      const guild = await newAccount(null);
      const member = newMember();
      const small = { ...limits, memberHour: 2, channelMinute: 5 };
      const asked = [];
      for (let i = 0; i < 4; i++) asked.push(await first().admit(guild, wish({ member, limits: small })));
      expect(asked).toMatchObject([
        { admitted: true },
        { admitted: true },
        { admitted: false, reason: "member-limit", say: true },
        { admitted: false, reason: "member-limit", say: false },
      ]);
      time.pass(61 * 60_000);
      expect(await second().admit(guild, wish({ member, limits: small }))).toMatchObject({ admitted: true });
    });

    test("the month's end is said once a channel and day, not at every question", async () => {
      const guild = await newAccount(0);
      const channel = newMessage() as never;
      const said = [];
      for (let i = 0; i < 3; i++) said.push(await (i % 2 ? first() : second()).admit(guild, wish({ channel })));
      expect(said.map((one) => !one.admitted && one.say)).toEqual([true, false, false]);
      expect(await first().admit(guild, wish({ channel: newMessage() as never }))).toMatchObject({ say: true });
      time.pass(25 * 3_600_000);
      expect(await first().admit(guild, wish({ channel }))).toMatchObject({ say: true });
    });

    test("a day's ceiling in money stops what costs", async () => {
      const guild = await newAccount(null);
      const bounded = { ...limits, costDayUsd: 0.002 };
      for (let i = 0; i < 3; i++) {
        const one = wish({ limits: bounded });
        expect(await first().admit(guild, one)).toMatchObject({ admitted: i < 2 });
        if (i < 2) await record(guild, one.request);
        time.pass(20_000);
      }
      expect(await first().admit(guild, wish({ limits: bounded }))).toMatchObject({ reason: "cost-limit" });
    });

    test("warnings come at 80, 95 and 100 percent, once each whoever sees them", async () => {
      const guild = await newAccount(20);
      warnings.length = 0;
      for (let i = 0; i < 20; i++) {
        await (i % 2 ? first() : second()).admit(guild, wish());
        if (i === 15) await until(() => warnings.length === 1);
        if (i === 18) await until(() => warnings.length === 2);
      }
      await until(() => warnings.length === 3);
      expect(warnings.map(({ percent, used }) => [percent, used])).toEqual([
        [80, 16],
        [95, 19],
        [100, 20],
      ]);
    });

    test("the month rolls over at midnight in the account's time zone", async () => {
      const guild = await newAccount(1, "Asia/Kathmandu");
      const one = wish();
      await first().admit(guild, one);
      await record(guild, one.request);
      expect(await first().admit(guild, wish())).toMatchObject({ admitted: false });
      const { endsAtMs } = monthIn(time.now(), "Asia/Kathmandu");
      time.pass(endsAtMs - time.now() - 1_000);
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: false });
      time.pass(1_500);
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: true });
    });

    test("a plan without Discord answers elsewhere only, and a change of the plan is in force at once", async () => {
      const guild = await newAccount(10, "UTC", []);
      expect(await first().admit(guild, wish())).toMatchObject({ reason: "plan-without-discord" });
      expect(await first().admit(guild, wish({ contact: "api" }))).toMatchObject({ admitted: true });
      const [store] = stores;
      const { account } = (await store?.accounts.of(guild)) ?? {};
      if (store === undefined || account === undefined) throw new Error("no account");
      await store.accounts.save({ ...account, plan: "pro" });
      await bus.publish({ type: "account-changed", account: account.id });
      expect(await second().admit(guild, wish())).toMatchObject({ admitted: true });
      await expect(store.accounts.save({ ...account, plan: "gold" })).rejects.toBeInstanceOf(AppError);
      expect(await store.accounts.removePlan("pro")).toBe(false);
    });
  });
}
