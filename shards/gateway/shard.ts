/**
 * One shard: its session wired to a socket, a timer and the permit for IDENTIFY.
 *
 * A frame's envelope is read in its bytes; dispatches go upward as bytes and never become objects here. Only what the session
 * itself must understand (READY, RESUMED, every other op, and whatever the scan is in doubt about) is parsed.
 */
import type { Clock, Timer } from "../../src/clock.ts";
import type { Logger } from "../../src/logger.ts";
import type { Wait } from "../../src/status/process.ts";
import { readEnvelope } from "../border/envelope.ts";
import { type Dispatch, stamp } from "../border/protocol.ts";
import { CLOSE_RESUMABLE } from "./close-codes.ts";
import {
  type Command,
  createSession,
  enqueue,
  type GatewayPayload,
  gapChanged,
  type Phase,
  receive,
  receivedThrough,
  type SessionCounts,
  type SessionEvent,
  type SessionOptions,
  type SessionRecord,
  stepSession,
} from "./session.ts";
import type { OpenSocket, Socket } from "./socket.ts";

export type ShardState = {
  readonly shard: number;
  readonly phase: Phase;
  readonly sinceMs: number;
  /** Null: it is live. */
  readonly waitsFor: Wait | null;
  /** When it waits no more, whatever comes; null: that is not known. */
  readonly waitsUntilMs: number | null;
  readonly latencyMs: number | null;
  readonly lastDispatchAtMs: number | null;
  /** The highest sequence number received in this session. */
  readonly received: number | null;
  readonly attempts: number;
  readonly counts: Readonly<SessionCounts>;
};

export type ShardEvents = {
  /** Every new op-0 frame that is not the session's own business, in order, synchronously. */
  dispatch(dispatch: Dispatch): void;
  state(shard: number, state: ShardState): void;
  /** 4004, 4010–4014, a refused token: stopped, somebody must act. `message` says what to do. */
  fatal(shard: number, problem: { readonly code: number | null; readonly message: string }): void;
};

export type Permit =
  | { readonly granted: true }
  | { readonly granted: false; readonly retryAtMs: number; readonly reason: string; readonly waitsFor: Wait };

export type ShardOptions = {
  readonly session: Omit<SessionOptions, "chance">;
  readonly open: OpenSocket;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when this shard may IDENTIFY, or says until when it must not; rejects only when aborted. */
  readonly permit: (shard: number, signal: AbortSignal) => Promise<Permit>;
  readonly remember: (session: SessionRecord | null) => void;
  readonly events: ShardEvents;
};

export type Shard = {
  readonly id: number;
  start(): void;
  /** Ends the connection at once; the session can be resumed unless `code` is 1000. */
  stop(code?: number): void;
  send(payload: { readonly op: number; readonly d: unknown }): boolean;
  state(): ShardState;
  /** The highest sequence number of this session; cheap. */
  received(): number | null;
  /** Everything up to here was received, or never existed. */
  receivedThrough(): number | null;
};

/** Longer timers overflow; the session's own deadline is looked at again then. */
const TIMER_MS_MAX = 60 * 60_000;

