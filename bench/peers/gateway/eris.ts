/** eris: a Client with the defaults, `messageCreate`. */
import { Client } from "eris";
import { peer } from "./counter.ts";

const client = new Client(`Bot ${peer.token}`, {
  intents: ["guilds", "guildMessages", 32768],
  maxShards: 1,
  compress: peer.what === "zlib-stream",
} as never);
// Its REST does not come back on this runtime; the gateway does not need it.
client.getBotGateway = () => Promise.resolve({ url: peer.gateway, shards: 1 }) as never;
client.on("messageCreate", () => {
  peer.frames++;
});
client.on("error", () => {});
await client.connect();
