/**
 * A process of its own that plays Discord for the gateway bench: REST just far enough to start, and a gateway that floods.
 *
 * Frames are encoded before they are sent. Uncompressed ones lie ready in one large slice whose sequence digits are overwritten
 * before each pass; compressed ones are encoded ahead with the connection's own context. Its parent asks over IPC.
 */
import { join } from "node:path";
import { type Compressor, createCompressor } from "./compressor.ts";
import { type Answer, type Ask, applicationOf } from "./feeder-protocol.ts";
import {
  ACTIVE_EVERY,
  ask,
  CHANNELS,
  encode,
  type Frame,
  firstGuild,
  GUILDS,
  type GuildSize,
  guildCreate,
  guildId,
  idsOf,
  message,
  messageFrames,
  number,
  PASS_FRAMES,
  type Pass,
  passOf,
  SEQUENCE_START,
  TALK_CHANNEL,
  type TalkIds,
} from "./frames.ts";
import { BINARY, CLOSE, handshake, header, readFrames, TEXT } from "./websocket.ts";

type Connection = {
  readonly socket: Bun.Socket<{ connection: Connection }>;
  readonly compressor: Compressor | null;
  token: string;
  application: string;
  pending: Buffer;
  shaken: boolean;
  sequence: number;
  /** Bytes that must go out before anything else. */
  queue: Buffer[];
  queueAt: number;
  ready: Buffer[];
  readyAt: number;
  flooding: boolean;
  slice: { readonly bytes: Buffer; readonly frames: readonly Placed[] } | null;
  sliceAt: number;
  sent: number;
  sentBytes: number;
  pacer: ReturnType<typeof setInterval> | null;
  asker: ReturnType<typeof setInterval> | null;
  acks: number;
  heartbeats: number;
};

type Placed = Omit<Frame, "bytes"> & { readonly at: number };

/** So long that a measurement hears none, unless it asks for them. */
const HEARTBEAT_MS = 600_000;
const options = JSON.parse(process.argv[2] ?? "{}") as {
  readonly guilds?: number;
  readonly size?: GuildSize;
  /** READY and GUILD_CREATEs wait until `release`; no messages follow. */
  readonly hold?: boolean;
  readonly heartbeatMs?: number;
  /** Every RESUME is taken, with nothing to send again; left out, it is refused. */
  readonly resumes?: boolean;
  /** Applications that are sent to the gateway's address over TLS. */
  readonly secure?: readonly string[];
};
const guilds = options.guilds ?? GUILDS;
const size = options.size ?? { members: 2, channels: CHANNELS, roles: 2 };
/** By application. */
const prepared = new Map<string, { readonly frames: readonly Frame[]; readonly ids: readonly TalkIds[] }>();
const connections = new Map<string, Connection>();
let posts = 0;
let interactions = 0;
/** By token: when it was handed to the socket. */
const unanswered = new Map<string, number>();
const answeredMs: number[] = [];

const socket: Bun.SocketHandler<{ connection: Connection }> = {
  data(socket, data) {
    hear(socket, Buffer.from(data));
  },
  drain(socket) {
    if (socket.data !== undefined) pump(socket.data.connection);
  },
  close(socket) {
    const connection = socket.data?.connection;
    if (connection?.pacer != null) clearInterval(connection.pacer);
    if (connection?.asker != null) clearInterval(connection.asker);
    if (connection !== undefined && connections.get(connection.token) === connection)
      connections.delete(connection.token);
  },
  error() {},
};
const local = { hostname: "127.0.0.1", port: 0, socket };
const plain = Bun.listen<{ connection: Connection }>(local);
/** Self-signed for this machine's own address, made for the bench: nothing else uses its key. */
const tls = {
  key: Bun.file(join(import.meta.dir, "tls", "key.pem")),
  cert: Bun.file(join(import.meta.dir, "tls", "certificate.pem")),
};
const secure = Bun.listen<{ connection: Connection }>({ ...local, tls });

function addressFor(application: string): string {
  return options.secure?.includes(application) ? `wss://127.0.0.1:${secure.port}` : `ws://127.0.0.1:${plain.port}`;
}

