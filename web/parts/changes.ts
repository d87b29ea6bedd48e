/** What a change made different: each setting by its name, what it was and what it is. Long texts stand below each other. */
import { settingsChanges } from "../../src/settings/differences.ts";
import { attributes, type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import type { ChannelName } from "./channels.ts";
import { commonWords } from "./words.ts";

/** Above this a value gets lines of its own. */
const SHORT_CHARS_MAX = 60;
const SHOWN_MAX = 200;

export function changedSettings(
  visit: Visit,
  channels: readonly ChannelName[],
  { before, after }: { readonly before: unknown; readonly after: unknown },
): Html {
  const changes = settingsChanges(before, after);
  const more = changes.length - SHOWN_MAX;
  const say = commonWords[visit.language].change;
  return html`<dl class="changed">${changes.slice(0, SHOWN_MAX).map((change) => {
    const [was, is] = [valueText(visit, change.before), valueText(visit, change.after)];
    return html`<div${attributes({ class: was.length + is.length > SHORT_CHARS_MAX ? "changed-long" : null })}><dt>${labelOf(visit, channels, change.path)}</dt>
      <dd><del dir="auto"><span class="visually-hidden">${say.before}: </span>${was}</del><span aria-hidden="true">→</span><ins dir="auto"><span class="visually-hidden">${say.after}: </span>${is}</ins></dd></div>`;
  })}</dl>${more > 0 && html`<p class="quiet">${say.more(more)}</p>`}`;
}

/** Null for a row that is no change of a role. */
export function roleChange(
  visit: Visit,
  row: { readonly what: string; readonly before: unknown; readonly after: unknown },
): string | null {
  if (row.what !== "team") return null;
  const roles: Readonly<Record<string, string>> = commonWords[visit.language].roles;
  const roleOf = (of: unknown) => {
    const role = own(of, "role");
    return typeof role === "string" ? (roles[role] ?? role) : commonWords[visit.language].noRole;
  };
  const [name, person] = [own(row.after, "name"), own(row.after, "person")];
  return `${typeof name === "string" ? name : String(person)}: ${roleOf(row.before)} → ${roleOf(row.after)}`;
}

/** The words of the settings' own forms; a setting without words is called by its name in the file. */
function labelOf(visit: Visit, channels: readonly ChannelName[], path: string): string {
  const labels: Readonly<Record<string, string>> = commonWords[visit.language].settings;
  const channel = /^channels\.(\d+)$/.exec(path)?.[1];
  if (channel !== undefined) return `#${channels.find(({ id }) => id === channel)?.name ?? channel}`;
  return Object.hasOwn(labels, path) ? (labels[path] ?? path) : path;
}

function valueText(visit: Visit, value: unknown): string {
  const say = commonWords[visit.language];
  const modes: Readonly<Record<string, { readonly name: string }>> = say.modes;
  const labels: Readonly<Record<string, string>> = say.settings;
  if (value === undefined || value === null || value === "") return say.change.nothing;
  if (typeof value === "boolean") return value ? say.change.on : say.change.off;
  if (typeof value === "string") return Object.hasOwn(modes, value) ? (modes[value]?.name ?? value) : value;
  if (Array.isArray(value)) return value.map((one) => valueText(visit, one)).join(" · ") || say.change.nothing;
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(
    ([name, inner]) => `${Object.hasOwn(labels, name) ? labels[name] : name}: ${valueText(visit, inner)}`,
  );
  return parts.join(", ") || say.change.nothing;
}

function own(fields: unknown, name: string): unknown {
  return typeof fields === "object" && fields !== null && Object.hasOwn(fields, name)
    ? (fields as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
