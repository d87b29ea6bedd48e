/**
 * /ask, "Ask AI about this", /forget and the buttons under an answer: one handler for the gateway and for the interactions
 * endpoint, which needs no gateway at all.
 *
 * `handle` gives the first response at once (a deferral, within Discord's 3 s) and the work that follows it: the answer is
 * edited in, long ones go on as follow-ups. A follow-up whose fate is unknown is never sent again: the original then says so.
 */

import { ASK, ASK_ABOUT, commands, commandsHash, FORGET } from "./ask/commands.ts";
import { type Interaction, readInteraction } from "./ask/interaction.ts";
import type { Discord, InteractionResponse, Outgoing } from "./discord.ts";
import { AppError } from "./errors.ts";
import { type ChannelSettings, settingsIn } from "./guilds.ts";
import { createHome } from "./home.ts";
import { hotKey } from "./hot.ts";
import { languageFor, type Words, words } from "./i18n.ts";
import { languageOf } from "./language.ts";
import { createMemory, MEMORY_MS, type Memory } from "./memory.ts";
import type { ApplicationId, GuildId, MessageId } from "./message.ts";
import { questionOf } from "./question.ts";
import { createRecorder, type Outcome, outcome } from "./record.ts";
import { type Response, respond } from "./respond.ts";
import type { Services } from "./services.ts";
import { createSettings, type Settings } from "./settings.ts";
import type { ConversationRow, GuildRow, TurnRow } from "./store.ts";
import { speaker } from "./takeover.ts";
import { createTurnstile, type Turnstile } from "./turnstile.ts";

export type Ask = {
  /** Never throws; null for what is no interaction at all. `name` is what to call the bot in an answer. */
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
  /** What follows the response, where something does: to be run once the response is on its way. Never throws. */
  readonly work: (() => Promise<Outcome>) | null;
};

const ANSWER_MS_MAX = 12_000;
/** What an answer gets at least, where it waited long for its turn. */
const ANSWER_MS_MIN = 4_000;
/** Settings that take longer are not waited for: the deferral comes first. */
const SETTINGS_MS_MAX = 800;
/** An interaction's token lives so long; within it the same id is the same interaction. */
const INTERACTION_MS = 15 * 60_000;

const EPHEMERAL = true;

type Task = {
  readonly application: ApplicationId;
  readonly interaction: Interaction;
  readonly receivedAtMs: number;
  readonly botName: string;
  readonly ephemeral: boolean;
};

