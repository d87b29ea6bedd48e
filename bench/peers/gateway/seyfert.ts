/** seyfert's gateway layer alone. */
import { ShardManager } from "seyfert/lib/websocket/index.js";
import { peer } from "./counter.ts";

const manager = new ShardManager({
  token: peer.token,
  intents: 1 | 512 | 32768,
  info: {
    url: peer.gateway,
    shards: 1,
    session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
  },
  handlePayload(_shard: number, packet: { t?: string | null }) {
    if (packet.t === "MESSAGE_CREATE") peer.frames++;
  },
  presence: undefined,
  properties: { os: "linux", browser: "bench", device: "bench" },
  compress: false,
} as never);
await manager.spawnShards();
