/**
 * Time as this process had it: without the moments in which it was due and the machine ran others. What the product promises in
 * seconds is held against this; on a core that many share, wall time measures the many.
 *
 * Algorithm: a timer that comes late, by more than this process itself computed meanwhile, was kept waiting by the machine.
 */
const LOOK_MS = 10;

let starvedMs = 0;
let lookedAtMs = performance.now();
let cpu = process.cpuUsage();
setInterval(look, LOOK_MS).unref();

function look(): void {
  const nowMs = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const lateMs = nowMs - lookedAtMs - LOOK_MS;
  if (lateMs > LOOK_MS) starvedMs += Math.max(0, lateMs - (user + system) / 1_000);
  lookedAtMs = nowMs;
  cpu = process.cpuUsage();
}

/** Milliseconds since this process began, those left out. */
export function fairMs(): number {
  look();
  return lookedAtMs - starvedMs;
}
