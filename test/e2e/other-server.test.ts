/** Against a server that leaves out all it may, and sends what it should not: answered all the same, and nothing else disturbed. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BARE, type BareDiscord, startBareDiscord } from "../support/bare-discord.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Started, startGatehouse } from "../support/process.ts";
import { until } from "../support/until.ts";

const TIMEOUT_MS = 60_000;
const folder = temporaryFolder("other-server");
const started: Started[] = [];
let discord: BareDiscord;
let database: TestDatabase;

beforeAll(async () => {
  discord = startBareDiscord();
  database = await openDatabase();
});

afterEach(async () => {
  for (const process of started.splice(0)) {
    process.kill("SIGKILL");
    await process.exited;
  }
});

afterAll(async () => {
  await discord.stop();
  await database.drop();
  folder.remove();
});

function gatehouse(...args: readonly string[]): Started {
  const process = startGatehouse(args, {
    DISCORD_API_BASE: discord.api,
    DISCORD_GATEWAY_URL: discord.gateway,
    DISCORD_TOKEN: discord.token,
    DISCORD_COMPRESSION: "none",
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0f".repeat(32),
    GATEHOUSE_DATA_DIR: folder.path,
    PORT: "0",
  });
  started.push(process);
  return process;
}

let messages = 0;
function message(fields: Record<string, unknown>) {
  messages++;
  return {
    id: String(900000000000000000n + BigInt(messages)),
    channel_id: BARE.channel,
    guild_id: BARE.guild,
    author: { id: BARE.member, username: "eve", bot: false },
    content: `<@${BARE.bot}> how do I reset the kettle?`,
    ...fields,
  };
}

describe("a server that sends the least", () => {
  test(
    "gets its members' questions answered, also between frames that make no sense",
    async () => {
      writeFileSync(
        join(folder.path, "kettle.md"),
        "# Resetting the kettle\n\nHold the copper button for seven seconds until the lid blinks green.\n",
      );
      const gateway = gatehouse("gateway");
      await until(() => discord.identified() > 0, 30_000);
      expect(await gatehouse("knowledge", "import", "--guild", BARE.guild, join(folder.path, "kettle.md")).exited).toBe(
        0,
      );

      discord.dispatch("MESSAGE_CREATE", message({}));
      await until(() => discord.posted.length === 1, 20_000);
      expect(discord.posted[0]?.content).toContain("seven seconds");
      expect(discord.posted[0]?.allowed_mentions).toMatchObject({ parse: [] });

      discord.raw("{not json");
      discord.raw('{"op":0,"t":"SOMETHING_NEW","s":900,"d":{"deep":[[[]]]}}');
      discord.raw('{"op":0,"t":"MESSAGE_CREATE","s":901,"d":null}');
      discord.raw('{"op":99}');
      discord.raw("[]");
      discord.raw('{"op":0,"t":"MESSAGE_CREATE","s":902,"d":{"id":"1","content":"\\u0000\\ud800"}}');
      discord.dispatch("MESSAGE_CREATE", message({ author: null }));
      discord.dispatch("MESSAGE_CREATE", message({ content: null, mentions: "many", member: 7 }));
      discord.dispatch(
        "MESSAGE_CREATE",
        message({ content: `<@${BARE.bot}> how do I reset the kettle? \u0000\ud800 ${"x".repeat(100_000)}` }),
      );
      await until(() => discord.posted.length === 2, 20_000);

      // A direct message: no guild, or null for it.
      discord.dispatch("MESSAGE_CREATE", message({ guild_id: null, content: "how do I reset the kettle?" }));
      await until(() => discord.posted.length === 3, 20_000);
      expect(discord.posted[2]?.content).toContain("seven seconds");

      expect(gateway.stderr()).not.toMatch(/"level":60|worker-died/);
      gateway.kill("SIGTERM");
      expect(await gateway.exited).toBe(0);
    },
    TIMEOUT_MS,
  );
});
