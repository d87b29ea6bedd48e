/** The query of a log's address → the store's filter. Malformed parts are left out; of days the page says so. */

import type { ChannelId, UserId } from "../../src/ids.ts";
import { ACTIONS } from "../../src/settings/form.ts";
import { CASE_STATES, type CaseFilter } from "../../src/store/ports/moderation.ts";
import { field } from "../body.ts";

/** As it stands in the form. */
export type LogQuery = {
  readonly state: string;
  readonly action: string;
  readonly rule: string;
  readonly member: string;
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
};

const DAY_MS = 24 * 3_600_000;

export function readLogQuery(params: URLSearchParams): LogQuery {
  return {
    ...{ state: field(params, "state", 20), action: field(params, "action", 20), rule: field(params, "rule", 6) },
    ...{ member: field(params, "member", 30), channel: field(params, "channel", 30), text: field(params, "text", 200) },
    ...{ from: field(params, "from", 10), to: field(params, "to", 10) },
  };
}

export function filterOf(query: LogQuery): CaseFilter {
  const action = [...ACTIONS, "none" as const].find((known) => known === query.action);
  const state = CASE_STATES.find((known) => known === query.state);
  const member = /^(?:<@!?)?(\d{1,20})>?$/.exec(query.member)?.[1];
  const fromMs = dayOf(query.from);
  const toMs = dayOf(query.to);
  return {
    ...(action === undefined ? {} : { action }),
    ...(state === undefined ? {} : { state }),
    ...(/^\d{1,5}$/.test(query.rule) ? { rule: Number(query.rule) } : {}),
    // A name finds nobody, rather than everybody.
    ...(query.member === "" ? {} : { member: (member ?? "0") as UserId }),
    ...(/^\d{1,20}$/.test(query.channel) ? { channel: query.channel as ChannelId } : {}),
    ...(fromMs === null ? {} : { fromMs }),
    ...(toMs === null ? {} : { toMs: toMs + DAY_MS - 1 }),
    ...(query.text === "" ? {} : { text: query.text }),
  };
}

/** Days that were typed and are none, by their fields' names. */
export function misreadDays(query: LogQuery): readonly ("from" | "to")[] {
  return (["from", "to"] as const).filter((name) => query[name] !== "" && dayOf(query[name]) === null);
}

/** `2026-11-28` or `28.11.2026`, in UTC. With slashes a day may be meant or a month, so that they are no date. */
function dayOf(text: string): number | null {
  const written = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (written === null) return null;
  const parts = written.slice(1).map(Number);
  const [year = 0, month = 0, day = 0] = text.includes("-") ? parts : parts.toReversed();
  const ms = Date.UTC(year, month - 1, day);
  // February has no 30th.
  return new Date(ms).getUTCDate() === day && month >= 1 && month <= 12 ? ms : null;
}
