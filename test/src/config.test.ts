import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import {
  bypassProxy,
  ConfigError,
  loadCommandConfig,
  loadConfig,
  loadDemoConfig,
  sharedBotOf,
  VARIABLES,
} from "../../src/config.ts";

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe("loadConfig", () => {
  test("a scheme in capitals is that scheme, so that cookies stay Secure", () => {
    expect(loadConfig({ PUBLIC_URL: "HTTPS://Bot.example/" }).web.publicUrl).toBe("https://Bot.example");
  });

  test("an empty environment is a working one", () => {
    const config = loadConfig({});
    expect(config.discord.apiBase).toBe("https://discord.com/api");
    expect(config.databaseUrl).toBeNull();
    expect(config.web.publicUrl).toBe("http://127.0.0.1:3000");
    expect(Object.isFrozen(config)).toBe(true);
  });

  test("roles log what they do; commands and the demo only what went wrong, unless told otherwise", () => {
    const level = (load: (environment: Record<string, string>) => { log: { level: string } }, LOG_LEVEL: string) =>
      load({ LOG_LEVEL }).log.level;
    const demo = (environment: Record<string, string>) => loadDemoConfig({}, environment);
    expect([level(loadConfig, ""), level(loadCommandConfig, ""), level(demo, "")]).toEqual(["info", "warn", "warn"]);
    for (const load of [loadConfig, loadCommandConfig, demo]) expect(level(load, "debug")).toBe("debug");
  });

  test("a proxy is gone past for one host more, and still for those that were named", () => {
    const environment: Record<string, string | undefined> = { NO_PROXY: "intranet" };
    bypassProxy("127.0.0.1", environment);
    expect(environment.NO_PROXY).toBe("intranet,127.0.0.1");
  });

  test("names every problem at once, and what to do", () => {
    const problems = problemsOf({
      PORT: "99999",
      DATABASE_URL: "mysql://x",
      DISCORD_PUBLIC_KEY: "abc",
      DISCORD_APPLICATION_ID: "me",
      DISCORD_TOKEN: "short",
      DISCORD_COMPRESSION: "gzip",
      GATEHOUSE_KEY: "zz",
    });
    expect(problems.map((p) => p.split(" ")[0])).toEqual([
      "DISCORD_TOKEN",
      "DISCORD_PUBLIC_KEY",
      "PORT",
      "DISCORD_APPLICATION_ID",
      "DISCORD_COMPRESSION",
      "DATABASE_URL",
      "GATEHOUSE_KEY",
    ]);
    expect(problems.at(-1)).toContain("openssl rand -hex 32");
  });

  test.each([
    ["nvwBWQKT-hF3jbP2g21rL6Jps3r-Fr6W", "client secret"],
    ["Bot nvwBWQKT-hF3jbP2g21rL6Jps3r-Fr6W", "client secret"],
    ["a".repeat(64), "public key"],
    ["123456789012345678", "id and not a bot token"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl", "DISCORD_APPLICATION_ID"],
    ["MTIzNDU2Nzg5MDEyMzQ1Njc4.only-two-parts", "does not look like a bot token"],
  ])("what is no bot token is named as what it is: %s", (token, says) => {
    expect(problemsOf({ DISCORD_TOKEN: token })).toEqual([expect.stringContaining(says)]);
  });

  test("a bot token passes with and without Bot before it, and another server's with its application's id", () => {
    const token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.XdW-qr.rMw3ghpTszNW4KF8ucBV3LKRixeLlt8P7XYKmk";
    for (const DISCORD_TOKEN of [token, `Bot ${token}`]) {
      expect(sharedBotOf(loadConfig({ DISCORD_TOKEN }))).toMatchObject({ application: "123456789012345678", token });
    }
    const other = { DISCORD_TOKEN: "eyJhbGci.eyJpZCI6.c2ln", DISCORD_APPLICATION_ID: "123456789012345678" };
    expect(problemsOf(other)).toEqual([]);
  });

  test("a % in DATABASE_URL that stands for nothing is refused before a driver trips over it", () => {
    const GATEHOUSE_KEY = "0f".repeat(32);
    const problems = problemsOf({ DATABASE_URL: "postgres://me:p%ss@127.0.0.1/test", GATEHOUSE_KEY });
    expect(problems).toEqual([expect.stringContaining("write %25")]);
    expect(problemsOf({ DATABASE_URL: "postgres://me:p%25ss@127.0.0.1/test", GATEHOUSE_KEY })).toEqual([]);
  });

  test("a database of one's own needs a key of one's own", () => {
    expect(problemsOf({ DATABASE_URL: "postgres://127.0.0.1/test" })).toHaveLength(1);
    expect(problemsOf({ DATABASE_URL: "postgres://127.0.0.1/test", GATEHOUSE_KEY: "0f".repeat(32) })).toEqual([]);
  });

  test("keys rotate: the newest stands first", () => {
    const { keys } = loadConfig({ GATEHOUSE_KEY: `new:${"aa".repeat(32)},${"bb".repeat(32)}` });
    expect(keys.map((k) => k.id)).toEqual(["new", "k1"]);
    expect(keys[1]?.secret[0]).toBe(0xbb);
  });

  test("a secret never stands in a problem's text", () => {
    const secret = "hunter2-hunter2 hunter2";
    expect(problemsOf({ DISCORD_TOKEN: secret, GATEHOUSE_KEY: secret }).join()).not.toContain("hunter2");
  });

  test(".env.example documents each variable that is read, and no other", async () => {
    const text = await Bun.file(resolve(import.meta.dir, "../../.env.example")).text();
    const documented = [...text.matchAll(/^([A-Z_]+)=/gm)].map((m) => m[1]);
    expect(documented.toSorted()).toEqual([...VARIABLES].toSorted());
  });
});

test("an embedding endpoint is off without its address, needs a model, and takes its address with or without the last part", () => {
  expect(loadConfig({ EMBEDDINGS_MODEL: "m1", EMBEDDINGS_API_KEY: "k" }).embeddings).toBeNull();
  for (const given of ["http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/embeddings/"]) {
    expect(loadConfig({ EMBEDDINGS_BASE_URL: given, EMBEDDINGS_MODEL: "m1" }).embeddings).toEqual({
      ...{ baseUrl: "http://127.0.0.1:11434/v1", key: null, model: "m1" },
    });
  }
  expect(() => loadConfig({ EMBEDDINGS_BASE_URL: "https://e.example/v1" })).toThrow(/EMBEDDINGS_MODEL is needed/);
  const named = { EMBEDDINGS_BASE_URL: "https://key@e.example/v1", EMBEDDINGS_MODEL: "m1" };
  expect(() => loadConfig(named)).toThrow(/EMBEDDINGS_BASE_URL must hold no name or password/);
});
