/**
 * The interactions endpoint: `POST /discord/webhook` for the shared bot, `/discord/webhook/{application}` for any. Needs no
 * gateway. Signature first, over the raw bytes; then each interaction once; then the first response, always within Discord's
 * 3 s since nothing in it waits for an answer. What follows is written down, and edited in once the response is on its way: by another
 * process where this one is killed.
 * Source: https://discord.com/developers/docs/interactions/receiving-and-responding
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { createAsk, createLeftCommands, type Identity, type LeftCommand } from "../src/ask.ts";
import { responseJson } from "../src/discord.ts";
import { AppError } from "../src/errors.ts";
import { hotKey } from "../src/hot.ts";
import type { ApplicationId, GuildId } from "../src/ids.ts";
import { snowflake } from "../src/payload.ts";
import type { Services } from "../src/services.ts";
import { verifyInteraction } from "../src/signature.ts";
import { type BodyBound, readBytes } from "./body.ts";
import { createBotKeys, type SigningBot } from "./bot-keys.ts";
import { type Route, route } from "./guard.ts";
import { HttpRefusal } from "./refusal.ts";
import type { Visit } from "./visit.ts";

/** Longer than any signature is believed, by twice. */
const ONCE_MS = 15 * 60_000;
const BOUND: BodyBound = { bytesMax: 512 * 1024, deadlineMs: 2_000 };
/** An edit that overtakes the response finds nothing to edit: Discord does not know the interaction's message yet. */
const HEAD_START_MS = 150;
const PING = 1;
const TEST_MS_MAX = 5_000;

export type Webhook = {
  readonly routes: readonly Route[];
  /** Asks this endpoint by its public address, signed with a key made for it: a PING, and one with a wrong signature. */
  selfTest(publicUrl: string): Promise<SelfTest>;
  /** From now on does what a process left that was killed. */
  start(): void;
  /** Settles when no answer is being made any more, or `deadlineMs` has passed. */
  drain(deadlineMs: number): Promise<void>;
  close(): void;
};

/** The answers' status: 200 and 401 when all is well; null where nobody answered. */
export type SelfTest = { readonly ping: number | null; readonly forged: number | null };

export function createWebhook(services: Services, identity: Identity): Webhook {
  const { clock, logger, hot } = services;
  const ask = createAsk(services);
  const working = new Set<Promise<unknown>>();
  const testing = new Map<string, SigningBot>();
  const keys = createBotKeys(services);
  const left = createLeftCommands({ inbox: services.store.inbox, clock, logger }, identity);

  /** Null for an application that is none of ours. */
  async function botOf(application: string | undefined): Promise<SigningBot | null> {
    return testing.get(application ?? "") ?? (await keys.find(application));
  }

  async function receive(visit: Visit): Promise<Response> {
    const receivedAtMs = clock.now();
    const { headers } = visit.request;
    const bytes = await readBytes(visit, BOUND);
    const bot = await botOf(visit.params.application);
    if (bot === null) throw new HttpRefusal("not-found");

    const verdict = verifyInteraction({
      publicKey: bot.publicKey,
      timestamp: headers.get("x-signature-timestamp") ?? "",
      signature: headers.get("x-signature-ed25519") ?? "",
      body: bytes,
      nowMs: receivedAtMs,
    });
    if (!verdict.accepted) {
      logger.info({ application: bot.application, reason: verdict.reason }, "interaction-refused");
      return refusal(401, verdict.reason);
    }
    const data = parse(bytes);
    if (data === null) return refusal(400, "no interaction");
    if (data.type === PING) return Response.json({ type: PING });
    if (typeof data.application_id === "string" && data.application_id !== bot.application) {
      return refusal(401, "another application");
    }
    if (!(await first(bot.application, data.id))) {
      logger.info({ application: bot.application, reason: "replayed" }, "interaction-refused");
      return refusal(409, "replayed");
    }
    const { application, name } = bot;
    const asked = await ask.handle({ application, data, receivedAtMs, botName: name });
    if (asked === null) return refusal(400, "no interaction");
    if (asked.work !== null) {
      const { work } = asked;
      const guild = snowflake(data.guild_id) as GuildId | null;
      const done = await left.keep(application, String(data.id), guild, JSON.stringify(data));
      void track(clock.sleep(HEAD_START_MS).then(work).finally(done));
    }
    return Response.json(responseJson(asked.response));
  }

  /** Counts as an answer that is being made; never throws. */
  async function track(work: Promise<unknown>): Promise<void> {
    const done = work.catch((error: unknown) => logger.error({ error }, "interaction-failed"));
    working.add(done);
    await done;
    working.delete(done);
  }

  /** What another process deferred and did not end. */
  async function takeOver({ application, data }: LeftCommand): Promise<void> {
    const bot = await keys.find(application);
    if (bot === null) return;
    const asked = await ask.handle({ application, data, receivedAtMs: clock.now(), botName: bot.name });
    if (asked?.work) await track(asked.work());
  }

  async function first(application: ApplicationId, id: unknown): Promise<boolean> {
    if (typeof id !== "string") return true;
    try {
      return await hot.claim(hotKey("global", "webhook", application, id.slice(0, 32)), clock.id(), ONCE_MS);
    } catch (error) {
      // Without hot state what it does is still done once, by its effect's key.
      if (!(error instanceof AppError)) throw error;
      return true;
    }
  }

  return {
    routes: [
      route("signature", "POST", "/discord/webhook", receive),
      route("signature", "POST", "/discord/webhook/:application", receive),
    ],
    async selfTest(publicUrl) {
      const { privateKey, publicKey } = generateKeyPairSync("ed25519");
      const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
      // No application has so long an id.
      const application = `0${BigInt(`0x${clock.id()}`)}` as ApplicationId;
      testing.set(application, { application, publicKey: key, name: "self-test", shared: false });
      const send = async (forged: boolean) => {
        const body = '{"type":1}';
        const timestamp = String(Math.floor(clock.now() / 1_000));
        const signature = sign(null, Buffer.from(timestamp + body), privateKey);
        if (forged) signature[0] = (signature[0] ?? 0) ^ 1;
        const headers = {
          "content-type": "application/json",
          "x-signature-timestamp": timestamp,
          "x-signature-ed25519": signature.toString("hex"),
        };
        const signal = AbortSignal.timeout(TEST_MS_MAX);
        const url = `${publicUrl}/discord/webhook/${application}`;
        const response = await fetch(url, { method: "POST", body, headers, signal, redirect: "manual" }).catch(
          () => null,
        );
        await response?.body?.cancel();
        return response?.status ?? null;
      };
      try {
        return { ping: await send(false), forged: await send(true) };
      } finally {
        testing.delete(application);
      }
    },
    start: () => left.start(takeOver),
    async drain(deadlineMs) {
      left.stop();
      const late = new Promise<void>((resolve) => clock.after(deadlineMs, resolve));
      await Promise.race([Promise.all(working), late]);
    },
    close: keys.close,
  };
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

function refusal(status: number, reason: string): Response {
  return new Response(`${reason}\n`, { status, headers: { "content-type": "text/plain" } });
}
