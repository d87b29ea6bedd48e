/**
 * pino on stderr: fixed `noun-verb` event names, secrets redacted, stdout left to results.
 *
 * A warning or an error that repeats is written `REPEATS_MAX` times in `WINDOW_MS`; the rest are counted and told in one line. So
 * an outage that fails every message fills no disk, whichever line it is that repeats.
 */
import { hostname } from "node:os";
import { trace } from "@opentelemetry/api";
import pino, { type Logger } from "pino";
import { type Clock, systemClock } from "./clock.ts";
import { requestId } from "./request.ts";

export type { Logger };

/** The name of this process among all of a deployment, for people: its workers' too. */
export const INSTANCE = `${hostname()}:${process.pid}`;

export type LogFormat = "json" | "text";

/** Paths that may hold a secret wherever they turn up in a log line. */
const SECRET_PATHS = ["token", "*.token", "authorization", "*.authorization", "key", "*.key", "password", "*.password"];

const WINDOW_MS = 10_000;
const REPEATS_MAX = 10;
const WARN = 40;
const FATAL = 60;

export function createLogger(options: {
  readonly level: string;
  readonly format: LogFormat;
  readonly clock?: Pick<Clock, "now" | "after">;
  /** For tests: where lines go instead of stderr. */
  readonly write?: (line: string) => void;
}): Logger {
  const repeats = createRepeats(options.clock ?? systemClock, (event, lines) =>
    logger.warn({ event, lines, ms: WINDOW_MS }, "lines-held-back"),
  );
  const settings: pino.LoggerOptions = {
    hooks: {
      logMethod(args, method, level) {
        const event = args[typeof args[0] === "string" ? 0 : 1];
        const counts = level >= WARN && level < FATAL && typeof event === "string" && event !== "lines-held-back";
        if (!counts || repeats.lets(event)) method.apply(this, args);
      },
    },
    level: options.level,
    mixin: belonging,
    base: options.format === "json" ? { instance: INSTANCE } : null,
    redact: { paths: SECRET_PATHS, censor: "[secret]" },
    serializers: { error: pino.stdSerializers.err },
  };
  const logger =
    options.write !== undefined
      ? pino(settings, { write: options.write })
      : options.format === "json"
        ? pino(settings, pino.destination({ fd: 2, sync: true }))
        : pino(settings, { write: (line: string) => void process.stderr.write(readable(line)) });
  return logger;
}

/** Which request a line belongs to, and which trace, where there are such. */
function belonging(): { readonly request?: string; readonly trace_id?: string } {
  const request = requestId();
  const span = trace.getActiveSpan();
  return {
    ...(request === null ? {} : { request }),
    ...(span === undefined ? {} : { trace_id: span.spanContext().traceId }),
  };
}

/** Event names are a fixed set of words; a bug that makes new ones for ever must not fill the memory. */
const EVENTS_MAX = 500;

function createRepeats(clock: Pick<Clock, "now" | "after">, tell: (event: string, lines: number) => void) {
  const windows = new Map<string, { lines: number }>();

  function close(event: string): void {
    const lines = windows.get(event)?.lines ?? 0;
    windows.delete(event);
    if (lines > REPEATS_MAX) tell(event, lines - REPEATS_MAX);
  }

  return {
    /** Whether this line is to be written. */
    lets(event: string): boolean {
      const window = windows.get(event);
      if (window !== undefined) return ++window.lines <= REPEATS_MAX;
      if (windows.size >= EVENTS_MAX) return true;
      windows.set(event, { lines: 1 });
      clock.after(WINDOW_MS, () => close(event));
      return true;
    },
  };
}

const LEVELS: Record<number, string> = { 10: "trace", 20: "debug", 30: "info ", 40: "WARN ", 50: "ERROR", 60: "FATAL" };

/** `12:04:31 info  guild-joined guild=1 name="Lumen"` */
function readable(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const at = new Date(Number(time)).toTimeString().slice(0, 8);
  const fields = Object.entries(rest).map(([name, value]) => {
    if (name === "error" && typeof value === "object" && value !== null && "message" in value) {
      return `error=${JSON.stringify(value.message)}`;
    }
    return `${name}=${typeof value === "string" && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value)}`;
  });
  return `${at} ${LEVELS[Number(level)] ?? level} ${[msg, ...fields].join(" ")}\n`;
}
