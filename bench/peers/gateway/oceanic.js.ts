/** oceanic.js: a Client with the defaults, `messageCreate`. */
import { Client } from "oceanic.js";
import { peer } from "./counter.ts";

const client = new Client({
  auth: `Bot ${peer.token}`,
  rest: { baseURL: `${peer.api}/v10` },
  gateway: {
    intents: ["GUILDS", "GUILD_MESSAGES", "MESSAGE_CONTENT"],
    compress: peer.what === "zlib-stream" ? "zlib-stream" : false,
  },
} as never);
client.on("messageCreate", () => {
  peer.frames++;
});
client.on("error", () => {});
await client.connect();
