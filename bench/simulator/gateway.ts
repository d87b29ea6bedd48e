/**
 * Gateway v10: HELLO, IDENTIFY, READY, heartbeats, RESUME, and what the world dispatches, to the sessions that may have it.
 * https://discord.com/developers/docs/events/gateway
 * https://discord.com/developers/docs/events/gateway-events
 *
 * This file takes the frames; IDENTIFY and RESUME are handshake.ts, sockets connection.ts, sessions session.ts, who sees
 * what fan-out.ts, and what tests do to all of them disturbances.ts.
 */

import type { WebSocketHandler } from "bun";
import { GatewayOpcodes as Op } from "discord-api-types/v10";
import {
  type Connection,
  close,
  cut,
  openConnection,
  placeOf,
  type Socket,
  type SocketData,
  send,
} from "./connection.ts";
import { createDisturbances, type Disturbances } from "./disturbances.ts";
import { fanOut } from "./fan-out.ts";
import type { Faults } from "./faults.ts";
import { createHandshake } from "./handshake.ts";
import type { IdentifyLedger } from "./identify.ts";
import type { Ledger } from "./ledger.ts";
import { membersChunks } from "./members-chunk.ts";
import { dispatch, type Session } from "./session.ts";
import type { Json, World } from "./world.ts";

export type GatewayOptions = {
  readonly heartbeatMs: number;
  /** How long a detached session can be resumed. */
  readonly resumableMs: number;
  readonly bufferMax: number;
  readonly guildsPerShardMax: number;
  readonly sendsPerMinuteMax: number;
};

/** https://discord.com/developers/docs/events/gateway#sending-events */
const PAYLOAD_BYTES_MAX = 4096;

export type Gateway = Disturbances & {
  readonly sessions: Map<string, Session>;
  readonly connections: Set<Connection>;
  readonly websocket: WebSocketHandler<SocketData>;
  readonly stop: () => void;
};

