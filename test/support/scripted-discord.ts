/**
 * A gateway in memory for one shard: sessions, sequence numbers, replay; and a network that does what a script tells it.
 *
 * It keeps the books a test needs: every event it ever numbered, whether it could still replay it, every IDENTIFY and RESUME,
 * and what the client did wrong (too many payloads, heartbeats late, a RESUME beyond what was sent).
 */
import type { OpenSocket, SocketListener } from "../../shards/gateway/socket.ts";
import type { SimulatedClock } from "./simulated-clock.ts";

export type Numbered = { readonly session: number; readonly seq: number; readonly content: string };

type ServerSession = {
  readonly number: number;
  readonly id: string;
  seq: number;
  readonly events: { readonly seq: number; readonly frame: string; readonly content: string | null }[];
  valid: boolean;
  connection: Connection | null;
};

type Connection = {
  readonly number: number;
  readonly url: string;
  readonly openedAtMs: number;
  readonly listener: SocketListener;
  session: ServerSession | null;
  open: boolean;
  /** Nothing goes either way any more, and nobody says so. */
  dead: boolean;
  lastHeartbeatAtMs: number;
  silentSinceMs: number | null;
  readonly sentAtMs: number[];
};

/** What the network and the server do for as long as it is set. */
type Weather = {
  refuse: boolean;
  /** Connections are never answered. */
  swallow: boolean;
  noHello: boolean;
  noReady: boolean;
  noResumed: boolean;
  noAck: boolean;
  /** Op 9 in answer to every RESUME, with this `d`. */
  invalidOnResume: boolean | null;
  invalidOnIdentify: number;
  closeOnIdentify: number | null;
  resetAfterResume: boolean;
  resumeHostGone: boolean;
  /** So many of the next events never arrive. */
  dropNext: number;
  duplicate: number;
  reorder: number;
  /** Share of frames that come up to `lateMs` late. */
  late: number;
  lateMs: number;
};

const FINE: Weather = {
  refuse: false,
  swallow: false,
  noHello: false,
  noReady: false,
  noResumed: false,
  noAck: false,
  invalidOnResume: null,
  invalidOnIdentify: 0,
  closeOnIdentify: null,
  resetAfterResume: false,
  resumeHostGone: false,
  dropNext: 0,
  duplicate: 0,
  reorder: 0,
  late: 0,
  lateMs: 0,
};

export const HEARTBEAT_MS = 41_250;
const RESUME_URL = "wss://resume.test/";

export type ScriptedDiscord = ReturnType<typeof scriptedDiscord>;