function hear(socket: Bun.Socket<{ connection: Connection }>, data: Buffer): void {
  if (socket.data === undefined || socket.data === null) {
    const shaken = handshake(data.toString("latin1"));
    if (shaken === null) return;
    const compress = new URL(shaken.path, "ws://x").searchParams.get("compress");
    const kind = compress === "zlib-stream" || compress === "zstd-stream" ? compress : null;
    const connection: Connection = {
      socket,
      compressor: kind === null ? null : createCompressor(kind),
      token: "",
      application: "",
      pending: Buffer.alloc(0),
      shaken: true,
      sequence: SEQUENCE_START,
      queue: [],
      queueAt: 0,
      ready: [],
      readyAt: 0,
      flooding: false,
      slice: null,
      sliceAt: 0,
      sent: 0,
      sentBytes: 0,
      pacer: null,
      asker: null,
      acks: 0,
      heartbeats: 0,
    };
    socket.data = { connection };
    socket.write(shaken.answer);
    control(connection, {
      t: null,
      s: null,
      op: 10,
      d: { heartbeat_interval: options.heartbeatMs ?? HEARTBEAT_MS, _trace: [] },
    });
    return;
  }
  const { connection } = socket.data;
  const { frames: heard, rest } = readFrames(Buffer.concat([connection.pending, data]));
  connection.pending = rest;
  for (const { opcode, text } of heard) {
    if (opcode === CLOSE) {
      socket.end();
      return;
    }
    if (opcode === TEXT || opcode === BINARY) act(connection, JSON.parse(text) as Parameters<typeof act>[1]);
  }
}

function act(connection: Connection, { op, d }: { op: number; d: { token?: string; seq?: number } }): void {
  // While a flood is encoded ahead its context may not be written to: the answer waits.
  if (op === 1) {
    connection.acks++;
    connection.heartbeats++;
    const encodedAhead = connection.compressor !== null && connection.flooding;
    if (!encodedAhead && connection.readyAt === connection.ready.length) acknowledge(connection);
    return;
  }
  if (op === 6 && options.resumes !== true) {
    control(connection, { t: null, s: null, op: 9, d: false });
    return;
  }
  if (op !== 2 && op !== 6) return;
  connection.token = (d.token ?? "").replace(/^Bot /, "");
  connection.application = applicationOf(connection.token);
  if (op === 6) {
    connections.set(connection.token, connection);
    connection.sequence = (d.seq ?? SEQUENCE_START) + 1;
    dispatch(connection, encode("RESUMED", { _trace: [] }));
    return;
  }
  const { application } = connection;
  if (!prepared.has(application)) {
    const ids = idsOf(application);
    prepared.set(application, { frames: [], ids });
    void messageFrames(application).then((frames) => prepared.set(application, { frames, ids }));
  }
  connections.set(connection.token, connection);
  if (options.hold !== true) begin(connection);
}

function begin(connection: Connection): void {
  dispatch(
    connection,
    encode("READY", {
      v: 10,
      user_settings: {},
      user: user(connection.application),
      session_id: "bench",
      resume_gateway_url: addressFor(connection.application),
      shard: [0, 1],
      relationships: [],
      private_channels: [],
      presences: [],
      guilds: Array.from({ length: guilds }, (_, i) => ({
        id: guildId(firstGuild(connection.application) + i),
        unavailable: true,
      })),
      geo_ordered_rtc_regions: [],
      auth: {},
      application: { id: connection.application, flags: 1 << 19 },
      _trace: [],
    }),
  );
  introduce(connection);
}

function acknowledge(connection: Connection): void {
  for (; connection.acks > 0; connection.acks--) control(connection, { t: null, s: null, op: 11, d: null });
}

/** The guilds, and a mention in each channel that is to be in a conversation. */
function introduce(connection: Connection): void {
  const bot = user(connection.application);
  const first = firstGuild(connection.application);
  for (let guild = first; guild < first + guilds; guild++)
    dispatch(connection, encode("GUILD_CREATE", guildCreate(guild, { id: bot.id, name: bot.username }, size)));
  if (options.hold === true) return;
  for (let n = 0; n < guilds; n += ACTIVE_EVERY) {
    const data = message(9_000_000 + n, first + n, TALK_CHANNEL, `<@${bot.id}> hello, are you there?`, [bot]);
    dispatch(connection, encode("MESSAGE_CREATE", data));
  }
}

function user(application: string) {
  return {
    id: application,
    username: "gatehouse",
    global_name: null,
    discriminator: "0",
    avatar: null,
    bot: true,
    verified: true,
    email: null,
    flags: 0,
    mfa_enabled: true,
  };
}

// — out ————————————————————————————————————————————————————————————————————————

function control(connection: Connection, payload: unknown): void {
  enqueue(connection, wrap(connection, Buffer.from(JSON.stringify(payload))));
}

