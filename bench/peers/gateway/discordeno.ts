/** @discordeno/gateway: the gateway layer alone. */
import { createGatewayManager } from "@discordeno/gateway";
import { peer } from "./counter.ts";

const manager = createGatewayManager({
  token: peer.token,
  intents: 1 | 512 | 32768,
  url: peer.gateway,
  connection: {
    url: peer.gateway,
    shards: 1,
    sessionStartLimit: { total: 1000, remaining: 1000, resetAfter: 0, maxConcurrency: 1 },
  },
  events: {
    message(_shard: unknown, payload: { t?: string | null }) {
      if (payload.t === "MESSAGE_CREATE") peer.frames++;
    },
  },
  ...(peer.what === "zlib-stream" ? { transportCompression: "zlib-stream" } : {}),
} as never);
await manager.spawnShards();
