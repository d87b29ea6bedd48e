/** discord.js as its guide shows it: a Client with the defaults, `messageCreate`. */
import { Client, GatewayIntentBits } from "discord.js";
import { peer } from "./counter.ts";

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: peer.api },
});
client.on("messageCreate", () => {
  peer.frames++;
});
client.on("raw", (packet: { t: string | null }) => {
  if (packet.t === "GUILD_CREATE") peer.guilds++;
});
client.on("error", () => {});
if (peer.what === "memory") {
  // The start is when everything is loaded and nothing has come yet.
  Bun.gc(true);
}
await client.login(peer.token);
