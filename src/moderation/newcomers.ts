/** Times a newcomer out until a raid's end, as a case with its own undo and appeal; once a raid. */
import type { ChannelId, MessageId, UserId } from "../ids.ts";
import { createRecent } from "../recent.ts";
import type { Action, ModerationSettings } from "../settings/form.ts";
import type { CaseRow, CaseVerdict } from "../store/ports/moderation.ts";
import type { Actor } from "./act.ts";
import type { TimeOut } from "./raid.ts";
import { RAID } from "./words.ts";

/** Of one guild's raid: past it a person must look. Discord takes about one time-out a second. */
const NEWCOMERS_MAX = 500;
const RAIDS_MAX = 2_000;

export function createTimeOuts(actor: Actor): TimeOut {
  const done = createRecent<string, Set<UserId>>(RAIDS_MAX);
  return async (newcomer, raid, { discord, row, self }) => {
    const key = `${row.guild}:${raid.beganAtMs}`;
    const before = done.get(key) ?? new Set<UserId>();
    if (before.has(newcomer.id) || before.size >= NEWCOMERS_MAX) return;
    done.set(key, before.add(newcomer.id));
    const { cause, members, seconds } = raid;
    const verdict: CaseVerdict = {
      ...{ source: "raid", signals: [], category: RAID, severity: "medium", confidence: 1 },
      ...{ reason: "", found: { kind: "raid", cause, members, seconds }, model: null, costUsd: 0 },
    };
    await actor.handle({
      // Nobody wrote anything yet: the member stands for the message, and the server for the channel.
      place: { discord, guild: row.guild, self, channel: row.guild as string as ChannelId, parent: null },
      row,
      key: `raid:${raid.beganAtMs}:${newcomer.id}`,
      message: newcomer.id as string as MessageId,
      channelName: "",
      author: { id: newcomer.id, name: newcomer.name },
      known: { roles: newcomer.roles, atMs: newcomer.joinedAtMs ?? 0 },
      // A member who joins during the raid is met then.
      atMs: Math.max(raid.beganAtMs, newcomer.joinedAtMs ?? 0),
      ...{ evidence: "", context: [], rule: null, verdict },
      raid: { untilMs: raid.endsAtMs, live: !raid.dryRun },
    });
  };
}

/** Whether an act of this case may still happen: raid mode has its own switches. */
export function isSwitchedOn(
  { verdict }: Pick<CaseRow, "verdict">,
  act: Action,
  { actions, raid }: Pick<ModerationSettings, "actions" | "raid">,
): boolean {
  return verdict.source === "raid" ? raid.on && raid.timeout : actions[act];
}