function dispatch(connection: Connection, frame: Frame): void {
  number(frame.bytes, 0, frame, connection.sequence++, null);
  enqueue(connection, wrap(connection, frame.bytes));
}

function wrap(connection: Connection, bytes: Buffer): Buffer {
  const body = connection.compressor === null ? bytes : connection.compressor.push(bytes);
  return Buffer.concat([header(connection.compressor === null ? TEXT : BINARY, body.length), body]);
}

function enqueue(connection: Connection, bytes: Buffer): void {
  connection.queue.push(bytes);
  pump(connection);
}

/** Writes until the socket takes no more. */
function pump(connection: Connection): void {
  for (;;) {
    const next = connection.queue[0];
    // What is half written ends first, also when the flood has been told to stop.
    const half = connection.sliceAt > 0 || connection.readyAt > 0;
    if (next !== undefined && !half) {
      const wrote = connection.socket.write(next, connection.queueAt, next.length - connection.queueAt);
      if (wrote < 0) return;
      connection.queueAt += wrote;
      if (connection.queueAt < next.length) return;
      connection.queue.shift();
      connection.queueAt = 0;
      continue;
    }
    if (!connection.flooding && !half) return;
    if (!(connection.compressor === null ? pumpSlice(connection) : pumpReady(connection))) return;
  }
}

function pumpSlice(connection: Connection): boolean {
  const slice = connection.slice ?? makeSlice(framesOf(connection));
  connection.slice = slice;
  if (connection.sliceAt === 0) {
    const pass = passNow(connection);
    for (const frame of slice.frames) number(slice.bytes, frame.at, frame, connection.sequence++, pass);
  }
  const wrote = connection.socket.write(slice.bytes, connection.sliceAt, slice.bytes.length - connection.sliceAt);
  if (wrote <= 0) return false;
  connection.sliceAt += wrote;
  connection.sentBytes += wrote;
  if (connection.sliceAt < slice.bytes.length) return false;
  connection.sliceAt = 0;
  connection.sent += slice.frames.length;
  return true;
}

function pumpReady(connection: Connection): boolean {
  const chunk = connection.ready[0];
  if (chunk === undefined) {
    connection.flooding = false;
    acknowledge(connection);
    return false;
  }
  const wrote = connection.socket.write(chunk, connection.readyAt, chunk.length - connection.readyAt);
  if (wrote <= 0) return false;
  connection.readyAt += wrote;
  connection.sentBytes += wrote;
  if (connection.readyAt < chunk.length) return false;
  connection.ready.shift();
  connection.readyAt = 0;
  connection.sent += PREPARED_FRAMES;
  return true;
}

function makeSlice(frames: readonly Frame[]): NonNullable<Connection["slice"]> {
  const placed: Placed[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (const { bytes, ...places } of frames) {
    const head = header(TEXT, bytes.length);
    placed.push({ ...places, at: at + head.length });
    parts.push(head, bytes);
    at += head.length + bytes.length;
  }
  return { bytes: Buffer.concat(parts), frames: placed };
}

/** Encoded when the bot identifies. */
function framesOf(connection: Connection): readonly Frame[] {
  return prepared.get(connection.application)?.frames ?? [];
}

/** The next line of all talks, with its own number; null: nothing is encoded yet. Valid until the next. */
function nextFrame(connection: Connection): Buffer | null {
  const frame = framesOf(connection)[(connection.sequence - SEQUENCE_START) % PASS_FRAMES];
  if (frame === undefined) return null;
  const pass = passNow(connection);
  number(frame.bytes, 0, frame, connection.sequence++, pass);
  return frame.bytes;
}

function passNow({ sequence, application }: Connection): Pass {
  const n = Math.floor((sequence - SEQUENCE_START) / PASS_FRAMES);
  const known = passes.get(application);
  if (known?.n === n) return known;
  const pass = passOf(n, prepared.get(application)?.ids ?? []);
  passes.set(application, pass);
  return pass;
}

/** The last of each application: a pass is thousands of frames. */
const passes = new Map<string, Pass>();

const PREPARED_FRAMES = 1_024;

/** Encodes ahead with the connection's context, in chunks of `PREPARED_FRAMES`. */
function prepare(connection: Connection, count: number): void {
  if (connection.compressor === null) return;
  while (connection.ready.length * PREPARED_FRAMES < count) {
    const parts: Buffer[] = [];
    for (let i = 0; i < PREPARED_FRAMES; i++) {
      const bytes = nextFrame(connection);
      if (bytes !== null) parts.push(wrap(connection, bytes));
    }
    connection.ready.push(Buffer.concat(parts));
  }
}

function pace(connection: Connection, perSecond: number): void {
  if (connection.pacer !== null) clearInterval(connection.pacer);
  connection.pacer = null;
  if (perSecond === 0) return;
  const started = performance.now();
  let sent = 0;
  // One small write a millisecond: a frame waits for nobody.
  connection.pacer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1_000);
    const parts: Buffer[] = [];
    for (; sent < due; sent++) {
      const bytes = nextFrame(connection);
      if (bytes === null) break;
      parts.push(wrap(connection, bytes));
      connection.sent++;
    }
    if (parts.length > 0) enqueue(connection, Buffer.concat(parts));
  }, 1);
}

