/** The log, one case and its acts, the rules and settings, a rehearsal. Only admins change something. */

import { createCaseWork, endRaid, numbered, type Rehearsal, rehearsalOf, rulePresets } from "../../src/moderation.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import type { AlertKind, AlertRow, CaseEvent, CaseRow } from "../../src/store/ports/moderation.ts";
import type { ListPage } from "../../src/store/ports/page.ts";
import { type BodyBound, field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { link } from "../html.ts";
import type { Kit } from "../kit.ts";
import { type ChannelName, channelNames, type RoleName, roleNames } from "../parts/channels.ts";
import { editSettings, saveSettings } from "../parts/save-settings.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { casesCsv } from "./csv.ts";
import { type ModerationChanged, type RefusedLine, type RulesProblem, readModeration, readRules } from "./form.ts";
import { filterOf, type LogQuery, misreadDays, readLogQuery } from "./query.ts";
import { rehearsalPage } from "./rehearsal-view.ts";
import { rulesPage } from "./rules-view.ts";
import { CSV_MAX, casePage, logPage } from "./view.ts";

export type LogFacts = {
  readonly query: LogQuery;
  readonly before: string;
  readonly found: ListPage<CaseRow>;
  readonly channels: readonly ChannelName[];
  readonly alerts: readonly AlertRow[];
  /** `discord`: it did not let a raid be ended. */
  readonly problem: "discord" | "changed-meanwhile" | null;
};

export type CaseFacts = {
  readonly case: CaseRow;
  readonly events: readonly CaseEvent[];
  readonly strikes: number;
  /** Fixed words for an act's outcome. */
  readonly problem: string | null;
  readonly left: readonly string[];
};

export type RulesFacts = {
  readonly settings: GuildSettings["moderation"];
  readonly channels: readonly ChannelName[];
  /** Empty where Discord does not tell. */
  readonly roles: readonly RoleName[];
  readonly saved: boolean;
  readonly problem: RulesProblem | "changed-meanwhile" | null;
  /** Entries of the filter that were refused. */
  readonly lines: readonly RefusedLine[];
  /** The form of rules or of settings as it was typed and not saved. */
  readonly typed: FormData | null;
  /** The settings that the form would save; null where it cannot be saved. */
  readonly mine: GuildSettings | null;
};

export type RehearsalFacts = {
  readonly days: number;
  readonly survey: Rehearsal["survey"] | null;
  readonly rehearsal: Rehearsal | null;
};

/** 200 words and 200 domains, escaped as a form does it. */
const SETTINGS_BOUND: BodyBound = { bytesMax: 512 * 1024, deadlineMs: 8_000 };
const SHOWN = 50;
const ALERTS: readonly AlertKind[] = ["cap", "raid", "missing-permission", "role-order", "unjudged"];

export function moderationRoutes({ searches }: Kit): readonly Route[] {
  /** Texts are searched in a share of what the store can do. */
  const sought = <T>(visit: GuildVisit, work: () => Promise<T>): Promise<T> =>
    readLogQuery(visit.url.searchParams).text === ""
      ? work()
      : searches.run({ person: visit.person.id, guild: visit.guild.guild }, work);
  return [
    route("viewer-or-admin", "GET", "/guilds/:guild/moderation", async (visit) =>
      logPage(visit, await sought(visit, () => log(visit))),
    ),

    route("viewer-or-admin", "GET", "/guilds/:guild/moderation/cases.csv", async (visit) => {
      const { services, guild, url } = visit;
      const query = readLogQuery(url.searchParams);
      // The page says which day it cannot read; nobody takes all cases for a few days' of them.
      if (misreadDays(query).length > 0) return redirect(visit, link(base(visit), query));
      const filter = filterOf(query);
      const { items } = await sought(visit, () => services.store.cases.list(guild.guild, filter, CSV_MAX));
      return new Response(casesCsv(items, visit.language), {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": 'attachment; filename="moderation.csv"',
        },
      });
    }),

    route("admin", "GET", "/guilds/:guild/moderation/rules", async (visit) =>
      rulesPage(visit, await rules(visit, null, visit.url.searchParams.get("saved") === "1")),
    ),
    route("admin", "POST", "/guilds/:guild/moderation/rules", (visit) => change(visit, readRules)),
    route("admin", "POST", "/guilds/:guild/moderation/settings", (visit) =>
      change(visit, readModeration, SETTINGS_BOUND),
    ),
    route("admin", "POST", "/guilds/:guild/moderation/presets", (visit) =>
      change(visit, (before) => {
        const there = new Set(before.moderation.rules.map(({ kind }) => kind));
        const added = rulePresets(visit.language).filter(({ kind }) => !there.has(kind));
        const rules = numbered([...before.moderation.rules, ...added.map((one) => ({ ...one, n: 0 }))]);
        return { settings: { ...before, moderation: { ...before.moderation, rules } }, problem: null };
      }),
    ),
    route("admin", "POST", "/guilds/:guild/moderation/live", async (visit) => {
      const form = await readForm(visit);
      const change = (live: boolean) => (settings: GuildSettings) => {
        const { moderation } = settings;
        const { raid } = moderation;
        const changed =
          field(form, "what") === "raid"
            ? { raid: { ...raid, live: live && moderation.live && raid.on } }
            : { live: live && moderation.on };
        return { ...settings, moderation: { ...moderation, ...changed } };
      };
      if (field(form, "live") !== "1") {
        // Stopping always works, even if another person changed the settings meanwhile.
        await editSettings(visit, change(false));
        return redirect(visit, base(visit));
      }
      const saved = await saveSettings(visit, form, change(true)(visit.guild.settings));
      if (saved === "saved") return redirect(visit, base(visit));
      const now = saved === "refused" ? visit : saved.now;
      return htmlResponse(logPage(now, { ...(await log(now)), problem: "changed-meanwhile" }), 409);
    }),
    route("admin", "POST", "/guilds/:guild/moderation/alerts/:kind", async (visit) => {
      const kind = ALERTS.find((known) => known === visit.params.kind);
      if (kind === undefined) throw new HttpRefusal("not-found");
      if (kind === "raid") {
        const ended = await endRaid(visit.services, visit.guild.guild, signature(visit.person));
        return redirect(visit, ended === "refused" ? `${base(visit)}?refused=1` : base(visit));
      }
      await visit.services.store.alerts.resolve(visit.guild.guild, kind);
      return redirect(visit, base(visit));
    }),

    route("admin", "GET", "/guilds/:guild/moderation/rehearsal", (visit) =>
      rehearsalPage(visit, { days: 7, survey: null, rehearsal: null }),
    ),
    route("admin", "POST", "/guilds/:guild/moderation/rehearsal", async (visit) => {
      const { services, guild } = visit;
      const form = await readForm(visit);
      const days = Math.min(30, Math.max(1, Math.round(Number(field(form, "days", 4))) || 7));
      const made = await rehearsalOf(services, guild.guild, { days });
      if (made === null) throw new HttpRefusal("not-found");
      const rehearsal = field(form, "step", 10) === "run" ? await made.run() : null;
      return rehearsalPage(visit, { days, survey: made.survey, rehearsal });
    }),

    route("viewer-or-admin", "GET", "/guilds/:guild/moderation/:case", async (visit) =>
      casePage(visit, await caseOf(visit, null, [])),
    ),
    route("admin", "POST", "/guilds/:guild/moderation/:case", async (visit) => {
      const { services, guild, person, params } = visit;
      const form = await readForm(visit);
      const work = createCaseWork(services);
      const by = signature(person);
      const id = params.case ?? "";
      const text = field(form, "text", 1_100);
      const step = field(form, "step", 20);
      if (step === "invite") {
        const after = Number(field(form, "after", 4));
        const asked = await work.invite(guild.guild, id, by, Number.isInteger(after) ? after : 0);
        if (asked.ok) return redirect(visit, `${base(visit)}/${id}#invite`);
        return htmlResponse(casePage(visit, await caseOf(visit, `invite-${asked.why}`, [])), 409);
      }
      const worked =
        step === "undo"
          ? await work.undo(guild.guild, id, by)
          : step === "wrong"
            ? await work.wrong(guild.guild, id, by)
            : step === "apply"
              ? await work.apply(guild.guild, id, by)
              : step === "note"
                ? await work.note(guild.guild, id, by, text)
                : step === "answer"
                  ? await work.answerAppeal(guild.guild, id, by, text)
                  : ({ ok: false, why: "not-now" } as const);
      if (worked.ok && worked.left.length === 0) return redirect(visit, `${base(visit)}/${id}`);
      const facts = await caseOf(visit, worked.ok ? null : worked.why, worked.ok ? worked.left : []);
      return htmlResponse(casePage(visit, facts), worked.ok ? 200 : 409);
    }),
  ];
}

