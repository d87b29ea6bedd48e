/**
 * Does Discord still take a bot's token? A 401 may be a proxy's, or one machine's of Discord: it says that the token is to be
 * asked for, by GET /users/@me.
 *
 *   good ── 401, and 401 again ──▶ doubted (a token that worked before) ── asked twice more, over 13 s ──▶ refused
 *                                  refused at once (a token that never worked)
 *   doubted, refused ── 200 ──▶ good: a refused one is asked for now and then, less and less often
 *
 * While it is doubted or refused nothing else is sent with it, so that a revoked token costs Discord a few 401s and not one a call.
 * Where a server has no such route, a second 401 without a success between them is the confirmation.
 */
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { NEVER_LEFT } from "./guard.ts";

/** The reply of GET /users/@me; "no-route": this server has none; "unknown": it did not answer. */
export type TokenWord = "good" | "refused" | "no-route" | "unknown";

export type TokenCheck = {
  /** To be awaited before a call: the question that is under way, or due. */
  ready(): Promise<void>;
  /** Throws while the token counts as refused, or is doubted. */
  admit(): void;
  /** The outcome of a call that got a 401. */
  judge(action: string): Promise<AppError>;
  worked(): void;
  refused(): boolean;
  close(): void;
};

const DOUBTS_MS = [3_000, 10_000];
const AGAIN_MS_MIN = 60_000;
const AGAIN_MS_MAX = 15 * 60_000;

export function createTokenCheck(deps: {
  readonly ask: () => Promise<TokenWord>;
  readonly application: ApplicationId;
  readonly clock: Clock;
  readonly logger: Logger;
}): TokenCheck {
  const { ask, application, clock, logger } = deps;
  let state: "good" | "doubted" | "refused" = "good";
  let everWorked = false;
  /** 401s that nobody could confirm, since the last success. */
  let unconfirmed = 0;
  let asking: Promise<TokenWord> | null = null;
  let askedAtMs = 0;
  let againMs = AGAIN_MS_MIN;
  let timer: Timer | null = null;
  let closed = false;

  function question(): Promise<TokenWord> {
    asking ??= ask()
      .catch((): TokenWord => "unknown")
      .then((word) => {
        asking = null;
        askedAtMs = clock.now();
        learn(word);
        return word;
      });
    return asking;
  }

  function learn(word: TokenWord): void {
    if (word === "good") {
      if (state !== "good") logger.info({ application }, "token-accepted-again");
      worked();
    } else if (word === "refused" && state === "refused") againMs = Math.min(AGAIN_MS_MAX, againMs * 2);
  }

  function worked(): void {
    state = "good";
    everWorked = true;
    unconfirmed = 0;
    againMs = AGAIN_MS_MIN;
    timer?.cancel();
    timer = null;
  }

  function refuse(): void {
    state = "refused";
    logger.error({ application }, "token-refused");
  }

  /** Asks again after a while each; one that nobody answers is asked once more. */
  function doubt(rest: readonly number[]): void {
    const [waitMs, ...later] = rest;
    if (closed || state !== "doubted") return;
    if (waitMs === undefined) refuse();
    else {
      timer = clock.after(waitMs, () => {
        void question().then((word) => doubt(word === "unknown" ? rest : later));
      });
    }
  }

  return {
    async ready() {
      const due = state === "refused" && clock.now() - askedAtMs >= againMs;
      if (due || asking !== null) await question();
    },
    admit() {
      if (state === "refused")
        throw new AppError("unauthorized", "the bot's token was refused by Discord; it needs a new one");
      if (state === "doubted") {
        throw new AppError("unavailable", "Discord refuses the bot's token just now; it is being asked again", {
          ...{ cause: NEVER_LEFT, retryable: false },
        });
      }
    },
    async judge(action) {
      const word = state === "good" ? await question() : "refused";
      if (word === "no-route") unconfirmed++;
      const confirmed = word === "refused" || unconfirmed > 1;
      // Discord did not do it, for any of these reasons.
      const cause = { cause: NEVER_LEFT };
      if (!confirmed) return new AppError("unavailable", `${action}: a 401 with a token that is not refused`, cause);
      if (state === "good") {
        if (everWorked && word === "refused") {
          state = "doubted";
          doubt(DOUBTS_MS);
        } else refuse();
      }
      if (state === "refused") return new AppError("unauthorized", `${action}: Discord refused the token (401)`);
      return new AppError("unavailable", `${action}: Discord refuses the token just now (401)`, {
        ...cause,
        retryable: false,
      });
    },
    worked,
    refused: () => state === "refused",
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}
