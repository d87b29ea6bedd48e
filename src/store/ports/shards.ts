/** Shard leases, sessions and the ledger of IDENTIFYs. */
import type { ApplicationId } from "../../ids.ts";

export type ShardRow = {
  readonly application: ApplicationId;
  readonly shard: number;
  readonly shards: number;
  readonly holder: string | null;
  /** Grows with every change of holder; a write under an older fence is refused. */
  readonly fence: number;
  readonly untilMs: number;
  readonly session: {
    readonly id: string;
    readonly resumeUrl: string;
    readonly settled: number;
    /** What it was identified for; null: nobody wrote it down. A resumed session hears no more than that. */
    readonly intents: number | null;
  } | null;
};

export type ShardsStore = {
  /** Takes a free or expired shard, or renews one's own; null while another holds it. A new holder has a new fence. */
  lease(
    application: ApplicationId,
    shard: number,
    shards: number,
    holder: string,
    ttlMs: number,
  ): Promise<ShardRow | null>;
  /** Renews those of `shards` that are still the holder's, run out or not, and answers which: the others have another holder, or none. */
  renew(
    application: ApplicationId,
    shards: readonly number[],
    total: number,
    holder: string,
    ttlMs: number,
  ): Promise<ReadonlySet<number>>;
  release(application: ApplicationId, shard: number, holder: string, fence: number): Promise<void>;
  /** False when `fence` is no longer the newest. */
  saveSession(application: ApplicationId, shard: number, fence: number, session: ShardRow["session"]): Promise<boolean>;
  /** Says that a gateway is there for `ttlMs`, and answers how many are, this one included. */
  present(application: ApplicationId, holder: string, ttlMs: number): Promise<number>;
  /** It takes part no more. */
  absent(application: ApplicationId, holder: string): Promise<void>;
  /**
   * Counts an IDENTIFY in the ledger before it is sent, and answers null. Where `max` were counted since `sinceMs` it is not counted:
   * the answer is when the oldest of the last `max` was, which has to lie before the window first.
   */
  countIdentify(application: ApplicationId, shard: number, sinceMs: number, max: number): Promise<number | null>;
  /**
   * Takes the next turn of `key` (shard % max_concurrency) among all processes: in how many ms it is, 0 for now. Turns are
   * `paceMs` apart by the store's clock; one that is not used is lost.
   */
  takeIdentifyTurn(application: ApplicationId, key: number, paceMs: number): Promise<number>;
  /** Forgets leases, sessions and the ledger of a bot whose Discord is a new one: the demo's. */
  forget(application: ApplicationId): Promise<void>;
  list(application?: ApplicationId): Promise<readonly ShardRow[]>;
};
