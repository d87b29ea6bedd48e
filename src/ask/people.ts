/** The buttons that bring people in: "Talk to a person" under an answer, "Take over" in the message that the team gets. */
import type { Agents } from "../agents.ts";
import type { Answered } from "../answering.ts";
import { teamLine } from "../escalation.ts";
import { exchangeOf } from "../exchange.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import { MEMORY_MS } from "../memory.ts";
import { outcome, type Recorder } from "../record.ts";
import type { Services } from "../services.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Interaction } from "./interaction.ts";
import { type CommandTask, channelOf, wordsFor } from "./task.ts";

type Deps = {
  readonly services: Services;
  readonly recorder: Recorder;
  readonly agents: Agents;
  /** The guild's settings; null where it is another application's. */
  readonly load: (application: ApplicationId, guild: GuildId) => Promise<GuildRow | null>;
};

/** Asked again sooner, the team knows already. */
const AGAIN_MS = 60 * 60_000;
const MANAGE_MESSAGES = 1n << 13n;
const ADMINISTRATOR = 1n << 3n;

export async function callPerson(
  task: CommandTask,
  does: Extract<Interaction["does"], { readonly kind: "human" }>,
  { services, recorder, load }: Deps,
): Promise<Answered> {
  const { application, interaction } = task;
  const { store, clock } = services;
  const { user } = interaction;
  const row = await load(application, does.guild);
  const say = (content: string) => services.discord(application).interactions.edit(interaction.token, { content });
  if (row === null) {
    await say(wordsFor(task, null, "").failed);
    return { outcome: outcome("failed", "not-found", clock.now() - task.receivedAtMs) };
  }
  const said = wordsFor(task, row, "");
  const found = await store.desk.find(row.guild, { message: does.message });
  // Under somebody else's answer it is one's own conversation that is marked.
  const talk =
    found?.member === user.id
      ? found
      : await store.conversations.open(
          row.guild,
          {
            channel: channelOf(interaction),
            channelName: interaction.channelName,
            member: user.id,
            memberName: user.name,
          },
          MEMORY_MS,
        );
  const now = clock.now();
  const before = talk.escalatedAtMs !== null && now - talk.escalatedAtMs < AGAIN_MS;
  const result = outcome(before ? "answered" : "escalated", before ? "wants-human" : "button", now - task.receivedAtMs);
  const member = { name: user.name, text: said.pressedPerson, atMs: now, message: null };
  const occasion = { application, trigger: interaction.id, conversation: talk.id, channel: talk.channel, member };
  await recorder.keep(row.guild, exchangeOf(occasion, null, result));
  const features = await services.plans.features(row.guild);
  const { people } = row.settings;
  await say(teamLine(before ? "marked-before" : "marked", said, { people, features }, now));
  return { outcome: result };
}

export async function takeOver(
  task: CommandTask,
  does: Extract<Interaction["does"], { readonly kind: "takeover" }>,
  { services, agents, load }: Deps,
): Promise<Answered> {
  const { application, interaction } = task;
  const { guildId, user } = interaction;
  const { clock, store, config } = services;
  const row = guildId === null ? null : await load(application, guildId);
  const said = wordsFor(task, row, "");
  const say = (content: string) => services.discord(application).interactions.edit(interaction.token, { content });
  const ended = (reason: string): Answered => ({
    outcome: outcome("cleared", reason, clock.now() - task.receivedAtMs),
  });
  if (row === null || !isTeam(interaction, row) || !(await services.plans.features(row.guild)).has("takeover")) {
    await say(said.notTeam);
    return ended("not-team");
  }
  const claimed = await agents.claim(row.guild, does.conversation, { id: user.id, name: user.name }, "button");
  if (!claimed.taken) {
    await say(claimed.refused === "held-by-another" ? said.takenBy : said.failed);
    return ended("not-taken");
  }
  const talk = await store.conversations.get(row.guild, does.conversation);
  const link = `${config.web.publicUrl}/guilds/${row.guild}/live/${does.conversation}`;
  const { idleMinutes } = row.settings.people;
  await say(said.takenOver(talk?.conversation.memberName ?? "?", idleMinutes, `<${link}>`));
  return ended("taken-over");
}

/** Members with a role that the admin named; without named roles, members who may manage messages. */
function isTeam({ user, permissions }: Interaction, { settings }: GuildRow): boolean {
  const { teamRoles } = settings.people;
  if (teamRoles.length > 0) return user.roles.some((role) => teamRoles.includes(role));
  return (permissions & (MANAGE_MESSAGES | ADMINISTRATOR)) !== 0n;
}
