/** Open work first, then the figures; a newcomer sees the next step instead. */

import { words } from "../../src/i18n.ts";
import type { Finding } from "../../src/status/doctor.ts";
import type { DayFigure, Figures, Overview } from "../../src/status/overview.ts";
import { maySee } from "../guard.ts";
import { type Html, html, type Part } from "../html.ts";
import { avatar, heading } from "../parts/blocks.ts";
import { barList, columnChart } from "../parts/chart.ts";
import { numberFormat } from "../parts/formats.ts";
import { plainText, type Reading } from "../parts/message-text.ts";
import { reasonText } from "../parts/outcomes.ts";
import { ago, count, money } from "../parts/times.ts";
import { type IconName, icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { homeWords } from "./words.ts";

/** A share of nothing. */
const NONE = "–";

export function homePage(visit: GuildVisit, overview: Overview, nameOf: Reading["nameOf"]): Html {
  const say = homeWords[visit.language];
  const { figures, recent } = overview;
  const asked = sumOf(figures.days, "questions") > 0;
  return page(visit, {
    title: say.title,
    section: "home",
    body: html`
      ${heading(visit.guild.name, say.lead)}
      <div class="stack">
        ${(overview.knowledgeEmpty || !asked) && maySee("admin", visit) && nextSteps(visit, overview.knowledgeEmpty)}
        ${attention(visit, overview)}
        ${tiles(visit, figures)}
        ${asked && charts(visit, figures)}
        ${
          recent.length > 0 &&
          html`<section><h2 class="section-title">${say.recent}</h2>
            <ul class="rows">${recent.map((one) =>
              row(
                visit,
                avatar(one.memberName, one.member),
                `/conversations/${one.id}`,
                one.memberName,
                plainText(one.lastText, nameOf),
                ago(visit, one.lastAtMs),
              ),
            )}</ul></section>`
        }
      </div>
    `,
  });
}

function nextSteps(visit: GuildVisit, knowledgeEmpty: boolean): Html {
  const say = homeWords[visit.language].next;
  const base = `/guilds/${visit.guild.guild}`;
  const step = (
    done: boolean,
    text: { readonly title: string; readonly what: string; readonly go: string },
    to: string,
  ) =>
    html`<li class="step ${done ? "step-done" : "step-open"}"><span class="step-sign">${done ? icon("check") : html`<span class="step-number"></span>`}</span>
      <div class="step-main"><h3>${text.title}</h3><p class="help">${text.what}</p>${!done && html`<p><a class="button button-small" href="${`${base}${to}`}">${text.go}</a></p>`}</div></li>`;
  return html`<section><h2 class="section-title">${say.title}</h2><ol class="stepper">
    ${step(true, say.added, "")}${step(!knowledgeEmpty, say.fill, "/setup#step-knowledge")}${step(false, say.place, "/setup#step-mode")}${step(false, say.ask, "/playground")}
  </ol></section>`;
}

function attention(visit: GuildVisit, { escalated, review, failedSources, knowledgeEmpty }: Overview): Html {
  const say = homeWords[visit.language];
  const base = `/guilds/${visit.guild.guild}`;
  const items: Part[] = [
    ...escalated.map((one) =>
      row(
        visit,
        sign("headset", "amber"),
        `/conversations/${one.id}`,
        say.wantsHuman(one.memberName),
        one.lastText,
        ago(visit, one.escalatedAtMs ?? one.lastAtMs),
      ),
    ),
    ...(maySee("viewer-or-admin", visit)
      ? review.map((one) =>
          row(
            visit,
            sign("alert", "amber"),
            `/moderation/${one.id}`,
            say.caseToReview(one.authorName),
            one.evidence,
            ago(visit, one.atMs),
          ),
        )
      : []),
    ...(maySee("viewer-or-admin", visit)
      ? failedSources.map((one) =>
          row(
            visit,
            sign("book", "red"),
            "/knowledge",
            say.importFailed(one.name),
            one.progress.failures.at(-1)?.reason ?? "",
            ago(visit, one.updatedAtMs),
          ),
        )
      : []),
  ];
  const admin = maySee("admin", visit);
  return html`<section><h2 class="section-title">${say.attention}</h2>
    ${items.length > 0 && html`<ul class="rows">${items}</ul>`}
    ${
      admin
        ? html`<div id="home-findings" hx-get="${base}/home/findings" hx-trigger="load">${items.length === 0 && html`<p class="calm">${icon("check")}<span>${knowledgeEmpty ? say.calmSoFar : say.calm}</span></p>`}
            <noscript><p class="quiet"><a href="${base}/doctor">${say.lookAtDoctor}</a></p></noscript></div>`
        : items.length === 0 && html`<p class="calm">${icon("check")}<span>${say.calm}</span></p>`
    }
  </section>`;
}

/** Takes the place of the line that nothing needs somebody, unless nothing is broken either. */
export function problemsPart(visit: GuildVisit, problems: readonly Finding[]): Html {
  const say = homeWords[visit.language];
  if (problems.length === 0)
    return html`<p class="calm" id="home-findings">${icon("check")}<span>${say.doctorCalm}</span></p>`;
  return html`<ul class="rows" id="home-findings">${problems.map((finding) =>
    row(visit, sign("doctor", "red"), "/doctor", finding.says.replaceAll("`", ""), finding.where ?? "", ""),
  )}</ul>`;
}

function tiles(visit: GuildVisit, { days, zone }: Figures): Html {
  const say = homeWords[visit.language];
  const { language } = visit;
  const today = days.at(-1);
  const share = (part: number, whole: number) =>
    whole === 0 ? NONE : numberFormat(language, { style: "percent" }).format(part / whole);
  const all = (key: Exclude<keyof DayFigure, "day">) => sumOf(days, key);
  const tile = (name: string, now: string, month: string) =>
    html`<div class="tile"><dt>${name}</dt><dd>${now}</dd>${month !== NONE && html`<dd class="tile-month">${say.inMonth(month)}</dd>`}</div>`;
  const number = (value: number) => count(value, language);
  return html`<section><h2 class="section-title">${say.today}</h2><p class="help">${say.zone(zone)}</p>
    <dl class="tiles">
      ${tile(say.questions, number(today?.questions ?? 0), number(all("questions")))}
      ${tile(say.answeredShare, share(today?.answered ?? 0, today?.questions ?? 0), share(all("answered"), all("questions")))}
      ${tile(say.silences, number(today?.silent ?? 0), number(all("silent")))}
      ${tile(say.helpful, share(today?.up ?? 0, (today?.up ?? 0) + (today?.down ?? 0)), share(all("up"), all("up") + all("down")))}
      ${tile(say.cases, number(today?.cases ?? 0), number(all("cases")))}
      ${maySee("admin", visit) && tile(say.cost, money(today?.costUsd ?? 0, language), money(all("costUsd"), language))}
    </dl></section>`;
}

function charts(visit: GuildVisit, { days, silences, rules }: Figures): Html {
  const say = homeWords[visit.language];
  const { language } = visit;
  const names = days.map(({ day }) => day);
  const format = (value: number) => count(value, language);
  const of = (key: Exclude<keyof DayFigure, "day">) => days.map((day) => day[key]);
  const other = days.map(({ questions, answered, unknown }) => questions - answered - unknown);
  const base = `/guilds/${visit.guild.guild}`;
  return html`<section class="charts"><h2 class="visually-hidden">${say.charts}</h2>
    ${columnChart(visit, {
      title: say.questions,
      days: names,
      series: [
        { name: words(language).outcomes.kinds.answered, tone: "accent", values: of("answered") },
        { name: say.unknown, tone: "amber", values: of("unknown") },
        { name: say.otherwise, tone: "soft", values: other },
      ],
      format,
    })}
    ${
      silences.length > 0 &&
      barList(
        say.silencesByReason,
        silences.map(({ reason, count }) => ({ name: reasonText(visit, reason), count })),
        format,
      )
    }
    ${
      sumOf(days, "up") + sumOf(days, "down") > 0 &&
      columnChart(visit, {
        title: say.feedback,
        days: names,
        series: [
          { name: say.up, tone: "accent", values: of("up") },
          { name: say.down, tone: "red", values: of("down") },
        ],
        format,
      })
    }
    ${
      rules.length > 0 &&
      barList(
        say.casesByRule,
        rules.map(({ rule, count }) => ({ name: rule || say.noRule, count, href: `${base}/moderation` })),
        format,
      )
    }
    ${
      maySee("admin", visit) &&
      sumOf(days, "costUsd") > 0 &&
      columnChart(visit, {
        title: say.cost,
        days: names,
        series: [{ name: say.cost, tone: "blue", values: of("costUsd") }],
        format: (value) => money(value, language),
      })
    }
  </section>`;
}

function row(visit: GuildVisit, mark: Html, to: string, title: string, text: string, when: Part): Html {
  return html`<li class="row-link">${mark}<span class="card-text"><a class="stretch card-title" href="${`/guilds/${visit.guild.guild}${to}`}" dir="auto">${title}</a>${text !== "" && html`<span class="quiet one-line" dir="auto">${text}</span>`}</span>${when !== "" && html`<span class="quiet number">${when}</span>`}</li>`;
}

function sign(name: IconName, tone: "amber" | "red"): Html {
  return html`<span class="row-sign row-${tone}">${icon(name)}</span>`;
}

function sumOf(days: readonly DayFigure[], key: Exclude<keyof DayFigure, "day">): number {
  return days.reduce((sum, day) => sum + day[key], 0);
}
