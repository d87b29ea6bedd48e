/**
 * What a change made different, in the reader's words: each setting by the label of its form, what it was and what it is. Of a list
 * only what came and what went is shown; long texts stand below each other.
 */
import { settingsChanges } from "../../src/settings/differences.ts";
import type { AuditRow } from "../../src/store/ports/guilds.ts";
import { attributes, type Html, html } from "../html.ts";
import type { GuildVisit, Visit } from "../visit.ts";
import { accountName } from "./account-name.ts";
import { channelNames, roleNames } from "./channels.ts";
import { isLooseList, type SettingNames, settingValue } from "./setting-values.ts";
import { settingLabel, settingWords } from "./setting-words.ts";
import { commonWords } from "./words.ts";

/** Above this a value gets lines of its own. */
const SHORT_CHARS_MAX = 60;
const SHOWN_MAX = 200;
const PATHS: readonly string[] = Object.keys(settingWords.en.labels);

/** Names of the ids in a record of changes. */
export type ChangeNames = SettingNames & { readonly accounts: ReadonlyMap<string, string> };

export async function changeNames(visit: GuildVisit, rows: readonly AuditRow[]): Promise<ChangeNames> {
  const { accounts } = visit.services.store;
  const moved = rows.filter(({ what }) => what === "account").flatMap(({ before, after }) => [before, after]);
  const ids = [...new Set(moved)].filter((id) => typeof id === "string");
  const [channels, roles, found] = await Promise.all([
    channelNames(visit),
    roleNames(visit),
    Promise.all(ids.map((id) => accounts.get(id))),
  ]);
  const known = found.flatMap((one) =>
    one === null ? [] : [[one.account.id, accountName(visit, one.account)] as const],
  );
  return { channels, roles, accounts: new Map(known) };
}

export function changedSettings(
  visit: Visit,
  names: SettingNames,
  { before, after }: { readonly before: unknown; readonly after: unknown },
): Html {
  const changes = settingsChanges(before, after).toSorted((a, b) => placeOf(a.path) - placeOf(b.path));
  const more = changes.length - SHOWN_MAX;
  const shown = changes.slice(0, SHOWN_MAX).map((change) => {
    const label = labelOf(visit, names, change.path);
    return changedList(visit, names, label, change) ?? changedValue(visit, names, label, change);
  });
  return html`<dl class="changed">${shown}</dl>${more > 0 && html`<p class="quiet">${settingWords[visit.language].more(more)}</p>`}`;
}

/** A change of roles or of the account, not of settings. */
export function otherChange(visit: Visit, names: ChangeNames, row: AuditRow): string {
  const say = settingWords[visit.language];
  if (row.what === "team") return roleChange(visit, row);
  if (row.what !== "account") return row.what;
  const name = (id: unknown) =>
    typeof id === "string" ? (names.accounts.get(id) ?? say.accountGone(id)) : say.nothing;
  return `${say.account}: ${name(row.before)} → ${name(row.after)}`;
}

/** The author of a change: a person by name, otherwise a fixed word in the reader's language. */
export function changedBy(visit: Visit, { by }: Pick<AuditRow, "by">): string {
  const makers: Readonly<Record<string, string>> = settingWords[visit.language].makers;
  return Object.hasOwn(makers, by) ? (makers[by] ?? by) : by;
}

/** In the order of the forms, not of the database's fields; channels are last. */
function placeOf(path: string): number {
  const place = PATHS.indexOf(path);
  return place === -1 ? PATHS.length : place;
}

type Change = ReturnType<typeof settingsChanges>[number];

function changedValue(visit: Visit, names: SettingNames, label: string, change: Change): Html {
  const say = settingWords[visit.language];
  const was = settingValue(visit.language, names, change.path, change.before);
  const is = settingValue(visit.language, names, change.path, change.after);
  return difference(label, was.length + is.length > SHORT_CHARS_MAX, [
    html`<del dir="auto"><span class="visually-hidden">${say.before}: </span>${was}</del>`,
    html`<span aria-hidden="true">→</span>`,
    html`<ins dir="auto"><span class="visually-hidden">${say.after}: </span>${is}</ins>`,
  ]);
}

/** Null for anything but a list, and for a list whose entries only changed places. */
function changedList(visit: Visit, names: SettingNames, label: string, change: Change): Html | null {
  const { before, after, path } = change;
  if (!isLooseList(path) || !Array.isArray(before) || !Array.isArray(after)) return null;
  const say = settingWords[visit.language];
  const text = (list: readonly unknown[]) => settingValue(visit.language, names, path, list);
  const keysOf = (list: readonly unknown[]) => new Set(list.map((one) => JSON.stringify(one)));
  const [held, kept] = [keysOf(before), keysOf(after)];
  const gone = before.filter((one) => !kept.has(JSON.stringify(one)));
  const come = after.filter((one) => !held.has(JSON.stringify(one)));
  if (gone.length === 0 && come.length === 0) return null;
  return difference(label, text(gone).length + text(come).length > SHORT_CHARS_MAX, [
    gone.length > 0 && html`<del dir="auto"><span class="changed-sign">${say.removed}:</span> ${text(gone)}</del>`,
    come.length > 0 && html`<ins dir="auto"><span class="changed-sign">${say.added}:</span> ${text(come)}</ins>`,
  ]);
}

function difference(label: string, long: boolean, parts: readonly (Html | false)[]): Html {
  return html`<div${attributes({ class: long ? "changed-long" : null })}><dt>${label}</dt> <dd>${parts}</dd></div>`;
}

function roleChange(visit: Visit, row: AuditRow): string {
  const roles: Readonly<Record<string, string>> = commonWords[visit.language].roles;
  const roleOf = (of: unknown) => {
    const role = own(of, "role");
    return typeof role === "string" ? (roles[role] ?? role) : commonWords[visit.language].noRole;
  };
  const [name, person] = [own(row.after, "name"), own(row.after, "person")];
  return `${typeof name === "string" ? name : String(person)}: ${roleOf(row.before)} → ${roleOf(row.after)}`;
}

/** A setting without words is called by its name in the file. */
function labelOf(visit: Visit, names: SettingNames, path: string): string {
  const channel = /^channels\.(\d+)$/.exec(path)?.[1];
  if (channel === undefined) return settingLabel(visit.language, path) ?? path;
  const name = names.channels.find(({ id }) => id === channel)?.name;
  return name === undefined ? settingWords[visit.language].unknownChannel(channel) : `#${name}`;
}

function own(fields: unknown, name: string): unknown {
  return typeof fields === "object" && fields !== null && Object.hasOwn(fields, name)
    ? (fields as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
