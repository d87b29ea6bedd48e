/** @discordjs/ws as it comes: the gateway layer alone, no cache, no objects of a client. */
import { REST } from "@discordjs/rest";
import { CompressionMethod, WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { peer } from "./counter.ts";

const manager = new WebSocketManager({
  token: peer.token,
  intents: 1 | 512 | 32768,
  compression: peer.what === "zlib-stream" ? CompressionMethod.ZlibNative : null,
  rest: new REST({ api: peer.api }).setToken(peer.token),
});
manager.on(WebSocketShardEvents.Dispatch, (payload: { t?: string; data?: { t?: string } }) => {
  if ((payload.t ?? payload.data?.t) === "MESSAGE_CREATE") peer.frames++;
});
manager.on(WebSocketShardEvents.Error, () => {});
await manager.connect();
