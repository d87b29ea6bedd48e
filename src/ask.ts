/**
 * /ask, "Ask AI about this", /forget, /privacy and the buttons under an answer: one handler for the gateway and for the interactions
 * endpoint, which needs no gateway at all.
 *
 * `handle` gives the first response at once (a deferral, within Discord's 3 s) and the work that follows it: the answer is
 * edited in, long ones go on as follow-ups. A follow-up whose fate is unknown is never sent again: the original then says so.
 */

import { createAgents } from "./agents.ts";
import { createTurnstile, type Turnstile } from "./answer-queue.ts";
import { type Answered, type Answering, createAnswering } from "./answering.ts";
import { askingByCommand } from "./ask/asking.ts";
import { ASK, ASK_ABOUT, FORGET, PRIVACY, REPORT } from "./ask/commands.ts";
import { createDeliveries } from "./ask/deliveries.ts";
import { createGuildOf } from "./ask/home.ts";
import { type Interaction, readInteraction } from "./ask/interaction.ts";
import { appealForm, endRaidNow, inviteBack, reportMessage, sendAppeal, workOnCase } from "./ask/moderators.ts";
import { callPerson, takeOver } from "./ask/people.ts";
import { createPrivacyDesk, type PrivacyWish } from "./ask/privacy.ts";
import { type CommandTask, channelOf, commandSettings, wordsFor } from "./ask/task.ts";
import type { InteractionResponse } from "./discord.ts";
import { AppError } from "./errors.ts";
import { createHome } from "./home-guild.ts";
import { botLines } from "./i18n.ts";
import type { ApplicationId, GuildId } from "./ids.ts";
import { createMemory, type Memory } from "./memory.ts";
import { createPatience, type Patience } from "./patience.ts";
import { createRecorder, type Outcome, outcome } from "./record.ts";
import { inRequest } from "./request.ts";
import type { Services } from "./services.ts";
import { createSettings, type Settings } from "./settings/held.ts";
import type { GuildRow } from "./store/ports/guilds.ts";

export { createLeftCommands, type Identity, type LeftCommand } from "./ask/left-commands.ts";
export { registerCommands } from "./ask/register.ts";

export type Ask = {
  /** Never throws; null for a payload that is no interaction. `name`: the bot's name in an answer. */
  handle(asked: AskedBy): Promise<Asked | null>;
};

export type AskedBy = {
  readonly application: ApplicationId;
  /** The `d` of an INTERACTION_CREATE, or the parsed body of a webhook whose signature was right. */
  readonly data: unknown;
  readonly receivedAtMs: number;
  readonly botName?: string;
};

export type Asked = {
  readonly response: InteractionResponse;
  /** Work that follows the response, if any: run it once the response is on its way. Never throws. */
  readonly work: (() => Promise<Outcome>) | null;
};

/** Settings that take longer are not waited for: the deferral comes first. */
const SETTINGS_MS_MAX = 800;
/** An absent store is waited for so long, then the member is told to try again. */
const PATIENCE_MS = 8_000;

const EPHEMERAL = true;
const NAMES = { ask: ASK, forget: FORGET, privacy: PRIVACY, askAbout: ASK_ABOUT, report: REPORT };

type Question = Extract<Interaction["does"], { readonly question: string }>;

