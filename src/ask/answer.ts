/**
 * What follows a deferral: the guild, the conversation, the answer, its delivery and its record. Settles with the outcome;
 * throws where the member must be told to try again, and never after they have their answer.
 */
import type { Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import { exchangeOf, type Said } from "../exchange.ts";
import type { createHome } from "../home-guild.ts";
import { MEMORY_MS, type Memory } from "../memory.ts";
import type { ApplicationId, GuildId } from "../message.ts";
import { createPatience } from "../patience.ts";
import { questionOf } from "../question.ts";
import { createRecorder, type Outcome, outcome } from "../record.ts";
import { feedbackButtons } from "../reply.ts";
import { type Response, respond } from "../respond.ts";
import type { Services } from "../services.ts";
import type { Settings } from "../settings.ts";
import type { ConversationRow } from "../store/ports/conversations.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import { speaker } from "../takeover.ts";
import type { Interaction } from "./interaction.ts";
import { channelOf, deliver, inForceFor, type Task, wordsFor } from "./task.ts";

const ANSWER_MS_MAX = 12_000;
/** What an answer gets at least, where it waited long for its turn. */
const ANSWER_MS_MIN = 4_000;
/** An absent store is waited for so long, then the member is told to try again. */
const PATIENCE_MS = 8_000;
const NAME_MS_MAX = 1_500;

type Question = Extract<Interaction["does"], { readonly question: string }>;

export type Answerer = {
  answer(task: Task, does: Question): Promise<Outcome>;
  /** The guild that this is about; null where a direct message does not tell. */
  guildOf(task: Task): Promise<GuildRow | null>;
};

export function createAnswerer(
  services: Services,
  shared: { readonly settings: Settings; readonly memory: Memory; readonly home: ReturnType<typeof createHome> },
): Answerer {
  const { clock, logger, store } = services;
  const { settings, memory, home } = shared;
  const recorder = createRecorder(services);
  const { run: patiently } = createPatience(clock, logger, PATIENCE_MS);
  const joining = new Map<GuildId, Promise<GuildRow>>();
  const since = (task: Task): number => clock.now() - task.receivedAtMs;

  async function answer(task: Task, does: Question): Promise<Outcome> {
    const { application, interaction } = task;
    const row = await patiently(() => guildOf(task));
    if (row === null) return await say(task, "ask-in-server", wordsFor(task, null, "").askInServer);
    const question = questionOf({ content: does.question }, []);
    const said = wordsFor(task, row, question);
    // What was not known in time for the first response.
    if (inForceFor(interaction, row).mode === "off") return await say(task, "mode-off", said.off);

    const conversation = await patiently(() => openConversation(task, row));
    if (speaker(conversation.takeover, clock.now()) !== "bot")
      return await leaveToAgent(task, row, conversation, question);
    const response = await patiently(async () => await find(task, row, conversation, question));
    const key = `ask:${application}:${interaction.id}`;
    const begun = await patiently(() => store.outbox.begin(row.guild, key, conversation.id));
    if (begun.state === "held") return await leaveToAgent(task, row, conversation, question);
    if (begun.state === "done") return outcome("answered", "already-answered", since(task), response.spent);

    const message = await deliver(services.discord(application), task, outgoingOf(row, response));
    const result = outcome(...kindOf(response, does.kind), since(task), response.spent);
    const known = response.kind === "known";
    const turn = { ...response, name: task.botName, atMs: clock.now(), message, answer: known };
    await keep(
      task,
      row,
      conversation,
      question,
      turn,
      result,
      async () => void (await store.outbox.finish(row.guild, key, { message })),
    );
    // What was asked in private must not turn up in a public answer later.
    if (!task.ephemeral && known) await remember(task, row, question, response.text);
    return result;
  }

  async function find(task: Task, row: GuildRow, conversation: ConversationRow, question: string): Promise<Response> {
    const { interaction } = task;
    const channel = channelOf(interaction);
    const aware = inForceFor(interaction, row).awareness;
    return await respond(
      {
        guild: row.guild,
        question,
        history: () => memory.history(row.guild, channel, interaction.user.id),
        channel: async () => (aware ? await memory.window(row.guild, channel, clock.now()) : []),
        settings: row.settings,
        botName: task.botName,
        locale: interaction.locale,
        escalatedAtMs: conversation.escalatedAtMs,
        deadlineAtMs: Math.max(task.receivedAtMs + ANSWER_MS_MAX, clock.now() + ANSWER_MS_MIN),
      },
      services,
    );
  }

  async function say(task: Task, reason: string, line: string): Promise<Outcome> {
    await services.discord(task.application).interactions.edit(task.interaction.token, { content: line });
    return outcome("answered", reason, since(task));
  }

  async function leaveToAgent(
    task: Task,
    row: GuildRow,
    conversation: ConversationRow,
    question: string,
  ): Promise<Outcome> {
    const content = wordsFor(task, row, question).agentHolds;
    await services.discord(task.application).interactions.edit(task.interaction.token, { content });
    const result = outcome("left-to-agent", "agent-holds", since(task));
    await keep(task, row, conversation, question, null, result);
    return result;
  }

  /** The member has the answer: what cannot be written any more is only logged. */
  async function keep(
    task: Task,
    row: GuildRow,
    conversation: ConversationRow,
    question: string,
    said: Said | null,
    result: Outcome,
    finish?: () => Promise<void>,
  ): Promise<void> {
    const { interaction, application, receivedAtMs } = task;
    const occasion = {
      application,
      trigger: interaction.id,
      conversation: conversation.id,
      channel: channelOf(interaction),
      member: { name: interaction.user.name, text: question, atMs: receivedAtMs, message: null },
    };
    try {
      if (finish !== undefined) await patiently(finish);
      await patiently(() => recorder.keep(row.guild, exchangeOf(occasion, said, result)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.error({ guild: row.guild, interaction: interaction.id, error }, "exchange-unrecorded");
    }
  }

  function remember({ interaction, botName, receivedAtMs }: Task, row: GuildRow, question: string, text: string) {
    const { id, name } = interaction.user;
    const turns = [
      { role: "member", author: name, text: question },
      { role: "bot", author: botName, text },
    ] as const;
    return memory.remember(row.guild, channelOf(interaction), id, turns, receivedAtMs);
  }

  /** The guild it was asked in; of a direct message, the one where this member last spoke with the bot, or the only one. */
  async function guildOf(task: Task): Promise<GuildRow | null> {
    const { application, interaction } = task;
    const { guildId } = interaction;
    if (guildId === null) return await home.find(application, interaction.user.id);
    const row = await settings.load(guildId);
    return row !== null && row.leftAtMs === null ? row : await joinUnannounced(task, guildId);
  }

  /** Without a gateway nobody announced it, and an interaction does not say its name. */
  function joinUnannounced({ application, interaction }: Task, guild: GuildId): Promise<GuildRow> {
    const known = joining.get(guild);
    if (known !== undefined) return known;
    const joined = nameOf(application, guild)
      .then((name) =>
        store.guilds.join(guild, application, name ?? (interaction.guildName || guild), interaction.guildLocale),
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

  function openConversation({ interaction }: Task, row: GuildRow): Promise<ConversationRow> {
    const { channelName, user } = interaction;
    const who = { channel: channelOf(interaction), channelName, member: user.id, memberName: user.name };
    return store.conversations.open(row.guild, who, MEMORY_MS);
  }

  return { answer, guildOf };
}

function outgoingOf(row: GuildRow, response: Response): readonly [Outgoing, ...Outgoing[]] {
  const [first = response.words.notInKnowledge, ...others] = response.parts;
  const part = (content: string, last: boolean): Outgoing => ({
    content,
    suppressEmbeds: true,
    ...(last && response.kind === "known" ? { buttons: feedbackButtons(row.guild, response.words) } : {}),
  });
  return [part(first, others.length === 0), ...others.map((text, place) => part(text, place === others.length - 1))];
}

function kindOf(response: Response, asked: string): ["answered" | "escalated", string] {
  if (response.escalation === "marked") return ["escalated", "wants-human"];
  return ["answered", response.kind === "known" ? asked : response.kind];
}
