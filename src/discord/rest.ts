/**
 * Discord's HTTP API v10 for one bot: @discordjs/rest for routes, buckets and the global limit, ours for deadlines and
 * repeats. The library's own retries are off, since they repeat a POST whose reply was lost; here only what Discord lets us
 * repeat is tried again (a message is: its enforced nonce makes Discord return the first one).
 */
import { API } from "@discordjs/core";
import { REST } from "@discordjs/rest";
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import type { ApplicationId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { bounds, createPolicy, type Policy } from "../policy.ts";
import type { RestDeps } from "./call.ts";
import { createGuard, type DiscordGuard, type GuardStats, NO_ROUTE } from "./guard.ts";
import { createRefusals, type Refusals } from "./refusals.ts";
import { restChannels } from "./rest-channels.ts";
import { restDirectory } from "./rest-directory.ts";
import { restInteractions } from "./rest-interactions.ts";
import { restMembers } from "./rest-members.ts";
import { restMessages } from "./rest-messages.ts";
import { createTokenCheck, type TokenWord } from "./token.ts";

export type RestOptions = {
  readonly application: ApplicationId;
  /** Null: this process does not have it. Interactions are answered all the same, by the tokens they bring. */
  readonly token: string | null;
  /** Without the version: `https://discord.com/api`, or a proxy's. */
  readonly apiBase: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shared by everything in this process that calls Discord. */
  readonly refusals?: Refusals;
  /** Discord grants a bot 50; behind a shared proxy that counts itself, more. */
  readonly requestsPerSecond?: number;
};

/** `stopped`: Discord does not take the token any more. */
export type RestDiscord = Discord & { stats(): GuardStats & { readonly stopped: boolean }; close(): void };

/** Waiting longer for a bucket is worse than saying so. */
const BUCKET_WAIT_MS_MAX = 6_000;
const QUEUE_SWEEP_MS = 60_000;

export function createRest(options: RestOptions): RestDiscord {
  const { application, token, apiBase, clock } = options;
  const guard = createGuard(clock, options.refusals ?? createRefusals(clock));
  const rest = client(options, guard, options.requestsPerSecond ?? 50);
  const interactionRest = client(options, guard, Number.POSITIVE_INFINITY);
  if (token !== null) rest.setToken(token);
  const once = createPolicy("Discord", { ...bounds.discord, retriesMax: 0 });
  const tokenCheck = createTokenCheck({
    ask: () => askForToken(rest, guard, once),
    ...{ application, clock, logger: options.logger },
  });
  const deps: RestDeps = {
    ...{ application, token, apiBase, clock, guard, tokenCheck, rest, interactionRest },
    repeated: createPolicy("Discord", bounds.discord),
    once,
    api: new API(rest),
    interactionApi: new API(interactionRest),
  };
  return {
    application,
    stats: () => ({ ...guard.stats(), stopped: tokenCheck.refused() }),
    close() {
      tokenCheck.close();
      for (const made of [rest, interactionRest]) {
        made.clearHashSweeper();
        made.clearHandlerSweeper();
      }
    },
    messages: restMessages(deps),
    interactions: restInteractions(deps),
    members: restMembers(deps),
    channels: restChannels(deps),
    directory: restDirectory(deps),
  };
}

/** The library forgets its token at the first 401; whether it is the token's, token.ts says. */
class SteadyRest extends REST {
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token);
  }
}

/** One question, past the queue of other calls' repeats: no answer but 200 and 401 is a word about the token. */
async function askForToken(rest: REST, guard: DiscordGuard, once: Policy): Promise<TokenWord> {
  try {
    await once.run(({ signal }) => rest.get("/users/@me", { signal }));
    return "good";
  } catch (error) {
    const understood = guard.understand(error, "read-self", "self", "repeatable");
    if (understood.kind === "unauthorized") return "refused";
    return understood.cause === NO_ROUTE ? "no-route" : "unknown";
  }
}

function client({ application, apiBase, logger }: RestOptions, guard: DiscordGuard, requestsPerSecond: number): REST {
  const made = new SteadyRest({
    api: apiBase,
    version: "10",
    retries: 0,
    timeout: bounds.discord.deadlineMs,
    globalRequestsPerSecond: requestsPerSecond,
    // Each interaction's token has a queue of its own there.
    handlerSweepInterval: QUEUE_SWEEP_MS,
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > BUCKET_WAIT_MS_MAX,
    userAgentAppendix: "Gatehouse",
  });
  made.on("response", (_, response) => {
    if (response.status === 429) guard.noteRateLimit();
  });
  made.on("rateLimited", ({ route, scope, timeToReset }) => {
    logger.debug({ application, route, scope, ms: timeToReset }, "rate-limited");
  });
  return made;
}
