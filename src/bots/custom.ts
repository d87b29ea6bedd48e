/**
 * Bots that admins bring with an application of their own: looked at with Discord first, then kept with the token sealed.
 * Between the two steps the token travels through the page sealed too, bound to the guild, the application and its key, so
 * that no page ever holds it in the clear and a sealed one fits nothing else.
 */
import { registerCommands } from "../ask.ts";
import type { Bus } from "../bus.ts";
import type { Config } from "../config.ts";
import { type Sealer, tokenRow } from "../crypto.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { isUsableKey } from "../signature.ts";
import type { Store } from "../store.ts";

export type CustomBotForm = { readonly application: string; readonly publicKey: string; readonly token: string };

export type CustomBotProblem =
  | "application"
  | "public-key"
  | "token"
  | "token-refused"
  | "other-application"
  | "other-key"
  | "unreachable"
  | "shared"
  | "taken"
  | "expired";

/** The application and bot user behind a token, for the question "is this it?". */
export type CheckedBot = {
  readonly application: ApplicationId;
  readonly publicKey: string;
  readonly name: string;
  readonly messageContentIntent: boolean;
  readonly guildMembersIntent: boolean;
  /** The token, for the next step alone. */
  readonly pending: string;
};

export type CustomBots = {
  check(guild: GuildId, form: CustomBotForm): Promise<CheckedBot | { readonly problem: CustomBotProblem }>;
  /** Keeps what was checked and tells Discord its commands; a guild has one at most: another replaces it. */
  save(
    guild: GuildId,
    checked: Omit<CheckedBot, "messageContentIntent" | "guildMembersIntent">,
  ): Promise<CustomBotProblem | null>;
  /** Makes the guild its own bot's where that is in it by now. With a gateway this happens by itself when it joins. */
  takeOver(guild: GuildId): Promise<void>;
  /** Forgets the token; settings, knowledge and conversations are the guild's and stay. */
  remove(guild: GuildId): Promise<void>;
};

const NAME_CHARS_MAX = 100;

export function createCustomBots(ports: {
  readonly config: Pick<Config, "discord">;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly logger: Logger;
  readonly bus: Pick<Bus, "publish">;
  /** Discord by a token that is not kept yet. */
  readonly discordBy: (application: ApplicationId, token: string) => Discord & { close(): void };
}): CustomBots {
  const { config, sealer, logger, bus, discordBy } = ports;
  const { bots, guilds } = ports.store;
  const pendingRow = (guild: GuildId, application: string, publicKey: string) =>
    `guilds/${guild}/bots/${application}/${publicKey}`;

  async function ask(application: ApplicationId, token: string) {
    const discord = discordBy(application, token);
    try {
      return await discord.directory.about();
    } finally {
      discord.close();
    }
  }

  /** Is the bot in the guild, as Discord says? Unknown counts as no. */
  async function isIn(guild: GuildId, discord: Discord): Promise<boolean> {
    try {
      return (await discord.directory.guild(guild)) !== null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return false;
    }
  }

  async function handOver(guild: GuildId, application: ApplicationId, discord: Discord): Promise<void> {
    const row = await guilds.get(guild);
    if (row === null || row.application === application || !(await isIn(guild, discord))) return;
    await guilds.handOver(guild, application);
    await bus.publish({ type: "guild-changed", guild });
  }

  return {
    async takeOver(guild) {
      const own = await bots.ofGuild(guild);
      if (own?.tokenSealed == null) return;
      const discord = discordBy(own.application, sealer.open(own.tokenSealed, tokenRow(own.application)));
      try {
        await handOver(guild, own.application, discord);
      } finally {
        discord.close();
      }
    },

    async check(guild, form) {
      const token = form.token.replace(/^Bot /, "");
      const publicKey = form.publicKey.toLowerCase();
      if (!/^\d{15,20}$/.test(form.application)) return { problem: "application" };
      if (!/^[0-9a-f]{64}$/.test(publicKey) || !isUsableKey(publicKey)) return { problem: "public-key" };
      if (token.length < 20 || token.length > 200 || !/^[\w.-]+$/.test(token)) return { problem: "token" };
      const application = form.application as ApplicationId;
      const known = await bots.get(application);
      if (known?.shared === true || config.discord.applicationId === application) return { problem: "shared" };
      if (known !== null && known.guild !== guild) return { problem: "taken" };
      try {
        const about = await ask(application, token);
        if (about.id !== application) return { problem: "other-application" };
        if (about.publicKey !== publicKey) return { problem: "other-key" };
        return {
          application,
          publicKey,
          name: about.name.slice(0, NAME_CHARS_MAX),
          messageContentIntent: about.messageContentIntent,
          guildMembersIntent: about.guildMembersIntent,
          pending: sealer.seal(token, pendingRow(guild, application, publicKey)),
        };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.kind === "unauthorized" || error.kind === "forbidden") return { problem: "token-refused" };
        logger.info({ guild, reason: error.kind }, "custom-bot-unchecked");
        return { problem: "unreachable" };
      }
    },

    async save(guild, { application, publicKey, name, pending }) {
      let token: string;
      try {
        token = sealer.open(pending, pendingRow(guild, application, publicKey));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return "expired";
      }
      const before = await bots.ofGuild(guild);
      const tokenSealed = sealer.seal(token, tokenRow(application));
      const row = {
        application,
        guild,
        shared: false,
        publicKey,
        tokenSealed,
        name,
        commandsHash: null,
        commandsRefused: null,
      };
      if (!(await bots.save(row))) return "taken";
      if (before !== null && before.application !== application) await bots.remove(guild, before.application);
      await bus.publish({ type: "bots-changed", application });
      const discord = discordBy(application, token);
      try {
        await handOver(guild, application, discord);
        await registerCommands(application, { store: ports.store, logger, discord: () => discord });
      } catch (error) {
        // The process that runs this bot tells them again.
        if (!(error instanceof AppError)) throw error;
        logger.warn({ guild, application, reason: error.kind }, "commands-unregistered");
      } finally {
        discord.close();
      }
      return null;
    },

    async remove(guild) {
      const known = await bots.ofGuild(guild);
      if (known === null || !(await bots.remove(guild, known.application))) return;
      const shared = (await bots.list()).find((bot) => bot.shared);
      if (shared !== undefined && (await guilds.get(guild))?.application === known.application) {
        await guilds.handOver(guild, shared.application);
        await bus.publish({ type: "guild-changed", guild });
      }
      await bus.publish({ type: "bots-changed", application: known.application });
    },
  };
}
