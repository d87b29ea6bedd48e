/** Usage and plan as tiles, a chart by day with its table, sums by server, kind and channel of contact, and the limits' form. */

import type { Sums } from "../../src/plans/usage.ts";
import type { Contact, UsageKind } from "../../src/store/ports/usage.ts";
import { attributes, type Html, html, type Part } from "../html.ts";
import { accountName } from "../parts/account-name.ts";
import { heading } from "../parts/blocks.ts";
import { columnChart } from "../parts/chart.ts";
import { dateFormat } from "../parts/formats.ts";
import { settingsChangedMeanwhile } from "../parts/meanwhile.ts";
import { ago, count, money } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { UsageFacts } from "./routes.ts";
import { usageWords } from "./words.ts";

/** The kinds of messages. Answers that were said again are none, and have a tile. */
const KINDS = ["answer", "moderation", "proactive"] as const satisfies readonly UsageKind[];

export function usagePage(visit: GuildVisit, facts: UsageFacts): Html {
  const say = usageWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "usage",
    body: html`
      ${heading(
        say.title,
        say.lead,
        html`<a class="button button-quiet" href="/guilds/${visit.guild.guild}/usage/usage.csv" download>${icon("file")}${say.csv}</a>`,
      )}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem === "changed-meanwhile" && settingsChangedMeanwhile(visit, { channels: [], roles: [] }, facts.refused?.mine ?? null)}
        ${facts.problem !== null && facts.problem !== "changed-meanwhile" && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${warning(visit, facts)}
        ${tiles(visit, facts)}
        ${byDay(visit, facts)}
        ${groups(visit, facts)}
        ${visit.role !== "viewer" && limits(visit, facts)}
        ${visit.role !== "viewer" && facts.accounts.length > 0 && joinAccount(visit, facts)}
      </div>
    `,
  });
}