export function createAsk(
  services: Services,
  shared: { readonly settings?: Settings; readonly memory?: Memory; readonly turnstile?: Turnstile } = {},
): Ask {
  const { clock, logger, store, hot } = services;
  const settings = shared.settings ?? createSettings(services);
  const memory = shared.memory ?? createMemory(hot);
  const turnstile = shared.turnstile ?? createTurnstile();
  const recorder = createRecorder(services);
  const home = createHome({ ...services, settings });

  async function handle(by: AskedBy): Promise<Asked | null> {
    const interaction = readInteraction(by.data, { ask: ASK, forget: FORGET, askAbout: ASK_ABOUT });
    if (interaction === null) return null;
    const { does } = interaction;
    const said = words(languageFor(interaction.locale, interaction.guildLocale)).bot;
    const task = { ...by, interaction, botName: by.botName ?? "Gatehouse", ephemeral: EPHEMERAL };
    if (does.kind === "ping") return { response: { type: "pong" }, work: null };
    if (does.kind === "other") return at(privately(said.unknownCommand));
    if (does.kind === "feedback") {
      return { response: privately(said.thanks), work: () => settled(task, () => feedback(task, does)) };
    }
    if (does.kind === "forget")
      return { response: { type: "defer", ephemeral: EPHEMERAL }, work: () => settled(task, () => forget(task)) };

    const row = await settingsSoon(interaction.guildId);
    const inForce = row === null ? null : inForceFor(interaction, row);
    if (inForce?.mode === "off") return at(privately(said.off));
    if (does.question.trim() === "") return at(privately(said.nothingToAsk));
    const ephemeral = does.kind === "ask" && does.private;
    const whose = interaction.guildId ?? interaction.user.id;
    return {
      response: { type: "defer", ephemeral },
      work: () =>
        settled({ ...task, ephemeral }, () => turnstile.pass(whose, () => answerIt({ ...task, ephemeral }, does))),
    };
  }

  /** Whatever is thrown ends here: as an outcome, and as a line in the place of the answer. */
  async function settled(task: Task, run: () => Promise<Outcome>): Promise<Outcome> {
    const { application, interaction } = task;
    let result: Outcome;
    let cause: unknown;
    try {
      result = (await claimed(interaction.id)) ? await run() : outcome("dropped", "duplicate", since(task));
    } catch (error) {
      cause = error;
      result = outcome("failed", error instanceof AppError ? error.kind : "bug", since(task));
      if (interaction.does.kind !== "feedback") await apologise(task);
    }
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

  async function claimed(id: string): Promise<boolean> {
    try {
      return await hot.claim(hotKey("global", "interaction", id), clock.id(), INTERACTION_MS);
    } catch (error) {
      // Without hot state a repeated delivery is still stopped by its effect's key.
      if (!(error instanceof AppError)) throw error;
      return true;
    }
  }

  async function answerIt(task: Task, does: Extract<Interaction["does"], { question: string }>): Promise<Outcome> {
    const { interaction } = task;
    const row = await guildOf(task);
    if (row === null) return await say(task, "ask-in-server", wordsFor(task, null, "").askInServer);
    const inForce = inForceFor(interaction, row);
    const question = questionOf({ content: does.question }, []);
    const said = wordsFor(task, row, question);
    if (inForce.mode === "off") return await say(task, "mode-off", said.off);

    const conversation = await openConversation(task, row);
    if (speaker(conversation.takeover, clock.now()) !== "bot")
      return await leaveToAgent(task, row, conversation, question);
    const { id, name } = interaction.user;
    const channel = channelOf(interaction);
    const response = await respond(
      {
        guild: row.guild,
        question,
        history: await orElse(memory.history(row.guild, channel, id), []),
        channel: inForce.awareness ? await orElse(memory.window(row.guild, channel, clock.now()), []) : [],
        settings: row.settings,
        botName: task.botName,
        locale: interaction.locale,
        deadlineAtMs: Math.max(task.receivedAtMs + ANSWER_MS_MAX, clock.now() + ANSWER_MS_MIN),
      },
      services,
    );
    const begun = await store.effects.begin(row.guild, `ask:${task.application}:${interaction.id}`, conversation.id);
    if (begun.state === "held") return await leaveToAgent(task, row, conversation, question);
    if (begun.state === "done") return outcome("answered", "already-answered", since(task), response.spent);

    const message = await deliver(task, row, response);
    await store.effects.finish(`ask:${task.application}:${interaction.id}`, { message });
    const reason = response.kind === "known" ? does.kind : response.kind;
    const result = outcome("answered", reason, since(task), response.spent);
    await keep(task, row, conversation, question, { ...response, message }, result);
    // What was asked in private must not turn up in a public answer later.
    if (!task.ephemeral && response.kind === "known") {
      const turns = [
        { role: "member", author: name, text: question },
        { role: "bot", author: task.botName, text: response.text },
      ] as const;
      await orElse(memory.remember(row.guild, channel, id, turns, task.receivedAtMs), undefined);
    }
    return result;
  }

  /** The id of the last part, which has the buttons. */
  async function deliver(task: Task, row: GuildRow, response: Response): Promise<MessageId> {
    const { interactions } = discordOf(task);
    const { token } = task.interaction;
    const outgoing = response.parts.map((content, place): Outgoing => {
      const last = place === response.parts.length - 1;
      const buttons = last && response.kind === "known" ? { buttons: feedbackButtons(row.guild, response.words) } : {};
      return { content, suppressEmbeds: true, ...buttons };
    });
    const [first = { content: response.words.notInKnowledge }, ...others] = outgoing;
    let message = await interactions.edit(token, first);
    for (const part of others) message = await interactions.follow(token, part, task.ephemeral);
    return message;
  }

  async function say(task: Task, reason: string, line: string): Promise<Outcome> {
    await discordOf(task).interactions.edit(task.interaction.token, { content: line });
    return outcome("answered", reason, since(task));
  }

  async function leaveToAgent(
    task: Task,
    row: GuildRow,
    conversation: ConversationRow,
    question: string,
  ): Promise<Outcome> {
    const said = wordsFor(task, row, question);
    await discordOf(task).interactions.edit(task.interaction.token, { content: said.agentHolds });
    const result = outcome("left-to-agent", "agent-holds", since(task));
    await keep(task, row, conversation, question, null, result);
    return result;
  }

  async function apologise(task: Task): Promise<void> {
    try {
      const content = wordsFor(task, null, "").failed;
      await discordOf(task).interactions.edit(task.interaction.token, { content });
    } catch (error) {
      logger.warn({ interaction: task.interaction.id, error }, "apology-failed");
    }
  }

  async function feedback(task: Task, does: Extract<Interaction["does"], { kind: "feedback" }>): Promise<Outcome> {
    const known = does.guild !== null && (await store.conversations.feedback(does.guild, does.message, does.value));
    return outcome("cleared", known ? `feedback-${does.value}` : "feedback-unknown", since(task));
  }

  async function forget(task: Task): Promise<Outcome> {
    const row = await guildOf(task);
    if (row !== null) await memory.forget(row.guild, task.interaction.user.id, clock.now());
    await discordOf(task).interactions.edit(task.interaction.token, { content: wordsFor(task, row, "").forgotten });
    return outcome("cleared", "forgotten", since(task));
  }

  /** The guild it was asked in; of a direct message, the one where this member last spoke with the bot, or the only one. */
  async function guildOf({ application, interaction }: Task): Promise<GuildRow | null> {
    const { guildId } = interaction;
    if (guildId !== null) {
      const row = await settings.load(guildId);
      if (row !== null && row.leftAtMs === null) return row;
      // Without a gateway nobody announced it.
      const joined = await store.guilds.join(
        guildId,
        application,
        interaction.guildName || guildId,
        interaction.guildLocale,
      );
      settings.put(joined);
      return joined;
    }
    return await home.find(application, interaction.user.id);
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

  function openConversation({ interaction }: Task, row: GuildRow): Promise<ConversationRow> {
    const who = {
      channel: channelOf(interaction),
      channelName: interaction.channelName,
      member: interaction.user.id,
      memberName: interaction.user.name,
    };
    return store.conversations.open(row.guild, who, MEMORY_MS);
  }

  async function keep(
    task: Task,
    row: GuildRow,
    conversation: ConversationRow,
    question: string,
    response: (Response & { readonly message: MessageId }) | null,
    result: Outcome,
  ): Promise<void> {
    const { interaction, application, botName } = task;
    const base = { message: null, sources: [], outcome: null };
    const turns: Omit<TurnRow, "id" | "feedback">[] = [
      { ...base, role: "member", author: interaction.user.name, text: question, atMs: task.receivedAtMs },
    ];
    if (response !== null) {
      const { text, sources, message } = response;
      turns.push({ ...base, message, role: "bot", author: botName, text, atMs: clock.now(), sources, outcome: result });
    }
    const { tokensIn, tokensOut, costUsd } = result;
    const usage =
      response?.kind === "known" ? ({ kind: "answer", count: 1, tokensIn, tokensOut, costUsd } as const) : null;
    try {
      await recorder.keep(row.guild, {
        trigger: `${application}:${interaction.id}`,
        conversation: conversation.id,
        channel: channelOf(interaction),
        turns,
        outcome: result,
        usage,
      });
    } catch (error) {
      logger.error({ guild: row.guild, interaction: interaction.id, error }, "exchange-unrecorded");
    }
  }

  async function orElse<T>(call: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ reason: error.kind }, "memory-away");
      return otherwise;
    }
  }

  const discordOf = ({ application }: Task): Discord => services.discord(application);
  const since = (task: Task): number => clock.now() - task.receivedAtMs;

  return { handle };
}

