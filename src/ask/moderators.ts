/**
 * What people press in Discord about moderation: buttons of the mod-log, "Report to moderators" on a message, and the appeal
 * under the message that a member got. Whoever works on a case needs the permission that its acts need, as Discord says with
 * that very press.
 */
import type { Answered } from "../answering.ts";
import type { InteractionResponse, Outgoing } from "../discord.ts";
import { languageFor, words } from "../i18n.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import {
  createCaseWork,
  endRaid,
  INVITE_DAYS,
  invitationsOf,
  moderationWords,
  report,
  wasPutOut,
} from "../moderation.ts";
import { PERMISSIONS, type Permission } from "../permissions.ts";
import { outcome } from "../record.ts";
import type { Services } from "../services.ts";
import type { Action } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
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
  const { say, end, refuse } = speaker(task, row, deps);
  const found = row === null ? null : await deps.services.store.cases.get(row.guild, does.case);
  if (row === null || found === null) return await end(say.caseUnknown, "case-unknown");
  const lacks = lacking(interaction.permissions, neededFor(found.case));
  if (lacks.length > 0) return await refuse(lacks);
  const work = createCaseWork(deps.services);
  const worked = await work[does.step](row.guild, does.case, signed(task));
  const already = !worked.ok && worked.why === "already";
  if (!worked.ok && !already) return await end(say.notDone, `case-${worked.why}`);
  const done = already ? say.doneAlready : does.step === "undo" ? say.undone : say.markedWrong;
  const reason = already ? "case-already" : `case-${does.step}`;
  const after = does.step === "undo" ? await deps.services.store.cases.get(row.guild, does.case) : null;
  if (after === null || !wasPutOut(after.case, after.events)) return await end(done, reason);
  const out = after.case.plan.acts.includes("kick") ? say.kickStays : say.banLeaves;
  const id = `case:invite:${invitationsOf(after.events).length}:${does.case}`;
  return await end(`${done} ${out}`, reason, [{ id, label: say.invite(INVITE_DAYS) }]);
}

/** An invitation for the member that the case removed: the presser needs Create Invite and the permissions of the case's acts. */
export async function inviteBack(task: CommandTask, does: Does<"invite-back">, deps: Deps): Promise<Answered> {
  const { interaction } = task;
  const row = await ownRow(task, interaction.guildId, deps);
  const { say, end, refuse } = speaker(task, row, deps);
  const found = row === null ? null : await deps.services.store.cases.get(row.guild, does.case);
  if (row === null || found === null) return await end(say.caseUnknown, "case-unknown");
  const lacks = lacking(interaction.permissions, [...neededFor(found.case), "createInvite"]);
  if (lacks.length > 0) return await refuse(lacks);
  const asked = await createCaseWork(deps.services).invite(row.guild, does.case, signed(task), does.after);
  if (!asked.ok) return await end(say.notInvited[asked.why], `invite-${asked.why}`);
  const { url, expiresAtMs, told } = asked.invited;
  const invited = say.invited(url, `<t:${Math.floor(expiresAtMs / 1_000)}:f>`);
  return await end(`${invited}\n${say.inviteTold[told ?? "unknown"]}`, "case-invited");
}

/** The presser needs the permissions for slow mode and time-outs to take them back. */
export async function endRaidNow(task: CommandTask, deps: Deps): Promise<Answered> {
  const { interaction } = task;
  const row = await ownRow(task, interaction.guildId, deps);
  const { say, end, refuse } = speaker(task, row, deps);
  if (row === null) return await end(say.raidOver, "raid-none");
  const { raid } = row.settings.moderation;
  const needed: Permission[] = [
    ...(raid.slow ? (["manageChannels"] as const) : []),
    ...(raid.timeout ? (["moderateMembers"] as const) : []),
  ];
  const lacks = lacking(interaction.permissions, needed);
  if (lacks.length > 0) return await refuse(lacks);
  const ended = await endRaid(deps.services, row.guild, signed(task));
  const says = { ended: say.raidEnded, none: say.raidOver, refused: say.raidStays };
  return await end(says[ended], `raid-${ended}`);
}

/** Permissions that a case's acts need; for a case without acts, the permission to remove a message. */
function neededFor({ plan: { acts } }: CaseRow): readonly Permission[] {
  return acts.length === 0 ? ["manageMessages"] : acts.map((act) => NEEDED[act]);
}

function lacking(permissions: bigint, needed: readonly Permission[]): readonly Permission[] {
  return [...new Set(needed)].filter((name) => (permissions & (PERMISSIONS[name] | PERMISSIONS.administrator)) === 0n);
}

function signed({ interaction: { user } }: CommandTask): string {
  return `${user.name} (${user.id})`;
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
  const language = languageFor(interaction.locale, row?.settings.language);
  const say = moderationWords(language);
  const end = async (content: string, reason: string, buttons?: Outgoing["buttons"]): Promise<Answered> => {
    const message = { content, ...(buttons === undefined ? {} : { buttons }) };
    await services.discord(application).interactions.edit(interaction.token, message);
    return { outcome: outcome("cleared", reason, services.clock.now() - receivedAtMs) };
  };
  const refuse = (lacks: readonly Permission[]) => {
    const { permission } = words(language).doctor;
    return end(say.notAllowed(lacks.map((name) => permission[name]).join(", ")), "not-allowed");
  };
  return { say, end, refuse };
}
