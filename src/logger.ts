/** pino on stderr: fixed `noun-verb` event names, secrets redacted, stdout left to results. */
import pino, { type Logger } from "pino";

export type { Logger };

export type LogFormat = "json" | "text";

/** Paths that may hold a secret wherever they turn up in a log line. */
const SECRET_PATHS = ["token", "*.token", "authorization", "*.authorization", "key", "*.key", "password", "*.password"];

export function createLogger(options: { readonly level: string; readonly format: LogFormat }): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    redact: { paths: SECRET_PATHS, censor: "[secret]" },
    serializers: { error: pino.stdSerializers.err },
  };
  if (options.format === "json") return pino(settings, pino.destination({ fd: 2, sync: true }));
  return pino(settings, { write: (line: string) => void process.stderr.write(readable(line)) });
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
