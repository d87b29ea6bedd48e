/** One row of a server's record of changes, if it is a change of settings: what can be put back. */
import { isSettingsRow } from "../../src/settings/differences.ts";
import type { AuditRow } from "../../src/store/ports/guilds.ts";
import type { GuildVisit } from "../visit.ts";

/** Null for what is no such row of this server. */
export async function settingsRow({ guild, services }: GuildVisit, typed: string): Promise<AuditRow | null> {
  if (!/^\d{1,15}$/.test(typed)) return null;
  const id = Number(typed);
  // The newest before the one after it: that one, or another where it is not this server's.
  const [row] = await services.store.guilds.audit(guild.guild, 1, String(id + 1));
  return row !== undefined && row.id === String(id) && isSettingsRow(row) ? row : null;
}
