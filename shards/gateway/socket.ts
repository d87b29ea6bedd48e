/**
 * A WebSocket for a shard: gives whole, inflated frames as bytes, and ends without waiting for the peer.
 *
 * Bun's built-in `ws` gives text as Buffers, without making a string. Its close event can be half a minute late when the peer is
 * gone, so after `end` all events of a socket are ignored. The session's tests use a scripted socket instead.
 */
import WebSocket from "ws";
import { type Clock, systemClock } from "../../src/clock.ts";
import { type Compression, createInflater, type Inflater } from "./inflate.ts";

export type Socket = {
  send(text: string): void;
  /** With `code` a close frame goes out first; null cuts. Either way the listener hears nothing more. */
  end(code: number | null): void;
};

export type SocketListener = {
  opened(): void;
  /** A whole message; `bytes` are valid during the call only. */
  frame(bytes: Uint8Array): void;
  /** The stream cannot be understood any further. */
  broken(problem: string): void;
  /** `code` null: no close frame came. Called once. */
  closed(code: number | null, problem: string): void;
};

export type OpenSocket = (url: string, listener: SocketListener) => Socket;

/** How long a polite close may take before the connection is cut. */
const FAREWELL_MS = 1_000;
const OPENING_BRACE = 0x7b;
const USER_AGENT = "DiscordBot (https://github.com/gatehouse, 0.1.0)";

export function webSocketOpener(compression: Compression, clock: Clock = systemClock): OpenSocket {
  return (url, listener) => openWebSocket(gatewayUrl(url, compression), compression, listener, clock);
}

/** Adds version, encoding and compression to the address that Discord gave. */
function gatewayUrl(address: string, compression: Compression): string {
  const url = new URL(address);
  url.searchParams.set("v", "10");
  url.searchParams.set("encoding", "json");
  if (compression !== "none") url.searchParams.set("compress", compression);
  return url.href;
}

function openWebSocket(url: string, compression: Compression, listener: SocketListener, clock: Clock): Socket {
  let inflater: Inflater | null = null;
  let ended = false;
  const broken = (problem: string) => {
    if (!ended) listener.broken(problem);
  };
  const deliver = (bytes: Uint8Array) => {
    if (!ended) listener.frame(bytes);
  };
  const release = () => {
    ended = true;
    inflater?.close();
    inflater = null;
  };

  const socket = new WebSocket(url, { headers: { "User-Agent": USER_AGENT }, perMessageDeflate: false });
  let problem = "";
  socket.on("open", () => {
    if (!ended) listener.opened();
  });
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (ended) return;
    // A server that knows no compression may send JSON in binary frames all the same; no compressed stream starts so.
    const plain = !isBinary || compression === "none" || (inflater === null && data[0] === OPENING_BRACE);
    if (plain) return deliver(data);
    try {
      inflater ??= createInflater(compression, (error) => broken(error.message));
      inflater.push(data, deliver);
    } catch (error) {
      broken(error instanceof Error ? error.message : String(error));
    }
  });
  socket.on("error", (error: Error) => {
    problem = error.message;
  });
  socket.on("close", (code: number, reason: Buffer) => {
    if (ended) return;
    release();
    // 1005 and 1006 are never sent: they stand for "no close frame".
    listener.closed(code === 1005 || code === 1006 ? null : code, problem || String(reason));
  });

  return {
    send(text) {
      if (!ended && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    end(code) {
      if (ended) return;
      release();
      if (code === null || socket.readyState !== WebSocket.OPEN) return socket.terminate();
      socket.close(code);
      const cut = clock.after(FAREWELL_MS, () => socket.terminate());
      socket.on("close", () => cut.cancel());
    },
  };
}
