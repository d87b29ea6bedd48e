/** What a test does to the gateway's connections at once: op 7, op 9, close codes, zombies, black holes, raw frames. */
import { GatewayOpcodes as Op } from "discord-api-types/v10";
import { type Connection, close, cut, send } from "./connection.ts";
import type { Faults } from "./faults.ts";
import { dispatch, type Session } from "./session.ts";

/** Which connections: all of them unless an application or a shard is named. */
type Where = { readonly applicationId?: string | undefined; readonly shard?: number | undefined };

export type Disturbances = {
  /** Sends op 7 to the connections that fit. Returns how many. */
  readonly reconnect: (where?: Where) => number;
  /** Sends op 9; a session that is not resumable is forgotten. */
  readonly invalidate: (resumable: boolean, where?: Where) => number;
  readonly closeWith: (code: number, where?: Where) => number;
  readonly cutAll: (where?: Where) => number;
  readonly setZombie: (zombie: boolean, where?: Where) => number;
  readonly setBlackHole: (blackHole: boolean, where?: Where) => number;
  /** Asks for a heartbeat out of turn (op 1). */
  readonly requestHeartbeat: (where?: Where) => number;
  /** A text frame as it is, for hostile and unknown input. */
  readonly sendRaw: (text: string, where?: Where) => number;
  /** Any event as a numbered dispatch to the sessions that fit, connected or not. */
  readonly dispatchRaw: (t: string, d: unknown, where?: Where) => number;
};

export function createDisturbances(parts: {
  readonly faults: Faults;
  readonly sessions: Map<string, Session>;
  readonly connections: ReadonlySet<Connection>;
  readonly sendOp: (connection: Connection, op: number, d: unknown) => void;
  readonly detach: (connection: Connection) => void;
}): Disturbances {
  const { faults, sessions, connections, sendOp, detach } = parts;

  const each = (where: Where | undefined, act: (connection: Connection) => void): number => {
    let count = 0;
    for (const connection of [...connections]) {
      if (where?.applicationId !== undefined && connection.application?.id !== where.applicationId) continue;
      if (where?.shard !== undefined && connection.session?.shard.id !== where.shard) continue;
      act(connection);
      count += 1;
    }
    return count;
  };

  return {
    reconnect: (where) => each(where, (connection) => sendOp(connection, Op.Reconnect, null)),
    invalidate: (resumable, where) =>
      each(where, (connection) => {
        if (!resumable && connection.session) sessions.delete(connection.session.id);
        detach(connection);
        sendOp(connection, Op.InvalidSession, resumable);
      }),
    closeWith: (code, where) => each(where, (connection) => close(connection, code)),
    cutAll: (where) => each(where, cut),
    setZombie: (zombie, where) =>
      each(where, (connection) => {
        connection.zombie = zombie;
      }),
    setBlackHole: (blackHole, where) =>
      each(where, (connection) => {
        connection.blackHole = blackHole;
      }),
    requestHeartbeat: (where) => each(where, (connection) => sendOp(connection, Op.Heartbeat, null)),
    sendRaw: (text, where) => each(where, (connection) => send(connection, faults, text)),
    dispatchRaw(t, d, where) {
      let count = 0;
      for (const session of sessions.values()) {
        if (where?.applicationId !== undefined && session.application.id !== where.applicationId) continue;
        if (where?.shard !== undefined && session.shard.id !== where.shard) continue;
        dispatch(session, t, JSON.stringify(d));
        count += 1;
      }
      return count;
    },
  };
}
