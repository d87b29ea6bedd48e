/** A guild's roles and channels as the rest of the house sees them; `readRole` and `readChannel` (payload.ts) make them. */
import type { ChannelId, RoleId, UserId } from "./ids.ts";

export type RoleView = {
  readonly id: RoleId;
  readonly name: string;
  readonly position: number;
  /** Discord's permission bits. */
  readonly permissions: bigint;
};

export type ChannelView = {
  readonly id: ChannelId;
  readonly name: string;
  readonly type: number;
  readonly parentId: ChannelId | null;
  /** For a thread: who opened it. */
  readonly ownerId: UserId | null;
  readonly overwrites: readonly {
    readonly id: string;
    readonly kind: "role" | "member";
    readonly allow: bigint;
    readonly deny: bigint;
  }[];
};