export function createAsk(
  services: Services,
  shared: {
    readonly settings?: Settings;
    readonly memory?: Memory;
    readonly turnstile?: Turnstile;
    readonly answering?: Answering;
  } = {},
): Ask {
  const { clock, logger, store, hot } = services;
  const settings = shared.settings ?? createSettings(services);
  const memory = shared.memory ?? createMemory(hot, logger);
  const turnstile = shared.turnstile ?? createTurnstile();
  /** Buttons and other commands have a line of their own: a person of the team does not wait behind questions. */
  const acts = createTurnstile();
  const answering = shared.answering ?? createAnswering(services, { memory });
  const deliveries = createDeliveries(services);
  const guildOf = createGuildOf(services, { settings, home: createHome({ ...services, settings }) });
  const patienceWith = createPatience(clock, logger, PATIENCE_MS);
  const privacyDesk = createPrivacyDesk(services, memory);
  const people = {
    services,
    recorder: createRecorder(services),
    agents: createAgents({ ...services, memory }),
    /** Of the application whose key signed the command: it speaks for its own guilds only. */
    load: async (application: ApplicationId, guild: GuildId) => {
      const row = await settings.load(guild);
      return row?.application === application ? row : null;
    },
  };

  async function handle(by: AskedBy): Promise<Asked | null> {
    const interaction = readInteraction(by.data, NAMES);
    if (interaction === null) return null;
    const { does } = interaction;
    const said = botLines(interaction.locale, interaction.guildLocale);
    const task = { ...by, interaction, botName: by.botName ?? "Gatehouse", ephemeral: EPHEMERAL };
    if (does.kind === "ping") return { response: { type: "pong" }, work: null };
    if (does.kind === "other") return at(privately(said.unknownCommand));
    if (does.kind === "feedback") {
      return {
        response: privately(does.value === "up" ? said.thanksUp : said.thanksDown),
        work: () => acted(task, () => feedback(task, does)),
      };
    }
    if (does.kind === "appeal-open") return at(appealForm(does, interaction.locale));
    if (does.kind === "invite-back")
      return {
        response: { type: "defer", ephemeral: EPHEMERAL },
        work: () => acted(task, () => inviteBack(task, does, people)),
      };
    if (does.kind === "case" || does.kind === "raid-end" || does.kind === "appeal" || does.kind === "report")
      return {
        response: { type: "defer", ephemeral: EPHEMERAL },
        work: () =>
          acted(task, () => {
            if (does.kind === "case") return workOnCase(task, does, people);
            if (does.kind === "raid-end") return endRaidNow(task, people);
            return does.kind === "appeal" ? sendAppeal(task, does, people) : reportMessage(task, does, people);
          }),
      };
    if (does.kind === "human")
      return {
        response: { type: "defer", ephemeral: EPHEMERAL },
        work: () => acted(task, () => callPerson(task, does, people)),
      };
    if (does.kind === "takeover")
      return {
        response: { type: "defer", ephemeral: EPHEMERAL },
        work: () => acted(task, () => takeOver(task, does, people)),
      };
    if (does.kind === "privacy")
      return {
        response: { type: "defer", ephemeral: EPHEMERAL },
        work: () => acted(task, () => onPrivacy(task, does.wish)),
      };
    if (does.kind === "forget")
      return { response: { type: "defer", ephemeral: EPHEMERAL }, work: () => acted(task, () => forget(task)) };

    const row = await settingsSoon(interaction.guildId);
    if (row !== null && row.application !== by.application) return at(privately(said.notSetUp));
    const inForce = row === null ? null : commandSettings(interaction, row);
    if (inForce?.mode === "off") return at(privately(said.off));
    if (does.question.trim() === "") return at(privately(said.nothingToAsk));
    const ephemeral = does.kind === "ask" && does.private;
    return {
      response: { type: "defer", ephemeral },
      work: () => inTurn(turnstile, { ...task, ephemeral }, () => answered({ ...task, ephemeral }, does)),
    };
  }

  const acted = (task: CommandTask, work: () => Promise<Answered>) => inTurn(acts, task, work);

  function inTurn(through: Turnstile, task: CommandTask, work: () => Promise<Answered>): Promise<Outcome> {
    const { guildId, user, token, does } = task.interaction;
    const turn = { guild: guildId ?? user.id, person: user.id, talk: `${channelOf(task.interaction)}:${user.id}` };
    return settled(task, async () => {
      const busy = through.full(turn);
      if (busy === null) return await through.pass(turn, work);
      const content = wordsFor(task, null, "question" in does ? does.question : "").refused[busy];
      // Under an answer's buttons stands the answer.
      if (does.kind !== "feedback") await discordOf(task).interactions.edit(token, { content });
      return { outcome: outcome("refused", busy, since(task)) };
    });
  }

  async function answered(task: CommandTask, does: Question): Promise<Answered> {
    const patience = patienceWith(task.interaction.guildId ?? task.interaction.user.id);
    const row = await patience.run(() => guildOf(task));
    const unread = await unreadWords(task, does, patience);
    if (unread !== null) {
      const content = wordsFor(task, row, does.question).privacy[unread];
      await discordOf(task).interactions.edit(task.interaction.token, { content });
      return { outcome: outcome("silent", "opted-out", since(task)) };
    }
    if (row === null && task.interaction.guildId !== null) {
      await discordOf(task).interactions.edit(task.interaction.token, {
        content: wordsFor(task, null, does.question).notSetUp,
      });
      return { outcome: outcome("refused", "another-application", since(task)) };
    }
    // The first response could not wait for this answer.
    if (row !== null && commandSettings(task.interaction, row).mode === "off") {
      await discordOf(task).interactions.edit(task.interaction.token, {
        content: wordsFor(task, row, does.question).off,
      });
      return { outcome: outcome("answered", "mode-off", since(task)) };
    }
    return await answering.answer(askingByCommand(task, does, row, patience, services));
  }

  /** A member who opted out gets no answer, and nobody gets an answer about that member's messages. */
  async function unreadWords({ application, interaction }: CommandTask, does: Question, patience: Patience) {
    await patience.run(() => services.optOuts.load());
    if (services.optOuts.has(application, interaction.user.id) === true) return "optedOut" as const;
    return does.kind === "ask-about" && services.optOuts.has(application, does.author) === true
      ? ("authorOptedOut" as const)
      : null;
  }

  /** Every error ends here: as an outcome, and as a line in place of the answer. */
  function settled(task: CommandTask, run: () => Promise<Answered>): Promise<Outcome> {
    return inRequest(task.interaction.id, () => settledInRequest(task, run));
  }

  async function settledInRequest(task: CommandTask, run: () => Promise<Answered>): Promise<Outcome> {
    const { application, interaction } = task;
    const delivery = await deliveries.take(interaction.id);
    const { outcome: result, cause } =
      delivery === null
        ? { outcome: outcome("dropped", "duplicate", since(task)), cause: undefined }
        : await run().catch((error: unknown) => {
            const reason = error instanceof AppError ? error.kind : "bug";
            return { outcome: outcome("failed", reason, since(task)), cause: error };
          });
    if (result.kind === "failed" && interaction.does.kind !== "feedback") await apologise(task);
    await delivery?.end();
    const level = result.kind === "failed" ? "warn" : "info";
    const fields = {
      application,
      guild: interaction.guildId,
      channel: interaction.channelId,
      interaction: interaction.id,
    };
    logger[level]({ ...fields, ...result, ...(cause === undefined ? {} : { error: cause }) }, "interaction-settled");
    return result;
  }

  async function apologise(task: CommandTask): Promise<void> {
    try {
      const content = wordsFor(task, null, "").failed;
      await discordOf(task).interactions.edit(task.interaction.token, { content });
    } catch (error) {
      logger.warn({ interaction: task.interaction.id, error }, "apology-failed");
    }
  }

  async function feedback(
    task: CommandTask,
    does: Extract<Interaction["does"], { kind: "feedback" }>,
  ): Promise<Answered> {
    const row = does.guild === null ? null : await settings.load(does.guild);
    const own = row !== null && row.application === task.application;
    const known = own && (await store.conversations.feedback(row.guild, does.message, does.value));
    return { outcome: outcome("cleared", known ? `feedback-${does.value}` : "feedback-unknown", since(task)) };
  }

  async function forget(task: CommandTask): Promise<Answered> {
    const row = await guildOf(task);
    if (row !== null) {
      await memory.forget(row.guild, task.interaction.user.id, clock.now());
      await store.retention.forgetMember(row.guild, task.interaction.user.id);
    }
    await discordOf(task).interactions.edit(task.interaction.token, { content: wordsFor(task, row, "").forgotten });
    return { outcome: outcome("cleared", "forgotten", since(task)) };
  }

  async function onPrivacy(task: CommandTask, wish: PrivacyWish): Promise<Answered> {
    const row = await guildOf(task);
    return await privacyDesk.answer(task, wish, row, wordsFor(task, row, ""));
  }

  async function settingsSoon(guild: GuildId | null): Promise<GuildRow | null> {
    if (guild === null) return null;
    const known = settings.peek(guild);
    if (known !== undefined) return known;
    const late = Promise.withResolvers<null>();
    const timer = clock.after(SETTINGS_MS_MAX, () => late.resolve(null));
    try {
      return await Promise.race([settings.load(guild), late.promise]);
    } catch (error) {
      logger.warn({ guild, error }, "settings-unread");
      return null;
    } finally {
      timer.cancel();
    }
  }

  const discordOf = ({ application }: CommandTask) => services.discord(application);
  const since = (task: CommandTask): number => clock.now() - task.receivedAtMs;

  return { handle };
}

function at(response: InteractionResponse): Asked {
  return { response, work: null };
}

function privately(content: string): InteractionResponse {
  return { type: "message", message: { content }, ephemeral: EPHEMERAL };
}
