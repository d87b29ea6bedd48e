/**
 * The least that can call itself Discord: HELLO, READY with two fields, numbers that start at 0, messages with nothing
 * optional in them, and two routes. Whoever works against this works against any server that speaks the protocol.
 */
import type { ServerWebSocket } from "bun";

export const BARE = {
  bot: "700000000000000001",
  guild: "700000000000000002",
  channel: "700000000000000003",
  member: "700000000000000004",
} as const;

export type BareDiscord = {
  readonly api: string;
  readonly gateway: string;
  readonly token: string;
  /** Bodies of POST /channels/{channel}/messages. */
  readonly posted: readonly Record<string, unknown>[];
  readonly identified: () => number;
  /** Sends a dispatch to whoever is connected. */
  dispatch(type: string, data: unknown): void;
  /** Sends anything. */
  raw(frame: string | Uint8Array): void;
  stop(): Promise<void>;
};

/** What other servers do otherwise, and may: none of it changes what a payload means. */
export type Dialect = {
  /** How a payload is written; compact JSON. */
  readonly write?: (payload: unknown) => string;
  /** `d` before `op`, as a map without order may come out. */
  readonly backwards?: true;
  /** JSON in binary frames. */
  readonly binary?: true;
  readonly withoutSequence?: true;
  /** No such route, or an answer of its own. */
  readonly gatewayBot?: null | ((url: string) => unknown);
  readonly hello?: unknown;
  readonly ready?: unknown;
  readonly guild?: unknown;
  readonly sent?: unknown;
};

export function startBareDiscord(dialect: Dialect = {}): BareDiscord {
  const token = `${Buffer.from(BARE.bot).toString("base64")}.bare.abcdefghijklmnopqrstuvwxyz`;
  const posted: Record<string, unknown>[] = [];
  const sockets = new Set<ServerWebSocket<unknown>>();
  let sequence = -1;
  let identified = 0;

  const write = dialect.write ?? JSON.stringify;
  const put = (socket: ServerWebSocket<unknown>, payload: unknown) => {
    const text = write(payload);
    if (dialect.binary) socket.sendBinary(Buffer.from(text));
    else socket.sendText(text);
  };
  const dispatch = (type: string, data: unknown) => {
    sequence++;
    const s = dialect.withoutSequence ? {} : { s: sequence };
    const payload = dialect.backwards ? { d: data, ...s, t: type, op: 0 } : { t: type, ...s, op: 0, d: data };
    for (const socket of sockets) put(socket, payload);
  };

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request, self) {
      const url = new URL(request.url);
      if (self.upgrade(request)) return undefined;
      if (url.pathname.endsWith("/gateway/bot") && dialect.gatewayBot !== null) {
        const address = `ws://127.0.0.1:${self.port}`;
        return Response.json(dialect.gatewayBot?.(address) ?? { url: address, shards: 1 });
      }
      if (request.method === "POST" && url.pathname.endsWith("/messages")) {
        const body = (await request.json()) as Record<string, unknown>;
        posted.push(body);
        const whole = { id: String(800000000000000000n + BigInt(posted.length)), channel_id: BARE.channel };
        return Response.json(dialect.sent === undefined ? { ...whole, content: body.content } : dialect.sent);
      }
      return new Response("not here", { status: 404 });
    },
    websocket: {
      open(socket) {
        put(socket, dialect.hello ?? { op: 10, d: { heartbeat_interval: 30_000 } });
      },
      message(socket, text) {
        const { op } = JSON.parse(String(text)) as { op: number };
        if (op === 1) put(socket, { op: 11 });
        if (op !== 2) return;
        identified++;
        sockets.add(socket);
        dispatch("READY", dialect.ready ?? { user: { id: BARE.bot, username: "bare" }, session_id: "bare" });
        dispatch("GUILD_CREATE", dialect.guild ?? { id: BARE.guild, name: "Bare" });
      },
      close(socket) {
        sockets.delete(socket);
      },
    },
  });

  return {
    api: `http://127.0.0.1:${server.port}/api`,
    gateway: `ws://127.0.0.1:${server.port}`,
    token,
    posted,
    identified: () => identified,
    dispatch,
    raw: (frame) => {
      for (const socket of sockets) socket.send(frame);
    },
    stop: () => server.stop(true),
  };
}
