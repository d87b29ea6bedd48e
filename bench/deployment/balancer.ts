/** What stands before several web processes: takes turns, and hands a request on to the next where nobody listens. */

export type Balancer = { readonly origin: string; stop(): Promise<void> };

/** As Bun's fetch says it, by version and by what refused. */
const REFUSED: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ConnectionRefused"]);

/** `targets` are asked at every request: processes come and go. */
export function startBalancer(targets: () => readonly string[]): Balancer {
  let turn = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 30,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const body = request.method === "GET" ? undefined : await request.arrayBuffer();
      const origins = targets();
      turn++;
      for (let i = 0; i < origins.length; i++) {
        const origin = origins[(turn + i) % origins.length] ?? "";
        try {
          const answer = await fetch(`${origin}${pathname}${search}`, {
            ...{ method: request.method, headers: request.headers, redirect: "manual" },
            ...(body === undefined ? {} : { body }),
          });
          return new Response(await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
        } catch (error) {
          // Sent and then cut off: it may have been done, so nobody else is asked.
          if (!(error instanceof Error && "code" in error && REFUSED.has(error.code))) break;
        }
      }
      return new Response("nobody answers", { status: 502 });
    },
  });
  return { origin: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}
