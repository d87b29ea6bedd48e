/**
 * Bots that admins brought, all in one process: a server each, over the simulated Discord. How long until all are live, what one more costs in
 * memory, and whether each answers in its own server when all are asked.
 */
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createSealer, tokenRow } from "../../src/crypto.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { quiet } from "../../test/support/postgres.ts";
import { openStage, type Stage } from "../../test/support/stage.ts";
import { until } from "../../test/support/until.ts";
import { freePort } from "../simulator/free-port.ts";
import { shardsOf } from "./health.ts";
import { vitalsOf } from "./vitals.ts";

export type BotsTold = { readonly liveMs: number; readonly bytesABot: number; readonly answered: number };

const KEY = "0f".repeat(32);
const LIVE_MS_MAX = 300_000;
const ANSWERED_MS_MAX = 60_000;
/** What is left of starting is collected by then. */
const SETTLE_MS = 20_000;
const LOOK_MS = 500;
/** So many are asked in the same second. */
const ASKED_TOGETHER = 10;

export async function measureBots(count: number): Promise<BotsTold> {
  const stage = await openStage("custom-bots", { simulator: { bots: count + 1 } });
  try {
    const alone = await run(stage, 1);
    const channels = await bring(stage);
    const all = await run(stage, count + 1, () => askAll(stage, channels));
    return {
      liveMs: all.liveMs,
      bytesABot: (all.bytes - alone.bytes) / count,
      answered: all.told ?? 0,
    };
  } finally {
    await stage.close();
  }
}

/** One process from its start: until so many bots are live, its memory then, and what `ask` tells. */
async function run(stage: Stage, bots: number, ask?: () => Promise<number>) {
  const port = String(freePort());
  const began = performance.now();
  const gateway = stage.gatehouse(["gateway"], { PORT: port, GATEHOUSE_KEY: KEY });
  await until(async () => {
    await Bun.sleep(LOOK_MS);
    return (await shardsOf(`http://127.0.0.1:${port}`)).live >= bots;
  }, LIVE_MS_MAX);
  const liveMs = performance.now() - began;
  await Bun.sleep(SETTLE_MS);
  const { bytes } = vitalsOf([gateway.pid]);
  const told = await ask?.();
  gateway.kill("SIGTERM");
  await gateway.exited;
  return { liveMs, bytes, told };
}

type Place = { readonly bot: string; readonly channelId: string; readonly userId: string };

/** As the dashboard saves them: every bot but the shared one, with a server of its own. */
async function bring({ simulator, database }: Stage): Promise<readonly Place[]> {
  const config = loadConfig({ DATABASE_URL: database.url, GATEHOUSE_KEY: KEY });
  const sealer = createSealer(config.keys);
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  const places: Place[] = [];
  for (const { applicationId, publicKey, token, userId } of simulator.bots.slice(1)) {
    const application = applicationId as ApplicationId;
    const { guild, channel } = simulator.actions.createGuild({ name: "Kettles", bots: [applicationId] });
    const member = simulator.actions.addMember(guild.id, { username: "ada" });
    await store.bots.save({
      ...{ application, publicKey, shared: false, guild: guild.id as GuildId, name: "Kettle bot" },
      ...{ tokenSealed: sealer.seal(token, tokenRow(application)), commandsHash: null, commandsRefused: null },
    });
    places.push({ bot: userId, channelId: channel.id, userId: member.userId });
  }
  await store.close();
  return places;
}

/** How many answered, each in its own server and once. */
async function askAll({ simulator }: Stage, places: readonly Place[]): Promise<number> {
  const { actions, world } = simulator;
  const asked: { readonly bot: string; readonly id: string; readonly channelId: string }[] = [];
  for (const [n, { bot, ...place }] of places.entries()) {
    const { id } = actions.say({ ...place, content: `<@${bot}> how do I reset the kettle?` });
    asked.push({ bot, id, channelId: place.channelId });
    if (n % ASKED_TOGETHER === 0) await Bun.sleep(1_000);
  }
  const repliesTo = ({ id, channelId }: { readonly id: string; readonly channelId: string }) =>
    [...(world.channels.get(channelId)?.messages.values() ?? [])].filter(({ repliedToId }) => repliedToId === id);
  await until(() => asked.every((one) => repliesTo(one).length > 0), ANSWERED_MS_MAX).catch(() => {});
  return asked.filter((one) => {
    const replies = repliesTo(one);
    return replies.length === 1 && replies[0]?.authorId === one.bot;
  }).length;
}
