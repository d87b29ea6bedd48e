/**
 * What a breach leads to: the rule's limit, the severity and the strikes that still stand decide, and only acts that are
 * switched on. Pure.
 *
 *   strikes before → a step of the admin's ladder; one step more for `high`, two for `severe`
 *   a ban only for `severe`, under a rule that allows it
 *   never harder than the rule allows; a step that is switched off gives way to the next milder one that is on
 *   the message goes as well, unless a reminder is enough (`low`)
 */
import { ACTIONS, type Action, type ModerationSettings } from "../settings/form.ts";
import type { CaseVerdict } from "../store/ports/moderation.ts";

export type Measure = {
  /** Mildest first. */
  readonly acts: readonly Action[];
  readonly timeoutMs: number;
  /** How much the breach weighs on the ladder. */
  readonly weight: number;
};

/** Breaches within this time of each other are one breach on the ladder; the later ones only lose their messages. */
export const EPISODE_MS = 60_000;
export const SEVERITIES = ["none", "low", "medium", "high", "severe"] as const;
const STEPS_MORE: Record<CaseVerdict["severity"], number> = { none: 0, low: 0, medium: 0, high: 1, severe: 2 };
const TIMEOUT_MS_MAX = 28 * 24 * 3_600_000;

export function measureOf(
  breach: { readonly severity: CaseVerdict["severity"]; readonly hardest: Action },
  strikes: number,
  settings: Pick<ModerationSettings, "actions" | "ladder">,
): Measure {
  const { severity, hardest } = breach;
  const { actions, ladder } = settings;
  const acts: Action[] = [];
  if (actions.delete && severity !== "low") acts.push("delete");

  const step = ladder[Math.min(ladder.length - 1, strikes + STEPS_MORE[severity])] ?? ladder[0];
  const due: Action = severity === "severe" && hardest === "ban" ? "ban" : (step?.action ?? "warn");
  const allowed = Math.min(ACTIONS.indexOf(due), ACTIONS.indexOf(hardest));
  // From the one that is due down to a warning; deleting is no milder form of these, it goes beside them.
  const sanction = ACTIONS.slice(1, allowed + 1).findLast((action) => actions[action]);
  if (sanction !== undefined) acts.push(sanction);
  // Where a reminder was due and nobody may be warned, the message is what is left to act on.
  if (acts.length === 0 && actions.delete) acts.push("delete");
  const minutes = step?.action === "timeout" ? step.minutes : Math.max(...ladder.map((one) => one.minutes));
  return {
    acts,
    timeoutMs: Math.min(TIMEOUT_MS_MAX, minutes * 60_000),
    weight: sanction === undefined ? 0 : 1 + STEPS_MORE[severity],
  };
}
