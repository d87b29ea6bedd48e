/**
 * ③ Moderation: from what the prefilter saw, over the model's verdict, to a permitted act and its case.
 *
 *   clear → nothing · certain → act · ask-the-model → check.ts → act.ts (ladder → guard → case → Discord → confirm)
 *
 * `look` returns null at once where nothing needs a wait: moderation is off, the author is exempt, or the prefilter cleared it.
 *
 * Pages (web/moderation/):
 *   log        `store.cases.list(guild, filter, limit, before)`; `before` is the page's `cursor`
 *   case       `store.cases.get(guild, id)`: the case, its events and the member's strikes; buttons call `createCaseWork`:
 *              undo, wrong, apply (a dry run, a doubt, a held case), note, answerAppeal, invite. Each answers a union, never throws "no"
 *   alerts     `store.alerts.open(guild)`; a person's reset of the cap is `store.alerts.resolve(guild, "cap")`, of a raid `endRaid`
 *   settings   `store.guilds.change(guild, { ...settings, moderation: { ...moderation, rules: numbered(rules) } }, by, what)` and
 *              then `guild-changed` on the bus. "Act for real" is `live: true`; whoever switches `on` sets `live: false` with it
 *   presets    `rulePresets(language)`
 */

import type { ApplicationId, ChannelId, GuildId, UserId } from "./ids.ts";
import { type Message, wholeTextOf } from "./message.ts";
import { createActor } from "./moderation/act.ts";
import { type ChannelNames, createAutoMod } from "./moderation/auto-mod.ts";
import { type CaseWork, createCaseWorker } from "./moderation/case-work.ts";
import { type Checked, createCheck, UNSPENT } from "./moderation/check.ts";
import { createHolds } from "./moderation/holds.ts";
import { createHurry } from "./moderation/hurry.ts";
import { createInviteBack, type InviteBack } from "./moderation/invite-back.ts";
import { createLines, type Line } from "./moderation/lines.ts";
import { createTimeOuts } from "./moderation/newcomers.ts";
import { createTell } from "./moderation/notify.ts";
import { patient } from "./moderation/patient-store.ts";
import { createPerform } from "./moderation/perform.ts";
import { createRaids, type Newcomer, type RaidPlace } from "./moderation/raid.ts";
import { createRaidEnds } from "./moderation/raid-end.ts";
import { createRaidNews } from "./moderation/raid-news.ts";
import { type ReportResult, takeReport } from "./moderation/report.ts";
import { createSettle } from "./moderation/settle.ts";
import { createStandings, isExemptAtOnce } from "./moderation/standing.ts";
import { createStillDue } from "./moderation/still-due.ts";
import { createUnjudgedAlerts } from "./moderation/unjudged.ts";
import { createWarningEnds } from "./moderation/warnings.ts";
import { isOwnFilter, NAME, NAME_KEY, OWN_FILTER } from "./moderation/words.ts";
import type { PatienceWith } from "./patience.ts";
import type { Fields } from "./payload.ts";
import type { Spent } from "./record.ts";
import { inRequest } from "./request.ts";
import type { Services } from "./services.ts";
import { defaultSettings, type Rule } from "./settings/form.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { CaseRow, CaseVerdict } from "./store/ports/moderation.ts";
import { fold } from "./text/fold.ts";

export { type Author, type Facts, guard, isAlarming, type Ruling } from "./moderation/guard.ts";
export {
  INVITE_DAYS,
  type Invited,
  invitationsOf,
  wasPutOut,
} from "./moderation/invite-back.ts";
export { numbered, rulePresets } from "./moderation/presets.ts";
export { raidOf } from "./moderation/raid.ts";
export { rehearsalOf } from "./moderation/recorded-past.ts";
export type { Rehearsal, Rehearsed } from "./moderation/rehearsal.ts";
export { failedActs, troubles } from "./moderation/trouble-words.ts";
export { isOfName, isTitleRemoved, moderationWords, OWN_FILTER, reasonOf } from "./moderation/words.ts";

