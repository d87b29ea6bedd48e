/** What an operator reads after a start: where the dashboard is, and a link to sign in. */
import type { Clock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import type { Logger } from "../../src/logger.ts";

/** A link that may have been written, or not, is never shown and ends by itself: another one is made. */
const TRIES_MAX = 5;
const WAIT_MS = 1_000;

/** A store that is slow just then holds up the link, not the process: all else runs already. */
export async function welcome(
  dashboard: { readonly url: string; signInLink(): Promise<string> },
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  write: (text: string) => void,
): Promise<void> {
  write(`Dashboard: ${dashboard.url}\n`);
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    try {
      write(`Sign in (the link works once): ${await dashboard.signInLink()}\n`);
      return;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ reason: error.message, tries }, "sign-in-link-late");
      if (tries < TRIES_MAX) await clock.sleep(tries * WAIT_MS);
    }
  }
  write(
    "No sign-in link could be made, because the database did not take it. Start again for one, or sign in with Discord.\n",
  );
}
