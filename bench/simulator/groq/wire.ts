/**
 * Puts a reply on the wire, or breaks it on purpose: node:http, because a fault must decide which
 * bytes leave and when the socket ends, which Bun.serve does not offer (it holds the header block
 * back until the first body byte).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { GroqFault } from "./faults.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Server-sent events instead of one body. */
  readonly events?: readonly string[];
}

const BODY_BYTES_MAX = 20 * 1024 * 1024;
const PACE_MS = 50;

/** The whole request body, or undefined past the size Groq takes. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk as Buffer);
  }
  return bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString("utf8");
}

/** Sends `reply`, bent by `fault`. Resolves when nothing more will be sent. */
export async function send(response: ServerResponse, reply: Reply, fault: GroqFault | undefined): Promise<void> {
  const text = reply.events ? reply.events.join("") : reply.body;
  switch (fault?.kind) {
    case "stall":
      if (fault.at === "before-headers") return;
      response.writeHead(reply.status, reply.headers);
      response.flushHeaders();
      if (fault.at === "mid-body") response.write(half(text));
      return;
    case "cut":
      if (fault.at === "before-headers") {
        response.socket?.end();
        return;
      }
      response.writeHead(reply.status, { ...reply.headers, "content-length": String(Buffer.byteLength(text)) });
      response.write(half(text), () => response.socket?.destroy());
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "slow-body":
      return await trickle(response, reply, text, fault.bytesPerSecond);
    default:
      response.writeHead(reply.status, reply.headers);
      for (const event of reply.events ?? []) response.write(event);
      response.end(reply.events ? undefined : reply.body);
  }
}

export function json(status: number, body: unknown, headers: Record<string, string>): Reply {
  return { status, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** `ms` later, or when `signal` fires; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (ms <= 0 || signal.aborted) return done();
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      done();
    };
    const timer = setTimeout(stop, ms);
    signal.addEventListener("abort", stop);
  });
}

async function trickle(response: ServerResponse, reply: Reply, text: string, bytesPerSecond: number): Promise<void> {
  const bytes = Buffer.from(text);
  const step = Math.max(1, Math.round((bytesPerSecond * PACE_MS) / 1000));
  response.writeHead(reply.status, reply.headers);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (let at = 0; at < bytes.length && !gone.signal.aborted; at += step) {
    response.write(bytes.subarray(at, at + step));
    await pause(PACE_MS, gone.signal);
  }
  response.end();
}

function half(text: string): string {
  return text.slice(0, Math.max(1, Math.floor(text.length / 2)));
}
