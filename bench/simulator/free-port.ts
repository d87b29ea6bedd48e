/**
 * A port for a server that may be stopped and started again in its place. Below those that systems give to outgoing connections, 32768 and
 * up (Linux) or 49152 and up (RFC 6335): while it is away no connection takes its port, not even one that looks for it.
 */
const FIRST = 15_000;
const BEHIND_LAST = 32_000;
const TRIES_MAX = 50;

export function freePort(): number {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = FIRST + Math.floor(Math.random() * (BEHIND_LAST - FIRST));
    try {
      Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
      return port;
    } catch {
      // Taken: the next.
    }
  }
  throw new Error(`no free port between ${FIRST} and ${BEHIND_LAST}`);
}
