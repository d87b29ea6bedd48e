/**
 * Who did what, with the reason of `X-Audit-Log-Reason`; newest first, 45 days in Discord, here as long as the process.
 * https://discord.com/developers/docs/resources/audit-log
 */
import type { AuditLogEvent } from "discord-api-types/v10";
import { auditLogEntryPayload } from "../payloads.ts";
import { type AuditLogEntry, emit, type Guild, type Id, type Json, type World } from "../world.ts";

export type AuditDetails = {
  readonly actor: Id;
  readonly target: Id | null;
  readonly reason?: string | undefined;
  readonly changes?: readonly Json[] | undefined;
  readonly options?: Json | undefined;
};

export function audit(world: World, guild: Guild, actionType: AuditLogEvent, details: AuditDetails): AuditLogEntry {
  const entry: AuditLogEntry = {
    id: world.ids.next(),
    actionType,
    userId: details.actor,
    targetId: details.target,
    reason: details.reason,
    changes: details.changes,
    options: details.options,
  };
  guild.auditLog.unshift(entry);
  emit(world, {
    t: "GUILD_AUDIT_LOG_ENTRY_CREATE",
    guildId: guild.id,
    d: { ...auditLogEntryPayload(entry), guild_id: guild.id },
  });
  return entry;
}
