/** The value of a setting as its reader would say it: amounts with their unit, ids by their name, rules and hours in words. */
import type { Language } from "../../src/i18n.ts";
import type { GuildSettings, ModerationSettings } from "../../src/settings/form.ts";
import { type SettingPath, settingWords } from "./setting-words.ts";
import { commonWords } from "./words.ts";

type Named = readonly { readonly id: string; readonly name: string }[];
export type SettingNames = { readonly channels: Named; readonly roles: Named };

/** `value` is what the form of settings allows, and no list: a list is read entry by entry. */
type Read = (value: never, language: Language, names: SettingNames) => string;

const onOff = (value: boolean, language: Language) => settingWords[language][value ? "on" : "off"];
const plain = (value: string) => value;
const number = (value: number, language: Language) => new Intl.NumberFormat(language).format(value);
const share = (value: number, language: Language) =>
  new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value);
const percent = (value: number, language: Language) => share(value / 100, language);
const dollars = (value: number, language: Language) =>
  new Intl.NumberFormat(language, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" }).format(
    value,
  );

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** In the largest unit that says it without a remainder: `90 minutes`, `2 hours`. */
function seconds(value: number, language: Language): string {
  const [unit, one] = UNITS.find(([, length]) => value >= length && value % length === 0) ?? UNITS[3];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value / one);
}
const minutes = (value: number, language: Language) => seconds(value * 60, language);
const days = (value: number, language: Language) => seconds(value * 86_400, language);

const mode = (value: GuildSettings["mode"], language: Language) => commonWords[language].modes[value].name;
const languageName = (value: Language, language: Language) => settingWords[language].languages[value];
const action = (value: ModerationSettings["certain"], language: Language) => settingWords[language].actions[value];

function channel(id: string, language: Language, { channels }: SettingNames): string {
  const name = channels.find((one) => one.id === id)?.name;
  return name === undefined ? settingWords[language].unknownChannel(id) : `#${name}`;
}

function role(id: string, language: Language, { roles }: SettingNames): string {
  const name = roles.find((one) => one.id === id)?.name;
  return name === undefined ? settingWords[language].unknownRole(id) : `@${name}`;
}

function rule(value: ModerationSettings["rules"][number], language: Language): string {
  const say = settingWords[language];
  const text = say.rule(value.text, say.actions[value.action]);
  return value.on ? text : say.ruleOff(text);
}

function step({ action: does, minutes: of }: ModerationSettings["ladder"][number], language: Language): string {
  const name = settingWords[language].actions[does];
  return does === "timeout" ? `${name} (${minutes(of, language)})` : name;
}

function hours(day: NonNullable<GuildSettings["people"]["week"]>[number], language: Language): string {
  return day === null ? settingWords[language].dayOff : `${day.from}–${day.to}`;
}

const READ: Readonly<Record<SettingPath, Read>> = {
  mode,
  smart: onOff,
  awareness: onOff,
  language: languageName,
  instructions: plain,
  "limits.memberHour": number,
  "limits.channelMinute": number,
  "limits.moderationShare": percent,
  "limits.costDayUsd": dollars,
  "retention.turnsDays": days,
  "retention.silencesDays": days,
  "retention.leftDays": days,
  "people.idleMinutes": minutes,
  "people.showName": onOff,
  "people.teamRoles": role,
  "people.zone": plain,
  "people.week": hours,
  "people.mails": plain,
  "people.secondMail": plain,
  "people.remindMinutes": minutes,
  "people.channel": channel,
  "people.webhook": plain,
  "people.afterFailures": onOff,
  "moderation.on": onOff,
  "moderation.live": onOff,
  "moderation.thorough": onOff,
  "moderation.rules": rule,
  "moderation.actions.delete": onOff,
  "moderation.actions.warn": onOff,
  "moderation.actions.timeout": onOff,
  "moderation.actions.kick": onOff,
  "moderation.actions.ban": onOff,
  "moderation.certain": action,
  "moderation.ladder": step,
  "moderation.strikeDays": days,
  "moderation.confidence": share,
  "moderation.exemptRoles": role,
  "moderation.exemptChannels": channel,
  "moderation.caps.timeout": number,
  "moderation.caps.kick": number,
  "moderation.caps.ban": number,
  "moderation.raid.on": onOff,
  "moderation.raid.live": onOff,
  "moderation.raid.floods": onOff,
  "moderation.raid.joins": onOff,
  "moderation.raid.joinsMin": number,
  "moderation.raid.joinsWindowS": seconds,
  "moderation.raid.slow": onOff,
  "moderation.raid.timeout": onOff,
  "moderation.raid.membersMin": number,
  "moderation.raid.windowS": seconds,
  "moderation.raid.slowS": seconds,
  "moderation.raid.minutes": minutes,
  "moderation.warnSeconds": seconds,
  "moderation.banDeleteSeconds": seconds,
  "moderation.logChannel": channel,
  "moderation.filter.words": plain,
  "moderation.filter.patterns": plain,
  "moderation.filter.mentionsMax": number,
  "moderation.filter.allowedDomains": plain,
  "moderation.names": onOff,
  "moderation.keepDays": days,
};

