/**
 * `gatehouse web` as production starts it, with a knowledge base and an empty database, in front of the least of a Discord: it
 * says who the bot is, takes commands, and notes when each answer was edited in.
 */

import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { words } from "../../src/i18n.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { createLogger } from "../../src/logger.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { temporaryFolder } from "../../test/support/folder.ts";
import { openDatabase } from "../../test/support/postgres.ts";
import { startGatehouse } from "../../test/support/process.ts";
import { until } from "../../test/support/until.ts";
import type { Keys } from "./load.ts";

export type House = {
  readonly url: string;
  readonly pid: number;
  /** Token → when its answer was there. */
  readonly answeredAtMs: ReadonlyMap<string, number>;
  stop(): Promise<void>;
};

const TOKEN_SECRET = "bench-.bench-only-no-token-of-anybody";
const APOLOGIES = new Set([words("en").bot.failed, words("tr").bot.failed]);
const KNOWLEDGE = join(import.meta.dir, "..", "demo", "knowledge");

export async function openHouse(keys: Keys, application: string, guild: string): Promise<House> {
  const answeredAtMs = new Map<string, number>();
  const discord = startDiscord(keys, application, answeredAtMs);
  const database = await openDatabase();
  const folder = temporaryFolder("bench-interactions");
  const environment = {
    DISCORD_API_BASE: `http://127.0.0.1:${discord.port}/api`,
    DISCORD_TOKEN: `${Buffer.from(application).toString("base64url")}.${TOKEN_SECRET}`,
    DISCORD_APPLICATION_ID: application,
    DISCORD_PUBLIC_KEY: keys.publicKey,
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0f".repeat(32),
    GATEHOUSE_DATA_DIR: folder.path,
    LOG_LEVEL: "warn",
    PORT: "0",
  };
  const imported = startGatehouse(["knowledge", "import", "--guild", guild, KNOWLEDGE], environment);
  if ((await imported.exited) !== 0) throw new Error(`the knowledge base was not imported: ${imported.stderr()}`);
  await withoutLimits(database.url, application as ApplicationId, guild as GuildId);
  const web = startGatehouse(["web"], environment);
  const [, dashboard = ""] = await web.printed(/Dashboard: (http\S+)/);
  return {
    url: `${new URL(dashboard).origin}/discord/webhook`,
    pid: web.pid,
    answeredAtMs,
    async stop() {
      web.kill("SIGTERM");
      await web.exited;
      await discord.stop(true);
      await database.drop();
      folder.remove();
    },
  };
}

/** The load is that of many servers in one: its own limits a channel and minute would refuse most of it. */
async function withoutLimits(url: string, application: ApplicationId, guild: GuildId): Promise<void> {
  const store = createSqlStore({ url, clock: systemClock, logger: createLogger({ level: "warn", format: "text" }) });
  try {
    const { settings } = await store.guilds.join(guild, application, "Bench", null);
    const limits = { ...settings.limits, memberHour: 10_000, channelMinute: 10_000 };
    await store.guilds.change(guild, { ...settings, limits }, "bench", "limits");
  } finally {
    await store.close();
  }
}

/** Settles when all of `tokens` have their answer, or `ms` have passed; how many have. */
export async function answered(house: House, tokens: Iterable<string>, ms: number): Promise<number> {
  const wanted = [...tokens];
  const count = () => wanted.filter((token) => house.answeredAtMs.has(token)).length;
  await until(() => count() === wanted.length, ms).catch(() => undefined);
  return count();
}

function startDiscord(keys: Keys, application: string, answeredAtMs: Map<string, number>) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const [, token] = /\/webhooks\/\d+\/([^/]+)\/messages\//.exec(pathname) ?? [];
      if (token === undefined) {
        return Response.json(
          pathname.endsWith("/commands")
            ? await request.json()
            : { id: application, name: "Bench", username: "Bench", verify_key: keys.publicKey, flags: 0 },
        );
      }
      // What could not be answered is said by an edit too; it is no answer.
      const { content = "" } = (await request.json()) as { readonly content?: string };
      if (!answeredAtMs.has(token) && !APOLOGIES.has(content)) answeredAtMs.set(token, performance.now());
      return Response.json({ id: token.replace("bench-", ""), content: "", channel_id: "1" });
    },
  });
}