/** One message as the spine hands it over. */
export type Looked = {
  readonly application: ApplicationId;
  readonly message: Message;
  readonly row: GuildRow;
  readonly self: UserId;
  readonly receivedAtMs: number;
  readonly triage: {
    readonly moderation: "clear" | "certain" | "ask-the-model";
    readonly signals: CaseVerdict["signals"];
  };
  /** Staff by the gateway's data, without a further call. Asked only for a message that may be acted on. */
  readonly staff: () => boolean;
  /** Its author asked not to be read: only what needs no judgement looks at it, and nobody is shown it as context. */
  readonly unread: boolean;
  /** Where it stands; asked as seldom. */
  readonly place: () => { readonly name: string; readonly parent: ChannelId | null };
  /** When its text was last changed, for an edit. */
  readonly editedAtMs?: number;
  /** The title of a thread that the author opened (its first message has the same id), or the author's name. */
  readonly part?: "title" | "name";
  /** Of a title: it is another one than the thread was opened with. */
  readonly renamed?: true;
};

export type Moderated = {
  /** The message was acted on: nobody answers it. */
  readonly acted: boolean;
  /** `acted`, `clean`, `dry-run`, `review`, `held`, or why there is no verdict. */
  readonly reason: string;
  readonly spent: Spent;
};

export type Moderation = {
  look(looked: Looked): Promise<Moderated> | null;
  /** A member joined. Null: nothing to wait for. */
  joined(newcomer: Newcomer, place: Pick<Looked, "application" | "row" | "self">): Promise<void> | null;
  /** An act of Discord's own AutoMod, as its event says. Null: nothing to wait for. */
  autoMod(
    event: Fields,
    place: Pick<Looked, "application" | "row" | "self">,
    names: ChannelNames,
  ): Promise<void> | null;
  /** Sends the waiting batches to the model now. */
  flush(): void;
  /** A server's first breach is being acted on: other work waits for a moment. */
  hurried(): boolean;
};

