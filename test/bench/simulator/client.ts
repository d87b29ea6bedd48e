/**
 * A raw gateway and REST client for the simulator's tests: it knows the protocol's frames and nothing else, so that what
 * it is told is what was sent.
 */
import { constants, createInflate, createZstdDecompress } from "node:zlib";
import { GatewayIntentBits as I } from "discord-api-types/v10";
import type { Simulator } from "../../../bench/simulator/simulator.ts";

export type Frame = {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: protocol payloads are read as they come; each test names the fields it wants.
  readonly d: any;
};

export const ALL_INTENTS = Object.values(I).reduce<number>(
  (all, bit) => (typeof bit === "number" ? all | bit : all),
  0,
);

/** How long a test waits for what must come. */
const WAIT_MS = 4000;

export type GatewayClient = {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  readonly send: (op: number, d: unknown) => void;
  /** The first frame that fits, of those not yet taken; throws when none comes. */
  readonly next: (fits: (frame: Frame) => boolean) => Promise<Frame>;
  readonly event: (t: string) => Promise<Frame>;
  readonly op: (op: number) => Promise<Frame>;
  /** The close code. */
  readonly closed: Promise<number>;
  readonly close: (code?: number) => void;
};

export function connect(url: string, query = "v=10&encoding=json"): GatewayClient {
  const socket = new WebSocket(`${url}/?${query}`);
  socket.binaryType = "arraybuffer";
  const frames: Frame[] = [];
  const taken = new Set<Frame>();
  const waiting = new Set<() => void>();
  const compress = new URLSearchParams(query).get("compress");
  const inflate =
    compress === "zlib-stream"
      ? createInflate({ flush: constants.Z_SYNC_FLUSH })
      : compress === "zstd-stream"
        ? createZstdDecompress()
        : undefined;
  const take = (text: string) => {
    frames.push(JSON.parse(text) as Frame);
    for (const look of waiting) look();
  };
  // One payload per binary message: what comes out until the next message belongs together.
  let inflated = "";
  inflate?.on("data", (piece: Buffer) => {
    inflated += piece.toString("utf8");
    try {
      JSON.parse(inflated);
    } catch {
      return;
    }
    take(inflated);
    inflated = "";
  });
  socket.onmessage = ({ data }) => {
    if (inflate) inflate.write(Buffer.from(data as ArrayBuffer));
    else take(typeof data === "string" ? data : Buffer.from(data as ArrayBuffer).toString("utf8"));
  };
  const next = (fits: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const frame = frames.find((f) => !taken.has(f) && fits(f));
        if (!frame) return;
        taken.add(frame);
        waiting.delete(look);
        clearTimeout(timer);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`no such frame; there were: ${frames.map((f) => f.t ?? `op ${f.op}`).join(", ")}`));
      }, WAIT_MS);
      waiting.add(look);
      look();
    });
  return {
    socket,
    frames,
    next,
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    event: (t) => next((frame) => frame.t === t),
    op: (op) => next((frame) => frame.op === op),
    closed: new Promise((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    }),
    close: (code) => socket.close(code),
  };
}

export type IdentifyOptions = {
  readonly intents?: number;
  readonly shard?: readonly [number, number];
  readonly query?: string;
  readonly token?: string;
  readonly extra?: Record<string, unknown>;
};

export function identifyPayload(token: string, options: IdentifyOptions = {}) {
  return {
    token,
    intents: options.intents ?? ALL_INTENTS,
    properties: { os: "linux", browser: "test", device: "test" },
    ...(options.shard ? { shard: options.shard } : {}),
    ...options.extra,
  };
}

/** Connects and identifies; back after READY. */
export async function login(
  simulator: Simulator,
  options: IdentifyOptions = {},
): Promise<{ readonly client: GatewayClient; readonly ready: Frame }> {
  const client = connect(simulator.gatewayUrl, options.query);
  await client.op(10);
  client.send(2, identifyPayload(options.token ?? simulator.bots[0]?.token ?? "", options));
  return { client, ready: await client.event("READY") };
}

export type RestAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: as for frames.
  readonly body: any;
};

/** REST as the first bot, or with another `authorization`. */
export async function rest(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RestAnswer> {
  const response = await fetch(`${simulator.api}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${simulator.bots[0]?.token}`,
      ...(body === undefined || body instanceof FormData ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The text itself, where it is no JSON.
  }
  return { status: response.status, headers: response.headers, body: parsed };
}
