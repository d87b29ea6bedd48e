/**
 * One call of Discord's HTTP API for one bot: bounded, understood, and repeated only where Discord lets us. What the parts
 * of rest.ts share.
 */
import type { API } from "@discordjs/core";
import type { REST } from "@discordjs/rest";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId } from "../ids.ts";
import type { Policy } from "../policy.ts";
import { type DiscordGuard, NO_ROUTE } from "./guard.ts";
import type { TokenCheck } from "./token.ts";

export type RestDeps = {
  readonly application: ApplicationId;
  readonly token: string | null;
  readonly apiBase: string;
  readonly clock: Clock;
  readonly guard: DiscordGuard;
  readonly tokenCheck: TokenCheck;
  readonly repeated: Policy;
  readonly once: Policy;
  readonly rest: REST;
  readonly api: API;
  /** Interactions do not count towards a bot's requests a second: a burst of commands is not held to them. */
  readonly interactionRest: REST;
  readonly interactionApi: API;
};

/** `sent`: "repeatable" is tried again, "once" never. `place` is what one 403 says something about. */
export async function call<T>(
  deps: RestDeps,
  action: string,
  place: string,
  sent: "repeatable" | "once",
  run: (signal: AbortSignal, attempt: number) => Promise<T>,
): Promise<T> {
  if (deps.token === null && place !== "interaction") {
    throw new AppError(
      "not-found",
      `This process has no token for the bot ${deps.application}: set DISCORD_TOKEN, or enter it on the dashboard's Bot page.`,
    );
  }
  // An interaction's own token may be refused without the bot's being wrong.
  const byToken = place !== "interaction";
  if (byToken) {
    await deps.tokenCheck.ready();
    try {
      deps.tokenCheck.admit();
    } catch (error) {
      deps.guard.noteBlocked();
      throw error;
    }
  }
  deps.guard.admit(action, place);
  const bounded: Policy = sent === "repeatable" ? deps.repeated : deps.once;
  try {
    return await bounded.run(async ({ signal, attempt }) => {
      try {
        const found = await run(signal, attempt);
        if (byToken) deps.tokenCheck.worked();
        return found;
      } catch (error) {
        const understood = deps.guard.understand(error, action, place, sent);
        if (byToken && understood.kind === "unauthorized") throw await deps.tokenCheck.judge(action);
        throw understood;
      }
    });
  } catch (error) {
    if (sent === "once" && error instanceof AppError && error.kind === "timeout") {
      throw new AppError("unknown-outcome", `${action}: Discord did not say how it ended`, { cause: error });
    }
    throw error;
  }
}

/** Null where a server of the protocol has no such route: the caller has a default for its reply. */
export async function unlessNoRoute<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.cause === NO_ROUTE) return null;
    throw error;
  }
}

export async function nullIfMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.kind === "not-found") return null;
    throw error;
  }
}

/** 1 to 512 characters; the library encodes them for the header. */
export function auditHeader(reason: string): string {
  return reason.replace(/\s+/g, " ").trim().slice(0, 512) || "Gatehouse";
}

export function isPresent<T>(value: T | null): value is T {
  return value !== null;
}
