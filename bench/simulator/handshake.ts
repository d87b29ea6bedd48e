/**
 * IDENTIFY and RESUME: every check of the documentation in its order, and the session that comes of it.
 * https://discord.com/developers/docs/events/gateway#identifying
 * https://discord.com/developers/docs/events/gateway#resuming
 */
import { GatewayOpcodes as Op } from "discord-api-types/v10";
import { applicationFlags } from "./application-payload.ts";
import { type Connection, close, placeOf, send } from "./connection.ts";
import { greet } from "./fan-out.ts";
import type { Faults } from "./faults.ts";
import type { GatewayOptions } from "./gateway.ts";
import type { IdentifyLedger } from "./identify.ts";
import { checkIntents } from "./intents.ts";
import { ownUserPayload } from "./payloads.ts";
import { dispatch, replayAfter, type Session, type Shard } from "./session.ts";
import { shardOf } from "./snowflake.ts";
import { applicationByToken, resetToken } from "./world/applications.ts";
import { type Json, userOf, type World } from "./world.ts";

export type Handshake = {
  readonly identify: (connection: Connection, d: unknown) => void;
  readonly resume: (connection: Connection, d: unknown) => void;
};

export function createHandshake(parts: {
  readonly world: World;
  readonly faults: Faults;
  readonly identifies: IdentifyLedger;
  readonly options: GatewayOptions;
  readonly sessions: Map<string, Session>;
  readonly connections: ReadonlySet<Connection>;
  readonly resumeUrl: () => string;
  readonly sendOp: (connection: Connection, op: number, d: unknown) => void;
  readonly attach: (connection: Connection, session: Session) => void;
  readonly detach: (connection: Connection) => void;
}): Handshake {
  const { world, faults, identifies, options, sessions, connections, sendOp, attach, detach } = parts;

  function identify(connection: Connection, d: unknown) {
    const data = (d ?? {}) as Json;
    if (connection.session) return close(connection, 4005);
    const application = typeof data.token === "string" ? applicationByToken(world, bare(data.token)) : undefined;
    if (!application) return close(connection, 4004);
    connection.application = application;
    const fault = strikeAt(connection, "identify");
    if (fault) return;
    const shard = shardIn(data.shard);
    if (shard === "invalid") return close(connection, 4010);
    const verdict = checkIntents(data.intents, application);
    if (verdict !== "valid") return close(connection, verdict === "invalid" ? 4013 : 4014);
    const own = [...world.guilds.values()].filter(
      (guild) => guild.members.has(application.botId) && shardOf(guild.id, shard.count) === shard.id,
    );
    if (own.length > options.guildsPerShardMax) return close(connection, 4011);
    const taken = identifies.take(application, shard.id);
    if (taken === "exhausted") {
      // Documented: all sessions end, the token is reset, the owner gets a mail.
      resetToken(world, application);
      for (const other of connections) if (other.application === application) close(other, 4004);
      for (const [id, session] of sessions) if (session.application === application) sessions.delete(id);
      return;
    }
    if (taken === "too-fast") return sendOp(connection, Op.InvalidSession, false);

    // Documented (gateway#sharding): several sessions may have the same shard; each gets every event.
    const session: Session = {
      id: crypto.randomUUID().replaceAll("-", ""),
      application,
      shard,
      intents: data.intents as number,
      largeThreshold: typeof data.large_threshold === "number" ? data.large_threshold : 50,
      sequence: 0,
      buffer: [],
      bufferMax: options.bufferMax,
      write: undefined,
      detachedAtMs: undefined,
      guilds: new Set(),
    };
    sessions.set(session.id, session);
    connection.compressPayloads = data.compress === true && connection.compression === undefined;
    if (faults.strike("gateway", ["no-ready"], { ...placeOf(connection), shard: shard.id })) return;
    attach(connection, session);
    dispatch(
      session,
      "READY",
      JSON.stringify(
        readyPayload(
          session,
          own.map((guild) => guild.id),
          data.shard !== undefined,
        ),
      ),
    );
    for (const guild of own) greet(world, session, guild);
  }

  function resume(connection: Connection, d: unknown) {
    const data = (d ?? {}) as Json;
    if (connection.session) return close(connection, 4005);
    const application = typeof data.token === "string" ? applicationByToken(world, bare(data.token)) : undefined;
    if (!application) return close(connection, 4004);
    connection.application = application;
    const session = sessions.get(String(data.session_id));
    const shard = session?.shard.id;
    if (strikeAt(connection, "resume", shard)) return;
    if (!session || session.application !== application) return sendOp(connection, Op.InvalidSession, false);
    if (session.detachedAtMs !== undefined && world.now() - session.detachedAtMs > options.resumableMs) {
      sessions.delete(session.id);
      return sendOp(connection, Op.InvalidSession, false);
    }
    const missed = replayAfter(session, Number(data.seq));
    if (missed === "invalid-sequence") return close(connection, 4007);
    if (missed === "lost") {
      sessions.delete(session.id);
      return sendOp(connection, Op.InvalidSession, false);
    }
    if (faults.strike("gateway", ["no-resumed"], { ...placeOf(connection), shard })) return;
    for (const other of connections) {
      if (other !== connection && other.session === session) {
        detach(other);
        close(other, 4000);
      }
    }
    attach(connection, session);
    for (const event of missed) send(connection, faults, event.frame);
    dispatch(session, "RESUMED", JSON.stringify({ _trace: ["gateway-sim"] }));
  }

  /** Faults that answer an IDENTIFY or RESUME in place of the protocol. */
  function strikeAt(connection: Connection, on: "identify" | "resume", shard?: number): boolean {
    const fault = faults.strike("gateway", ["invalid-session", "close"], { ...placeOf(connection), shard, on });
    if (fault?.kind === "invalid-session") sendOp(connection, Op.InvalidSession, fault.resumable ?? false);
    if (fault?.kind === "close") close(connection, fault.code ?? 4000);
    return fault !== undefined;
  }

  function readyPayload(session: Session, guildIds: readonly string[], sharded: boolean): Json {
    const { application, shard } = session;
    return {
      v: 10,
      user_settings: {},
      user: ownUserPayload(userOf(world, application.botId)),
      session_type: "normal",
      session_id: session.id,
      resume_gateway_url: parts.resumeUrl(),
      relationships: [],
      private_channels: [],
      presences: [],
      guilds: guildIds.map((id) => ({ id, unavailable: true })),
      guild_join_requests: [],
      geo_ordered_rtc_regions: ["rotterdam"],
      game_relationships: [],
      auth: {},
      application: { id: application.id, flags: applicationFlags(application) },
      ...(sharded ? { shard: [shard.id, shard.count] } : {}),
      _trace: ["gateway-sim"],
    };
  }

  return { identify, resume };
}

function shardIn(value: unknown): Shard | "invalid" {
  if (value === undefined || value === null) return { id: 0, count: 1 };
  if (!Array.isArray(value) || value.length !== 2) return "invalid";
  const [id, count] = value as unknown[];
  const valid = Number.isInteger(id) && Number.isInteger(count) && Number(id) >= 0 && Number(id) < Number(count);
  return valid ? { id: Number(id), count: Number(count) } : "invalid";
}

/** IDENTIFY's token may carry the `Bot ` prefix of REST. */
function bare(token: string): string {
  return token.replace(/^Bot /, "");
}
