/** Settings of the team: its members, hours and ways to be told; and saved replies. */

import { judgeUrl } from "../../src/knowledge.ts";
import { isMailAddress } from "../../src/mail.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import type { SavedReply } from "../../src/store/ports/desk.ts";
import { isTimeZone } from "../../src/time-zone.ts";
import { field } from "../body.ts";
import { attributes, type Html, html } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import type { ChannelName, RoleName } from "../parts/channels.ts";
import { settingsChangedMeanwhile } from "../parts/meanwhile.ts";
import { picked } from "../parts/picked.ts";
import { typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { liveWords } from "./words.ts";

type People = GuildSettings["people"];

export type PeopleFacts = {
  readonly people: People;
  /** Unsaved input. */
  readonly typed: FormData | null;
  /** The settings that the form would save, where another person changed them since it was made. */
  readonly meanwhile: GuildSettings | null;
  readonly mailer: boolean;
  readonly secret: string;
  readonly channels: readonly ChannelName[];
  readonly roles: readonly RoleName[];
  readonly told: string | null;
  /** Names of the fields that cannot be. */
  readonly problems: readonly string[];
};

/** The form's fields as settings, with the labels of those that cannot be. */
export function readPeople(
  form: FormData,
  visit: GuildVisit,
): { readonly people: People; readonly problems: string[] } {
  const words = liveWords[visit.language];
  const problems: string[] = [];
  const list = (name: string, label: string, fits: (one: string) => boolean) => {
    const all = form
      .getAll(name)
      .join(" ")
      .slice(0, 2_000)
      .split(/[\s,;]+/)
      .filter((one) => one !== "");
    if (!all.every(fits)) problems.push(label);
    return all;
  };
  const whole = (name: string, label: string, min: number, max: number, otherwise: number) => {
    const value = Number(field(form, name, 10));
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${label} (${min}–${max})`);
    return otherwise;
  };
  const isId = (one: string) => /^\d{15,20}$/.test(one);
  const [channel = null] = list("channel", words.channel, isId);
  const zone = field(form, "zone", 64) || "UTC";
  if (!isTimeZone(zone)) problems.push(words.zone);
  const [secondMail = ""] = list("secondMail", words.second, isMailAddress);
  const webhook = field(form, "webhook", 500);
  const reachable = webhook.startsWith("https://") && judgeUrl(webhook).decision === "allow";
  if (webhook !== "" && !reachable) problems.push(words.webhookWrong);
  const people: People = {
    idleMinutes: whole("idleMinutes", words.idle, 1, 60, 3),
    showName: form.get("showName") !== null,
    teamRoles: list("teamRoles", words.teamRoles, isId).slice(0, 50),
    zone,
    week: readWeek(field(form, "week", 200), () => problems.push(words.week)),
    mails: list("mails", words.mailTo, isMailAddress).slice(0, 10),
    secondMail,
    remindMinutes: whole("remindMinutes", words.remind, 5, 1_440, 30),
    channel,
    webhook,
    afterFailures: form.get("afterFailures") !== null,
  };
  return { people, problems };
}

function readWeek(text: string, wrong: () => void): People["week"] {
  const lines = text.split(/\r\n|\n/).slice(0, 7);
  if (lines.every((line) => line.trim() === "")) return null;
  const week = Array.from({ length: 7 }, (_, day) => {
    const line = lines[day]?.trim() ?? "";
    const match = /^((?:[01]\d|2[0-3]):[0-5]\d) ?[-–] ?((?:[01]\d|2[0-4]):[0-5]\d)$/.exec(line);
    if (line !== "" && match === null) wrong();
    return match?.[1] === undefined || match[2] === undefined ? null : { from: match[1], to: match[2] };
  });
  return week;
}

export function peoplePage(visit: GuildVisit, facts: PeopleFacts): Html {
  const { people, mailer, secret, told, problems, meanwhile, roles } = facts;
  const { text, isOn, all } = typedFields(facts.typed);
  const words = liveWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/live`;
  const input = (name: string, label: string, value: string | number, type = "text") =>
    html`<label class="label">${label}<input name="${name}" type="${type}" value="${text(name, String(value))}" autocomplete="off" /></label>`;
  const check = (name: string, label: string, on: boolean) =>
    html`<label class="check"><input type="checkbox" name="${name}"${attributes({ checked: isOn(name, on) })} /> ${label}</label>`;
  const channel = text("channel", people.channel ?? "");
  // One that has no name any more stays, by its id.
  const gone =
    channel === "" || facts.channels.some(({ id }) => id === channel) ? [] : [{ id: channel, name: channel }];
  const channels = [...facts.channels, ...gone];
  const week = people.week?.map((day) => (day === null ? "" : `${day.from}-${day.to}`)).join("\n") ?? "";
  return page(visit, {
    title: words.settings,
    section: "live",
    body: html`<a class="crumb" href="${base}">${icon("back")}${words.title}</a>
      ${heading(words.settings)}
      ${told !== null && html`<p class="notice" role="status">${icon("info")}<span>${told}</span></p>`}
      ${meanwhile !== null && settingsChangedMeanwhile(visit, facts, meanwhile)}
      ${problems.length > 0 && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${words.settingsRefused} ${problems.join(" · ")}</span></p>`}
      ${!mailer && html`<p class="notice">${icon("info")}<span>${words.noMailer}</span></p>`}
      <form class="panel form" method="post" action="${`${base}/settings`}"><input type="hidden" name="version" value="${visit.guild.version}" />
        ${input("idleMinutes", words.idle, people.idleMinutes, "number")}
        ${check("showName", words.showName, people.showName)}
        ${picked(visit, { name: "teamRoles", label: words.teamRoles, known: roles, sign: "@" }, all("teamRoles", people.teamRoles))}
        ${input("zone", words.zone, people.zone)}
        <label class="label">${words.week}<textarea name="week" rows="7" maxlength="200">${text("week", week)}</textarea><small>${words.weekWhat}</small></label>
        ${input("mails", words.mailTo, people.mails.join(", "))}
        ${input("secondMail", words.second, people.secondMail)}
        ${input("remindMinutes", words.remind, people.remindMinutes, "number")}
        <label class="label">${words.channel}<select name="channel"><option value="">${words.channelNone}</option>${channels.map(
          ({ id, name }) => html`<option value="${id}"${attributes({ selected: id === channel })}>#${name}</option>`,
        )}</select></label>
        ${input("webhook", words.webhook, people.webhook, "url")}
        ${people.webhook !== "" && html`<p class="help">${words.secret}: <code>${secret}</code><br />${words.secretWhat}</p>`}
        ${check("afterFailures", words.afterFailures, people.afterFailures)}
        <div class="save"><button class="button" type="submit">${words.save}</button></div>
      </form>
      ${
        mailer &&
        html`<form class="panel form" method="post" action="${`${base}/settings/test-mail`}"><h2>${words.testMail}</h2>
          ${input("to", words.testTo, people.mails[0] ?? "", "email")}
          <div class="save"><button class="button button-quiet" type="submit">${words.testMail}</button></div></form>`
      }`,
  });
}

export function repliesPage(
  visit: GuildVisit,
  replies: readonly SavedReply[],
  refused: { readonly problem: string; readonly form: FormData } | null,
): Html {
  const { text } = typedFields(refused?.form ?? null);
  const words = liveWords[visit.language];
  const base = `/guilds/${visit.guild.guild}/live`;
  return page(visit, {
    title: words.replies,
    section: "live",
    body: html`<a class="crumb" href="${base}">${icon("back")}${words.title}</a>
      ${heading(words.replies)}
      ${refused !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${refused.problem}</span></p>`}
      <div class="stack">
        ${replies.length === 0 && html`<p class="quiet">${words.noReplies}</p>`}
        ${replies.map(
          (
            reply,
          ) => html`<div class="panel"><h2 dir="auto">${reply.title}</h2><p class="turn-text" dir="auto">${reply.text}</p>
            <form method="post" action="${base}/replies/${reply.id}/delete"><button class="button button-danger button-small" type="submit">${words.remove}</button></form></div>`,
        )}
        <form class="panel form" method="post" action="${`${base}/replies`}"><h2>${words.replyAdd}</h2>
          <label class="label">${words.replyTitle}<input name="title" required maxlength="80" value="${text("title", "")}" /></label>
          <label class="label">${words.replyText}<textarea name="text" required rows="4" maxlength="4000">${text("text", "")}</textarea></label>
          <div class="save"><button class="button" type="submit">${words.save}</button></div></form>
      </div>`,
  });
}
