/**
 * What people press in Discord about moderation: buttons of the mod-log, "Report to moderators" on a message, and the appeal
 * under the message that a member got. Whoever works on a case needs the permission that its acts need, as Discord says with
 * that very press.
 */
import type { Answered } from "../answering.ts";
import type { InteractionResponse } from "../discord.ts";
import { languageFor } from "../i18n.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import { createCaseWork, endRaid, moderationWords, report } from "../moderation.ts";
import { PERMISSIONS, type Permission } from "../permissions.ts";
import { outcome } from "../record.ts";
import type { Services } from "../services.ts";
import type { Action } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Interaction } from "./interaction.ts";
import type { CommandTask } from "./task.ts";

type Deps = { readonly services: Services; load(application: ApplicationId, guild: GuildId): Promise<GuildRow | null> };
type Does<K extends Interaction["does"]["kind"]> = Extract<Interaction["does"], { readonly kind: K }>;

const NEEDED: Readonly<Record<Action, Permission>> = {
  delete: "manageMessages",
  warn: "manageMessages",
  timeout: "moderateMembers",
  kick: "kickMembers",
  ban: "banMembers",
};

/** The form for an appeal's text; Discord shows it at once. */
export function appealForm({ guild, case: id }: Does<"appeal-open">, locale: string | null): InteractionResponse {
  const say = moderationWords(languageFor(locale));
  return { type: "form", id: `appealed:${guild}:${id}`, title: say.appeal, label: say.appealLabel, charsMax: 1_000 };
}

export async function workOnCase(task: CommandTask, does: Does<"case">, deps: Deps): Promise<Answered> {
  const { interaction } = task;
  const row = await ownRow(task, interaction.guildId, deps);
  const { say, end } = speaker(task, row, deps);
  const found = row === null ? null : await deps.services.store.cases.get(row.guild, does.case);
  if (row === null || found === null) return await end(say.caseUnknown, "case-unknown");
  const { acts } = found.case.plan;
  const needed = acts.length === 0 ? (["manageMessages"] as const) : acts.map((act) => NEEDED[act]);
  if (!mayAll(interaction.permissions, needed)) return await end(say.notAllowed, "not-allowed");
  const work = createCaseWork(deps.services);
  const by = `${interaction.user.name} (${interaction.user.id})`;
  const worked = await work[does.step](row.guild, does.case, by);
  if (!worked.ok) return await end(worked.why === "already" ? say.doneAlready : say.notDone, `case-${worked.why}`);
  const stays = worked.left.includes("kick-stays") ? ` ${say.kickStays}` : "";
  return await end(`${does.step === "undo" ? say.undone : say.markedWrong}${stays}`, `case-${does.step}`);
}

/** Slow mode and time-outs are taken back by whoever may set them. */
export async function endRaidNow(task: CommandTask, deps: Deps): Promise<Answered> {
  const { interaction } = task;
  const row = await ownRow(task, interaction.guildId, deps);
  const { say, end } = speaker(task, row, deps);
  if (row === null) return await end(say.raidOver, "raid-none");
  const { raid } = row.settings.moderation;
  const needed: Permission[] = [
    ...(raid.slow ? (["manageChannels"] as const) : []),
    ...(raid.timeout ? (["moderateMembers"] as const) : []),
  ];
  if (!mayAll(interaction.permissions, needed)) return await end(say.notAllowed, "not-allowed");
  const ended = await endRaid(deps.services, row.guild, `${interaction.user.name} (${interaction.user.id})`);
  const says = { ended: say.raidEnded, none: say.raidOver, refused: say.raidStays };
  return await end(says[ended], `raid-${ended}`);
}

function mayAll(permissions: bigint, needed: readonly Permission[]): boolean {
  return needed.every((name) => (permissions & (PERMISSIONS[name] | PERMISSIONS.administrator)) !== 0n);
}

export async function sendAppeal(task: CommandTask, does: Does<"appeal">, deps: Deps): Promise<Answered> {
  const row = await ownRow(task, does.guild, deps);
  const { say, end } = speaker(task, row, deps);
  if (row === null) return await end(say.caseUnknown, "case-unknown");
  const work = createCaseWork(deps.services);
  const worked = await work.appeal(row.guild, does.case, task.interaction.user.id, does.text);
  if (worked.ok) return await end(say.appealed, "appealed");
  return await end(worked.why === "already" ? say.appealedAlready : say.caseUnknown, `appeal-${worked.why}`);
}

export async function reportMessage(task: CommandTask, does: Does<"report">, deps: Deps): Promise<Answered> {
  const { interaction } = task;
  const row = await ownRow(task, interaction.guildId, deps);
  const { say, end } = speaker(task, row, deps);
  if (row === null || !row.settings.moderation.on) return await end(say.reportsOff, "reports-off");
  const message = { ...does.message, guildId: row.guild };
  const found = await report(deps.services, row, message, interaction.user, interaction.channelName);
  return await end(say.reports[found], `report-${found}`);
}

/** The guild, if it is one of this bot's. */
async function ownRow({ application }: CommandTask, guild: GuildId | null, { load }: Deps): Promise<GuildRow | null> {
  const row = guild === null ? null : await load(application, guild);
  return row?.application === application ? row : null;
}

function speaker({ application, interaction, receivedAtMs }: CommandTask, row: GuildRow | null, { services }: Deps) {
  const say = moderationWords(languageFor(interaction.locale, row?.settings.language));
  const end = async (content: string, reason: string): Promise<Answered> => {
    await services.discord(application).interactions.edit(interaction.token, { content });
    return { outcome: outcome("cleared", reason, services.clock.now() - receivedAtMs) };
  };
  return { say, end };
}