export function scriptedDiscord(clock: SimulatedClock, options: { readonly firstSeq?: number } = {}) {
  const weather: Weather = { ...FINE };
  const sessions: ServerSession[] = [];
  const connections: Connection[] = [];
  const faults: string[] = [];
  const identifiedAtMs: number[] = [];
  const resumedAtMs: number[] = [];
  let contents = 0;
  let lateHeartbeats = 0;

  const open: OpenSocket = (url, listener) => {
    const nowMs = clock.elapsedMs();
    const connection: Connection = {
      number: connections.length + 1,
      url,
      openedAtMs: nowMs,
      listener,
      session: null,
      open: false,
      dead: weather.swallow,
      lastHeartbeatAtMs: nowMs,
      silentSinceMs: null,
      sentAtMs: [],
    };
    connections.push(connection);
    clock.after(latencyMs(), () => {
      if (connection.dead) return;
      if (weather.refuse || (weather.resumeHostGone && url.startsWith(RESUME_URL))) {
        return listener.closed(null, "connection refused");
      }
      connection.open = true;
      listener.opened();
      if (weather.noHello) return;
      transmit(connection, JSON.stringify({ op: 10, d: { heartbeat_interval: HEARTBEAT_MS }, s: null, t: null }));
    });
    return {
      send: (text) => {
        if (connection.open && !connection.dead) clock.after(latencyMs(), () => onClient(connection, text));
      },
      end(code) {
        if (connection.dead) return detach(connection);
        clock.after(latencyMs(), () => {
          const { session } = connection;
          detach(connection);
          if (session !== null && (code === 1000 || code === 1001)) session.valid = false;
        });
      },
    };
  };

  function onClient(connection: Connection, text: string): void {
    if (!connection.open || connection.dead) return;
    const nowMs = clock.elapsedMs();
    connection.sentAtMs.push(nowMs);
    if (connection.sentAtMs.filter((at) => nowMs - at < 60_000).length > 120)
      faults.push("more than 120 payloads in 60 s");
    const { op, d } = JSON.parse(text);
    switch (op) {
      case 1:
        lateHeartbeats += nowMs - connection.lastHeartbeatAtMs > HEARTBEAT_MS * 1.25 ? 1 : 0;
        connection.lastHeartbeatAtMs = nowMs;
        if (!weather.noAck) transmit(connection, '{"op":11,"d":null,"s":null,"t":null}');
        else connection.silentSinceMs ??= nowMs;
        return;
      case 2:
        identify(connection, nowMs);
        return;
      case 6:
        resume(connection, d, nowMs);
        return;
    }
  }

  function identify(connection: Connection, nowMs: number): void {
    identifiedAtMs.push(nowMs);
    if (weather.closeOnIdentify !== null) {
      closeWith(connection, weather.closeOnIdentify);
      return;
    }
    if (weather.invalidOnIdentify > 0) {
      weather.invalidOnIdentify -= 1;
      transmit(connection, '{"op":9,"d":false,"s":null,"t":null}');
      return;
    }
    if (weather.noReady) return;
    const session: ServerSession = {
      number: sessions.length + 1,
      id: `session-${sessions.length + 1}`,
      seq: (options.firstSeq ?? 1) - 1,
      events: [],
      valid: true,
      connection,
    };
    sessions.push(session);
    connection.session = session;
    number(session, "READY", { session_id: session.id, resume_gateway_url: RESUME_URL, user: { id: "1" } }, null);
  }

  function resume(connection: Connection, d: { session_id: string; seq: number }, nowMs: number): void {
    resumedAtMs.push(nowMs);
    const session = sessions.find((known) => known.id === d.session_id);
    if (weather.noResumed) return;
    if (weather.resetAfterResume) {
      closeWith(connection, null);
      return;
    }
    if (weather.invalidOnResume !== null) {
      if (!weather.invalidOnResume && session !== undefined) session.valid = false;
      transmit(connection, JSON.stringify({ op: 9, d: weather.invalidOnResume, s: null, t: null }));
      return;
    }
    if (session === undefined || !session.valid) {
      transmit(connection, '{"op":9,"d":false,"s":null,"t":null}');
      return;
    }
    if (d.seq > session.seq) {
      faults.push(`RESUME from ${d.seq}, but only ${session.seq} were sent`);
      closeWith(connection, 4007);
      return;
    }
    if (session.connection !== null && session.connection !== connection) detach(session.connection);
    session.connection = connection;
    connection.session = session;
    for (const event of session.events) if (event.seq > d.seq) transmit(connection, event.frame);
    number(session, "RESUMED", {}, null);
  }

  function number(session: ServerSession, t: string, d: object, content: string | null): void {
    session.seq += 1;
    const frame = JSON.stringify({ t, s: session.seq, op: 0, d });
    session.events.push({ seq: session.seq, frame, content });
    if (session.connection !== null) transmit(session.connection, frame);
  }

  /** Frames keep their order unless the weather says otherwise. */
  function transmit(connection: Connection, frame: string): void {
    const disturbed = frame.includes('"op":0') && !frame.includes("READY");
    if (disturbed && weather.dropNext > 0) {
      weather.dropNext -= 1;
      return;
    }
    const chance = disturbed ? clock.chance() : 1;
    let delayMs = 5;
    if (chance < weather.late) delayMs += clock.chance() * weather.lateMs;
    else if (chance < weather.late + weather.reorder) delayMs += clock.chance() * 50;
    const arrive = () => {
      if (connection.open && !connection.dead) connection.listener.frame(Buffer.from(frame));
    };
    clock.after(delayMs, arrive);
    if (disturbed && clock.chance() < weather.duplicate) clock.after(delayMs + clock.chance() * 100, arrive);
  }

  function closeWith(connection: Connection, code: number | null): void {
    if (!connection.open) return;
    detach(connection);
    clock.after(5, () => {
      if (!connection.dead) connection.listener.closed(code, code === null ? "reset" : "");
    });
  }

  function detach(connection: Connection): void {
    connection.open = false;
    if (connection.session?.connection === connection) connection.session.connection = null;
    connection.session = null;
  }

  const latencyMs = () => 1 + clock.chance() * 20;
  const current = () => connections.findLast((connection) => connection.open) ?? null;

  return {
    open,
    weather,
    faults,
    sessions,
    connections,
    identifiedAtMs,
    resumedAtMs,
    /** Heartbeats that came, or are yet to come, more than a quarter late. */
    lateHeartbeats() {
      const overdue = connections.filter(
        (c) => c.open && !c.dead && clock.elapsedMs() - c.lastHeartbeatAtMs > HEARTBEAT_MS * 1.25,
      );
      return lateHeartbeats + overdue.length;
    },
    clear: () => Object.assign(weather, FINE),
    current,
    /** A message for whoever holds a session; numbered in every session that is alive. */
    say() {
      contents += 1;
      for (const session of sessions) {
        if (session.valid)
          number(session, "MESSAGE_CREATE", { id: `${contents}`, content: `m${contents}` }, `m${contents}`);
      }
    },
    close(code: number | null, forgets = false) {
      const connection = current();
      if (connection === null) return;
      if (forgets && connection.session !== null) connection.session.valid = false;
      closeWith(connection, code);
    },
    raw(frame: string) {
      const connection = current();
      if (connection !== null) transmit(connection, frame);
    },
    garble() {
      current()?.listener.broken("the compressed stream is broken");
    },
    invalidate(resumable: boolean) {
      const connection = current();
      if (connection === null) return;
      if (!resumable && connection.session !== null) connection.session.valid = false;
      transmit(connection, JSON.stringify({ op: 9, d: resumable, s: null, t: null }));
    },
    /** The client is gone without a word; the server sees the connection break. */
    cut() {
      const connection = current();
      if (connection === null) return;
      detach(connection);
      connection.dead = true;
    },
    /** The current connection falls into a black hole; the server keeps the session for a RESUME. */
    blackHole() {
      const connection = current();
      if (connection === null) return;
      connection.dead = true;
      connection.silentSinceMs = clock.elapsedMs();
    },
    /** What a client that lost nothing must have been given, by session. */
    replayable: (): readonly Numbered[] =>
      sessions
        .filter((session) => session.valid)
        .flatMap((session) =>
          session.events.flatMap(({ seq, content }) =>
            content === null ? [] : [{ session: session.number, seq, content }],
          ),
        ),
  };
}
