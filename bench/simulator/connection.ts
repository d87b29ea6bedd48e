/**
 * One WebSocket of the gateway: framing (JSON, compression), the limits on what a client may send, and the faults that
 * strike a connection rather than a session.
 * https://discord.com/developers/docs/events/gateway#connection-lifecycle
 */

import { deflateSync } from "node:zlib";
import type { ServerWebSocket } from "bun";
import { type Compression, type Compressor, createCompressor } from "./compression.ts";
import type { Faults } from "./faults.ts";
import type { Session } from "./session.ts";
import type { Application } from "./world.ts";

export type SocketData = { connection: Connection | undefined; readonly query: URLSearchParams; readonly path: string };
export type Socket = ServerWebSocket<SocketData>;

export type Connection = {
  readonly n: number;
  readonly socket: Socket;
  readonly compression: Compression | undefined;
  readonly compressor: Compressor | undefined;
  /** Set by IDENTIFY's `compress`: payloads of some size are deflated one by one. */
  compressPayloads: boolean;
  session: Session | undefined;
  application: Application | undefined;
  /** Times of the last 60 seconds' sends, for the limit of 120. */
  sentAtMs: number[];
  lastHeartbeatAtMs: number;
  heartbeatTimer: ReturnType<typeof setInterval> | undefined;
  /** Half-open by control: nothing is read or sent any more. */
  blackHole: boolean;
  /** Heartbeats are not acked any more. */
  zombie: boolean;
  closed: boolean;
  held: string | undefined;
};

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const CLOSE_REASONS: Readonly<Record<number, string>> = {
  4000: "Unknown error.",
  4001: "Unknown opcode.",
  4002: "Error while decoding payload.",
  4003: "Not authenticated.",
  4004: "Authentication failed.",
  4005: "Already authenticated.",
  4007: "Invalid seq.",
  4008: "Rate limited.",
  4009: "Session timed out.",
  4010: "Invalid shard.",
  4011: "Sharding required.",
  4012: "Invalid API version.",
  4013: "Invalid intent(s).",
  4014: "Disallowed intent(s).",
};

/** Payloads of this size and more are deflated when a client asked for payload compression. */
const COMPRESS_BYTES_MIN = 1024;

export function openConnection(socket: Socket, n: number, now: number): Connection {
  const wanted = socket.data.query.get("compress");
  const compression = wanted === "zlib-stream" || wanted === "zstd-stream" ? wanted : undefined;
  return {
    n,
    socket,
    compression,
    compressor: compression && createCompressor(compression, (frame) => socket.sendBinary(frame)),
    compressPayloads: false,
    session: undefined,
    application: undefined,
    sentAtMs: [],
    lastHeartbeatAtMs: now,
    heartbeatTimer: undefined,
    blackHole: false,
    zombie: false,
    closed: false,
    held: undefined,
  };
}

/** Sends one payload, after the faults that strike what is sent. */
export function send(connection: Connection, faults: Faults, text: string): void {
  if (connection.closed || connection.blackHole) return;
  const fault = faults.strike(
    "gateway",
    ["black-hole", "garbage", "latency", "duplicate", "reorder"],
    placeOf(connection),
  );
  switch (fault?.kind) {
    case "black-hole":
      connection.blackHole = true;
      return;
    case "garbage":
      connection.socket.sendBinary(Buffer.from([0xde, 0xad, 0xbe, 0xef, 0x00, 0x00, 0xff, 0xff]));
      return;
    case "latency":
      setTimeout(() => write(connection, text), fault.ms ?? 1000);
      return;
    case "duplicate":
      write(connection, text);
      break;
    case "reorder":
      // Held back until the next payload has gone out.
      connection.held ??= text;
      if (connection.held === text) return;
      break;
  }
  write(connection, text);
  if (connection.held !== undefined) {
    const held = connection.held;
    connection.held = undefined;
    write(connection, held);
  }
}

export function close(connection: Connection, code: number): void {
  if (connection.closed) return;
  connection.socket.close(code, CLOSE_REASONS[code] ?? "");
}

/** Cuts the TCP connection without a close frame. */
export function cut(connection: Connection): void {
  connection.socket.terminate();
}

export function placeOf(connection: Connection): { applicationId: string | undefined; shard: number | undefined } {
  return { applicationId: connection.application?.id, shard: connection.session?.shard.id };
}

function write(connection: Connection, text: string): void {
  if (connection.closed) return;
  if (connection.compressor) connection.compressor.push(text);
  else if (connection.compressPayloads && text.length >= COMPRESS_BYTES_MIN)
    connection.socket.sendBinary(deflateSync(text));
  else connection.socket.sendText(text);
}
