/**
 * From a breach to what is done about it, once: ladder → guard, act by act → the case, planned under its key → Discord →
 * confirmed. A second delivery of the message finds the case and does nothing; what is planned and never confirmed, because the
 * process died or Discord's reply was lost, is settled later (moderation/settle.ts).
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { GuildId, MessageId, RoleId, UserId } from "../ids.ts";
import { createRecent, guildShare } from "../recent.ts";
import { ACTIONS, type Action, type ModerationSettings, type Rule } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseEventKind, CaseInput, CaseRow, CaseVerdict } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { createGate } from "./gate.ts";
import { type Facts, guard, isAlarming, type Need, type Ruling } from "./guard.ts";
import type { Holds } from "./holds.ts";
import { EPISODE_MS, type Measure, measureOf, SEVERITIES } from "./ladder.ts";
import type { Done, Perform } from "./perform.ts";
import type { Place, Seen, Standings } from "./standing.ts";
import type { StillDue } from "./still-due.ts";

export type Incident = {
  readonly place: Place;
  readonly row: GuildRow;
  readonly key: string;
  readonly message: MessageId;
  readonly channelName: string;
  readonly author: { readonly id: UserId; readonly name: string };
  /** The author's data that came with the message. */
  readonly known?: { readonly roles: readonly RoleId[]; readonly atMs: number };
  readonly atMs: number;
  readonly evidence: string;
  readonly context: CaseInput["context"];
  readonly rule: Rule | null;
  readonly verdict: CaseVerdict;
  /** Never acted on by itself: a person's report, or what another moderator did. */
  readonly only?: "review" | "held";
  readonly problem?: string;
  /** The offender is unknown: the offending text goes, and nobody is sanctioned. */
  readonly unowned?: true;
  /** Raid mode's own act: a time-out until its end, by its own switch, on no ladder. */
  readonly raid?: { readonly untilMs: number; readonly live: boolean };
};

export type Handled = { readonly acted: boolean; readonly case: CaseRow };

type Planned = { readonly case: CaseRow; readonly fresh: boolean; readonly told: boolean };

export type Actor = { handle(incident: Incident): Promise<Handled> };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EPISODES_MAX = 20_000;
/**
 * While more of a guild's acts than `CROWD` are under way, a message is done with once its case is planned: Discord deletes some 100
 * a second, a raid writes more, and a message that holds its place meanwhile keeps those after it from being looked at.
 */
const CROWD = 64;
const BEHIND_MAX = 10_000;
/** So many breaches of one guild are weighed at once. */
const WEIGHED_AT_ONCE = 200;
const WEIGHED_FIRST = 8;
/** Up to so many a place an hour is claimed one by one, which holds for every hour; above, they are counted by the hour. */
const CLAIMED_MAX = 20;
const LOOKS_AGAIN_MAX = 4;
const LOOK_AGAIN_MS = 1_000;
const LOOK_AGAIN_MS_MAX = 10_000;
const PASSING: ReadonlySet<string> = new Set(["rate-limited", "timeout", "unavailable"]);
const UNSEEN = Symbol("unseen");

