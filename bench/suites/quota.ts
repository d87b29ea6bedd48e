/**
 * Is an account's month exact? Eight processes ask for far more messages than it has, while the counter's replies are lost, Redis
 * is killed twenty times and flushed in between. Then what is left is asked for one by one: the month must be full to the message, and `usage` the
 * sum of what the processes recorded. `--set requests=N` a process; needs PostgreSQL on 127.0.0.1:5432 and redis-server.
 */
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { createLogger } from "../../src/logger.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { openDatabase } from "../../test/support/postgres.ts";
import { command, startRedis } from "../../test/support/redis.ts";
import { result, type Suite } from "../suite.ts";

const PROCESSES = 8;
const PROGRAM = join(import.meta.dir, "..", "quota", "process.ts");
const KILLS = 20;
const GUILD = "900000000000000001" as GuildId;

type Told = { readonly recorded: number; readonly tokens: number; readonly returned: number; readonly refused: number };

export const suite: Suite = {
  name: "quota",
  description: "eight processes on one account's month, Redis killed and flushed; --set requests=N a process",
  async run({ quick, set, progress }) {
    const requests = Number(set.requests ?? (quick ? 1_000 : 10_000));
    const limit = Math.floor((requests * PROCESSES) / 4);
    const database = await openDatabase();
    const redis = await startRedis();
    if (redis === null) throw new Error("there is no redis-server on the PATH");
    const logger = createLogger({ level: "fatal", format: "text" });
    const store = createSqlStore({ url: database.url, clock: systemClock, logger });
    try {
      await store.migrate();
      const plan = {
        id: "bench",
        name: "Bench",
        priceUsd: 1,
        messages: limit,
        features: ["discord"],
        position: 9,
      } as const;
      await store.accounts.savePlan(plan);
      await store.accounts.save({
        id: "bench",
        name: "Bench",
        plan: "bench",
        timeZone: "UTC",
        owner: null,
        mail: null,
      });
      await store.guilds.join(GUILD, "1" as ApplicationId, "Bench", null);
      await store.accounts.move(GUILD, "bench", "bench");

      const startedAt = performance.now();
      const ask = async (name: string, count: number): Promise<Told> => {
        const given = [database.url, redis.url, GUILD, name, String(count)];
        const child = Bun.spawn([process.execPath, PROGRAM, ...given], { stdout: "pipe", stderr: "inherit" });
        const text = await new Response(child.stdout).text();
        if ((await child.exited) !== 0) throw new Error(`a process of the bench ended with ${child.exitCode}`);
        return JSON.parse(text) as Told;
      };
      let over = false;
      const asked = Promise.all(Array.from({ length: PROCESSES }, (_, i) => ask(`p${i}`, requests))).finally(() => {
        over = true;
      });
      let kills = 0;
      let flushes = 0;
      for (; kills < KILLS && !over; kills++) {
        progress(`Redis killed ${kills} times`, kills / KILLS);
        await Bun.sleep(quick ? 150 : 600);
        await redis.restart();
        await Bun.sleep(quick ? 100 : 300);
        await command(redis.port, "FLUSHALL").then(() => flushes++);
      }
      const told = await asked;
      const ms = performance.now() - startedAt;
      // What was given back at the end is there for whoever asks next.
      await Bun.sleep(1_100);
      told.push(await ask("last", limit));
      const sum = (of: (one: Told) => number) => told.reduce((total, one) => total + of(one), 0);
      const rows = await store.usage.days(GUILD, 0);
      const counted = rows.reduce((total, row) => total + row.count, 0);
      const tokens = rows.reduce((total, row) => total + row.tokensIn, 0);
      const exact = (name: string, value: number, wanted: number) => ({
        ...{ name, goal: `= ${wanted}`, value, met: value === wanted },
      });
      return {
        results: [
          result("requests", "count", requests * PROCESSES),
          result("requests a second", "count", Math.round((requests * PROCESSES * 1_000) / ms)),
          result(
            "given back",
            "count",
            sum((one) => one.returned),
          ),
          result(
            "refused",
            "count",
            sum((one) => one.refused),
          ),
          result("Redis killed", "count", kills),
          result("Redis flushed", "count", flushes),
        ],
        goals: [
          exact("messages counted", counted, limit),
          exact(
            "messages that processes recorded",
            sum((one) => one.recorded),
            limit,
          ),
          exact(
            "tokens counted, as recorded",
            tokens,
            sum((one) => one.tokens),
          ),
        ],
      };
    } finally {
      await store.close();
      await redis.stop();
      await database.drop();
    }
  },
};
