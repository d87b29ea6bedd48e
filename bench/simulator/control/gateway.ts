/** Control: the gateway's connections and sessions, and what goes wrong with them at once. */
import type { ControlContext, ControlRoute } from "../control.ts";
import { optional } from "./input.ts";

export const gatewayControls: readonly ControlRoute[] = [
  {
    method: "GET",
    path: "/gateway",
    handle: ({ services: { gateway } }) => ({
      connections: [...gateway.connections].map((c) => ({
        n: c.n,
        applicationId: c.application?.id,
        sessionId: c.session?.id,
        shard: c.session?.shard,
        compression: c.compression,
        zombie: c.zombie,
        blackHole: c.blackHole,
      })),
      sessions: [...gateway.sessions.values()].map((s) => ({
        id: s.id,
        applicationId: s.application.id,
        shard: s.shard,
        intents: s.intents,
        sequence: s.sequence,
        buffered: s.buffer.length,
        connected: s.write !== undefined,
      })),
    }),
  },
  { method: "POST", path: "/gateway/reconnect", handle: (c) => count(c.services.gateway.reconnect(where(c))) },
  {
    method: "POST",
    path: "/gateway/invalid-session",
    handle: (c) => count(c.services.gateway.invalidate(c.body.resumable === true, where(c))),
  },
  {
    method: "POST",
    path: "/gateway/close",
    handle: (c) => count(c.services.gateway.closeWith(Number(c.body.code ?? 4000), where(c))),
  },
  { method: "POST", path: "/gateway/cut", handle: (c) => count(c.services.gateway.cutAll(where(c))) },
  {
    method: "POST",
    path: "/gateway/zombie",
    handle: (c) => count(c.services.gateway.setZombie(c.body.on !== false, where(c))),
  },
  {
    method: "POST",
    path: "/gateway/black-hole",
    handle: (c) => count(c.services.gateway.setBlackHole(c.body.on !== false, where(c))),
  },
  { method: "POST", path: "/gateway/heartbeat", handle: (c) => count(c.services.gateway.requestHeartbeat(where(c))) },
  {
    method: "POST",
    path: "/gateway/raw",
    handle: (c) => count(c.services.gateway.sendRaw(String(c.body.text ?? ""), where(c))),
  },
  {
    method: "POST",
    path: "/gateway/dispatch",
    handle: (c) => count(c.services.gateway.dispatchRaw(String(c.body.t), c.body.d ?? {}, where(c))),
  },
];

function where({ body }: ControlContext): { applicationId: string | undefined; shard: number | undefined } {
  return {
    applicationId: optional(body.applicationId),
    shard: typeof body.shard === "number" ? body.shard : undefined,
  };
}

function count(connections: number): { connections: number } {
  return { connections };
}
