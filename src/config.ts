/**
 * Environment → one frozen Config. The only file that reads the environment; names every problem at once, with what to do.
 * `.env.example` documents each variable; a test holds the two together.
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { ApplicationId } from "./ids.ts";
import type { LogFormat } from "./logger.ts";

export type Config = {
  readonly discord: {
    /** `https://discord.com/api`, a proxy, or a simulated Discord; without the version. */
    readonly apiBase: string;
    /** Replaces the URLs that /gateway/bot and READY give: a proxy stands in front of the gateway. */
    readonly gatewayUrl: string | null;
    /** The shared bot's; null when the dashboard runs alone. */
    readonly token: string | null;
    readonly applicationId: string | null;
    readonly publicKey: string | null;
    readonly clientSecret: string | null;
    readonly compression: "zstd-stream" | "zlib-stream" | "none";
    /** Without it members' messages arrive without text unless they address the bot. */
    readonly messageContentIntent: boolean;
    /** Whether Discord tells who types; each member's typing is then one more event for the gateway. */
    readonly typing: boolean;
    /** Null: what Discord recommends. */
    readonly shards: number | null;
  };
  readonly groq: {
    readonly key: string | null;
    /** Without `/openai/v1`. */
    readonly baseUrl: string;
    readonly answerModel: string;
    readonly judgeModel: string;
    readonly moderationModel: string;
  };
  /** A second ranking by meaning; null: words rank alone. */
  readonly embeddings: {
    /** Up to and without `/embeddings`. */
    readonly baseUrl: string;
    /** Null: the endpoint asks for none. */
    readonly key: string | null;
    readonly model: string;
  } | null;
  /** Null: an embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | null;
  /** Null: hot state in the process. */
  readonly redisUrl: string | null;
  readonly web: {
    readonly host: string;
    readonly port: number;
    /** How people reach the dashboard, without a trailing slash. */
    readonly publicUrl: string;
    /** `PUBLIC_URL` was set: other names than its own are not this dashboard's. */
    readonly named: boolean;
    /** The bearer token that `/metrics` asks for; null: it is open. */
    readonly metricsToken: string | null;
  };
  /** Null: nothing is mailed. */
  readonly mail: {
    readonly url: string;
    readonly from: string;
    readonly tls: "required" | "offered";
  } | null;
  /** Where spans go, by OTLP over HTTP; null: nowhere. */
  readonly traces: {
    /** Without `/v1/traces`. */
    readonly baseUrl: string;
    /** Of all exchanges, 0…1. */
    readonly share: number;
  } | null;
  readonly dataDir: string;
  /** Newest first; the first seals, all open. Null: generated into `dataDir` (embedded only). */
  readonly keys: readonly { readonly id: string; readonly secret: Uint8Array }[];
  readonly workers: number;
  readonly log: { readonly level: string; readonly format: LogFormat };
};

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Every variable we read, so that `.env.example` can be held against it. */
export const VARIABLES = [
  "DISCORD_API_BASE",
  "DISCORD_GATEWAY_URL",
  "DISCORD_TOKEN",
  "DISCORD_APPLICATION_ID",
  "DISCORD_PUBLIC_KEY",
  "DISCORD_CLIENT_SECRET",
  "DISCORD_COMPRESSION",
  "DISCORD_MESSAGE_CONTENT",
  "DISCORD_TYPING",
  "DISCORD_SHARDS",
  "GROQ_API_KEY",
  "GROQ_BASE_URL",
  "GROQ_ANSWER_MODEL",
  "GROQ_JUDGE_MODEL",
  "GROQ_MODERATION_MODEL",
  "EMBEDDINGS_BASE_URL",
  "EMBEDDINGS_API_KEY",
  "EMBEDDINGS_MODEL",
  "DATABASE_URL",
  "REDIS_URL",
  "HOST",
  "PORT",
  "PUBLIC_URL",
  "METRICS_TOKEN",
  "SMTP_URL",
  "SMTP_FROM",
  "SMTP_TLS",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  // Read by the exporter itself.
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OTEL_TRACES_SAMPLER_ARG",
  "GATEHOUSE_DATA_DIR",
  "GATEHOUSE_KEY",
  "GATEHOUSE_WORKERS",
  "LOG_LEVEL",
  "LOG_FORMAT",
] as const;

type Variable = (typeof VARIABLES)[number];
export type Environment = { readonly [name: string]: string | undefined };

