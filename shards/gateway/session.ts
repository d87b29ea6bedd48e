/**
 * One shard's session with Discord, as a state machine: events and the time in, commands out. No I/O, clock or dice of its own.
 *
 *   waiting → connecting → greeting ─┬─ queued → identifying ─┬→ live ── anything wrong ──▶ waiting
 *      ▲                             └─ resuming ─────────────┘             (4004, 4010–4014 ──▶ stopped)
 *      └── every wait has a deadline, every loop backs off with jitter, every IDENTIFY asks for a permit first
 *
 * `shard.ts` executes the commands and calls `stepSession` again at `wakeAtMs`. A dispatch takes the short way, `receive`, which
 * allocates nothing. https://docs.discord.com/developers/events/gateway
 */
import { adviceFor, CLOSE_RESUMABLE, meaningOf } from "./close-codes.ts";
import * as heartbeat from "./session/heartbeat.ts";
import { beatNow, connect, DEADLINE_MS, enter, flushSendQueue, forget, leave, send, stop } from "./session/moves.ts";
import * as sendQueue from "./session/send-queue.ts";
import * as sequence from "./session/sequence.ts";
import { type Command, connected, type GatewayPayload, type Session, type SessionEvent } from "./session/state.ts";
import { followTime, nextWake } from "./session/timing.ts";

export {
  type Command,
  createSession,
  type GatewayPayload,
  type Phase,
  type SessionCounts,
  type SessionEvent,
  type SessionOptions,
  type SessionRecord,
} from "./session/state.ts";

/** A replay that makes progress may take longer than one deadline, but not for ever. */
const REPLAY_MS_MAX = 5 * 60_000;
const MALFORMED_MAX = 10;

/** Applies one event at `nowMs`. The commands are to be carried out in order, before the next event. */
export function stepSession(session: Session, event: SessionEvent, nowMs: number): readonly Command[] {
  const out: Command[] = [];
  followTime(session, event.type === "tick", nowMs);
  if (!("connection" in event) || (event.connection === session.connection && connected(session))) {
    apply(session, event, nowMs, out);
  }
  flushSendQueue(session, nowMs, out);
  session.wakeAtMs = nextWake(session, nowMs);
  return out;
}

/** A dispatch other than READY and RESUMED: true when it is new and to be handed on, false when it is a duplicate or a stray. */
export function receive(session: Session, seq: number | null, nowMs: number): boolean {
  const { phase, beat } = session;
  if (phase !== "live" && phase !== "resuming" && phase !== "identifying") {
    session.counts.strays += 1;
    return false;
  }
  session.lastDispatchAtMs = nowMs;
  if (beat !== null) beat.framesSince += 1;
  if (phase === "resuming") session.deadlineAtMs = Math.min(nowMs + DEADLINE_MS, session.replayEndsAtMs);
  if (sequence.take(session.sequence, seq, nowMs)) return true;
  session.counts.duplicates += 1;
  return false;
}

/** Whether `receive` opened or closed a gap since the last step, so that the wake-up must be set anew. */
export function gapChanged(session: Session): boolean {
  const { gapAtMs } = session.sequence;
  return gapAtMs !== null && (session.wakeAtMs === null || gapAtMs < session.wakeAtMs);
}

/** The number up to which everything was received, or never existed. */
export function receivedThrough(session: Session): number | null {
  return sequence.resumeFrom(session.sequence);
}

/** False: the queue is full or the payload longer than Discord takes. A presence is remembered for every later IDENTIFY. */
export function enqueue(session: Session, payload: { readonly op: number; readonly d: unknown }): boolean {
  if (session.phase === "stopped") return false;
  const isPresence = payload.op === 3;
  if (!sendQueue.put(session.sendQueue, JSON.stringify(payload), isPresence)) return false;
  if (isPresence) session.presence = payload.d;
  return true;
}