export function createShard(options: ShardOptions): Shard {
  const { clock, logger, events } = options;
  const id = options.session.shard;
  const session = createSession({ ...options.session, chance: () => clock.chance() });
  let socket: Socket | null = null;
  let timer: Timer | null = null;
  let armedForMs: number | null = null;
  let asking: AbortController | null = null;
  /** The frame in hand, for a `deliver` command. */
  let frame: Uint8Array | null = null;
  /** What the newest frame lies in, and when that came: frames that come together came at the same time. */
  let chunk: Buffer | undefined;
  let cameAtMs = 0;
  let cameAtStamp = 0;

  function feed(event: SessionEvent): void {
    for (const command of stepSession(session, event, clock.now())) execute(command);
    arm();
  }

  function execute(command: Command): void {
    switch (command.do) {
      case "open":
        socket = options.open(command.url, listen(command.connection));
        return;
      case "send":
        socket?.send(command.text);
        return;
      case "cut":
        socket?.end(command.code);
        socket = null;
        return;
      case "ask-identify":
        askIdentify(command.connection);
        return;
      case "withdraw-identify":
        asking?.abort();
        asking = null;
        return;
      case "remember":
        options.remember(command.session);
        return;
      case "deliver":
        if (frame !== null) deliver(command.seq, "READY", frame);
        return;
      case "report":
        events.state(id, state());
        return;
      case "log":
        logger[command.level]({ shard: id, ...command.about }, command.event);
        return;
      case "fatal":
        logger.error({ shard: id, code: command.code, problem: command.message }, "shard-stopped");
        events.fatal(id, { code: command.code, message: command.message });
        return;
    }
  }

  function listen(connection: number) {
    return {
      opened: () => feed({ type: "opened", connection }),
      frame(bytes: Uint8Array, within?: Buffer) {
        came(within);
        onFrame(connection, bytes);
      },
      broken: (problem: string) => feed({ type: "broken", connection, problem }),
      closed: (code: number | null, problem: string) => feed({ type: "closed", connection, code, problem }),
    };
  }

  function came(within: Buffer | undefined): void {
    if (within !== undefined && within === chunk) return;
    chunk = within;
    cameAtMs = clock.now();
    cameAtStamp = stamp();
  }

  function onFrame(connection: number, bytes: Uint8Array): void {
    const envelope = readEnvelope(bytes);
    if (envelope !== null && envelope.op === 0 && envelope.t !== null && !isOurs(envelope.t)) {
      onDispatch(connection, envelope.s, envelope.t, bytes);
      return;
    }
    const payload = parse(bytes);
    if (payload === null) {
      feed({ type: "malformed", connection });
      return;
    }
    if (payload.op === 0 && typeof payload.t === "string" && !isOurs(payload.t)) {
      onDispatch(connection, Number.isInteger(payload.s) ? Number(payload.s) : null, payload.t, bytes);
      return;
    }
    frame = bytes;
    feed({ type: "payload", connection, payload });
    frame = null;
  }

  function onDispatch(connection: number, seq: number | null, type: string, bytes: Uint8Array): void {
    if (connection !== session.connection) return;
    if (receive(session, seq, cameAtMs)) deliver(seq, type, bytes);
    if (gapChanged(session)) feed({ type: "look-again" });
  }

  function deliver(seq: number | null, type: string, bytes: Uint8Array): void {
    events.dispatch({ shard: id, seq: seq ?? -1, type, receivedAtMs: cameAtStamp, bytes, chunk });
  }

  function askIdentify(connection: number): void {
    const controller = new AbortController();
    asking = controller;
    options.permit(id, controller.signal).then(
      (permit) => {
        if (controller.signal.aborted) return;
        asking = null;
        feed(permit.granted ? { type: "permitted", connection } : { type: "refused", connection, ...permit });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        asking = null;
        logger.warn({ shard: id, error }, "identify-permit-failed");
        const refusal = { retryAtMs: clock.now() + 5_000, reason: "the permit could not be had" };
        feed({ type: "refused", connection, ...refusal, waitsFor: "next-try" });
      },
    );
  }

  function arm(): void {
    const wakeAtMs = session.wakeAtMs;
    if (wakeAtMs === armedForMs) return;
    timer?.cancel();
    timer = null;
    armedForMs = wakeAtMs;
    if (wakeAtMs === null) return;
    const delayMs = Math.max(0, wakeAtMs - clock.now());
    timer = clock.after(Math.min(delayMs, TIMER_MS_MAX), () => {
      timer = null;
      armedForMs = null;
      if (delayMs > TIMER_MS_MAX) return arm();
      feed({ type: "tick" });
    });
  }

  function state(): ShardState {
    return {
      shard: id,
      phase: session.phase,
      sinceMs: session.sinceMs,
      waitsFor: session.waitsFor,
      waitsUntilMs: session.deadlineAtMs,
      latencyMs: session.beat?.latencyMs ?? null,
      lastDispatchAtMs: session.lastDispatchAtMs,
      received: session.sequence.high,
      attempts: session.attempts,
      counts: session.counts,
    };
  }

  return {
    id,
    start: () => feed({ type: "start" }),
    stop: (code = CLOSE_RESUMABLE) => feed({ type: "stop", code }),
    send(payload) {
      const taken = enqueue(session, payload);
      feed({ type: "look-again" });
      return taken;
    },
    state,
    received: () => session.sequence.high,
    receivedThrough: () => receivedThrough(session),
  };
}

function isOurs(type: string): boolean {
  return type === "READY" || type === "RESUMED";
}

const decoder = new TextDecoder();

function parse(bytes: Uint8Array): GatewayPayload | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === "object" && value !== null && "op" in value ? (value as GatewayPayload) : null;
  } catch {
    return null;
  }
}
