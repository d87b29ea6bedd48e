/**
 * Our shards as `@discordjs/ws`'s sharding strategy: its `WebSocketManager` is the frame that holds options, gateway
 * information, session hooks and the throttler; the sessions, sockets and bytes are ours.
 *
 * The manager's `connect` and `updateShardCount` are never called: they destroy every shard and IDENTIFY anew, and the former
 * refuses to start when fewer IDENTIFYs are left than there are shards, even if all would RESUME. Leases spawn shard by shard.
 */
import { Collection } from "@discordjs/collection";
import {
  type CreateWebSocketManagerOptions,
  type IIdentifyThrottler,
  type IShardingStrategy,
  WebSocketManager as Manager,
  type WebSocketManager,
  type WebSocketShardDestroyOptions,
  WebSocketShardStatus,
} from "@discordjs/ws";
import type { APIGatewayBotInfo, GatewaySendPayload } from "discord-api-types/v10";
import type { Clock } from "../../src/clock.ts";
import type { Logger } from "../../src/logger.ts";
import { CLOSE_RESUMABLE } from "./close-codes.ts";
import { IdentifyRefused } from "./identify.ts";
import type { Phase, SessionRecord } from "./session.ts";
import { createShard, type Permit, type Shard, type ShardEvents } from "./shard.ts";
import type { OpenSocket } from "./socket.ts";

/** The manager with its gateway information from our source, and no REST of its own. */
export class GatewayManager extends Manager {
  readonly #information: () => Promise<APIGatewayBotInfo>;

  constructor(options: Omit<CreateWebSocketManagerOptions, "rest">, information: () => Promise<APIGatewayBotInfo>) {
    // The REST client is only ever asked by the method that is overridden below.
    const rest = { get: information } as unknown as CreateWebSocketManagerOptions["rest"];
    super({ ...options, rest });
    this.#information = information;
  }

  override fetchGatewayInformation(): Promise<APIGatewayBotInfo> {
    return this.#information();
  }
}

export type StrategyOptions = {
  readonly open: OpenSocket;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: ShardEvents;
  /** Resume where everybody connects. */
  readonly frontDoorOnly: boolean;
};

export class ShardStrategy implements IShardingStrategy {
  readonly #manager: WebSocketManager;
  readonly #options: StrategyOptions;
  readonly #shards = new Map<number, Shard>();
  #destroyed = false;
  #gatewayUrl = "";
  #throttler: Promise<IIdentifyThrottler> | null = null;

  constructor(manager: WebSocketManager, options: StrategyOptions) {
    this.#manager = manager;
    this.#options = options;
  }

  /** Creates these shards and starts them; those that exist are left alone. */
  async spawn(shardIds: readonly number[]): Promise<void> {
    const information = await this.#manager.fetchGatewayInformation();
    const shards = this.#manager.options.shardCount ?? information.shards;
    this.#gatewayUrl = information.url;
    for (const id of shardIds) {
      if (this.#shards.has(id)) continue;
      const resume = await this.#retrieve(id, shards);
      if (this.#shards.has(id) || this.#destroyed) continue;
      const shard = this.#create(id, shards, resume);
      this.#shards.set(id, shard);
      shard.start();
    }
  }

  /** `spawn` started them already. */
  connect(): void {}

  destroy(options: Omit<WebSocketShardDestroyOptions, "recover"> = {}): void {
    this.#destroyed = true;
    for (const id of [...this.#shards.keys()]) this.remove(id, options.code);
  }

  /** Ends one shard; its session stays resumable unless `code` is 1000. */
  remove(id: number, code: number = CLOSE_RESUMABLE): void {
    this.#shards.get(id)?.stop(code);
    this.#shards.delete(id);
  }

  send(shardId: number, payload: GatewaySendPayload): void {
    this.shard(shardId)?.send(payload);
  }

  fetchStatus(): Collection<number, WebSocketShardStatus> {
    return new Collection([...this.#shards].map(([id, shard]) => [id, STATUS[shard.state().phase]]));
  }

  shard(id: number): Shard | null {
    return this.#shards.get(id) ?? null;
  }

  all(): IterableIterator<Shard> {
    return this.#shards.values();
  }

  /** The newest address; asking for it here makes sure that the next attempt knows of a change. */
  #url(): string {
    this.#manager.fetchGatewayInformation().then(
      ({ url }) => {
        this.#gatewayUrl = url;
      },
      () => {},
    );
    return this.#gatewayUrl;
  }

  #create(shard: number, shards: number, resume: SessionRecord | null): Shard {
    const { options, token } = this.#manager;
    const { open, clock, logger, events, frontDoorOnly } = this.#options;
    const { os, browser, device } = options.identifyProperties;
    return createShard({
      session: {
        shard,
        shards,
        token,
        intents: options.intents,
        gatewayUrl: () => this.#url(),
        frontDoorOnly,
        properties: { os, browser, device },
        largeThreshold: options.largeThreshold,
        presence: options.initialPresence,
        resume,
      },
      open,
      clock,
      logger,
      events,
      permit: (id, signal) => this.#permit(id, signal),
      remember: (session) => this.#remember(shard, shards, session),
    });
  }

  async #permit(shard: number, signal: AbortSignal): Promise<Permit> {
    this.#throttler ??= Promise.resolve(this.#manager.options.buildIdentifyThrottler(this.#manager));
    try {
      await (await this.#throttler).waitForIdentify(shard, signal);
      return { granted: true };
    } catch (error) {
      if (!(error instanceof IdentifyRefused)) throw error;
      return { granted: false, retryAtMs: error.retryAtMs, reason: error.message, waitsFor: error.waitsFor };
    }
  }

  async #retrieve(shard: number, shards: number): Promise<SessionRecord | null> {
    const kept = await this.#manager.options.retrieveSessionInfo(shard);
    if (kept === null || kept.shardCount !== shards) return null;
    return { id: kept.sessionId, resumeUrl: kept.resumeURL, seq: kept.sequence };
  }

  #remember(shardId: number, shardCount: number, session: SessionRecord | null): void {
    void this.#manager.options.updateSessionInfo(
      shardId,
      session && { shardId, shardCount, sessionId: session.id, resumeURL: session.resumeUrl, sequence: session.seq },
    );
  }
}

const STATUS: Record<Phase, WebSocketShardStatus> = {
  idle: WebSocketShardStatus.Idle,
  waiting: WebSocketShardStatus.Idle,
  stopped: WebSocketShardStatus.Idle,
  connecting: WebSocketShardStatus.Connecting,
  greeting: WebSocketShardStatus.Connecting,
  queued: WebSocketShardStatus.Connecting,
  identifying: WebSocketShardStatus.Connecting,
  resuming: WebSocketShardStatus.Resuming,
  live: WebSocketShardStatus.Ready,
};
