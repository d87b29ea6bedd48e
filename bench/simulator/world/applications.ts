/**
 * Applications with their bot user, token and Ed25519 key pair; all of it follows from the world's seed and the name,
 * so that a seeded simulator has the same credentials on every start.
 */
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { Application, World } from "../world.ts";
import { createUser } from "./users.ts";

/** PKCS #8 wrapping of a raw 32-byte Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

export function createApplication(world: World, options: { readonly name: string }): Application {
  const secret = (use: string) => createHash("sha256").update(`${world.seed}:${options.name}:${use}`).digest();
  const id = world.ids.named(`application:${options.name}`);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, secret("ed25519")]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  const bot = createUser(world, { id, username: options.name, bot: true });
  const application: Application = {
    id,
    name: options.name,
    description: "",
    botId: bot.id,
    token: tokenOf(id, secret("token")),
    clientSecret: secret("client").toString("base64url").slice(0, 32),
    publicKey,
    privateKey,
    redirectUris: [],
    interactionsEndpointUrl: null,
    privileged: { messageContent: true, guildMembers: true, guildPresences: true },
    commands: new Map(),
  };
  world.applications.set(id, application);
  return application;
}

/** A new token; the old one is dead at once, as after "Reset Token" in the portal. */
export function resetToken(world: World, application: Application): void {
  application.token = tokenOf(
    application.id,
    createHash("sha256")
      .update(application.token + world.now())
      .digest(),
  );
}

export function applicationByToken(world: World, token: string): Application | undefined {
  for (const application of world.applications.values()) if (application.token === token) return application;
  return undefined;
}

export function applicationOfBot(world: World, botId: string): Application | undefined {
  for (const application of world.applications.values()) if (application.botId === botId) return application;
  return undefined;
}

function tokenOf(id: string, secret: Buffer): string {
  const part = secret.toString("base64url");
  return `${Buffer.from(id).toString("base64url")}.${part.slice(0, 6)}.${part.slice(5, 43)}`;
}