/** A field whose zero says something else than an amount. */
const ZERO_MEANS: ReadonlySet<string> = new Set<SettingPath>([
  "moderation.strikeDays",
  "moderation.warnSeconds",
  "moderation.banDeleteSeconds",
]);

/** Their entries mean something in their order only, so that they are told as a whole. */
const WHOLE: ReadonlySet<string> = new Set<SettingPath>(["moderation.ladder", "people.week"]);

/** Lists whose changes are shown as added and removed entries. */
export function isLooseList(path: string): boolean {
  return Object.hasOwn(READ, path) && !WHOLE.has(path);
}

export function settingValue(language: Language, names: SettingNames, path: string, value: unknown): string {
  const say = settingWords[language];
  const without: Readonly<Record<string, string>> = say.without;
  const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty || (value === 0 && ZERO_MEANS.has(path))) {
    return Object.hasOwn(without, path) ? (without[path] ?? "") : say.nothing;
  }
  if (path.startsWith("channels.")) return override(value, language, names);
  if (!Object.hasOwn(READ, path)) return asItIs(value);
  const read = (one: unknown) => {
    // A row of the record may be older than today's form of settings.
    try {
      return READ[path as SettingPath](one as never, language, names) ?? asItIs(one);
    } catch {
      return asItIs(one);
    }
  };
  if (!Array.isArray(value)) return read(value);
  const texts = value.map(read);
  if (path === "people.week") return weekText(texts, language);
  if (path === "moderation.ladder") return texts.map((text, at) => `${at + 1}. ${text}`).join(", ");
  return texts.join(path === "moderation.rules" ? "\n" : ", ");
}

/** One channel's overrides, by the labels of the server's own settings. */
function override(value: unknown, language: Language, names: SettingNames): string {
  if (typeof value !== "object" || value === null) return asItIs(value);
  const { labels, nothing } = settingWords[language];
  const parts = Object.entries(value).map(([name, inner]) => {
    const label = Object.hasOwn(labels, name) ? labels[name as SettingPath] : name;
    return `${label}: ${settingValue(language, names, name, inner)}`;
  });
  return parts.join(", ") || nothing;
}

/** Days in a row with the same hours are told together: `Mon–Fri 09:00–18:00, Sat–Sun off`. */
function weekText(texts: readonly string[], language: Language): string {
  // 2024-01-01 was a Monday.
  const format = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const day = (at: number) => format.format(Date.UTC(2024, 0, 1 + at));
  const runs: { from: number; to: number; text: string }[] = [];
  for (const [at, text] of texts.entries()) {
    const last = runs.at(-1);
    if (last?.text === text) last.to = at;
    else runs.push({ from: at, to: at, text });
  }
  return runs.map(({ from, to, text }) => `${from === to ? day(from) : `${day(from)}–${day(to)}`} ${text}`).join(", ");
}

function asItIs(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
