/** Enough of Redis's protocol to be loading for as long as a test likes. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/ */

export type LoadingRedis = {
  readonly url: string;
  finish(): void;
  /** Loading again, on connections that were told it is ready: a replica that synchronises anew. */
  relapse(): void;
  stop(): Promise<void>;
};

export async function startLoadingRedis(): Promise<LoadingRedis> {
  let loading = true;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, bytes) {
        for (const name of commandsIn(bytes.toString())) socket.write(answer(name));
      },
    },
  });

  function answer(name: string): string {
    const info = `loading:${loading ? 1 : 0}\r\nloading_eta_seconds:1\r\n`;
    if (name === "HELLO") return "-ERR unknown command 'HELLO'\r\n";
    if (name === "INFO") return `$${info.length}\r\n${info}\r\n`;
    if (name === "CLIENT" || name === "SELECT") return "+OK\r\n";
    if (loading) return "-LOADING Redis is loading the dataset in memory\r\n";
    if (name === "SUBSCRIBE") return "*3\r\n$9\r\nsubscribe\r\n$8\r\ngh1:news\r\n:1\r\n";
    return name === "GET" ? "$-1\r\n" : "+OK\r\n";
  }

  return {
    url: `redis://127.0.0.1:${server.port}`,
    finish() {
      loading = false;
    },
    relapse() {
      loading = true;
    },
    async stop() {
      server.stop(true);
    },
  };
}

/** The names of the commands in arrays of bulk strings that arrived whole. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)].map((match) => (match[1] ?? "").toUpperCase());
}
