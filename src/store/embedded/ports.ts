/**
 * Ports of this machine for a server to come. A new one lies below those that systems give to outgoing connections, 32768 and up (Linux)
 * or 49152 and up (RFC 6335): while its server is away, no connection has it, not even one that looks for the server.
 */
import type { Clock } from "../../clock.ts";

const FIRST = 15_000;
const BEHIND_LAST = 32_000;
const TRIES_MAX = 50;

/** One that is free now. */
export function newPort(clock: Pick<Clock, "chance">): number {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = portIfFree(FIRST + Math.floor(clock.chance() * (BEHIND_LAST - FIRST)));
    if (port !== null) return port;
  }
  return portIfFree(0) ?? 0;
}

/**
 * `port`, or any for 0; null when it is taken. Listens and leaves in one step: a close that waits would wait for whoever looks for
 * the server meanwhile, and they for an answer.
 */
export function portIfFree(port: number): number | null {
  try {
    const listener = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
    listener.stop(true);
    return listener.port;
  } catch {
    return null;
  }
}