export function createActor(services: {
  readonly store: Pick<Store, "cases" | "alerts" | "guilds">;
  readonly hot: Hot;
  readonly clock: Clock;
  readonly standings: Standings;
  readonly stillDue: StillDue;
  readonly holds: Holds;
  readonly perform: Perform;
  /** The person and the moderators hear of it; `before`: while the person can still be written to. */
  readonly tell: (one: CaseRow, place: Place, row: GuildRow, when: "before" | "after") => Promise<void>;
}): Actor {
  const { store, hot, clock, standings, stillDue, holds, perform, tell } = services;
  const gate = createGate(WEIGHED_AT_ONCE, WEIGHED_FIRST);
  const episodes = createRecent<string, { readonly atMs: number; readonly severity: number }>(
    EPISODES_MAX,
    guildShare(EPISODES_MAX),
  );

  /** Breaches of a guild that are weighed or acted on, or wait for that. */
  const underWay = new Map<GuildId, number>();

  /** True for a breach that continues one of a moment ago and is no worse. */
  function goesOn({ place, author, verdict }: Incident): boolean {
    const key = `${place.guild}:${author.id}`;
    const severity = SEVERITIES.indexOf(verdict.severity);
    const before = episodes.get(key);
    const same = before !== undefined && clock.now() - before.atMs < EPISODE_MS && severity <= before.severity;
    if (!same) episodes.set(key, { atMs: clock.now(), severity });
    return same;
  }

  async function handle(incident: Incident): Promise<Handled> {
    const { place, author, known, row, raid } = incident;
    if (known !== undefined) standings.hear(place, author.id, known);
    const leave = enter(place.guild);
    let acting = false;
    try {
      const { told, ...planned } = await gate(place.guild, () => plan(incident));
      const one = planned.case;
      if (!planned.fresh) return { acted: isActed(one), case: one };
      if (one.state !== "planned") {
        await tell(one, place, row, "after");
        return { acted: false, case: one };
      }
      acting = true;
      const done = holds.during(one, () => execute(one, place, row, told)).finally(leave);
      // Nobody waits for a raid's time-outs: Discord takes about one a second.
      const waits = raid === undefined && (!isCrowded(place.guild) || (underWay.get(place.guild) ?? 0) > BEHIND_MAX);
      if (waits) return { acted: true, case: await done };
      done.catch((error: unknown) => {
        // The case stays planned, and is settled later.
        if (!(error instanceof AppError)) throw error;
      });
      return { acted: true, case: one };
    } finally {
      if (!acting) leave();
    }
  }

  /** Counts one more of the guild's acts as under way, until what it gives is called. */
  function enter(guild: GuildId): () => void {
    underWay.set(guild, (underWay.get(guild) ?? 0) + 1);
    return () => {
      const left = (underWay.get(guild) ?? 1) - 1;
      if (left > 0) underWay.set(guild, left);
      else underWay.delete(guild);
    };
  }

  function isCrowded(guild: GuildId): boolean {
    return (underWay.get(guild) ?? 0) > CROWD;
  }

  /**
   * `fresh`: nobody planned it before, so it is for us to do. `told`: by the author's roles as they came with the message. Discord
   * tells of about one member a second: in a crowd it is asked when a sanction's turn comes, and not of deletions.
   */
  async function plan(incident: Incident): Promise<Planned> {
    const { moderation } = incident.row.settings;
    const { place, known } = incident;
    // A case left to a person spares nothing that follows: after a bad name, its bearer's first scam is still sanctioned.
    const alone = incident.raid !== undefined || incident.unowned === true || incident.only === "review";
    const continued = !alone && goesOn(incident);
    const sanctions = !continued && incident.unowned !== true;
    const { only, verdict } = incident;
    const roles = isCrowded(place.guild) ? known?.roles : undefined;
    // Ask Discord for the rulings' facts while strikes are counted; a failed request is repeated later.
    if (only === undefined && moderation.live && verdict.confidence >= moderation.confidence) {
      standings.see(place, incident.author.id, moderation, roles).catch(() => undefined);
      for (const act of ACTIONS)
        if (moderation.actions[act]) perform.isRefused(place.guild, act).catch(() => undefined);
    }
    const measure = await measured(incident, continued);
    const due = only === undefined ? measure.acts.filter((act) => sanctions || act === "delete") : [];

    const ruled = async (act: Action) => {
      const look = () => see(incident, roles);
      return { act, ruling: await ruleOn(factsOf(incident, act, moderation), act, look, incident) };
    };
    const rulings = await Promise.all(due.map(ruled));
    const acts = rulings.flatMap(({ act, ruling }) => (ruling.do === "act" ? [act] : []));
    const input = inputOf(incident, {
      acts,
      rulings,
      measure: { ...measure, weight: sanctions ? measure.weight : 0 },
      moderation,
      nowMs: clock.now(),
    });
    const [planned] = await store.cases.plan(place.guild, [input]);
    if (planned === undefined) throw new Error("a case came back from nowhere");
    if (planned.fresh) await alarm(incident, rulings);
    return { ...planned, told: roles !== undefined };
  }

  async function measured(incident: Incident, continued: boolean): Promise<Measure> {
    const { raid, verdict, rule, place, author, row } = incident;
    if (raid !== undefined) return { acts: ["timeout"], timeoutMs: raid.untilMs - clock.now(), weight: 0 };
    const { moderation } = row.settings;
    // A continued breach only loses its message, without regard to the earlier act; for a reminder it depends.
    const indifferent = continued && verdict.severity !== "low";
    const [strikes = 0] = indifferent ? [] : await store.cases.strikes(place.guild, [author.id]);
    return measureOf({ severity: verdict.severity, hardest: rule?.action ?? moderation.certain }, strikes, moderation);
  }

  /** A raid may ask for more members than Discord tells at once: waited for, since an act that is held is not done later. */
  async function see({ place, author, row }: Incident, told?: readonly RoleId[]): Promise<Seen | null> {
    for (let tries = 0; ; tries++) {
      try {
        return await standings.see(place, author.id, row.settings.moderation, told);
      } catch (error) {
        if (!(error instanceof AppError) || !PASSING.has(error.kind) || tries >= LOOKS_AGAIN_MAX) throw error;
        await clock.sleep(Math.min(LOOK_AGAIN_MS_MAX, Math.max(error.retryAfterMs ?? 0, LOOK_AGAIN_MS * 2 ** tries)));
      }
    }
  }

  /** Asks the guard, and finds out for it what it wants to know, until it rules. */
  async function ruleOn(
    facts: Facts,
    act: Action,
    look: () => Promise<Seen | null>,
    { place, key, row, raid }: Incident,
  ): Promise<Ruling> {
    let known = facts;
    for (;;) {
      const ruling: Ruling | Need = guard(known);
      if (!("need" in ruling)) return ruling;
      if (ruling.need === "standing") {
        const seen = await look().catch((error: unknown) => {
          if (error instanceof AppError) return UNSEEN;
          throw error;
        });
        if (typeof seen === "symbol") return { do: "hold", why: "unseen", action: act };
        if (seen === null) return { do: "hold", why: "target-gone", action: act };
        const standing = seen.standing(act);
        const permitted = standing.permitted && !(await perform.isRefused(place.guild, act));
        known = { ...known, author: seen.author, standing: { ...standing, permitted } };
      } else if (ruling.need === "cap") {
        // A raid bounds its time-outs itself, and they end with it.
        const within = raid !== undefined || (await withinCap(place.guild, act, key, row.settings.moderation));
        known = { ...known, cap: within ? "within" : "over" };
      } else {
        // The case's key settles it: the store gives it to one, and only that one acts.
        known = { ...known, key: "new" };
      }
    }
  }

  /** The same case counts once; without a count nothing is done. */
  async function withinCap(guild: GuildId, act: Action, key: string, settings: ModerationSettings): Promise<boolean> {
    if (act === "delete" || act === "warn") return true;
    const limit = settings.caps[act];
    try {
      const open = await store.alerts.open(guild);
      if (open.some(({ kind, detail }) => kind === "cap" && detail.action === act)) return false;
      const counter = hotKey(guild, "moderation", "cap", act);
      if (limit > CLAIMED_MAX) return (await hot.spend(counter, key, 1, limit, HOUR_MS)).granted;
      for (let slot = 0; slot < limit; slot++) if (await hot.claim(`${counter}:${slot}`, key, HOUR_MS)) return true;
      return false;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  async function alarm(
    { place, message }: Incident,
    rulings: readonly { act: Action; ruling: Ruling }[],
  ): Promise<void> {
    for (const { act, ruling } of rulings) {
      if (ruling.do !== "hold" || !isAlarming(ruling.why)) continue;
      const kind = ruling.why as "cap" | "missing-permission" | "role-order";
      // A spent cap waits for a person; the others show again while they last.
      const untilMs = kind === "cap" ? null : clock.now() + DAY_MS;
      await store.alerts.raise(place.guild, { kind, detail: { action: act, message }, untilMs });
    }
  }

  /** Discord said no although the permissions looked right: not tried again for a while, and shown until then. */
  async function tellRefused(one: CaseRow, action: Action): Promise<void> {
    const untilMs = clock.now() + DAY_MS;
    const detail = { action, message: one.message };
    await store.alerts.raise(one.guild, { kind: "missing-permission", detail, untilMs });
  }

  async function execute(one: CaseRow, place: Place, row: GuildRow, told: boolean): Promise<CaseRow> {
    const { moderation, language } = row.settings;
    const again = async (act: Action) => {
      const now = await store.guilds.get(one.guild);
      if (now === null || now.leftAtMs !== null) return "target-gone";
      return await stillDue(one, act, { discord: place.discord, row: now, self: place.self });
    };
    if (one.plan.acts.some((act) => act === "kick" || act === "ban")) await tell(one, place, row, "before");
    const done = await Promise.all(
      one.plan.acts.map((act) =>
        perform.run(place.discord, one, act, {
          ...{ language, warnSeconds: moderation.warnSeconds },
          ...{ stillDue: () => again(act), asksFirst: told },
        }),
      ),
    );
    for (const act of done) if (!act.ok && act.why === "forbidden") await tellRefused(one, act.act);
    const now = await confirm(store, one, done);
    await tell(now, place, row, "after");
    return now;
  }

  return { handle };
}

/** Writes how the acts ended; a case with an act of unknown end stays planned. */
export async function confirm(
  store: Pick<Store, "cases">,
  one: CaseRow,
  done: readonly Done[],
  by = "bot",
): Promise<CaseRow> {
  if (done.some((act) => !act.ok && act.unknown)) return one;
  const failed = done.flatMap((act) => (act.ok ? [] : [`${act.act}: ${act.why}`]));
  const kind: CaseEventKind = failed.length === done.length ? "failed" : "applied";
  const problem = failed.length === 0 ? null : failed.join(", ");
  const detail = { done: done.filter((act) => act.ok) };
  await store.cases.append(one.guild, [
    { case: one.id, event: { kind, by, detail, ...(problem === null ? {} : { problem }) } },
  ]);
  return { ...one, state: kind, problem };
}

function isActed({ state }: CaseRow): boolean {
  return state === "planned" || state === "applied";
}

function factsOf({ key, verdict, place, author, raid }: Incident, action: Action, settings: ModerationSettings): Facts {
  return {
    mode: !settings.on ? "off" : (raid?.live ?? settings.live) ? "act" : "dry-run",
    message: key,
    proposal: { message: key, action, confidence: verdict.confidence },
    // The gateway's data; the standing brings fresh data.
    author: {
      ...{ self: author.id === place.self, bot: false, webhook: false, owner: false, administrator: false },
      ...{ moderator: false, exemptRole: false, exemptChannel: false },
    },
    confidenceMin: settings.confidence,
  };
}

function inputOf(
  incident: Incident,
  by: {
    readonly acts: readonly Action[];
    readonly rulings: readonly { readonly act: Action; readonly ruling: Ruling }[];
    readonly measure: Measure;
    readonly moderation: ModerationSettings;
    readonly nowMs: number;
  },
): CaseInput {
  const { acts, rulings, measure, moderation, nowMs } = by;
  const { place, only, problem, message, author, rule, ...same } = incident;
  const held = rulings.flatMap(({ act, ruling }) => (ruling.do === "act" ? [] : [{ action: act, why: whyOf(ruling) }]));
  const asked = rulings.map(({ act }) => act);
  const would = rulings.some(({ ruling }) => ruling.do === "would");
  const unsure = rulings.some(({ ruling }) => ruling.do === "ask-a-person");
  const state = only ?? (acts.length > 0 ? "planned" : would ? "dry-run" : unsure ? "review" : "held");
  const timed = acts.includes("timeout") || would;
  const sanctioned = acts.some((act) => act !== "delete");
  return {
    ...{ key: same.key, channelName: same.channelName, atMs: same.atMs, evidence: same.evidence },
    ...{ context: same.context, verdict: same.verdict },
    ...{ channel: place.channel, message, author: author.id, authorName: author.name },
    rule: rule === null ? null : { n: rule.n, text: rule.text },
    action: ACTIONS.findLast((act) => asked.includes(act)) ?? "none",
    plan: {
      acts: would ? asked : acts,
      held,
      ...(timed ? { timeoutUntilMs: nowMs + measure.timeoutMs } : {}),
      ...(asked.includes("ban") ? { deleteSeconds: moderation.banDeleteSeconds } : {}),
      ...(place.title ? { title: true } : {}),
    },
    state,
    problem: state === "held" ? (problem ?? held[0]?.why ?? "no-action-on") : (problem ?? null),
    strike:
      state === "planned" && sanctioned && measure.weight > 0
        ? {
            weight: measure.weight,
            expiresAtMs: moderation.strikeDays === 0 ? null : nowMs + moderation.strikeDays * DAY_MS,
          }
        : null,
  };
}

function whyOf(ruling: Exclude<Ruling, { do: "act" }>): string {
  switch (ruling.do) {
    case "nothing":
      return "off";
    case "would":
      return "dry-run";
    case "ask-a-person":
      return "not-sure";
    default:
      return ruling.why;
  }
}