function warning(visit: GuildVisit, { subscription, summary, underWay, warnings }: UsageFacts): Html | false {
  const limit = subscription.plan.messages;
  if (limit === null) return false;
  const say = usageWords[visit.language];
  if (summary.total.messages + underWay >= limit)
    return html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.usedUp}</span></p>`;
  const last = warnings.at(-1);
  return (
    last !== undefined &&
    html`<p class="notice">${icon("info")}<span>${say.warned(last.percent)} ${ago(visit, last.atMs)}</span></p>`
  );
}

function tiles(visit: GuildVisit, { subscription, summary, underWay, month }: UsageFacts): Html {
  const { language } = visit;
  const say = usageWords[language];
  const { plan, account } = subscription;
  const limit = plan.messages;
  const used = summary.total.messages;
  const over = limit !== null && summary.forecast > limit;
  return html`<dl class="tiles">
    ${tile(say.plan, html`${plan.name} <small class="quiet">${accountName(visit, account)}</small>`)}
    ${tile(say.today, count(summary.today.messages, language))}
    ${tile(
      say.month,
      limit === null
        ? count(used, language)
        : html`${count(used, language)} / ${count(limit, language)} <meter${attributes({ min: 0, max: Math.max(1, limit), value: Math.min(used, limit) })}>${Math.round((used * 100) / Math.max(1, limit))} %</meter>`,
    )}
    ${tile(say.forecast, html`${count(summary.forecast, language)}${over && html` <small class="quiet">${say.overForecast}</small>`}`, over ? "bad" : undefined)}
    ${tile(say.tokens, count(summary.total.tokensIn + summary.total.tokensOut, language))}
    ${tile(say.cost, money(summary.total.costUsd, language))}
    ${summary.total.reused > 0 && tile(say.reused, html`${count(summary.total.reused, language)} <small class="quiet">${say.notCounted}</small>`)}
    ${underWay > 0 && tile(say.underWay, count(underWay, language))}
    ${tile(say.rollsOver, html`${ago(visit, month.endsAtMs)} <small class="quiet">${account.timeZone}</small>`)}
  </dl>`;
}

function tile(label: string, value: Part, state?: "bad"): Html {
  return html`<div class="tile ${state === undefined ? "" : `tile-${state}`}"><dt>${label}</dt><dd>${value}</dd></div>`;
}

const TONES = ["accent", "amber", "blue"] as const;

function byDay(visit: GuildVisit, { summary }: UsageFacts): Html {
  const { language } = visit;
  const say = usageWords[language];
  const format = dateFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const days = summary.days.map((day) => ({ ...day, label: format.format(Date.parse(`${day.day}T00:00:00Z`)) }));
  return columnChart(visit, {
    title: say.byDay,
    top: true,
    days: days.map(({ day }) => day),
    series: KINDS.map((kind, place) => ({
      name: say.kinds[kind],
      tone: TONES[place] ?? "soft",
      values: days.map(({ kinds }) => kinds[kind] ?? 0),
    })),
    format: (value) => count(value, language),
    table: html`<table class="list">
        <thead><tr><th scope="col">${say.day}</th>${KINDS.map((kind) => html`<th scope="col" class="number">${say.kinds[kind]}</th>`)}
          <th scope="col" class="number">${say.tokens}</th><th scope="col" class="number">${say.cost}</th></tr></thead>
        <tbody>${days.toReversed().map(
          ({ label, kinds, tokensIn, tokensOut, costUsd }) => html`<tr>
            <td class="cell-wide" data-label="${say.day}"><strong>${label}</strong></td>
            ${KINDS.map((kind) => html`<td class="number" data-label="${say.kinds[kind]}">${count(kinds[kind] ?? 0, language)}</td>`)}
            <td class="number" data-label="${say.tokens}">${count(tokensIn + tokensOut, language)}</td>
            <td class="number" data-label="${say.cost}">${money(costUsd, language)}</td>
          </tr>`,
        )}</tbody>
      </table>`,
  });
}

function groups(visit: GuildVisit, { summary, names }: UsageFacts): Html | false {
  const say = usageWords[visit.language];
  if (summary.total.messages + summary.total.tokensIn === 0) return false;
  const hidden: Sums[] = [];
  const servers: [string, Sums][] = [];
  for (const [guild, sums] of summary.guilds) {
    const name = names.get(guild);
    if (name === undefined) hidden.push(sums);
    else servers.push([name, sums]);
  }
  if (hidden.length > 0) servers.push([say.otherServers(hidden.length), hidden.reduce(add)]);
  const kinds = KINDS.flatMap((kind) => {
    const sums = summary.kinds.get(kind);
    return sums === undefined ? [] : [[say.kinds[kind], sums] as const];
  }).sort((a, b) => b[1].messages - a[1].messages);
  const contacts = [...summary.contacts].map(([contact, sums]) => [contactName(say.contacts, contact), sums] as const);
  return html`<section class="panel stack">
    <h2>${say.where}</h2>
    ${sumsTable(visit, say.server, servers)}
    ${sumsTable(visit, say.kind, kinds)}
    ${sumsTable(visit, say.contact, contacts)}
  </section>`;
}

function contactName(known: Readonly<Record<string, string>>, contact: Contact): string {
  return Object.hasOwn(known, contact) ? (known[contact] ?? contact) : contact;
}

function add(a: Sums, b: Sums): Sums {
  return {
    messages: a.messages + b.messages,
    reused: a.reused + b.reused,
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    costUsd: a.costUsd + b.costUsd,
  };
}

function sumsTable(visit: GuildVisit, label: string, rows: readonly (readonly [string, Sums])[]): Html {
  const { language } = visit;
  const say = usageWords[language];
  return html`<table class="list">
    <thead><tr><th scope="col">${label}</th><th scope="col" class="number">${say.messages}</th><th scope="col" class="number">${say.tokens}</th><th scope="col" class="number">${say.cost}</th></tr></thead>
    <tbody>${rows.map(
      ([name, sums]) => html`<tr>
        <td class="cell-wide" data-label="${label}"><strong dir="auto">${name}</strong></td>
        <td class="number" data-label="${say.messages}">${count(sums.messages, language)}</td>
        <td class="number" data-label="${say.tokens}">${count(sums.tokensIn + sums.tokensOut, language)}</td>
        <td class="number" data-label="${say.cost}">${money(sums.costUsd, language)}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function limits(visit: GuildVisit, facts: UsageFacts): Html {
  const say = usageWords[visit.language];
  const { text } = typedFields(facts.refused?.form ?? null);
  const value = (name: keyof UsageFacts["limits"]) => text(name, String(facts.limits[name] ?? ""));
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/usage/limits"><input type="hidden" name="version" value="${visit.guild.version}" />
    <div><h2>${say.limits}</h2><p class="help">${say.limitsWhat}</p></div>
    <div class="row">
      <label class="label">${say.memberHour}<input name="memberHour" type="number" min="1" max="10000" required value="${value("memberHour")}" /></label>
      <label class="label">${say.channelMinute}<input name="channelMinute" type="number" min="1" max="10000" required value="${value("channelMinute")}" /></label>
      <label class="label">${say.moderationShare}<input name="moderationShare" type="number" min="0" max="100" required value="${value("moderationShare")}" /></label>
      <label class="label">${say.costDay}<input name="costDayUsd" type="number" min="0" step="0.01" placeholder="${say.none}" value="${value("costDayUsd")}" /></label>
    </div>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}

function joinAccount(visit: GuildVisit, { accounts }: UsageFacts): Html {
  const say = usageWords[visit.language];
  return html`<form class="panel form" method="post" action="/guilds/${visit.guild.guild}/usage/account">
    <div><h2>${say.account}</h2><p class="help">${say.accountWhat}</p></div>
    <label class="label">${say.accountTo}<select name="account">${accounts.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></label>
    <div class="save"><button class="button button-quiet" type="submit">${say.join}</button></div>
  </form>`;
}
