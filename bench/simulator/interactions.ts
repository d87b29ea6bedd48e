/**
 * Brings an interaction to its application: over the gateway, or signed to its endpoint; fails it when three seconds
 * pass without a response.
 * https://discord.com/developers/docs/interactions/overview#preparing-for-interactions
 *
 * As Discord does, it checks an endpoint now and then with a wrong signature and takes the URL away where that passes.
 */
import { InteractionType } from "discord-api-types/v10";
import { ApiError } from "./api-error.ts";
import { respond } from "./respond.ts";
import type { Services } from "./services.ts";
import { type Signature, signedHeaders } from "./signing.ts";
import { type Application, emit, type Interaction, type Json } from "./world.ts";

export type InteractionOptions = {
  /** How long an application has for its first response. */
  readonly ackMs: number;
  /** How long the token works after that. */
  readonly tokenMs: number;
  /** Every how many deliveries to an endpoint one with a wrong signature goes out; 0 = never. */
  readonly badSignatureEvery: number;
};

export type InteractionDelivery = {
  readonly options: InteractionOptions;
  /** Settles when the application has answered or the deadline has passed. */
  readonly deliver: (interaction: Interaction) => Promise<void>;
  /** The check behind "Save" in the developer portal: a good PING must give a PONG, a bad one 401. */
  readonly verifyEndpoint: (application: Application, url: string) => Promise<boolean>;
};

export function createInteractionDelivery(services: () => Services, options: InteractionOptions): InteractionDelivery {
  let deliveries = 0;

  async function deliver(interaction: Interaction): Promise<void> {
    const { world } = services();
    const application = world.applications.get(interaction.applicationId);
    const url = application?.interactionsEndpointUrl;
    if (!application) return;
    if (!url) {
      emit(world, {
        t: "INTERACTION_CREATE",
        guildId: interaction.guildId,
        channelId: interaction.channelId,
        applicationId: application.id,
        d: interaction.payload,
      });
      return failLater(interaction);
    }
    deliveries += 1;
    if (options.badSignatureEvery > 0 && deliveries % options.badSignatureEvery === 0) await probe(application, url);
    const answer = await post(application, url, interaction.payload, "good");
    if (interaction.state !== "waiting") return;
    if (answer.status === 202) return failLater(interaction);
    if (answer.status < 200 || answer.status > 299) return fail(interaction, `endpoint answered ${answer.status}`);
    try {
      respond({ services: services(), files: [] }, interaction, answer.body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fail(interaction, error.message);
    }
  }

  async function verifyEndpoint(application: Application, url: string): Promise<boolean> {
    const ping = {
      version: 1,
      type: InteractionType.Ping,
      id: services().world.ids.next(),
      application_id: application.id,
      token: "ping",
      entitlements: [],
      authorizing_integration_owners: {},
    };
    const good = await post(application, url, ping, "good");
    if (good.status !== 200 || good.body.type !== 1) return false;
    return (await post(application, url, ping, "bad")).status === 401;
  }

  /** One request with a wrong signature; an endpoint that takes it loses its URL. */
  async function probe(application: Application, url: string): Promise<void> {
    const ping = {
      version: 1,
      type: InteractionType.Ping,
      id: services().world.ids.next(),
      application_id: application.id,
      token: "ping",
    };
    const answer = await post(application, url, ping, "bad");
    if (answer.status !== 401) application.interactionsEndpointUrl = null;
  }

  async function post(
    application: Application,
    url: string,
    payload: Json,
    kind: Signature,
  ): Promise<{ status: number; body: Json }> {
    const { world, ledger } = services();
    const body = JSON.stringify(payload);
    const startedMs = performance.now();
    let status = 0;
    let answer: Json = {};
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: signedHeaders(application, body, world.now(), kind),
        signal: AbortSignal.timeout(options.ackMs),
        redirect: "manual",
      });
      status = response.status;
      const text = await response.text();
      answer = text === "" ? {} : (JSON.parse(text) as Json);
    } catch {
      // Unreachable, too late, or no JSON: the status says it, 0 where there was none.
    }
    ledger.add({
      kind: "delivery",
      atMs: world.now(),
      url,
      body: payload,
      status,
      answer,
      ms: performance.now() - startedMs,
      signature: kind,
    });
    return { status, body: answer };
  }

  async function failLater(interaction: Interaction): Promise<void> {
    const left = interaction.createdAtMs + options.ackMs - services().world.now();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(
        () => {
          if (interaction.state === "waiting") fail(interaction, "no response in time");
          stop();
        },
        Math.max(0, left),
      );
      const look = () => {
        if (interaction.state !== "waiting") stop();
      };
      const stop = () => {
        clearTimeout(timer);
        services().ledger.onAdd.delete(look);
        resolve();
      };
      services().ledger.onAdd.add(look);
    });
  }

  return { options, deliver, verifyEndpoint };
}

function fail(interaction: Interaction, why: string): void {
  interaction.state = "failed";
  interaction.failure = why;
}