function base(visit: GuildVisit): string {
  return `/guilds/${visit.guild.guild}/moderation`;
}

async function log(visit: GuildVisit): Promise<LogFacts> {
  const { services, guild, url } = visit;
  const query = readLogQuery(url.searchParams);
  const before = field(url.searchParams, "before", 40);
  const [found, channels, alerts] = await Promise.all([
    services.store.cases.list(guild.guild, filterOf(query), SHOWN, before === "" ? undefined : before),
    channelNames(visit),
    services.store.alerts.open(guild.guild),
  ]);
  return {
    query,
    before,
    found,
    channels,
    alerts,
    problem: url.searchParams.get("refused") === "1" ? "discord" : null,
  };
}

async function caseOf(visit: GuildVisit, problem: string | null, left: readonly string[]): Promise<CaseFacts> {
  const found = await visit.services.store.cases.get(visit.guild.guild, visit.params.case ?? "");
  if (found === null) throw new HttpRefusal("not-found");
  return { ...found, problem, left };
}

async function change(
  visit: GuildVisit,
  read: (before: GuildSettings, form: FormData) => ModerationChanged,
  bound?: BodyBound,
): Promise<Response> {
  const form = await readForm(visit, bound);
  const next = read(visit.guild.settings, form);
  const saved = await saveSettings(visit, form, next.settings);
  if (saved === "saved") return redirect(visit, `${base(visit)}/rules?saved=1`);
  const refused = saved === "refused";
  const now = refused ? visit : saved.now;
  const again = refused ? next : read(now.guild.settings, form);
  const problem = refused ? next.problem : "changed-meanwhile";
  const lines = again.settings === null ? (again.lines ?? []) : [];
  const facts = { ...(await rules(now, problem, false)), lines, typed: form, mine: again.settings };
  return htmlResponse(rulesPage(now, facts), refused ? 422 : 409);
}

async function rules(visit: GuildVisit, problem: RulesFacts["problem"], saved: boolean): Promise<RulesFacts> {
  const { moderation } = visit.guild.settings;
  const [channels, roles] = await Promise.all([channelNames(visit), roleNames(visit)]);
  return { settings: moderation, channels, roles, saved, problem, lines: [], typed: null, mine: null };
}
