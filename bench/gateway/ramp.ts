/**
 * How many frames a second a subject takes whole: the highest rate at which less than 1 % is shed and verdicts keep up.
 *
 * Algorithm: the rate grows by half until a step is not taken whole, then the gap to the last that was is halved a few times. A flood
 * tells what comes through when most is thrown away; this tells what one may count on.
 */
import type { Feeder, Sample, Subject } from "./subject.ts";

const GROWTH = 1.5;
const HALVINGS = 3;
const SHED_MAX = 0.01;
/** Of what came in a step this much has its verdict by the step's end. */
const ENDED_MIN = 0.98;
const LEAD_MS = 500;
const STEP_MS = 1_500;
const REST_MS = 1_000;
const PER_SECOND_MAX = 2_000_000;

export type Capacity = {
  /** What was taken whole; 0: not even the first step was. */
  readonly perSecond: number;
  /** The share that was shed at that rate. */
  readonly shed: number;
};

export async function capacityOf(
  feeder: Feeder,
  subject: Subject,
  fromPerSecond: number,
  progress: (perSecond: number) => void,
): Promise<Capacity> {
  let best: Capacity = { perSecond: 0, shed: 0 };
  let rate = fromPerSecond;
  let over = Number.POSITIVE_INFINITY;
  for (let halved = 0; rate < PER_SECOND_MAX; ) {
    progress(rate);
    const step = await take(feeder, subject, rate);
    if (step.whole) best = step;
    else over = rate;
    if (over === Number.POSITIVE_INFINITY) rate *= GROWTH;
    else if (halved++ < HALVINGS && best.perSecond > 0) rate = (best.perSecond + over) / 2;
    else break;
  }
  return best;
}

async function take(feeder: Feeder, { token, sample }: Subject, rate: number): Promise<Capacity & { whole: boolean }> {
  await feeder.ask({ op: "rate", token, perSecond: Math.round(rate) });
  await Bun.sleep(LEAD_MS);
  const before = await sample();
  await Bun.sleep(STEP_MS);
  const after = await sample();
  await feeder.ask({ op: "rate", token, perSecond: 0 });
  await Bun.sleep(REST_MS);
  const taken = after.taken - before.taken;
  const shed = (shedOf(after) - shedOf(before)) / Math.max(1, taken);
  const ended = (after.frames - before.frames) / Math.max(1, taken);
  const perSecond = (taken / (after.atMs - before.atMs)) * 1_000;
  // Slower than asked: the rest waits in the socket, and the next step would measure it.
  const paced = perSecond > 0.95 * rate;
  return { perSecond, shed, whole: paced && shed < SHED_MAX && ended >= ENDED_MIN };
}

/** What was thrown away for want of time or room. */
export function shedOf({ outcomes }: Sample): number {
  let sum = 0;
  for (const [name, count] of outcomes) if (/^dropped\/(?:ring-full|lane-full|pressure|stale)/.test(name)) sum += count;
  return sum;
}