/** Tells Discord of the commands if it does not know them in this form yet. */
export async function registerCommands(
  application: ApplicationId,
  services: Pick<Services, "store" | "discord" | "logger">,
): Promise<"registered" | "known"> {
  const hash = commandsHash();
  const bot = await services.store.bots.get(application);
  if (bot?.commandsHash === hash) return "known";
  await services.discord(application).interactions.register(commands);
  await services.store.bots.setCommandsHash(application, hash);
  services.logger.info({ application }, "commands-registered");
  return "registered";
}

/** 👍 and 👎; the guild goes along, since a direct message has none. */
export function feedbackButtons(guild: GuildId, said: Words["bot"]): NonNullable<Outgoing["buttons"]> {
  return [
    { id: `feedback:up:${guild}`, emoji: "👍", label: said.helpful },
    { id: `feedback:down:${guild}`, emoji: "👎", label: said.notHelpful },
  ];
}

function at(response: InteractionResponse): Asked {
  return { response, work: null };
}

function privately(content: string): InteractionResponse {
  return { type: "message", message: { content }, ephemeral: EPHEMERAL };
}

function wordsFor({ interaction }: Task, row: GuildRow | null, question: string): Words["bot"] {
  const own = languageOf(question);
  return words(languageFor(own === "und" ? null : own, interaction.locale, row?.settings.language)).bot;
}

/** A direct message has a channel too; an interaction without one keeps its talk under the member. */
function channelOf(interaction: Interaction) {
  return interaction.channelId ?? (interaction.user.id as string as NonNullable<Interaction["channelId"]>);
}

function inForceFor(interaction: Interaction, row: GuildRow): ChannelSettings {
  return settingsIn(row.settings, channelOf(interaction), interaction.parentId);
}
