/**
 * GET /gateway/bot: where to connect, with how many shards, and how many sessions may still be started today.
 *
 * Read leniently (other servers leave parts out), kept for a minute, and counted down by what this process starts itself.
 * https://docs.discord.com/developers/events/gateway#get-gateway-bot
 */
import type { APIGatewayBotInfo } from "discord-api-types/v10";
import type { Clock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";

export type GatewayInformation = {
  readonly url: string;
  readonly shards: number;
  readonly limit: {
    readonly total: number;
    readonly remaining: number;
    readonly resetAfterMs: number;
    /** How many shards may IDENTIFY in the same 5 s. */
    readonly concurrency: number;
  };
};

const FRESH_MS = 60_000;

export type InformationSource = {
  /** The newest there is: a failed refresh leaves the last known in force. Throws when there never was one. */
  get(): Promise<GatewayInformation>;
  /** What was last known, without asking; null: nothing yet. */
  known(): GatewayInformation | null;
  spent(): void;
};

/** `fetch` is one call of GET /gateway/bot; `gatewayUrl` replaces the address in its answer. */
export function createInformation(
  fetch: () => Promise<unknown>,
  gatewayUrl: string | null,
  clock: Clock,
): InformationSource {
  let known: GatewayInformation | null = null;
  let fetchedAtMs = 0;
  let spent = 0;
  let pending: Promise<GatewayInformation> | null = null;

  async function refresh(): Promise<GatewayInformation> {
    try {
      known = readInformation(await fetch(), gatewayUrl);
      fetchedAtMs = clock.now();
      spent = 0;
      return known;
    } catch (error) {
      if (known === null || isRefusedToken(error)) throw error;
      fetchedAtMs = clock.now();
      return counted(known);
    } finally {
      pending = null;
    }
  }

  function counted(information: GatewayInformation): GatewayInformation {
    if (spent === 0) return information;
    const remaining = Math.max(0, information.limit.remaining - spent);
    return { ...information, limit: { ...information.limit, remaining } };
  }

  return {
    async get() {
      const ageMs = clock.now() - fetchedAtMs;
      if (known !== null && ageMs >= 0 && ageMs < FRESH_MS) return counted(known);
      pending ??= refresh();
      return await pending;
    },
    known: () => (known === null ? null : counted(known)),
    spent() {
      spent += 1;
    },
  };
}

/** In the form that `@discordjs/ws` wants. */
export function asBotInformation(information: GatewayInformation): APIGatewayBotInfo {
  const { url, shards, limit } = information;
  return {
    url,
    shards,
    session_start_limit: {
      total: limit.total,
      remaining: limit.remaining,
      reset_after: limit.resetAfterMs,
      max_concurrency: limit.concurrency,
    },
  };
}

/** Discord said 401, by whatever client it was asked. */
export function isRefusedToken(error: unknown): boolean {
  if (error instanceof AppError) return error.kind === "unauthorized";
  return typeof error === "object" && error !== null && "status" in error && error.status === 401;
}

export function readInformation(answer: unknown, gatewayUrl: string | null): GatewayInformation {
  const body = record(answer);
  const limit = record(body.session_start_limit);
  const url = gatewayUrl ?? body.url;
  if (typeof url !== "string" || !URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    throw new AppError("invalid", "the answer of /gateway/bot has no gateway address; check DISCORD_API_BASE", {
      retryable: true,
    });
  }
  const total = whole(limit.total, 1_000, 1);
  return {
    url,
    shards: whole(body.shards, 1, 1),
    limit: {
      total,
      remaining: whole(limit.remaining, total, 0),
      resetAfterMs: whole(limit.reset_after, 0, 0),
      concurrency: whole(limit.max_concurrency, 1, 1),
    },
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function whole(value: unknown, fallback: number, min: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= min ? value : fallback;
}