const EVIDENCE_CHARS_MAX = 4_000;
const REDACTED_AT_ONCE = 500;
const RAID_CASES_MAX = 500;
/** So long a person at a page or a button waits for Discord to take an act. */
const PERSON_WAITS_MS = 5_000;
const RAID_UNDO_WAITS_MS = 60_000;
/** Past it the case is settled another time. */
const SETTLE_WAITS_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export function createModeration(services: Services, patienceWith: PatienceWith): Moderation {
  const { clock, hot, bus, logger, llm, config } = services;
  const store = patient(services.store, patienceWith);
  const standings = createStandings(clock);
  // In order, without a deadline: the next process settles the acts that this one leaves undone.
  const perform = createPerform({
    outbox: services.store.outbox,
    clock,
    hot,
    logger,
    waitMsMax: Number.POSITIVE_INFINITY,
  });
  const stillDue = createStillDue({ store, clock, standings });
  const holds = createHolds({ store: services.store, clock, logger });
  const tell = createTell({ clock, logger, bus, publicUrl: config.web.publicUrl });
  const hurry = createHurry(clock);
  const actor = createActor({ store, hot, clock, standings, stillDue, holds, perform, tell });
  const check = llm === null ? null : createCheck({ llm, clock, logger, quota: services.quota });
  const unjudged = createUnjudgedAlerts({ alerts: services.store.alerts, clock, logger });
  const lines = createLines();
  const autoMod = createAutoMod({ actor, clock });
  const raids = createRaids({
    ...{ store, hot, clock, logger, timeOut: createTimeOuts(actor) },
    tell: createRaidNews({ clock, logger, publicUrl: config.web.publicUrl }),
  });

  async function decide(looked: Looked, asks: boolean): Promise<Moderated> {
    const { message, row, triage } = looked;
    const context = lines
      .before(message)
      .filter(({ author }) => services.optOuts.has(looked.application, author) === false);
    const text = wholeTextOf(message);
    const rules = row.settings.moderation.rules.filter(({ on }) => on);
    if (triage.moderation === "certain") {
      const rule = isOwnFilter(triage.signals) ? null : (rules.find(({ kind }) => kind === "spam") ?? null);
      return await act(looked, rule, certainVerdict(looked), context, UNSPENT);
    }
    if (!asks || check === null) return { acted: false, reason: "unjudged-no-model", spent: UNSPENT };
    const found: Checked = await check.ask({
      guild: row.guild,
      limits: row.settings.limits,
      rules,
      author: message.author.id,
      text,
      context,
    });
    if (found.kind === "unjudged") {
      unjudged.note(row.guild, found.why, message.id);
      if (found.why === "nonsense") logger.warn({ guild: row.guild, message: message.id }, "verdict-rejected");
      return { acted: false, reason: `unjudged-${found.why}`, spent: UNSPENT };
    }
    if (found.kind === "clean") return { acted: false, reason: "clean", spent: found.spent };
    const { rule, category, severity, confidence, reason, source, spent } = found;
    const verdict: CaseVerdict = {
      ...{ source, category, severity, confidence, reason, signals: triage.signals },
      ...{ model: spent.model, costUsd: spent.costUsd },
    };
    return await act(looked, rule, verdict, context, spent);
  }

  async function act(
    looked: Looked,
    rule: Rule | null,
    verdict: CaseVerdict,
    context: readonly Line[],
    spent: Spent,
  ): Promise<Moderated> {
    const { application, message, row, self } = looked;
    const { name: channelName, parent } = looked.place();
    const { roles } = message.member ?? { roles: null };
    const discord = services.discord(application);
    if (row.settings.moderation.live) hurry.breach(row.guild);
    const handled = await actor.handle({
      place: {
        ...{ discord, guild: row.guild, self, channel: message.channelId, parent },
        ...(looked.part === "title" ? { title: true } : {}),
      },
      ...(looked.renamed ? { unowned: true } : {}),
      row,
      key: keyOf(looked),
      // Taking a message away changes no name: a person decides.
      ...(looked.part === "name" ? { only: "review" as const, problem: NAME } : {}),
      ...(autoMod.has(message) ? { only: "held" as const, problem: "automod" } : {}),
      message: message.id,
      channelName,
      author: { id: message.author.id, name: message.author.name },
      ...(roles === null ? {} : { known: { roles, atMs: looked.receivedAtMs } }),
      atMs: message.createdAtMs,
      evidence: wholeTextOf(message).slice(0, EVIDENCE_CHARS_MAX),
      context: context.map((line) => ({ author: line.name, text: line.text })),
      ...{ rule, verdict },
    });
    return { acted: handled.acted, reason: handled.acted ? "acted" : handled.case.state, spent };
  }

  /** ChannelNames, titles and edits flood nothing. */
  function flooded(looked: Looked): Promise<void> | null {
    const { message, row, triage, part, editedAtMs } = looked;
    if (part !== undefined || editedAtMs !== undefined) return null;
    const suspicious = triage.signals.some(({ name }) => name === "raid");
    const { id, name } = message.author;
    const author = { id, name, roles: message.member?.roles ?? [], joinedAtMs: message.member?.joinedAtMs ?? null };
    return raids.note(
      {
        ...{ guild: row.guild, channel: message.channelId, message: message.id, author },
        ...{ text: fold(wholeTextOf(message)).hash, atMs: message.createdAtMs, suspicious },
      },
      raidPlace(looked),
    );
  }

  function raidPlace({ application, row, self }: Pick<Looked, "application" | "row" | "self">): RaidPlace {
    return { discord: services.discord(application), row, self };
  }

  return {
    look(looked) {
      const { message, row, triage } = looked;
      const { moderation } = row.settings;
      if (!moderation.on || message.guildId === null) return null;
      const known = !looked.unread && (looked.part === "name" || lines.note(message));
      const wanted = check !== null && (triage.moderation === "ask-the-model" || moderation.thorough);
      const asks = wanted && moderation.rules.some(({ on }) => on);
      const idle = triage.moderation !== "certain" && (!asks || !known);
      // Most messages end here, before anybody asks who wrote them and where.
      if (idle && !moderation.raid.on) return null;
      // A channel's parent is looked up only where channels are exempt.
      const parent = moderation.exemptChannels.length === 0 ? null : looked.place().parent;
      if (looked.staff() || isExemptAtOnce(message, moderation, parent)) return null;
      return inRequest(message.id, () => {
        const raid = moderation.raid.on ? flooded(looked) : null;
        if (raid === null) return idle ? null : decide(looked, asks);
        const decided = idle ? { acted: false, reason: "raid", spent: UNSPENT } : decide(looked, asks);
        return Promise.all([decided, raid]).then(([moderated]) => moderated);
      });
    },
    joined(newcomer, place) {
      const { moderation } = place.row.settings;
      if (!moderation.on || !moderation.raid.on) return null;
      return raids.joined(place.row.guild, newcomer, raidPlace(place));
    },
    autoMod(event, place, names) {
      return place.row.settings.moderation.on ? autoMod.note(event, raidPlace(place), names) : null;
    },
    flush: () => check?.flush(),
    hurried: hurry.now,
  };
}