function apply(session: Session, event: SessionEvent, nowMs: number, out: Command[]): void {
  switch (event.type) {
    case "start":
      if (session.phase === "idle") connect(session, nowMs, out);
      return;
    case "stop":
      stop(session, event.code, nowMs, out);
      return;
    case "look-again":
      return;
    case "tick":
      tick(session, nowMs, out);
      return;
    case "opened":
      if (session.phase === "connecting") enter(session, "greeting", nowMs, nowMs + DEADLINE_MS, out);
      return;
    case "payload":
      onPayload(session, event.payload, nowMs, out);
      return;
    case "malformed":
      onMalformed(session, nowMs, out);
      return;
    case "broken":
      leave(session, nowMs, out, { why: event.problem, code: CLOSE_RESUMABLE });
      return;
    case "closed":
      onClosed(session, event.code, event.problem, nowMs, out);
      return;
    case "permitted":
      if (session.phase === "queued") identify(session, nowMs, out);
      return;
    case "refused":
      if (session.phase !== "queued") return;
      out.push({
        do: "log",
        level: "warn",
        event: "identify-refused",
        about: { reason: event.reason, retryInS: Math.ceil(Math.max(0, event.retryAtMs - nowMs) / 1_000) },
      });
      leave(session, nowMs, out, {
        why: event.reason,
        code: CLOSE_RESUMABLE,
        delayMs: event.retryAtMs - nowMs + 1_000 * session.options.chance(),
        refusedFor: event.waitsFor,
      });
      return;
  }
}

// — what the server says ————————————————————————————————————————————————————

function onPayload(session: Session, payload: GatewayPayload, nowMs: number, out: Command[]): void {
  switch (payload.op) {
    case 0:
      onDispatch(session, payload, nowMs, out);
      return;
    case 1:
      beatNow(session, nowMs, out, true);
      return;
    case 7:
      leave(session, nowMs, out, { why: "server asked to reconnect", code: CLOSE_RESUMABLE, soon: true });
      return;
    case 9:
      onInvalidSession(session, payload.d === true, nowMs, out);
      return;
    case 10:
      onHello(session, payload.d, nowMs, out);
      return;
    case 11:
      if (session.beat === null) return;
      heartbeat.acked(session.beat, nowMs);
      out.push({ do: "report" });
      return;
    default:
      // A newer protocol may say more than we know; a frame that is no frame at all is another matter.
      session.counts.unknown += 1;
      if (typeof payload.op !== "number") onMalformed(session, nowMs, out);
  }
}

function onHello(session: Session, data: unknown, nowMs: number, out: Command[]): void {
  session.beat = heartbeat.createHeartbeat(field(data, "heartbeat_interval"), session.options.chance(), nowMs);
  if (session.phase !== "greeting" && session.phase !== "connecting") return;
  if (session.resume === null) {
    enter(session, "queued", nowMs, null, out);
    out.push({ do: "ask-identify", connection: session.connection });
    return;
  }
  enter(session, "resuming", nowMs, nowMs + DEADLINE_MS, out);
  session.replayEndsAtMs = nowMs + REPLAY_MS_MAX;
  session.counts.resumes += 1;
  send(session, nowMs, out, {
    op: 6,
    d: {
      token: session.options.token,
      session_id: session.resume.id,
      seq: sequence.resumeFrom(session.sequence) ?? 0,
    },
  });
}

function identify(session: Session, nowMs: number, out: Command[]): void {
  enter(session, "identifying", nowMs, nowMs + DEADLINE_MS, out);
  session.counts.identifies += 1;
  sequence.restart(session.sequence);
  session.sendQueue.presence = null;
  const { token, intents, properties, shard, shards, largeThreshold } = session.options;
  send(session, nowMs, out, {
    op: 2,
    d: {
      token,
      intents,
      properties,
      shard: [shard, shards],
      ...(largeThreshold === null ? {} : { large_threshold: largeThreshold }),
      ...(session.presence === null ? {} : { presence: session.presence }),
    },
  });
}

function onDispatch(session: Session, payload: GatewayPayload, nowMs: number, out: Command[]): void {
  if (session.phase !== "identifying" && session.phase !== "resuming" && session.phase !== "live") {
    session.counts.strays += 1;
    return;
  }
  const seq = Number.isInteger(payload.s) ? Number(payload.s) : null;
  sequence.take(session.sequence, seq, nowMs);
  if (payload.t === "READY") {
    onReady(session, payload.d, seq, nowMs, out);
    return;
  }
  if (payload.t !== "RESUMED" || session.phase !== "resuming") return;
  session.counts.resumed += 1;
  sequence.replayed(session.sequence, nowMs);
  goLive(session, nowMs, out, "session-resumed");
}

