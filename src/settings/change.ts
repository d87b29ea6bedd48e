/**
 * Writes changed settings with their row in the record, and tells every process. Nothing is written where nothing differs, nor over
 * what somebody else saved since `guild` was read.
 */
import type { Bus } from "../bus.ts";
import type { GuildRow, GuildsStore } from "../store/ports/guilds.ts";
import { settingsChanges } from "./differences.ts";
import type { GuildSettings } from "./form.ts";

/** The record names what changed; a file may change hundreds of channels. */
const WHAT_CHARS_MAX = 2_000;

/** How many settings changed; null where the guild is no longer at the version that `guild` has. */
export async function changeSettings(
  ports: { readonly guilds: Pick<GuildsStore, "change">; readonly bus: Pick<Bus, "publish"> },
  guild: Pick<GuildRow, "guild" | "settings" | "version">,
  settings: GuildSettings,
  by: string,
): Promise<number | null> {
  const paths = settingsChanges(guild.settings, settings).map(({ path }) => path);
  if (paths.length === 0) return 0;
  const what = paths.join(" ");
  const whole = what.length <= WHAT_CHARS_MAX ? what : what.slice(0, what.lastIndexOf(" ", WHAT_CHARS_MAX));
  if ((await ports.guilds.change(guild.guild, settings, by, whole, guild.version)) === null) return null;
  await ports.bus.publish({ type: "guild-changed", guild: guild.guild });
  return paths.length;
}
