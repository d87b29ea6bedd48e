/** Says on standard error what a command waits for once it has waited for a moment, so that nobody takes it for stuck. */
import { type Clock, systemClock } from "../../src/clock.ts";

/** Whoever gets an answer within it needs no word in between. */
const SILENT_MS_MAX = 1_000;

export async function waiting<T>(
  what: string,
  work: Promise<T>,
  clock: Pick<Clock, "after"> = systemClock,
  write: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<T> {
  const timer = clock.after(SILENT_MS_MAX, () => write(`${what} …\n`));
  try {
    return await work;
  } finally {
    timer.cancel();
  }
}
