/**
 * Gateway v10: HELLO, IDENTIFY, READY, heartbeats, RESUME, and what the world dispatches, to the sessions that may have it.
 * https://discord.com/developers/docs/events/gateway
 * https://discord.com/developers/docs/events/gateway-events
 *
 * This file is the protocol; sockets are connection.ts, sessions session.ts, who sees what fan-out.ts.
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
import { fanOut, greet } from "./fan-out.ts";
import type { Faults } from "./faults.ts";
import type { IdentifyLedger } from "./identify.ts";
import { checkIntents } from "./intents.ts";
import type { Ledger } from "./ledger.ts";
import { membersChunks } from "./members-chunk.ts";
import { applicationFlags, ownUserPayload } from "./payloads.ts";
import { dispatch, replayAfter, type Session, type Shard } from "./session.ts";
import { shardOf } from "./snowflake.ts";
import { applicationByToken, resetToken } from "./world/applications.ts";
import { type Json, userOf, type World } from "./world.ts";

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

export type Gateway = {
  readonly sessions: Map<string, Session>;
  readonly connections: Set<Connection>;
  readonly websocket: WebSocketHandler<SocketData>;
  /** Sends op 7 to the connections that fit. Returns how many. */
  readonly reconnect: (where?: Where) => number;
  /** Sends op 9; a session that is not resumable is forgotten. */
  readonly invalidate: (resumable: boolean, where?: Where) => number;
  readonly closeWith: (code: number, where?: Where) => number;
  readonly cutAll: (where?: Where) => number;
  readonly setZombie: (zombie: boolean, where?: Where) => number;
  readonly setBlackHole: (blackHole: boolean, where?: Where) => number;
  /** Asks for a heartbeat out of turn (op 1). */
  readonly requestHeartbeat: (where?: Where) => number;
  /** A text frame as it is, for hostile and unknown input. */
  readonly sendRaw: (text: string, where?: Where) => number;
  /** Any event as a numbered dispatch to the sessions that fit, connected or not. */
  readonly dispatchRaw: (t: string, d: unknown, where?: Where) => number;
  readonly stop: () => void;
};

export type Where = { readonly applicationId?: string | undefined; readonly shard?: number | undefined };

