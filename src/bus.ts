/**
 * Port: news between web and workers. News only says that something changed; a listener reads the change itself from the store.
 *
 * News arrives at most once, in order for each publisher. A listener that missed news corrects itself when its copy expires (settings
 * are read again after 30 s at the latest). Implementations: bus/redis, bus/memory, bus/worker-door.
 */
import type { ApplicationId, ChannelId, GuildId, UserId } from "./ids.ts";

export type News =
  | { readonly type: "guild-changed"; readonly guild: GuildId }
  /** A plan or an account, or whose a guild is. */
  | { readonly type: "account-changed"; readonly account: string }
  | { readonly type: "knowledge-changed"; readonly guild: GuildId }
  /** Somebody asked not to be read any more, or to be read again. */
  | { readonly type: "opt-outs-changed" }
  | { readonly type: "bots-changed"; readonly application: ApplicationId }
  | { readonly type: "conversation-changed"; readonly guild: GuildId; readonly conversation: string }
  /** Somebody looks at this guild's live pages (null: at every guild's); said again while they do. */
  | { readonly type: "live-watched"; readonly guild: GuildId | null }
  /** Only of guilds that are watched; null: in a direct message. */
  | {
      readonly type: "member-typing";
      readonly guild: GuildId | null;
      readonly channel: ChannelId;
      readonly member: UserId;
    }
  | {
      readonly type: "takeover-changed";
      readonly guild: GuildId;
      readonly channel: ChannelId;
      readonly conversation: string;
    }
  /** A person signed out, or a role of theirs changed: their open pages check again whether they may be seen. */
  | { readonly type: "access-changed"; readonly person: string }
  | { readonly type: "case-added"; readonly guild: GuildId; readonly case: string }
  | { readonly type: "job-progressed"; readonly guild: GuildId; readonly job: string }
  /** An admin stopped an import or a crawl, in whichever process it runs. */
  | { readonly type: "job-cancelled"; readonly guild: GuildId; readonly source: string; readonly name: string }
  /** Work for a job of this name is in the store: look now. */
  | { readonly type: "job-ordered"; readonly job: string }
  | { readonly type: "shard-changed"; readonly application: ApplicationId; readonly shard: number };

export type Bus = {
  publish(news: News): Promise<void>;
  /** Calls `listener` for all news until the returned function is called. A throwing listener is logged, not unsubscribed. */
  subscribe(listener: (news: News) => void): () => void;
  close(): Promise<void>;
};
