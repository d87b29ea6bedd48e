/** Reasons against doing a planned act now: checked after an act had to wait, and when a case is settled later. */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import type { UserId } from "../ids.ts";
import type { Action } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { exemptionOf } from "./guard.ts";
import { isSwitchedOn } from "./newcomers.ts";
import type { Standings } from "./standing.ts";

/** Null: it is still due. `row`: as it is now. */
export type StillDue = (
  one: CaseRow,
  act: Action,
  by: { readonly discord: Discord; readonly row: GuildRow; readonly self: UserId },
) => Promise<string | null>;

export function createStillDue(services: {
  readonly store: Pick<Store, "alerts">;
  readonly clock: Clock;
  readonly standings: Standings;
}): StillDue {
  const { store, clock, standings } = services;
  return async (one, act, { discord, row, self }) => {
    const { moderation } = row.settings;
    if (!moderation.on || !moderation.live || !isSwitchedOn(one, act, moderation)) return "switched-off";
    if (act === "timeout" && (one.plan.timeoutUntilMs ?? Number.POSITIVE_INFINITY) <= clock.now()) return "too-late";
    if (one.verdict.source === "raid") {
      if (!moderation.raid.live) return "switched-off";
      // A person ended it before its time.
      if (!(await store.alerts.open(one.guild)).some(({ kind }) => kind === "raid")) return "too-late";
    }
    const place = {
      ...{ discord, guild: one.guild, self, channel: one.channel, parent: null },
      ...(one.plan.title ? { title: true as const } : {}),
    };
    const seen = await standings.see(place, one.author, moderation);
    if (seen === null) return "target-gone";
    if (exemptionOf(seen.author) !== null) return "exempt";
    const { present, belowBot, permitted } = seen.standing(act);
    if (!present && act !== "delete" && act !== "ban") return "target-gone";
    if (!belowBot && act !== "delete" && act !== "warn") return "role-order";
    return permitted || act === "warn" ? null : "missing-permission";
  };
}
