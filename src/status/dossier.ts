/**
 * What Discord's review of privileged intents asks for, as Markdown, from the configuration and the servers' settings in force:
 * which feature needs which intent and where it is switched on, what is kept for how long, who else sees it, how a member says no.
 * Source: https://support-dev.discord.com/hc/en-us/articles/6205754771351 (How do I get Privileged Intents for my bot?)
 */
import type { Config } from "../config.ts";
import type { GuildSettings } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";

/** `servers`: those the dossier is about, which the bot has not left. */
export type DossierFacts = {
  readonly config: Pick<Config, "discord" | "groq" | "mail" | "databaseUrl" | "redisUrl">;
  readonly servers: readonly Pick<GuildRow, "guild" | "name" | "settings">[];
  readonly version: string;
  readonly atMs: number;
};

export function dossier({ config, servers, version, atMs }: DossierFacts): string {
  const count = (wanted: (settings: GuildSettings) => boolean) =>
    servers.filter(({ settings }) => wanted(settings)).length;
  const of = (n: number) => `${n} of ${servers.length}`;
  const days = (daysOf: (settings: GuildSettings) => number) =>
    rangeOf(servers.map(({ settings }) => daysOf(settings)));
  const reads = count(readsEverything);
  const joins = count(({ moderation: { on, raid } }) => on && raid.on && raid.joins);
  const names = count(({ moderation: { on, names: read } }) => on && read);
  const one = servers.length === 1 ? servers[0] : undefined;
  return [
    `# Data and privileged intents: ${one === undefined ? `${servers.length} servers` : `${one.name} (${one.guild})`}`,
    "",
    `Gatehouse ${version}, from the configuration in force on ${new Date(atMs).toISOString().slice(0, 10)}.`,
    "",
    "## Intents",
    "",
    "| intent | asked for | what it is for | where it is switched on |",
    "| --- | --- | --- | --- |",
    row(
      "Message Content (privileged)",
      config.discord.messageContentIntent ? "yes" : "no",
      "reading questions that do not mention the bot (mode “all”), and moderation of every message; a mention, a reply, a direct message and a command need no intent",
      config.discord.messageContentIntent ? of(reads) : "nowhere: it is not asked for",
    ),
    row(
      "Server Members (privileged)",
      "where Discord grants it",
      "noticing a raid by the number of members who join, and reading new members' names; no list of members is kept",
      `raid mode by joins ${of(joins)}, names ${of(names)}`,
    ),
    row("Presence (privileged)", "no", "nothing", "nowhere"),
    row(
      "Guilds, Guild Messages, Direct Messages",
      "yes",
      "knowing servers, channels, roles; hearing messages",
      "everywhere",
    ),
    row(
      "Auto Moderation Execution",
      "yes",
      "not acting a second time on what Discord's AutoMod blocked",
      "where moderation is on",
    ),
    row(
      "Message Typing",
      config.discord.typing ? "yes" : "no",
      "showing the team that a member is typing in a conversation that it watches",
      config.discord.typing ? "only watched conversations; never kept" : "nowhere",
    ),
    "",
    "## What a language model sees, and whose model it is",
    "",
    ...modelLines(config.groq, of(count(({ moderation: { on, thorough } }) => on && thorough))),
    "",
    "## What is kept, and for how long",
    "",
    "| what | kept for |",
    "| --- | --- |",
    `| conversations with the bot: questions, answers, sources | ${days(({ retention }) => retention.turnsDays)} days |`,
    `| lines that the bot considered answering and did not | ${days(({ retention }) => retention.silencesDays)} days |`,
    `| the text of a moderation case (the case itself stays, without the text) | ${days(({ moderation }) => moderation.keepDays)} days |`,
    "| a conversation's memory for follow-up questions | 30 minutes |",
    `| everything of a server that removed the bot, but for its settings | ${days(({ retention }) => retention.leftDays)} days |`,
    "| every other message | not kept |",
    "",
    `Stored in PostgreSQL${config.databaseUrl === null ? " on the bot's own machine" : ""}${config.redisUrl === null ? "" : ", short-lived state in Redis"}; tokens of bots are encrypted (AES-256-GCM). ${
      config.mail === null
        ? "Nothing is mailed."
        : "Who asks for a person is told to the team by e-mail, with the last turns of that conversation."
    } Nothing is sold, and no model is trained on it by the bot.`,
    "",
    "## How a member says no",
    "",
    "- `/privacy` shows what is kept, sends it as a file, empties the member's conversations in every server of the bot, and has an opt-out: such a member's messages are neither answered nor shown to a model, also not as context; only fixed rules against spam and scams look at them.",
    "- `/forget` empties the member's conversations in one server.",
    "- A message that is deleted on Discord is emptied here.",
    "- The operator takes a person out everywhere with `gatehouse privacy forget`, and `gatehouse privacy prove` searches for what is left.",
    "",
    ...(one === undefined ? [] : [...serverLines(one.settings), ""]),
  ].join("\n");
}

/** Somewhere every message is read. */
function readsEverything({ mode, channels, moderation }: GuildSettings): boolean {
  return moderation.on || mode === "all" || Object.values(channels).some((channel) => channel.mode === "all");
}

function modelLines(
  { key, baseUrl, answerModel, judgeModel, moderationModel }: Config["groq"],
  thorough: string,
): string[] {
  if (key === null)
    return [
      "No model is connected: answers are quotes from the knowledge base, and moderation acts by fixed rules alone.",
    ];
  return [
    `Texts go to ${new URL(baseUrl).host}: answers by ${answerModel}, smart mode by ${judgeModel}, moderation by ${moderationModel}.`,
    "It sees a question with the passages that may answer it, the last turns of that conversation (with channel awareness, the channel's last lines), and messages that moderation's fixed rules could not clear.",
    `Servers that have every message judged by the model (“thorough”): ${thorough}.`,
  ];
}

function serverLines({ mode, smart, awareness, moderation }: GuildSettings): string[] {
  const actions = Object.entries(moderation.actions).flatMap(([action, on]) => (on ? [action] : []));
  return [
    "## This server",
    "",
    `- Answers: mode “${mode}”${mode === "all" ? `, smart mode ${smart ? "on" : "off"}` : ""}; channel awareness ${awareness ? "on" : "off"}.`,
    moderation.on
      ? `- Moderation: on, ${moderation.live ? "acting" : "dry run"}; ${moderation.rules.filter(({ on }) => on).length} rules; actions: ${actions.join(", ") || "none"}.`
      : "- Moderation: off.",
  ];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function rangeOf(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, 0],
  );
  return least === most ? String(least) : `${least} to ${most}`;
}
