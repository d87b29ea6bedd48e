/** Against a server that leaves out all it may, and sends what it should not: answered all the same, and nothing else disturbed. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BARE, type BareDiscord, type Dialect, startBareDiscord } from "../support/bare-discord.ts";
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
  return start(args, discord, { DISCORD_GATEWAY_URL: discord.gateway, DISCORD_COMPRESSION: "none" });
}

function start(args: readonly string[], server: BareDiscord, more: Readonly<Record<string, string>>): Started {
  const process = startGatehouse(args, {
    DISCORD_API_BASE: server.api,
    DISCORD_TOKEN: server.token,
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0f".repeat(32),
    GATEHOUSE_DATA_DIR: folder.path,
    GATEHOUSE_WORKERS: "1",
    PORT: "0",
    ...more,
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

/** As Python writes it: blanks behind colons and commas, and nothing but ASCII. */
function pythonic(payload: unknown): string {
  const spaced = JSON.stringify(payload, null, 1).replace(/\n\s*/g, " ");
  return spaced.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

describe("a server that does it its own way", () => {
  const dialects: readonly (readonly [what: string, dialect: Dialect])[] = [
    ["JSON with blanks and escapes", { write: pythonic }],
    [
      "JSON over many lines, whose members come backwards",
      { write: (p) => JSON.stringify(p, null, 2), backwards: true },
    ],
    ["JSON in binary frames, whatever compression was asked for", { binary: true }],
    ["no sequence numbers, no heartbeat interval", { withoutSequence: true, hello: { op: 10 } }],
    ["null in answer to a message", { sent: null }],
    [
      "an address with a path and a query, shards as a text, no limits",
      {
        gatewayBot: (url) => ({ url: `${url}/here/?a=b`, shards: "1", session_start_limit: null }),
      },
    ],
    [
      "nothing in READY, nulls in a guild, nothing in the answer to a message",
      {
        ready: {},
        guild: { id: BARE.guild, name: null, channels: null, members: null, roles: null, threads: null },
        sent: {},
      },
    ],
  ];
  for (const [what, dialect] of dialects) test(what, () => answers(dialect), TIMEOUT_MS);

  test(
    "no route for its own address, which is configured",
    () => answers({ gatewayBot: null }, (server) => ({ DISCORD_GATEWAY_URL: server.gateway })),
    TIMEOUT_MS,
  );

  async function answers(
    dialect: Dialect,
    more: (server: BareDiscord) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<void> {
    const server = startBareDiscord(dialect);
    const own = await openDatabase();
    try {
      const environment = { DATABASE_URL: own.url, ...more(server) };
      const gateway = start(["gateway"], server, environment);
      await until(() => server.identified() > 0, 20_000);
      const page = join(folder.path, "kettle.md");
      writeFileSync(
        page,
        "# Resetting the kettle\n\nHold the copper button for seven seconds until the lid blinks green.\n",
      );
      expect(await start(["knowledge", "import", "--guild", BARE.guild, page], server, environment).exited).toBe(0);
      server.dispatch("MESSAGE_CREATE", message({ content: `<@${BARE.bot}> how do I reset the kettle? ☕` }));
      await until(() => server.posted.length === 1, 20_000);
      expect(server.posted[0]?.content).toContain("seven seconds");
      gateway.kill("SIGTERM");
      expect(await gateway.exited).toBe(0);
    } finally {
      for (const process of started.splice(0)) {
        process.kill("SIGKILL");
        await process.exited;
      }
      await server.stop();
      await own.drop();
    }
  }
});