export function createGateway(parts: {
  readonly world: World;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly identifies: IdentifyLedger;
  readonly options: GatewayOptions;
  /** ws://… where a session is to be resumed. */
  readonly resumeUrl: () => string;
}): Gateway {
  const { world, ledger, faults, identifies, options } = parts;
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  let connectionCount = 0;

  const onEvent = fanOut(world, sessions);
  world.listeners.add(onEvent);

  const sendOp = (connection: Connection, op: number, d: unknown) =>
    send(connection, faults, JSON.stringify({ t: null, s: null, op, d }));

  const handlers: Record<number, (connection: Connection, d: unknown) => void> = {
    [Op.Heartbeat](connection) {
      connection.lastHeartbeatAtMs = world.now();
      if (connection.zombie || faults.strike("gateway", ["no-ack"], placeOf(connection))) return;
      send(connection, faults, '{"t":null,"s":null,"op":11,"d":null}');
    },
    [Op.Identify]: identify,
    [Op.Resume]: resume,
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

  function identify(connection: Connection, d: unknown) {
    const data = (d ?? {}) as Json;
    if (connection.session) return close(connection, 4005);
    const application = typeof data.token === "string" ? applicationByToken(world, bare(data.token)) : undefined;
    if (!application) return close(connection, 4004);
    connection.application = application;
    const fault = strikeAt(connection, "identify");
    if (fault) return;
    const shard = shardIn(data.shard);
    if (shard === "invalid") return close(connection, 4010);
    const verdict = checkIntents(data.intents, application);
    if (verdict !== "valid") return close(connection, verdict === "invalid" ? 4013 : 4014);
    const own = [...world.guilds.values()].filter(
      (guild) => guild.members.has(application.botId) && shardOf(guild.id, shard.count) === shard.id,
    );
    if (own.length > options.guildsPerShardMax) return close(connection, 4011);
    const taken = identifies.take(application, shard.id);
    if (taken === "exhausted") {
      // Documented: all sessions end, the token is reset, the owner gets a mail.
      resetToken(world, application);
      for (const other of connections) if (other.application === application) close(other, 4004);
      for (const [id, session] of sessions) if (session.application === application) sessions.delete(id);
      return;
    }
    if (taken === "too-fast") return sendOp(connection, Op.InvalidSession, false);

    // A second IDENTIFY for a shard takes the place of the first.
    for (const [id, old] of sessions) {
      if (old.application !== application || old.shard.id !== shard.id || old.shard.count !== shard.count) continue;
      sessions.delete(id);
      for (const other of connections) if (other.session === old) close(other, 4000);
    }
    const session: Session = {
      id: crypto.randomUUID().replaceAll("-", ""),
      application,
      shard,
      intents: data.intents as number,
      largeThreshold: typeof data.large_threshold === "number" ? data.large_threshold : 50,
      sequence: 0,
      buffer: [],
      bufferMax: options.bufferMax,
      write: undefined,
      detachedAtMs: undefined,
      guilds: new Set(),
    };
    sessions.set(session.id, session);
    connection.compressPayloads = data.compress === true && connection.compression === undefined;
    if (faults.strike("gateway", ["no-ready"], { ...placeOf(connection), shard: shard.id })) return;
    attach(connection, session);
    dispatch(
      session,
      "READY",
      JSON.stringify(
        readyPayload(
          session,
          own.map((guild) => guild.id),
          data.shard !== undefined,
        ),
      ),
    );
    for (const guild of own) greet(world, session, guild);
  }

  function resume(connection: Connection, d: unknown) {
    const data = (d ?? {}) as Json;
    if (connection.session) return close(connection, 4005);
    const application = typeof data.token === "string" ? applicationByToken(world, bare(data.token)) : undefined;
    if (!application) return close(connection, 4004);
    connection.application = application;
    const session = sessions.get(String(data.session_id));
    const shard = session?.shard.id;
    if (strikeAt(connection, "resume", shard)) return;
    if (!session || session.application !== application) return sendOp(connection, Op.InvalidSession, false);
    if (session.detachedAtMs !== undefined && world.now() - session.detachedAtMs > options.resumableMs) {
      sessions.delete(session.id);
      return sendOp(connection, Op.InvalidSession, false);
    }
    const missed = replayAfter(session, Number(data.seq ?? 0));
    if (missed === "invalid-sequence") return close(connection, 4007);
    if (missed === "lost") {
      sessions.delete(session.id);
      return sendOp(connection, Op.InvalidSession, false);
    }
    if (faults.strike("gateway", ["no-resumed"], { ...placeOf(connection), shard })) return;
    for (const other of connections) {
      if (other !== connection && other.session === session) {
        detach(other);
        close(other, 4000);
      }
    }
    attach(connection, session);
    for (const event of missed) send(connection, faults, event.frame);
    dispatch(session, "RESUMED", JSON.stringify({ _trace: ["gateway-sim"] }));
  }

  function requireSession(handle: (connection: Connection, d: unknown) => void) {
    return (connection: Connection, d: unknown) => {
      if (connection.session) handle(connection, d);
      else close(connection, 4003);
    };
  }

  /** Faults that answer an IDENTIFY or RESUME in place of the protocol. */
  function strikeAt(connection: Connection, on: "identify" | "resume", shard?: number): boolean {
    const fault = faults.strike("gateway", ["invalid-session", "close"], { ...placeOf(connection), shard, on });
    if (fault?.kind === "invalid-session") sendOp(connection, Op.InvalidSession, fault.resumable ?? false);
    if (fault?.kind === "close") close(connection, fault.code ?? 4000);
    return fault !== undefined;
  }

  function readyPayload(session: Session, guildIds: readonly string[], sharded: boolean): Json {
    const { application, shard } = session;
    return {
      v: 10,
      user_settings: {},
      user: ownUserPayload(userOf(world, application.botId)),
      session_type: "normal",
      session_id: session.id,
      resume_gateway_url: parts.resumeUrl(),
      relationships: [],
      private_channels: [],
      presences: [],
      guilds: guildIds.map((id) => ({ id, unavailable: true })),
      guild_join_requests: [],
      geo_ordered_rtc_regions: ["rotterdam"],
      game_relationships: [],
      auth: {},
      application: { id: application.id, flags: applicationFlags(application) },
      ...(sharded ? { shard: [shard.id, shard.count] } : {}),
      _trace: ["gateway-sim"],
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
      d,
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

  const each = (where: Where | undefined, act: (connection: Connection) => void): number => {
    let count = 0;
    for (const connection of [...connections]) {
      if (where?.applicationId !== undefined && connection.application?.id !== where.applicationId) continue;
      if (where?.shard !== undefined && connection.session?.shard.id !== where.shard) continue;
      act(connection);
      count += 1;
    }
    return count;
  };

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
    reconnect: (where) => each(where, (connection) => sendOp(connection, Op.Reconnect, null)),
    invalidate: (resumable, where) =>
      each(where, (connection) => {
        if (!resumable && connection.session) sessions.delete(connection.session.id);
        detach(connection);
        sendOp(connection, Op.InvalidSession, resumable);
      }),
    closeWith: (code, where) => each(where, (connection) => close(connection, code)),
    cutAll: (where) => each(where, cut),
    setZombie: (zombie, where) =>
      each(where, (connection) => {
        connection.zombie = zombie;
      }),
    setBlackHole: (blackHole, where) =>
      each(where, (connection) => {
        connection.blackHole = blackHole;
      }),
    requestHeartbeat: (where) => each(where, (connection) => sendOp(connection, Op.Heartbeat, null)),
    sendRaw: (text, where) => each(where, (connection) => send(connection, faults, text)),
    dispatchRaw(t, d, where) {
      let count = 0;
      for (const session of sessions.values()) {
        if (where?.applicationId !== undefined && session.application.id !== where.applicationId) continue;
        if (where?.shard !== undefined && session.shard.id !== where.shard) continue;
        dispatch(session, t, JSON.stringify(d));
        count += 1;
      }
      return count;
    },
    stop() {
      world.listeners.delete(onEvent);
      for (const connection of [...connections]) cut(connection);
    },
  };
}

function shardIn(value: unknown): Shard | "invalid" {
  if (value === undefined || value === null) return { id: 0, count: 1 };
  if (!Array.isArray(value) || value.length !== 2) return "invalid";
  const [id, count] = value as unknown[];
  const valid = Number.isInteger(id) && Number.isInteger(count) && Number(id) >= 0 && Number(id) < Number(count);
  return valid ? { id: Number(id), count: Number(count) } : "invalid";
}

/** IDENTIFY's token may carry the `Bot ` prefix of REST. */
function bare(token: string): string {
  return token.replace(/^Bot /, "");
}
