import type { Wait } from "../../../src/status/process.ts";
import * as heartbeat from "./heartbeat.ts";
import * as sendQueue from "./send-queue.ts";
import { type Command, connected, type Phase, type Session } from "./state.ts";

/** On connect, HELLO, READY, RESUMED. */
export const DEADLINE_MS = 20_000;
/** After so long in order, the past is forgiven: back-off and counters start anew. */
const HEALTHY_MS = 60_000;
const BACKOFF_MS_MAX = 10_000;
/** RESUMEs answered by op 9 `true`, or not at all, before the session is given up. */
const FRUITLESS_RESUMES_MAX = 3;
/** RESUMEs whose connection broke: more patience, since the network is to blame and the session is worth keeping. */
const BROKEN_RESUMES_MAX = 10;

/** So many failed attempts at a session's own host, and the front door is tried. */
const OWN_HOST_TRIES = 2;

export function connect(session: Session, nowMs: number, out: Command[]): void {
  const { resume, options, failedConnects } = session;
  // The resume host may be gone for good; every other attempt goes to the front door then.
  const own = failedConnects < OWN_HOST_TRIES || failedConnects % 2 === 1;
  const there = resume !== null && options.frontDoorOnly !== true && own;
  const url = there ? resume.url : options.gatewayUrl();
  session.connection += 1;
  session.counts.connects += 1;
  session.malformedHere = 0;
  session.beat = null;
  sendQueue.reconnected(session.sendQueue);
  enter(session, "connecting", nowMs, nowMs + DEADLINE_MS, out);
  out.push({ do: "open", connection: session.connection, url });
}

export function beatNow(session: Session, nowMs: number, out: Command[], asked: boolean): void {
  if (session.beat === null) return;
  heartbeat.sent(session.beat, nowMs, asked);
  send(session, nowMs, out, { op: 1, d: session.sequence.high });
}

type Departure = {
  readonly why: string;
  /** How to end a connection that is still there; undefined: it is gone already. */
  readonly code?: number | null;
  readonly delayMs?: number;
  readonly atLeastMs?: number;
  /** Nothing is wrong, the other side only wants to see us again. */
  readonly soon?: boolean;
  /** Nothing came within the deadline. */
  readonly silent?: boolean;
  /** A RESUME that was refused or never answered. */
  readonly fruitless?: boolean;
  /** The permit was refused: what the next try waits for. */
  readonly refusedFor?: Wait;
};

const WAITS: Readonly<Record<Phase, Wait | null>> = {
  idle: "connection",
  waiting: "next-try",
  connecting: "connection",
  greeting: "hello",
  queued: "turn",
  identifying: "ready",
  resuming: "resumed",
  live: null,
  stopped: "operator",
};

/** The one way from a connection back to waiting. */
export function leave(session: Session, nowMs: number, out: Command[], departure: Departure): void {
  if (!connected(session)) return;
  if (session.phase === "live" && nowMs - session.sinceMs >= HEALTHY_MS) {
    session.attempts = 0;
    session.fruitlessResumes = 0;
    session.brokenResumes = 0;
  }
  if (session.phase !== "connecting" && session.phase !== "greeting") session.failedConnects = 0;
  // A host that says nothing takes a whole deadline each time: the front door is next.
  else session.failedConnects = Math.max(session.failedConnects + 1, departure.silent ? OWN_HOST_TRIES : 0);
  if (departure.fruitless) session.fruitlessResumes += 1;
  if (session.fruitlessResumes >= FRUITLESS_RESUMES_MAX || session.brokenResumes >= BROKEN_RESUMES_MAX) {
    forget(session, out);
  }
  if (session.phase === "queued" && departure.refusedFor === undefined) out.push({ do: "withdraw-identify" });
  if (departure.code !== undefined) out.push({ do: "cut", code: departure.code });
  const backoff =
    departure.soon && session.attempts === 0
      ? 250 * session.options.chance()
      : backoffMs(session.attempts, session.options.chance());
  const delayMs = Math.max(0, departure.delayMs ?? Math.max(backoff, departure.atLeastMs ?? 0));
  session.attempts += 1;
  session.beat = null;
  out.push({
    do: "log",
    level: departure.soon ? "info" : "warn",
    event: "session-left",
    about: { phase: session.phase, why: departure.why, resumes: session.resume !== null, delayMs: Math.round(delayMs) },
  });
  enter(session, "waiting", nowMs, nowMs + delayMs, out);
  if (departure.refusedFor !== undefined) session.waitsFor = departure.refusedFor;
}

export function stop(session: Session, code: number | null, nowMs: number, out: Command[]): void {
  if (session.phase === "stopped") return;
  if (session.phase === "queued") out.push({ do: "withdraw-identify" });
  if (connected(session)) out.push({ do: "cut", code });
  session.beat = null;
  enter(session, "stopped", nowMs, null, out);
}

export function forget(session: Session, out: Command[]): void {
  session.fruitlessResumes = 0;
  session.brokenResumes = 0;
  if (session.resume === null) return;
  session.resume = null;
  out.push({ do: "remember", session: null });
}

export function enter(
  session: Session,
  phase: Phase,
  nowMs: number,
  deadlineAtMs: number | null,
  out: Command[],
): void {
  session.phase = phase;
  session.waitsFor = WAITS[phase];
  session.sinceMs = nowMs;
  session.deadlineAtMs = deadlineAtMs;
  out.push({ do: "report" });
}

export function send(session: Session, nowMs: number, out: Command[], payload: object): void {
  sendQueue.note(session.sendQueue, nowMs);
  out.push({ do: "send", text: JSON.stringify(payload) });
}

export function flushSendQueue(session: Session, nowMs: number, out: Command[]): void {
  if (session.phase !== "live" || session.beat === null) return;
  for (const text of sendQueue.flush(session.sendQueue, session.beat.intervalMs, nowMs)) out.push({ do: "send", text });
}

function backoffMs(attempts: number, chance: number): number {
  return attempts === 0 ? 1_000 * chance : Math.min(BACKOFF_MS_MAX, 1_000 * 2 ** attempts) * (0.5 + 0.5 * chance);
}
