/** Drives a session by hand; every command so far is in `commands`. */
import {
  type Command,
  createSession,
  type GatewayPayload,
  type SessionEvent,
  type SessionOptions,
} from "../../../shards/gateway/session/state.ts";
import { stepSession } from "../../../shards/gateway/session.ts";

const OPTIONS: SessionOptions = {
  shard: 3,
  shards: 8,
  token: "token",
  intents: 513,
  gatewayUrl: () => "wss://front.test/",
  properties: { os: "test", browser: "test", device: "test" },
  largeThreshold: 50,
  presence: { status: "online" },
  resume: null,
  chance: () => 0.5,
};
export const KEPT = { id: "kept", resumeUrl: "wss://resume.test/", seq: 41 };

export function drive(options: Partial<SessionOptions> = {}) {
  const session = createSession({ ...OPTIONS, ...options });
  const commands: Command[] = [];
  const at = {
    session,
    commands,
    feed(event: SessionEvent, nowMs: number) {
      commands.push(...stepSession(session, event, nowMs));
      return at;
    },
    say: (payload: GatewayPayload, nowMs: number) =>
      at.feed({ type: "payload", connection: session.connection, payload }, nowMs),
    hello(nowMs: number) {
      at.feed({ type: "opened", connection: session.connection }, nowMs);
      return at.say({ op: 10, d: { heartbeat_interval: 40_000 } }, nowMs);
    },
    live(nowMs = 0) {
      at.feed({ type: "start" }, nowMs).hello(nowMs);
      at.feed({ type: "permitted", connection: session.connection }, nowMs);
      return at.say({ op: 0, s: 1, t: "READY", d: { session_id: "s", resume_gateway_url: "wss://r.test/" } }, nowMs);
    },
    sent: () => commands.flatMap((command) => (command.do === "send" ? [JSON.parse(command.text)] : [])),
    /** What was commanded since this was asked last, without the reports of a phase. */
    news: (): readonly object[] => commands.splice(0).filter((command) => command.do !== "report"),
    did: (what: Command["do"]) => commands.filter((command) => command.do === what),
  };
  return at;
}