export function createGateway(parts: {
  readonly world: World;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly identifies: IdentifyLedger;
  readonly options: GatewayOptions;
  /** ws://… where a session is to be resumed. */
  readonly resumeUrl: () => string;
}): Gateway {
  const { world, ledger, faults, options } = parts;
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  let connectionCount = 0;

  const onEvent = fanOut(world, sessions);
  world.listeners.add(onEvent);

  const sendOp = (connection: Connection, op: number, d: unknown) =>
    send(connection, faults, JSON.stringify({ t: null, s: null, op, d }));

  const handshake = createHandshake({ ...parts, sessions, connections, sendOp, attach, detach });

  const handlers: Record<number, (connection: Connection, d: unknown) => void> = {
    [Op.Heartbeat](connection) {
      connection.lastHeartbeatAtMs = world.now();
      if (connection.zombie || faults.strike("gateway", ["no-ack"], placeOf(connection))) return;
      send(connection, faults, '{"t":null,"s":null,"op":11,"d":null}');
    },
    [Op.Identify]: handshake.identify,
    [Op.Resume]: handshake.resume,
    [Op.PresenceUpdate]: requireSession(() => undefined),
    [Op.VoiceStateUpdate]: requireSession(() => undefined),
    [Op.RequestGuildMembers]: requireSession((connection, d) => {
      const { session } = connection;
      if (!session) return;
      for (const chunk of membersChunks(world, session, d))
        dispatch(session, "GUILD_MEMBERS_CHUNK", JSON.stringify(chunk));
    }),
    [Op.RequestSoundboardSounds]: requireSession(() => undefined),
  };

  function requireSession(handle: (connection: Connection, d: unknown) => void) {
    return (connection: Connection, d: unknown) => {
      if (connection.session) handle(connection, d);
      else close(connection, 4003);
    };
  }

  function attach(connection: Connection, session: Session): void {
    connection.session = session;
    session.detachedAtMs = undefined;
    session.write = (frame) => send(connection, faults, frame);
  }

  function detach(connection: Connection): void {
    const { session } = connection;
    connection.session = undefined;
    if (!session) return;
    session.write = undefined;
    session.detachedAtMs = world.now();
    // What nobody can resume any more collects no events either.
    setTimeout(() => {
      const { detachedAtMs } = session;
      if (detachedAtMs !== undefined && world.now() - detachedAtMs > options.resumableMs) sessions.delete(session.id);
    }, options.resumableMs + 1_000).unref();
  }

  function receive(connection: Connection, raw: string | Buffer) {
    if (connection.blackHole || connection.closed) return;
    const text = typeof raw === "string" ? raw : raw.toString("utf8");
    let payload: Json | undefined;
    try {
      payload = JSON.parse(text) as Json;
    } catch {
      payload = undefined;
    }
    const op = typeof payload?.op === "number" ? payload.op : undefined;
    record(connection, "receive", op, payload?.d);
    if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX || payload === undefined || op === undefined) {
      return close(connection, 4002);
    }
    const now = world.now();
    connection.sentAtMs = connection.sentAtMs.filter((at) => now - at < 60_000);
    connection.sentAtMs.push(now);
    if (connection.sentAtMs.length > options.sendsPerMinuteMax) return close(connection, 4008);
    const handle = handlers[op];
    if (handle) handle(connection, payload.d);
    else close(connection, 4001);
  }

  function record(
    connection: Connection,
    event: "open" | "receive" | "close",
    op: number | undefined,
    d: unknown,
  ): void {
    ledger.add({
      kind: "gateway",
      atMs: world.now(),
      connection: connection.n,
      applicationId: connection.application?.id,
      shard: connection.session?.shard.id,
      event,
      op,
      d: withoutToken(d),
    });
  }

  function opened(socket: Socket) {
    connectionCount += 1;
    const connection = openConnection(socket, connectionCount, world.now());
    socket.data.connection = connection;
    connections.add(connection);
    const { query, path } = socket.data;
    record(connection, "open", undefined, { path, query: Object.fromEntries(query) });
    if (query.has("v") && query.get("v") !== "10") return close(connection, 4012);
    if (query.has("encoding") && query.get("encoding") !== "json") return close(connection, 4002);
    if (faults.strike("gateway", ["no-hello"], {})) return;
    sendOp(connection, Op.Hello, { heartbeat_interval: options.heartbeatMs, _trace: ["gateway-sim"] });
    connection.heartbeatTimer = setInterval(() => {
      // Half an interval of grace; a client that beats later than that has stopped.
      if (connection.blackHole || world.now() - connection.lastHeartbeatAtMs < options.heartbeatMs * 1.5) return;
      if (connection.session) sessions.delete(connection.session.id);
      close(connection, 4009);
    }, options.heartbeatMs / 2);
    connection.heartbeatTimer.unref?.();
  }

  function closed(connection: Connection, code: number): void {
    connection.closed = true;
    clearInterval(connection.heartbeatTimer);
    connection.compressor?.end();
    connections.delete(connection);
    record(connection, "close", undefined, { code });
    // 1000 and 1001 say goodbye: the bot goes offline and the session is over.
    if ((code === 1000 || code === 1001) && connection.session) sessions.delete(connection.session.id);
    detach(connection);
  }

  return {
    sessions,
    connections,
    websocket: {
      maxPayloadLength: 1024 * 1024,
      backpressureLimit: 1024 * 1024 * 1024,
      idleTimeout: 0,
      sendPings: false,
      open: opened,
      message(socket, raw) {
        if (socket.data.connection) receive(socket.data.connection, raw as string | Buffer);
      },
      close(socket, code) {
        if (socket.data.connection) closed(socket.data.connection, code);
      },
    },
    ...createDisturbances({ faults, sessions, connections, sendOp, detach }),
    stop() {
      world.listeners.delete(onEvent);
      for (const connection of [...connections]) cut(connection);
    },
  };
}

/** The ledger is printed and kept; tokens are not. */
function withoutToken(d: unknown): unknown {
  return typeof d === "object" && d !== null && "token" in d ? { ...d, token: "…" } : d;
}
