/** The command line as a person types it: what went well on standard output, every refusal with what to do and its exit code. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { startEmbeddings } from "../../bench/simulator/embeddings.ts";
import { startGroq } from "../../bench/simulator/groq.ts";
import { startSimulator } from "../../bench/simulator/simulator.ts";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { startGatehouse } from "../support/process.ts";

const GUILD = "123456789012345678";
const TIMEOUT_MS = 30_000;
const ROOT = resolve(import.meta.dir, "../..");
const MAIN = join(ROOT, "shards/main.ts");
const folder = temporaryFolder("command-line");
const docs = join(folder.path, "docs");
const programs = join(folder.path, "programs");
let database: TestDatabase;

/** A PostgreSQL that asks for a password and refuses whatever comes. */
const refuser = Bun.listen({
  ...{ hostname: "127.0.0.1", port: 0 },
  socket: {
    data(socket, data) {
      if (data[0] !== 0x70) socket.write(new Uint8Array([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      else {
        const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "ada"\0\0');
        const head = Buffer.alloc(5, "E");
        head.writeUInt32BE(4 + fields.length, 1);
        socket.end(Buffer.concat([head, fields]));
      }
    },
  },
});

beforeAll(async () => {
  database = await openDatabase();
  for (const path of [docs, programs]) mkdirSync(path);
  writeFileSync(join(docs, "reset.md"), "# Reset\n\nHold the button for three seconds.\n");
  writeFileSync(join(docs, "empty.md"), "\n");
  writeFileSync(join(programs, "tool.bin"), "\x7fELF");
});

afterAll(async () => {
  refuser.stop(true);
  await database.drop();
  folder.remove();
});

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const done = startGatehouse(args, {
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0f".repeat(32),
    GATEHOUSE_DATA_DIR: folder.path,
    ...environment,
  });
  const code = await done.exited;
  return { code, stdout: done.stdout(), stderr: done.stderr() };
}

describe("the command line", () => {
  test(
    "migrates once and says so, imports what it can, and answers from it",
    async () => {
      const first = await run(["migrate"]);
      expect(first.stdout).toMatch(/^applied 0000_first$/m);
      expect((await run(["migrate"])).stdout).toBe("The schema is up to date.\n");

      const imported = await run(["knowledge", "import", "--guild", GUILD, "--base-url", "https://docs.example", docs]);
      expect(imported).toMatchObject({ code: 0, stdout: "" });
      expect(imported.stderr).toContain("1 imported, 0 unchanged, 0 removed, 1 failed");
      expect(imported.stderr).toContain("empty.md: there is no text in it");

      const asked = await run(["ask", "--guild", GUILD, "How do I reset it?"]);
      expect(asked.code).toBe(0);
      expect(asked.stdout).toContain("Hold the button for three seconds. [1]");
      expect(asked.stdout).not.toContain("-#");
      expect(asked.stderr).toMatch(/known · first look: consider · answerable \d+ % · extractive · \d+ ms/);
      expect(asked.stderr).toMatch(/\d\.\d\d {2}used {2}Reset {2}https:\/\/docs\.example\/reset/);

      const overheard = await run(["ask", "--guild", GUILD, "--unasked", "--json", "lol"]);
      expect(JSON.parse(overheard.stdout)).toMatchObject({
        kind: "declined",
        silent: true,
        firstLook: "silent",
        model: null,
      });
    },
    TIMEOUT_MS,
  );

  test(
    "asks a check set of the model, says before what that may cost and after what it did, and fails where an answer does",
    async () => {
      const groq = await startGroq();
      const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
      const by = { GROQ_API_KEY: groq.key, GROQ_BASE_URL: groq.url };
      const check = async (more: readonly string[], environment: Readonly<Record<string, string>> = by) =>
        await run(["check", "--guild", GUILD, ...more], environment);
      try {
        const none = await check([]);
        expect(none).toMatchObject({ code: 0, stdout: "" });
        expect(none.stderr).toContain("add questions to it on the dashboard");
        const question = "How do I reset it?";
        const guild = GUILD as GuildId;
        await store.checks.add(guild, { question, expected: "Reset", says: "three seconds" });
        const right = await check([]);
        expect(right.stderr).toContain(
          "1 question for openai/gpt-oss-120b, prompts version 1: at most 1 call of the model, none repeated.",
        );
        expect(right.stdout).toMatch(/^passes {10}0 {2}How do I reset it\?\n1 of 1 pass, 0 fail, 0 not judged; /m);
        expect(right.stdout).toMatch(/^[1-9]\d* → [1-9]\d* tokens, \$0\.000\d$/m);
        expect(right.code).toBe(0);

        await store.checks.add(guild, { question, expected: "Reset", says: "nine seconds" });
        const wrong = await check([]);
        expect(wrong.stdout).toContain('does not say "nine seconds"; cites "Reset"');
        expect(wrong.code).toBe(1);
        const object = JSON.parse((await check(["--json", "--most", "1"])).stdout);
        expect(object).toMatchObject({ passed: 1, failed: 0, prompts: 1, checks: [{ fault: null, leftOut: 0 }] });

        const asked = groq.requests.length;
        const looked = await check(["--no-model"]);
        expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining("2 of 2 pass") });
        const keyless = await check([], {});
        expect(keyless).toMatchObject({ code: 0, stdout: looked.stdout });
        expect(keyless.stderr).toContain("No model is configured (GROQ_API_KEY is not set)");
        expect(groq.requests).toHaveLength(asked);

        groq.faults.add({ fault: { kind: "status", status: 503 } });
        const away = await check([]);
        expect(away.stdout).toContain("not judged: the model could not be reached");
        expect(away.stderr).toContain("2 could not be judged. Look at `gatehouse doctor`");
        expect(away.code).toBe(69);
        expect((await check(["--most", "0"])).code).toBe(64);
      } finally {
        await store.close();
        await groq.stop();
      }
    },
    TIMEOUT_MS * 3,
  );

  test(
    "loads nothing to list them but the list: help does not wait for a database's driver or a dashboard",
    async () => {
      const preload = join(folder.path, "loaded.ts");
      writeFileSync(preload, 'process.on("exit", () => console.error(Object.keys(require.cache).join("\\n")));');
      const help = Bun.spawn([process.execPath, "--preload", preload, MAIN, "--help"], {
        stderr: "pipe",
        stdout: "ignore",
      });
      const loaded = (await new Response(help.stderr).text()).split("\n").filter((path) => path.endsWith(".ts"));
      const own = loaded.map((path) => relative(ROOT, path)).filter((path) => !path.startsWith(".."));
      expect(own.toSorted()).toEqual([
        "shards/cli/commands.ts",
        "shards/cli/exit.ts",
        "src/config.ts",
        "src/errors.ts",
      ]);
    },
    TIMEOUT_MS,
  );

  test.each([
    [["frobnicate"], 64, "unknown command 'frobnicate'"],
    [["ask", "--guild", "abc", "hi"], 64, "Copy Server ID"],
    [["ask", "--guild", GUILD, " "], 64, 'gatehouse ask --guild ID "How do I …?"'],
    [["ask", "hi"], 64, "(see: gatehouse ask --help)"],
    [["knowledge", "import", "--guild", GUILD, "--base-url", "ftp://x", "."], 64, "starts with https://"],
    [["knowledge", "import", "--guild", GUILD, programs], 1, "Markdown, HTML, text, PDF, DOCX, CSV"],
    [["knowledge", "import", "--guild", GUILD, "/nowhere"], 1, 'no file or folder "/nowhere"'],
    [["knowledge", "remove", "--guild", GUILD, "nope"], 1, "gatehouse knowledge list"],
    [["ask", "--guild", "999999999999999999", "hi"], 1, "No server 999999999999999999 is known here."],
    [
      ["settings", "export", "--guild", "999999999999999999"],
      1,
      "The bot is not in the server 999999999999999999: add it",
    ],
    [["backup", "/nowhere/file"], 1, "There is no folder /nowhere to write to: make it first."],
    [["account", "set", "x", "--plan", "nope"], 1, 'There is no plan nope: see "gatehouse account plans"'],
    [["probe", "nope"], 64, "Allowed choices are extract,"],
    [["doctor", "--language", "xx"], 64, "Allowed choices are en, tr."],
    [["demo", "--seconds", "soon"], 64, "a number of seconds"],
  ])(
    "%j ends with %d and says what to do",
    async (args, code, says) => {
      const refused = await run(args);
      expect(refused.stderr).toContain(says);
      expect(refused).toMatchObject({ code, stdout: "" });
    },
    TIMEOUT_MS,
  );

  test.each([
    ["postgres://postgres@127.0.0.1:1/nowhere", 69, "cannot be reached (ECONNREFUSED); check the address"],
    ["postgres://no-such-host.invalid/nowhere", 69, "check the address and that the server runs."],
    ["postgres://postgres@127.0.0.1:5432/nowhere", 78, "name one that is there."],
    [
      "postgres://ada:wrong@REFUSER/nowhere",
      78,
      'failed for user "ada" (28P01); check the user and the password in it.',
    ],
  ])(
    "a database that cannot be used (%s) ends with %d and one sentence",
    async (url, code, says) => {
      const away = await run(["doctor"], { DATABASE_URL: url.replace("REFUSER", `127.0.0.1:${refuser.port}`) });
      expect(away.stderr).toMatch(
        /^(?:Waiting for the database …\n)?gatehouse: The database of DATABASE_URL cannot be used: .+\.\n$/,
      );
      expect(away.stderr).toContain(says);
      expect(away).toMatchObject({ code, stdout: "" });
    },
    TIMEOUT_MS,
  );

  test(
    "a data folder that cannot be written to, or whose key is none, ends with 78 and one sentence",
    async () => {
      const file = join(docs, "reset.md");
      const own = { DATABASE_URL: "", GATEHOUSE_KEY: "" };
      const refused = await run(["doctor"], { ...own, GATEHOUSE_DATA_DIR: join(file, "data") });
      expect(refused.stderr).toContain("cannot be written to (ENOTDIR): let this process's user write there");
      mkdirSync(join(folder.path, "torn"));
      writeFileSync(join(folder.path, "torn/key"), "0f0f");
      const torn = await run(["doctor"], { ...own, GATEHOUSE_DATA_DIR: join(folder.path, "torn") });
      expect(torn.stderr).toContain("torn/key holds no key of 64 hex digits: put back the one that was there");
      for (const { code, stdout, stderr } of [refused, torn]) {
        expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
        expect(stderr).not.toMatch(/^\s+at /m);
      }
    },
    TIMEOUT_MS,
  );

  test(
    "the doctor asks Discord with the environment's token before anything has ever started",
    async () => {
      const simulator = startSimulator();
      try {
        const [bot] = simulator.bots;
        const asked = await run(["doctor"], { DISCORD_API_BASE: simulator.api, DISCORD_TOKEN: bot?.token ?? "" });
        expect(asked.stdout).toContain("Discord knows the bot's token: it is Gatehouse.");
        expect(asked.stdout).toContain("✗ gateway");
        expect(asked.stdout).not.toContain("meanings");
        const secret = await run(["doctor"], { DISCORD_TOKEN: bot?.clientSecret ?? "" });
        expect(secret).toMatchObject({ code: 78, stdout: "", stderr: expect.stringContaining("client secret") });
      } finally {
        await simulator.stop();
      }
    },
    TIMEOUT_MS,
  );

  test(
    "the doctor asks the embedding endpoint for a vector, and says what ranks where it refuses",
    async () => {
      const endpoint = await startEmbeddings({ model: "by-hand", vectorOf: () => [1, 0] });
      const at = (model: string) => ({
        ...{ EMBEDDINGS_BASE_URL: endpoint.url, EMBEDDINGS_API_KEY: endpoint.key, EMBEDDINGS_MODEL: model },
      });
      try {
        const well = await run(["doctor"], at("by-hand"));
        expect(well.stdout).toContain("the embedding endpoint answers with by-hand");
        const retired = await run(["doctor"], at("a-retired-one"));
        expect(retired.stdout).toContain("words alone: the embedding endpoint answered 404; check EMBEDDINGS_BASE_URL");
        for (const { stdout, stderr } of [well, retired]) expect(stdout + stderr).not.toContain(endpoint.key);
      } finally {
        await endpoint.stop();
      }
    },
    TIMEOUT_MS,
  );
});
