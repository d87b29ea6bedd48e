/**
 * The guild that a command is about: the one it was used in, which without a gateway nobody announced; of a direct message, the
 * one where this member last spoke with the bot, or the only one there is.
 */
import { AppError } from "../errors.ts";
import type { Home } from "../home-guild.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Services } from "../services.ts";
import type { Settings } from "../settings/held.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CommandTask } from "./task.ts";

const NAME_MS_MAX = 1_500;

/** Null where a direct message does not tell, or the guild is another application's. Throws what the store throws. */
export function createGuildOf(
  services: Services,
  { settings, home }: { readonly settings: Settings; readonly home: Home },
): (task: CommandTask) => Promise<GuildRow | null> {
  const { clock, logger, store } = services;
  const joining = new Map<GuildId, Promise<GuildRow>>();

  async function guildOf(task: CommandTask): Promise<GuildRow | null> {
    const { application, interaction } = task;
    const { guildId } = interaction;
    if (guildId === null) return await home.find(application, interaction.user.id);
    const row = await settings.load(guildId);
    // A guild is one application's. Whose key signs a command speaks for its own guilds, and takes none over.
    if (row !== null && row.application !== application) return null;
    const met = row !== null && row.leftAtMs === null ? row : await joinUnannounced(task, guildId);
    return met.application === application ? met : null;
  }

  /** Without a gateway nobody announced it, and an interaction does not say its name. */
  function joinUnannounced({ application, interaction }: CommandTask, guild: GuildId): Promise<GuildRow> {
    const known = joining.get(guild);
    if (known !== undefined) return known;
    const joined = nameOf(application, guild)
      .then((name) =>
        store.guilds.meet(guild, application, name ?? (interaction.guildName || guild), interaction.guildLocale),
      )
      .then((row) => {
        settings.put(row);
        return row;
      })
      .finally(() => joining.delete(guild));
    joining.set(guild, joined);
    return joined;
  }

  /** Null where this process has no token for the bot, or Discord takes long: an answer is not kept waiting for it. */
  async function nameOf(application: ApplicationId, guild: GuildId): Promise<string | null> {
    const late = Promise.withResolvers<null>();
    const timer = clock.after(NAME_MS_MAX, () => late.resolve(null));
    const asked = services.discord(application).directory.guild(guild);
    try {
      return (await Promise.race([asked, late.promise]))?.name ?? null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ guild, reason: error.kind }, "guild-name-unknown");
      return null;
    } finally {
      timer.cancel();
      asked.catch(() => undefined);
    }
  }

  return guildOf;
}