function interact(connection: Connection, perSecond: number): void {
  if (connection.asker !== null) clearInterval(connection.asker);
  connection.asker = null;
  if (perSecond === 0) return;
  connection.asker = setInterval(() => {
    const n = ++interactions;
    const token = `bench-${n}`;
    unanswered.set(token, performance.now());
    dispatch(connection, encode("INTERACTION_CREATE", ask(n, token, connection.application)));
  }, 1_000 / perSecond);
}

// — REST ———————————————————————————————————————————————————————————————————————

const rest = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const path = new URL(request.url).pathname.replace(/^\/api(\/v\d+)?/, "");
    const application = applicationOf(request.headers.get("authorization") ?? "");
    if (request.method !== "GET") await request.arrayBuffer();
    if (path === "/gateway/bot" || path === "/gateway") {
      return json({
        url: addressFor(application),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
      });
    }
    if (path === "/users/@me") return json(user(application));
    if (path.endsWith("applications/@me")) {
      return json({
        id: application,
        name: "gatehouse",
        verify_key: "0".repeat(64),
        flags: 1 << 19,
        bot: user(application),
        summary: "",
        description: "",
      });
    }
    const answered = /^\/interactions\/\d+\/([^/]+)\/callback$/.exec(path)?.[1];
    if (answered !== undefined) {
      const sentAtMs = unanswered.get(answered);
      if (sentAtMs !== undefined) answeredMs.push(performance.now() - sentAtMs);
      unanswered.delete(answered);
      return new Response(null, { status: 204 });
    }
    if (path.startsWith("/webhooks/")) return json(message(8_000_000 + ++posts, 0, 0, "posted"));
    const channel = /^\/channels\/(\d+)\/messages$/.exec(path)?.[1];
    if (channel !== undefined && request.method === "POST") {
      posts++;
      return json({
        ...message(8_000_000 + posts, 0, 0, "posted"),
        channel_id: channel,
        author: user(application),
      });
    }
    if (request.method === "GET") return json({ code: 10003, message: "Unknown" }, 404);
    return request.method === "PUT" ? json([]) : new Response(null, { status: 204 });
  },
});

/** Two clients want exactly Discord's media type, without a charset. */
function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json" } });
}

// — the parent ————————————————————————————————————————————————————————————————

process.on("message", (asked: Ask & { readonly ask: number }) => {
  const connection = connections.get(asked.token);
  if (connection !== undefined) {
    if (asked.op === "prepare") prepare(connection, asked.frames);
    if (asked.op === "rate") pace(connection, asked.perSecond);
    if (asked.op === "release") begin(connection);
    if (asked.op === "interact") interact(connection, asked.perSecond);
    if (asked.op === "flood") {
      connection.flooding = asked.on;
      if (asked.on) pump(connection);
    }
  }
  const { user: userMicros, system } = process.cpuUsage();
  process.send?.({
    ask: asked.ask,
    connected: connection !== undefined,
    sent: connection?.sent ?? 0,
    sentBytes: connection?.sentBytes ?? 0,
    left: connection?.ready.length ?? 0,
    cpuMs: (userMicros + system) / 1_000,
    atMs: performance.timeOrigin + performance.now(),
    posts,
    heartbeats: connection?.heartbeats ?? 0,
    interactions,
    answeredMs,
  } satisfies Answer);
});
process.on("disconnect", () => process.exit(0));
process.send?.({
  ask: 0,
  api: `http://127.0.0.1:${rest.port}/api`,
  gateway: addressFor(""),
  secureGateway: `wss://127.0.0.1:${secure.port}`,
});