function keyOf({ message, editedAtMs, part, renamed }: Looked): string {
  if (part === "name") return `${NAME_KEY}${message.author.id}:${message.author.name}`.slice(0, 200);
  if (part !== undefined) return `${message.id}:${part}${renamed ? `:${fold(message.content).hash}` : ""}`;
  return editedAtMs === undefined ? message.id : `${message.id}:${editedAtMs}`;
}

/** A member's report of a message, once each. */
export async function report(
  services: Services,
  row: GuildRow,
  message: Message,
  by: { readonly id: UserId; readonly name: string },
  channelName: string,
): Promise<ReportResult> {
  const { clock, logger, bus, config, store } = services;
  const tellAll = createTell({ clock, logger, bus, publicUrl: config.web.publicUrl });
  const discord = services.discord(row.application);
  const tell = (one: CaseRow) => tellAll(one, { discord }, row, "after");
  return await takeReport(
    { store, tell },
    row,
    message,
    by,
    channelName,
    wholeTextOf(message).slice(0, EVIDENCE_CHARS_MAX),
  );
}

/** A person's acts on a case, for pages and for buttons in Discord. */
export function createCaseWork(
  services: Services,
  waitMsMax = PERSON_WAITS_MS,
): CaseWork & { readonly invite: InviteBack } {
  const { clock, hot, logger, bus } = services;
  const perform = createPerform({ outbox: services.store.outbox, clock, hot, logger, waitMsMax });
  const { publicUrl } = services.config.web;
  const tell = createTell({ clock, logger, bus, publicUrl });
  const worker = createCaseWorker({ ...services, standings: createStandings(clock), perform, tell, publicUrl });
  return { ...worker, invite: createInviteBack(services) };
}

/** A person ends a raid before its time: slow mode and time-outs are taken back. */
export async function endRaid(services: Services, guild: GuildId, by: string): Promise<"ended" | "none" | "refused"> {
  const raid = await createRaidEnds(services).now(guild);
  if (raid === false) return "refused";
  if (raid === null) return "none";
  const { store, clock, logger } = services;
  const work = createCaseWork(services, RAID_UNDO_WAITS_MS);
  const filter = { action: "timeout", state: "applied", fromMs: raid.beganAtMs } as const;
  const takeBack = async () => {
    const { items } = await store.cases.list(guild, filter, RAID_CASES_MAX);
    for (const { id, verdict } of items) if (verdict.source === "raid") await work.undo(guild, id, by);
  };
  // Discord takes about one a second, so the person does not wait for the last of many. The rest end at their own time.
  const undone = takeBack().catch((error: unknown) => logger.error({ guild, error }, "raid-time-outs-left"));
  await Promise.race([undone, clock.sleep(PERSON_WAITS_MS)]);
  return "ended";
}

/** For the jobs: ends raids and warnings whose time is over, settles cases that nobody confirmed, and empties texts whose time is over. Each says how many. */
export function createUpkeep(services: Services): {
  settle(): Promise<number>;
  forget(): Promise<number>;
  endRaids(): Promise<number>;
  endWarnings(): Promise<number>;
} {
  const { clock, store, hot, logger, discord } = services;
  const standings = createStandings(clock);
  const perform = createPerform({ outbox: store.outbox, clock, hot, logger, waitMsMax: SETTLE_WAITS_MS });
  const stillDue = createStillDue({ store, clock, standings });
  const holds = createHolds({ store, clock, logger });
  const load = (guild: GuildId) => store.guilds.get(guild);
  return {
    settle: createSettle({ store, clock, logger, discord, stillDue, holds, perform, settings: { load } }),
    endRaids: createRaidEnds(services).due,
    endWarnings: createWarningEnds(services),
    async forget() {
      let emptied = 0;
      for (const guild of await store.cases.guilds()) {
        const days = (await load(guild))?.settings.moderation.keepDays ?? defaultSettings.moderation.keepDays;
        for (let some = REDACTED_AT_ONCE; some === REDACTED_AT_ONCE; emptied += some)
          some = await store.cases.redact(guild, clock.now() - days * DAY_MS, REDACTED_AT_ONCE);
      }
      return emptied;
    },
  };
}

function certainVerdict({ triage }: Looked): CaseVerdict {
  const { signals } = triage;
  const category = isOwnFilter(signals) ? OWN_FILTER : "spam";
  const scam = signals.some(({ name }) => /scam|look-alike|lure/.test(name));
  return {
    ...{ source: "certain", signals, category: scam ? "scam" : category, severity: scam ? "high" : "medium" },
    ...{ confidence: 1, reason: "", model: null, costUsd: 0 },
  };
}