/** Throws one `ConfigError` with all problems. */
export function loadConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const text = (name: Variable): string | null => environment[name]?.trim() || null;
  const refuse = (name: Variable, what: string): null => {
    problems.push(`${name} ${what}`);
    return null;
  };

  const url = (name: Variable, protocols: readonly string[]): string | null => {
    const value = text(name);
    if (value === null) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      return refuse(name, `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`);
    }
    // "HTTPS://" is https: later checks compare lower case.
    return value.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase()).replace(/\/+$/, "");
  };
  const whole = (name: Variable, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    refuse(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
    return fallback;
  };
  const oneOf = <T extends string>(name: Variable, values: readonly T[], fallback: T): T => {
    const value = text(name);
    if (value === null) return fallback;
    const found = values.find((v) => v === value);
    if (found === undefined) refuse(name, `must be one of ${values.join(", ")}, not "${value}"`);
    return found ?? fallback;
  };
  const snowflake = (name: Variable): string | null => {
    const value = text(name);
    return value === null || /^\d{15,20}$/.test(value)
      ? value
      : refuse(name, "must be a Discord id: 15 to 20 digits, from the application's page in the Developer Portal");
  };

  const token = text("DISCORD_TOKEN");
  const mistaken = token === null ? null : notABotToken(token.replace(/^Bot /, ""), text);
  if (mistaken !== null) {
    refuse("DISCORD_TOKEN", `${mistaken}; copy the bot's from the Developer Portal, Bot, Reset Token`);
  }
  const publicKey = text("DISCORD_PUBLIC_KEY");
  if (publicKey !== null && !/^[0-9a-f]{64}$/i.test(publicKey)) {
    refuse("DISCORD_PUBLIC_KEY", "must be 64 hex digits, from the application's General Information page");
  }

  const mailOf = (): Config["mail"] => {
    const smtp = url("SMTP_URL", ["smtp:", "smtps:"]);
    const from = text("SMTP_FROM");
    const tls = oneOf("SMTP_TLS", ["required", "offered"], isLoopback(smtp) ? "offered" : "required");
    if (smtp === null) return null;
    if (from === null || !from.includes("@")) {
      return refuse(
        "SMTP_FROM",
        "is needed with SMTP_URL: the address that mail comes from, as Gatehouse <bot@example.org>",
      );
    }
    return { url: smtp, from, tls };
  };

  const embeddingsOf = (): Config["embeddings"] => {
    const baseUrl = url("EMBEDDINGS_BASE_URL", ["https:", "http:"]);
    const model = text("EMBEDDINGS_MODEL");
    if (baseUrl === null) return null;
    if (new URL(baseUrl).username !== "") {
      return refuse("EMBEDDINGS_BASE_URL", "must hold no name or password; put the key into EMBEDDINGS_API_KEY");
    }
    if (model === null) {
      return refuse(
        "EMBEDDINGS_MODEL",
        "is needed with EMBEDDINGS_BASE_URL: the model's name there, as nomic-embed-text",
      );
    }
    return { baseUrl: baseUrl.replace(/\/embeddings$/, ""), key: text("EMBEDDINGS_API_KEY"), model };
  };

  const tracesOf = (): Config["traces"] => {
    const baseUrl = url("OTEL_EXPORTER_OTLP_ENDPOINT", ["https:", "http:"]);
    const share = Number(text("OTEL_TRACES_SAMPLER_ARG") ?? 1);
    if (!(share >= 0 && share <= 1)) {
      return refuse("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1: the share of exchanges that are traced");
    }
    return baseUrl === null ? null : { baseUrl: baseUrl.replace(/\/v1\/traces$/, ""), share };
  };

  const databaseOf = (): string | null => {
    const database = url("DATABASE_URL", ["postgres:", "postgresql:"]);
    if (database === null || !/%(?![0-9a-f]{2})/i.test(database)) return database;
    return refuse("DATABASE_URL", "has a % that stands for no character; write %25 where a % is meant");
  };

  const port = whole("PORT", 3000, 0, 65_535);
  const host = text("HOST") ?? "127.0.0.1";
  const config: Config = {
    discord: {
      apiBase: url("DISCORD_API_BASE", ["https:", "http:"]) ?? "https://discord.com/api",
      gatewayUrl: url("DISCORD_GATEWAY_URL", ["wss:", "ws:"]),
      token: token === null ? null : token.replace(/^Bot /, ""),
      applicationId: snowflake("DISCORD_APPLICATION_ID"),
      publicKey: publicKey?.toLowerCase() ?? null,
      clientSecret: text("DISCORD_CLIENT_SECRET"),
      compression: oneOf("DISCORD_COMPRESSION", ["zstd-stream", "zlib-stream", "none"], "zstd-stream"),
      messageContentIntent: oneOf("DISCORD_MESSAGE_CONTENT", ["on", "off"], "on") === "on",
      typing: oneOf("DISCORD_TYPING", ["on", "off"], "on") === "on",
      shards: text("DISCORD_SHARDS") === null ? null : whole("DISCORD_SHARDS", 1, 1, 100_000),
    },
    groq: {
      key: text("GROQ_API_KEY"),
      baseUrl: url("GROQ_BASE_URL", ["https:", "http:"]) ?? "https://api.groq.com",
      answerModel: text("GROQ_ANSWER_MODEL") ?? "openai/gpt-oss-120b",
      judgeModel: text("GROQ_JUDGE_MODEL") ?? "openai/gpt-oss-20b",
      moderationModel: text("GROQ_MODERATION_MODEL") ?? "openai/gpt-oss-20b",
    },
    embeddings: embeddingsOf(),
    databaseUrl: databaseOf(),
    redisUrl: url("REDIS_URL", ["redis:", "rediss:"]),
    web: {
      host,
      port,
      named: text("PUBLIC_URL") !== null,
      publicUrl: url("PUBLIC_URL", ["https:", "http:"]) ?? `http://${host}:${port}`,
      metricsToken: text("METRICS_TOKEN"),
    },
    mail: mailOf(),
    traces: tracesOf(),
    dataDir: resolve(text("GATEHOUSE_DATA_DIR") ?? join(import.meta.dir, "..", ".data")),
    keys: readKeys(text("GATEHOUSE_KEY"), (what) => refuse("GATEHOUSE_KEY", what)),
    workers: whole("GATEHOUSE_WORKERS", Math.max(1, availableParallelism() - 1), 1, 64),
    log: {
      level: oneOf("LOG_LEVEL", ["trace", "debug", "info", "warn", "error", "silent"], "info"),
      format: oneOf("LOG_FORMAT", ["json", "text"], process.stderr.isTTY ? "text" : "json"),
    },
  };

  if (config.databaseUrl !== null && config.keys.length === 0) {
    refuse(
      "GATEHOUSE_KEY",
      "is needed with DATABASE_URL: it seals the bot tokens kept there. Make one with: openssl rand -hex 32",
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

/** The bot of the environment; null without a token. */
export function sharedBotOf({
  discord,
}: Pick<Config, "discord">): { readonly application: ApplicationId; readonly token: string } | null {
  if (discord.token === null) return null;
  const application = discord.applicationId ?? idInToken(discord.token);
  return application === null ? null : { application: application as ApplicationId, token: discord.token };
}

/** The application that people add to their servers; null where nothing says which it is. */
export function addedApplication(config: Pick<Config, "discord">): string | null {
  return config.discord.applicationId ?? sharedBotOf(config)?.application ?? null;
}

/** A token's first part is the bot's user id, which is the application's for all but the oldest applications. */
function idInToken(token: string): string | null {
  const coded = Buffer.from(token.split(".")[0] ?? "", "base64").toString("latin1");
  return /^\d{15,20}$/.test(coded) ? coded : null;
}

/** The form of a bot token: three parts with dots between them; the first part holds an id. */
function notABotToken(token: string, text: (name: Variable) => string | null): string | null {
  if (/^\d{15,20}$/.test(token)) return "is an application's or a user's id and not a bot token";
  if (/^[0-9a-f]{64}$/i.test(token)) return "is an application's public key and not a bot token";
  if (token === text("DISCORD_CLIENT_SECRET") || /^[\w-]{32}$/.test(token)) {
    return "is a client secret (from the page OAuth2) and not a bot token";
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return "does not look like a bot token";
  // Servers other than Discord have tokens of their own; whose they are must be said then.
  return idInToken(token) === null && text("DISCORD_APPLICATION_ID") === null
    ? "does not begin with a bot's id, as Discord's tokens do (another server's needs DISCORD_APPLICATION_ID)"
    : null;
}

/** A mail server on this machine needs no TLS. */
function isLoopback(url: string | null): boolean {
  return url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

/** For commands that come and go: their log says only what went wrong, unless told otherwise. */
export function loadCommandConfig(environment: Environment = process.env): Config {
  return loadConfig({ ...environment, LOG_LEVEL: environment.LOG_LEVEL?.trim() || "warn" });
}

/** The machine's proxy does not reach what a demo runs on this machine: there it is gone past. */
export function bypassProxy(host: string, environment: { [name: string]: string | undefined } = process.env): void {
  environment.NO_PROXY = [environment.NO_PROXY, host].filter(Boolean).join(",");
}

/** The variables that a demo reads: its port and its log. It brings its own bot, stores and models. */
const DEMO_VARIABLES = ["HOST", "PORT", "PUBLIC_URL", "GATEHOUSE_WORKERS", "LOG_LEVEL", "LOG_FORMAT"] as const;

export function loadDemoConfig(simulated: Environment, environment: Environment = process.env): Config {
  const heeded = Object.fromEntries(
    DEMO_VARIABLES.filter((name) => environment[name]).map((name) => [name, environment[name]]),
  );
  const dataDir = join(environment.GATEHOUSE_DATA_DIR?.trim() || join(import.meta.dir, "..", ".data"), "demo");
  return loadConfig({ LOG_FORMAT: "text", LOG_LEVEL: "warn", ...heeded, ...simulated, GATEHOUSE_DATA_DIR: dataDir });
}

/** `hex64` or `id:hex64`, several by comma, newest first: rotation is adding one in front. */
function readKeys(value: string | null, refuse: (what: string) => void): Config["keys"] {
  if (value === null) return [];
  return value.split(",").flatMap((part, index) => {
    const match = /^(?:([\w-]{1,16}):)?([0-9a-f]{64})$/i.exec(part.trim());
    if (match?.[2] === undefined) {
      refuse(
        `must be 64 hex digits, or id:64 hex digits, several by comma (part ${index + 1} is not). Make one with: openssl rand -hex 32`,
      );
      return [];
    }
    return [{ id: match[1] ?? `k${value.split(",").length - index}`, secret: Uint8Array.fromHex(match[2]) }];
  });
}
