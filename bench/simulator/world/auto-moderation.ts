/**
 * What Discord tells a bot of its own AutoMod: an event for each action of the rule, without a number or a time.
 * https://discord.com/developers/docs/events/gateway-events#auto-moderation-action-execution
 */
import { AutoModerationActionType, AutoModerationRuleTriggerType } from "discord-api-types/v10";
import { emit, type Guild, type Id, type World } from "../world.ts";

export type AutoModActions = readonly ("blocked" | "alerted" | "timed-out")[];

const TYPES = {
  blocked: AutoModerationActionType.BlockMessage,
  alerted: AutoModerationActionType.SendAlertMessage,
  "timed-out": AutoModerationActionType.Timeout,
} as const;

export function autoModerated(
  world: World,
  guild: Guild,
  by: {
    readonly channelId: Id;
    readonly userId: Id;
    readonly content: string;
    readonly keyword: string;
    readonly did: AutoModActions;
    /** Null: it was blocked. */
    readonly messageId: Id | null;
  },
): void {
  for (const did of by.did) {
    emit(world, {
      t: "AUTO_MODERATION_ACTION_EXECUTION",
      guildId: guild.id,
      d: {
        guild_id: guild.id,
        action: { type: TYPES[did], metadata: did === "timed-out" ? { duration_seconds: 60 } : {} },
        rule_id: world.ids.named(`auto-moderation:${guild.id}`),
        rule_trigger_type: AutoModerationRuleTriggerType.Keyword,
        user_id: by.userId,
        channel_id: by.channelId,
        ...(by.messageId === null ? {} : { message_id: by.messageId }),
        content: by.content,
        matched_keyword: by.keyword,
        matched_content: by.keyword,
      },
    });
  }
}
