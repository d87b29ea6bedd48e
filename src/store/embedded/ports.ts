/** Ports of this machine for a server to come. */

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
