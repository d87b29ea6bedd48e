/**
 * A WebSocket for a shard: gives whole, inflated frames as bytes, and ends without waiting for the peer.
 *
 * After `end` all events of a socket are ignored: a peer that is gone would be told of late. The session's tests use a scripted socket
 * instead.
 */
import { type Clock, systemClock } from "../../src/clock.ts";
import { type Compression, createInflater, type Inflater } from "./inflate.ts";
import { connectWebSocket } from "./websocket.ts";

export type Socket = {
  send(text: string): void;
  /** With `code` a close frame goes out first; null cuts. Either way the listener hears nothing more. */
  end(code: number | null): void;
};

export type SocketListener = {
  opened(): void;
  /**
   * A whole message; `bytes` are valid during the call only. `chunk`: what came from the network at once, where other messages lie
   * beside it, in order; undefined: it lies alone.
   */
  frame(bytes: Uint8Array, chunk?: Buffer): void;
  /** The stream cannot be understood any further. */
  broken(problem: string): void;
  /** `code` null: no close frame came. Called once. */
  closed(code: number | null, problem: string): void;
};

export type OpenSocket = (url: string, listener: SocketListener) => Socket;

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
  const deliver = (bytes: Uint8Array, chunk?: Buffer) => {
    if (!ended) listener.frame(bytes, chunk);
  };
  const flush = () => {
    try {
      inflater?.flush(deliver);
    } catch (error) {
      broken(error instanceof Error ? error.message : String(error));
    }
  };
  const release = () => {
    ended = true;
    inflater?.close();
    inflater = null;
  };

  const socket = connectWebSocket({
    ...{ url, clock, headers: { "User-Agent": USER_AGENT } },
    listener: {
      opened: () => listener.opened(),
      message(bytes, isBinary, chunk) {
        // A server that knows no compression may send JSON in binary frames all the same; no compressed stream starts so.
        const plain = !isBinary || compression === "none" || (inflater === null && bytes[0] === OPENING_BRACE);
        if (plain) {
          flush();
          return deliver(bytes, chunk);
        }
        try {
          inflater ??= createInflater(compression, (error) => broken(error.message));
          inflater.push(bytes, deliver);
        } catch (error) {
          broken(error instanceof Error ? error.message : String(error));
        }
      },
      chunkRead: flush,
      closed(code, problem) {
        release();
        listener.closed(code, problem);
      },
    },
  });

  return {
    send: (text) => socket.send(text),
    end(code) {
      if (ended) return;
      release();
      if (code === null) socket.cut();
      else socket.close(code);
    },
  };
}
