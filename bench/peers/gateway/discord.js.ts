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
await client.login(peer.token);
