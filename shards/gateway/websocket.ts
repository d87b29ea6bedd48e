/**
 * A WebSocket's client over `Bun.connect`: the handshake, frames in and out, the close. https://datatracker.ietf.org/doc/html/rfc6455
 *
 * Algorithm: a chunk from the kernel holds hundreds of a flood's frames. They are handed on as views into it, and its memory is given
 * back at once, so that the next chunk lies in the same place, which the processor's cache still holds. Bun's built-in `ws` copies each
 * frame into memory of its own that stays until garbage is collected: receiving takes half as long again to twice as long.
 */
import type { Clock, Timer } from "../../src/clock.ts";
import { CLOSE, clientFrame, FrameReader, PONG, ProtocolError, TEXT } from "./websocket/frames.ts";
import { readUpgrade, upgradeRequest } from "./websocket/handshake.ts";

export type WebSocketListener = {
  opened(): void;
  /** A whole message; `bytes` are valid during the call only. `chunk`: where others lie beside it, in order; undefined: it lies alone. */
  message(bytes: Buffer, isBinary: boolean, chunk?: Buffer): void;
  /** All messages of a chunk were handed on. */
  chunkRead(): void;
  /** `code` null: no close frame came, or one without a code. Called once, and nothing is called after it. */
  closed(code: number | null, problem: string): void;
};

export type WebSocketClient = {
  /** Nothing happens before it is open, and after its end. */
  send(text: string): void;
  /** Says goodbye; cuts when the server does not answer. The listener hears nothing more. */
  close(code: number): void;
  /** The listener hears nothing more. */
  cut(): void;
};

/** How long a polite close may take before the connection is cut. */
const FAREWELL_MS = 1_000;
/** A server that does not read what it is sent. */
const UNSENT_BYTES_MAX = 1 << 20;
/** Memory of smaller chunks costs more to give back than it is worth. */
const GIVEN_BACK_BYTES_MIN = 16 * 1024;

export function connectWebSocket(options: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly listener: WebSocketListener;
}): WebSocketClient {
  const { clock, listener } = options;
  const url = new URL(options.url);
  const isSecure = url.protocol === "wss:";
  const key = Buffer.from(clock.id(), "hex").toString("base64");
  let phase: "connecting" | "upgrading" | "open" | "closing" | "ended" = "connecting";
  let socket: Bun.Socket | null = null;
  /** Of the answer to the upgrade. */
  let head = Buffer.alloc(0);
  let unsent: Buffer[] = [];
  let unsentBytes = 0;
  let farewell: Timer | null = null;

  const reader = new FrameReader({
    message(bytes, isBinary, chunk) {
      if (phase === "open") listener.message(bytes, isBinary, chunk);
    },
    ping(payload) {
      if (phase === "open") sendFrame(PONG, payload);
    },
    close(code, reason) {
      if (phase === "open") listener.chunkRead();
      if (phase === "closing") return end();
      if (phase !== "open") return;
      sendClose(code ?? 1000);
      listener.closed(code, reason);
    },
  });

  function hear(chunk: Buffer): void {
    let problem: ProtocolError | null = null;
    try {
      if (phase === "upgrading") upgrade(chunk);
      else if (phase !== "ended") reader.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      problem = error;
    }
    if (phase === "open") listener.chunkRead();
    if (problem !== null) fail(problem.message, problem.code);
    giveBack(chunk);
  }

  function upgrade(chunk: Buffer): void {
    head = Buffer.concat([head, chunk]);
    const answer = readUpgrade(head, key);
    if (answer === null) return;
    if (!answer.upgraded) {
      fail(answer.problem, null);
      return;
    }
    const rest = head.subarray(answer.restAt);
    head = Buffer.alloc(0);
    phase = "open";
    listener.opened();
    if (rest.length > 0) reader.push(rest);
  }

  /** `code`: what the server is told, when it is one to talk to. */
  function fail(problem: string, code: number | null): void {
    const wasHeard = phase !== "closing" && phase !== "ended";
    if (code !== null && phase === "open") sendClose(code);
    else end();
    if (wasHeard) listener.closed(null, problem);
  }

  function sendFrame(opcode: number, payload: Uint8Array): void {
    write(clientFrame(opcode, payload, Buffer.from(clock.id().slice(0, 8), "hex")));
  }

  function sendClose(code: number): void {
    phase = "closing";
    farewell = clock.after(FAREWELL_MS, end);
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    sendFrame(CLOSE, payload);
  }

  function write(bytes: Buffer): void {
    unsent.push(bytes);
    unsentBytes += bytes.length;
    flush();
    if (unsentBytes > UNSENT_BYTES_MAX) fail("the server does not read", null);
  }

  function flush(): void {
    for (let next = unsent[0]; next !== undefined; next = unsent[0]) {
      const wrote = Math.max(0, socket?.write(next) ?? 0);
      unsentBytes -= wrote;
      if (wrote < next.length) {
        unsent[0] = next.subarray(wrote);
        return;
      }
      unsent.shift();
    }
  }

  function end(): void {
    phase = "ended";
    farewell?.cancel();
    unsent = [];
    unsentBytes = 0;
    socket?.terminate();
    socket = null;
  }

  function lost(problem: string): void {
    if (phase !== "ended") fail(problem, null);
  }

  Bun.connect({
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (isSecure ? 443 : 80),
    tls: isSecure,
    socket: {
      // Over TLS: once the server's certificate was found good.
      open(opened) {
        if (phase === "ended") return void opened.terminate();
        socket = opened;
        phase = "upgrading";
        write(Buffer.from(upgradeRequest(url, key, options.headers), "latin1"));
      },
      data: (_, chunk) => uncaught(() => hear(chunk)),
      drain: flush,
      error: (_, error) => uncaught(() => lost(error.message)),
      close: (closed, error) =>
        uncaught(() => lost((error ?? closed.getAuthorizationError())?.message ?? "the connection ended")),
      connectError: (_, error) => uncaught(() => lost(error.message)),
    },
  }).catch((error: unknown) => lost(error instanceof Error ? error.message : String(error)));

  return {
    send(text) {
      if (phase === "open") sendFrame(TEXT, Buffer.from(text));
    },
    close(code) {
      if (phase === "open") sendClose(code);
      else if (phase !== "closing") end();
    },
    cut: end,
  };
}

/** Its memory is free from here on; views into it are empty. */
function giveBack(chunk: Buffer): void {
  if (chunk.length < GIVEN_BACK_BYTES_MIN) return;
  const { buffer } = chunk;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.length) buffer.transfer(0);
}

/** What `run` throws is a bug of a listener's. `Bun.connect` would tell it to its own error handler: it is thrown where nobody catches it. */
function uncaught(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
