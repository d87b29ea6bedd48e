/**
 * The main job with real processes and real sockets: a member of a simulated Discord asks, the knowledge base answers, the
 * exchange is kept. And what a wrong token, a taken port and an absent database get instead.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GroqStandIn, startGroq } from "../../bench/simulator/groq.ts";
import { type Simulator, startSimulator } from "../../bench/simulator/simulator.ts";
import { temporaryFolder } from "../support/folder.ts";
import { requireLawful } from "../support/lawful.ts";
import { openDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Started, startGatehouse } from "../support/process.ts";
import { live } from "../support/stage.ts";
import { until } from "../support/until.ts";

const TIMEOUT_MS = 60_000;
const folder = temporaryFolder("main-job");
const started: Started[] = [];
let simulator: Simulator;
let groq: GroqStandIn;
let database: TestDatabase;

beforeAll(async () => {
  simulator = startSimulator({ limits: { timesFaster: 10 } });
  groq = await startGroq();
  database = await openDatabase();
});

afterEach(async () => {
  for (const process of started.splice(0)) {
    process.kill("SIGKILL");
    await process.exited;
  }
  groq.faults.clear();
});

afterAll(async () => {
  await simulator.stop();
  await groq.stop();
  await database.drop();
  folder.remove();
  await requireLawful(simulator);
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    DISCORD_API_BASE: simulator.api,
    DISCORD_TOKEN: simulator.bots[0]?.token ?? "",
    GROQ_API_KEY: groq.key,
    GROQ_BASE_URL: groq.url,
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0f".repeat(32),
    GATEHOUSE_DATA_DIR: folder.path,
    GATEHOUSE_WORKERS: "1",
    PORT: "0",
    ...more,
  };
}

function gatehouse(args: readonly string[], more: Record<string, string> = {}): Started {
  const process = startGatehouse(args, environment(more));
  started.push(process);
  return process;
}

async function finished(args: readonly string[], more: Record<string, string> = {}) {
  const process = gatehouse(args, more);
  const code = await process.exited;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

const DOCUMENT = `---
title: Resetting the kettle
url: https://docs.example/kettle
language: en
---
# Resetting the kettle

Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.
`;

test(
  "the main thread and each worker say how large their heaps are",
  async () => {
    const { origin } = await live(gatehouse(["all"], { GATEHOUSE_WORKERS: "2" }));
    const text = await (await fetch(`${origin}/metrics`)).text();
    const heaps = [...text.matchAll(/^gatehouse_(main|worker)_heap_bytes(\{worker="\d"\})? (\d+)$/gm)];
    expect(heaps.map(([, thread, labels = ""]) => `${thread}${labels}`).sort()).toEqual([
      "main",
      'worker{worker="0"}',
      'worker{worker="1"}',
    ]);
    for (const [, , , bytes] of heaps) expect(Number(bytes)).toBeGreaterThan(1_000_000);
  },
  TIMEOUT_MS,
);

describe("a member asks", () => {
  test(
    "and the knowledge base answers with its source; the exchange is kept; asked twice, answered once",
    async () => {
      const { guild, channel } = simulator.actions.createGuild({ name: "Kettles" });
      const ada = simulator.actions.addMember(guild.id, { username: "ada" });
      const page = join(folder.path, "kettle.md");
      writeFileSync(page, DOCUMENT);
      const all = gatehouse(["all"]);
      await live(all);

      const imported = await finished(["knowledge", "import", "--guild", guild.id, "--json", page]);
      expect(imported.code).toBe(0);
      expect(JSON.parse(imported.stdout)).toMatchObject({ imported: 1, failures: [] });

      const question = simulator.actions.say({
        channelId: channel.id,
        userId: ada.userId,
        content: "{bot} how do I reset the kettle?",
      });
      const answers = await simulator.actions.messages({
        channelId: channel.id,
        after: question.id,
        author: "bot",
        count: 1,
        ms: 20_000,
      });
      expect(answers).toHaveLength(1);
      expect(answers[0]?.content).toContain("seven seconds");
      expect(answers[0]?.content).toContain("https://docs.example/kettle");
      expect(answers[0]?.pinged).toMatchObject({ everyone: false, roles: [], users: [ada.userId] });
      expect(answers[0]?.repliedToId).toBe(question.id);

      // Discord may deliver a message again after a resume.
      const posted = () =>
        simulator.services.ledger.list({ kind: "request", method: "POST", route: "/channels/:channel/messages" })
          .length;
      const before = posted();
      const bot = simulator.bots[0]?.userId ?? "";
      simulator.services.gateway.dispatchRaw("MESSAGE_CREATE", {
        id: question.id,
        type: 0,
        channel_id: channel.id,
        guild_id: guild.id,
        author: { id: ada.userId, username: "ada" },
        content: `<@${bot}> how do I reset the kettle?`,
        mentions: [{ id: bot, username: "Gatehouse" }],
      });
      const unknown = simulator.actions.say({
        channelId: channel.id,
        userId: ada.userId,
        content: "{bot} what is the capital of Peru?",
      });
      const [second] = await simulator.actions.messages({
        channelId: channel.id,
        after: unknown.id,
        author: "bot",
        count: 1,
        ms: 20_000,
      });
      expect(second?.content).toBe("I couldn't find that in this server's knowledge base.");
      expect(posted()).toBe(before + 1);

      const kept = await until(async () => {
        const rows = await database.admin.unsafe("select outcome from turns where role = 'bot' order by at");
        return rows.length === 2 ? rows : undefined;
      }, 60_000);
      expect(kept[0]?.outcome).toMatchObject({ kind: "answered", reason: "mentioned" });
      expect(kept[1]?.outcome).toMatchObject({ kind: "answered", reason: "not-in-knowledge" });

      const asked = await finished(["ask", "--guild", guild.id, "--json", "how", "to", "reset", "the", "kettle?"]);
      expect(JSON.parse(asked.stdout)).toMatchObject({
        kind: "known",
        sources: [{ url: expect.stringContaining("https://docs.example/kettle") }],
      });

      all.kill("SIGTERM");
      expect(await all.exited).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "and with Groq down the answer quotes the knowledge base, within the deadline",
    async () => {
      const { guild, channel } = simulator.actions.createGuild({ name: "Kettles without a model" });
      const ada = simulator.actions.addMember(guild.id, { username: "ada" });
      const page = join(folder.path, "kettle.md");
      writeFileSync(page, DOCUMENT);
      const all = gatehouse(["all"]);
      await all.printed(/Sign in/);
      expect((await finished(["knowledge", "import", "--guild", guild.id, page])).code).toBe(0);

      groq.faults.add({ fault: { kind: "status", status: 503 } });
      const question = simulator.actions.say({
        channelId: channel.id,
        userId: ada.userId,
        content: "{bot} how do I reset the kettle?",
      });
      const [answer] = await simulator.actions.messages({
        channelId: channel.id,
        after: question.id,
        author: "bot",
        count: 1,
        ms: 12_000,
      });
      expect(answer?.content).toContain("seven seconds");
      expect(answer?.content).toContain("https://docs.example/kettle");
    },
    TIMEOUT_MS,
  );
});

describe("what is wrong is said once, with what to do", () => {
  test(
    "a wrong token ends a gateway with 78 after one request and one question about it",
    async () => {
      const before = simulator.services.ledger.list({ kind: "request", status: 401 }).length;
      const { code, stderr } = await finished(["gateway"], {
        DISCORD_TOKEN: "MTIzNDU2Nzg5MDEyMzQ1Njc4.wrong.wrong-wrong-wrong-wrong",
      });
      expect(code).toBe(78);
      expect(stderr).toContain("DISCORD_TOKEN");
      expect(stderr).not.toContain("wrong-wrong");
      expect(simulator.services.ledger.list({ kind: "request", status: 401 }).length).toBe(before + 2);
    },
    TIMEOUT_MS,
  );

  test(
    "a wrong token leaves the dashboard running",
    async () => {
      const all = gatehouse(["all"], { DISCORD_TOKEN: "MTIzNDU2Nzg5MDEyMzQ1Njc4.wrong.wrong-wrong-wrong-wrong" });
      const [, url = ""] = await all.printed(/Dashboard: (http\S+)/);
      await until(() => all.stderr().includes("gateway-ended"), 20_000);
      expect((await fetch(new URL("/healthz", url))).status).toBe(200);
      all.kill("SIGTERM");
      expect(await all.exited).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "a taken port names the port and the way out",
    async () => {
      using taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("mine") });
      const { code, stderr } = await finished(["web"], { PORT: String(taken.port) });
      expect(code).toBe(69);
      expect(stderr).toContain(String(taken.port));
      expect(stderr).toContain("PORT");
    },
    TIMEOUT_MS,
  );

  test(
    "a database that is not there ends the start with its address, without its password",
    async () => {
      const { code, stderr } = await finished(["web"], { DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/nothing" });
      expect(code).toBe(69);
      expect(stderr).toContain("DATABASE_URL");
      expect(stderr).not.toContain("hunter2");
    },
    TIMEOUT_MS,
  );

  test("wrong configuration names every problem, and ends with 78", async () => {
    const { code, stderr } = await finished(["all"], { PORT: "high", REDIS_URL: "memcached://x" });
    expect(code).toBe(78);
    expect(stderr).toContain("PORT");
    expect(stderr).toContain("REDIS_URL");
  });

  test("a command that does not exist is a usage error", async () => {
    const { code, stderr } = await finished(["anwser"]);
    expect(code).toBe(64);
    expect(stderr).toContain("anwser");
  });
});