function onReady(session: Session, data: unknown, seq: number | null, nowMs: number, out: Command[]): void {
  const id = field(data, "session_id");
  if (session.phase === "live" && session.resume?.id === id) return;
  const url = field(data, "resume_gateway_url");
  if (typeof id === "string" && id !== "") {
    session.resume = { id, url: isSocketUrl(url) ? url : session.options.gatewayUrl() };
    out.push({
      do: "remember",
      session: { id, resumeUrl: session.resume.url, seq: seq ?? session.sequence.high ?? 0 },
    });
  }
  goLive(session, nowMs, out, "session-ready");
  out.push({ do: "deliver", seq });
}

function goLive(session: Session, nowMs: number, out: Command[], event: string): void {
  enter(session, "live", nowMs, null, out);
  out.push({ do: "log", level: "info", event, about: { seq: session.sequence.high } });
}

function onInvalidSession(session: Session, resumable: boolean, nowMs: number, out: Command[]): void {
  if (!resumable) forget(session, out);
  // Discord asks for a pause of one to five seconds, so that everybody's new sessions do not come at once.
  leave(session, nowMs, out, {
    why: `session invalid, ${resumable ? "resumable" : "not resumable"}`,
    code: CLOSE_RESUMABLE,
    atLeastMs: 1_000 + 4_000 * session.options.chance(),
    fruitless: resumable,
  });
}

function onMalformed(session: Session, nowMs: number, out: Command[]): void {
  session.counts.malformed += 1;
  session.malformedHere += 1;
  if (session.malformedHere > MALFORMED_MAX) {
    leave(session, nowMs, out, { why: "too many malformed frames", code: CLOSE_RESUMABLE });
  }
}

function onClosed(session: Session, code: number | null, problem: string, nowMs: number, out: Command[]): void {
  const meaning = meaningOf(code);
  if (meaning === "stop" && code !== null) {
    stop(session, null, nowMs, out);
    out.push({ do: "fatal", code, message: adviceFor(code) });
    return;
  }
  if (meaning === "identify") forget(session, out);
  if (session.phase === "resuming") session.brokenResumes += 1;
  leave(session, nowMs, out, { why: code === null ? problem : `closed with ${code} ${problem}`.trim() });
}

// — what time says ———————————————————————————————————————————————————————————

function tick(session: Session, nowMs: number, out: Command[]): void {
  const { beat } = session;
  if (session.deadlineAtMs !== null && nowMs >= session.deadlineAtMs) {
    if (session.phase === "waiting") {
      connect(session, nowMs, out);
      return;
    }
    leave(session, nowMs, out, {
      why: `nothing came of ${session.phase}`,
      code: null,
      silent: true,
      fruitless: session.phase === "resuming",
    });
    return;
  }
  if (beat !== null) {
    const zombieAtMs = heartbeat.zombieAtMs(beat);
    if (zombieAtMs !== null && nowMs >= zombieAtMs) {
      session.counts.zombies += 1;
      leave(session, nowMs, out, { why: "no heartbeat ACK: a zombie", code: null });
      return;
    }
    if (nowMs >= beat.nextAtMs) beatNow(session, nowMs, out, false);
  }
  const { gapAtMs } = session.sequence;
  if (session.phase === "live" && gapAtMs !== null && nowMs >= gapAtMs) {
    session.counts.gaps += 1;
    if (sequence.settleGap(session.sequence) === "ask" && session.resume !== null) {
      leave(session, nowMs, out, { why: "events are missing", code: CLOSE_RESUMABLE, soon: true });
    }
  }
}

function field(data: unknown, name: string): unknown {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>)[name] : undefined;
}

function isSocketUrl(value: unknown): value is string {
  return typeof value === "string" && URL.canParse(value) && /^wss?:$/.test(new URL(value).protocol);
}
