/** Shards, workers and stores at a glance, unhealthy ones first. */

import type { Language } from "../../src/i18n.ts";
import { words } from "../../src/i18n.ts";
import type { ProcessRow } from "../../src/store/ports/processes.ts";
import { attributes, type Html, html, type Part } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { numberFormat } from "../parts/formats.ts";
import { ago, count } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import type { Health, ShardLine } from "./status.ts";
import { operatorWords } from "./words.ts";

/** At most this many healthy ones are listed. */
const LINES_MAX = 200;

export function operatorPage(visit: PersonVisit, health: Health): Html {
  const words = operatorWords[visit.language];
  return page(visit, {
    title: words.title,
    section: "operator",
    body: html`
      ${heading(words.title, words.lead)}
      <div hx-sse:connect="/operator/live" hx-target="#health" hx-swap="outerMorph">${operatorPart(visit, health)}</div>
    `,
  });
}

export function operatorPart(visit: PersonVisit, health: Health): Html {
  const { language } = visit;
  const say = operatorWords[visit.language];
  const live = health.lines.filter(well).length;
  return html`<div class="stack" id="health">
    <dl class="tiles">
      ${tile(say.shards, `${count(live, language)} / ${count(health.lines.length, language)}`, live === health.lines.length ? "good" : "bad")}
      ${tile(say.database, health.database.ok ? `PostgreSQL ${health.database.version.split(" ")[0]}` : say.down, health.database.ok ? "good" : "bad")}
      ${tile("Redis", health.redis ? say.configured : say.inProcess)}
      ${tile(say.model, health.model ?? say.extractive)}
      ${tile(say.memory, megabytes(health.memoryBytes, language))}
      ${tile(say.started, ago(visit, health.startedAtMs))}
    </dl>
    ${!health.database.ok && html`<p class="notice notice-warn" role="alert"><span>${health.database.problem}</span></p>`}
    <section>
      <h2 class="section-title">${say.shards}</h2>
      ${health.lines.length === 0 ? emptyState("pulse", say.noShards, say.noShardsNext) : shardTable(visit, health.lines, health.processes)}
    </section>
    ${health.processes.length > 0 && processTable(visit, health.processes)}
    ${health.gateway !== null && workers(visit, health.gateway)}
    ${health.gateway !== null && outcomes(visit, health.gateway)}
  </div>`;
}

function well(line: ShardLine): boolean {
  return line.here === null ? line.holder !== null : line.here.phase === "live";
}

function tile(label: string, value: Part, state?: "good" | "bad"): Html {
  return html`<div class="tile ${state === undefined ? "" : `tile-${state}`}"><dt>${label}</dt><dd>${value}</dd></div>`;
}

function shardTable(visit: PersonVisit, lines: readonly ShardLine[], processes: readonly ProcessRow[]): Html {
  const { language } = visit;
  const say = operatorWords[visit.language];
  const shown = lines.slice(0, LINES_MAX);
  return html`
    <table class="list">
      <thead><tr>
        <th scope="col">${say.shard}</th><th scope="col">${say.state}</th><th scope="col">${say.holder}</th>
        <th scope="col" class="number">${say.latency}</th><th scope="col" class="number">${say.lastEvent}</th>
        <th scope="col" class="number">${say.identifies}</th><th scope="col" class="number">${say.resumes}</th><th scope="col" class="number">${say.zombies}</th>
      </tr></thead>
      <tbody>${shown.map((line) => {
        const { here } = line;
        return html`<tr id="shard-${line.application}-${line.shard}">
          <td class="cell-wide" data-label="${say.shard}"><strong>#${line.shard}</strong></td>
          <td class="cell-wide" data-label="${say.state}">${phaseChip(visit, line)}${here !== null && html` <span class="quiet">${ago(visit, here.sinceMs)}</span>`}${longWait(visit, here)}</td>
          <td class="cell-process" data-label="${say.holder}">${holderName(visit, line.holder, processes)}</td>
          <td class="number" data-label="${say.latency}">${here === null || here.latencyMs === null ? "–" : `${Math.round(here.latencyMs)} ms`}</td>
          <td class="number" data-label="${say.lastEvent}">${here === null || here.lastDispatchAtMs === null ? "–" : ago(visit, here.lastDispatchAtMs)}</td>
          <td class="number" data-label="${say.identifies}">${here === null ? "–" : count(here.counts.identifies, language)}</td>
          <td class="number" data-label="${say.resumes}">${here === null ? "–" : count(here.counts.resumed, language)}</td>
          <td class="number" data-label="${say.zombies}">${here === null ? "–" : count(here.counts.zombies, language)}</td>
        </tr>`;
      })}</tbody>
    </table>
    ${shown.length < lines.length && html`<p class="quiet">${say.more(count(lines.length - shown.length, language))}</p>`}
  `;
}

/** What no connection can mend: the page says until when, so that nobody starts the process again, which would not help. */
function longWait(visit: PersonVisit, here: ShardLine["here"]): Html | false {
  const known: Readonly<Record<string, string>> = operatorWords[visit.language].waits;
  if (here === null || here.waitsFor === null || here.waitsUntilMs === null) return false;
  if (!Object.hasOwn(known, here.waitsFor)) return false;
  return html`<small class="quiet">${known[here.waitsFor]} ${ago(visit, here.waitsUntilMs)}</small>`;
}

/** A process of the list above by its name there; another by its number and machine. The whole of `host:pid:started:random` stands behind it. */
function holderName(visit: PersonVisit, holder: string | null, processes: readonly ProcessRow[]): Html {
  const [machine = "", pid] = holder?.split(":") ?? [];
  const listed = processes.find((one) => one.holder === holder)?.instance;
  const other = pid === undefined ? holder : operatorWords[visit.language].processOn(pid, machine.slice(0, 6));
  // Where it is narrow the line breaks before the number, not in it.
  const parts = (listed ?? other ?? "–").split(":").map((part, i) => (i === 0 ? part : html`:<wbr>${part}`));
  return html`<span class="tag"${attributes({ title: holder })}>${parts}</span>`;
}

/** A process that stopped saying so for this long is shown as silent: it hangs, or its machine is gone. */
const SILENT_MS = 15_000;

function processTable(visit: PersonVisit, processes: readonly ProcessRow[]): Html {
  const { language } = visit;
  const say = operatorWords[visit.language];
  return html`<section>
    <h2 class="section-title">${say.processes}</h2>
    <table class="list">
      <thead><tr><th scope="col">${say.process}</th><th scope="col">${say.state}</th><th scope="col">${say.roles}</th>
        <th scope="col" class="number">${say.shards}</th><th scope="col" class="number head-wraps">${say.open}</th>
        <th scope="col" class="number">${say.memoryShort}</th><th scope="col"><span class="visually-hidden">${say.drain}</span></th></tr></thead>
      <tbody>${processes.map(
        (one) => html`<tr id="process-${one.holder}">
          <td class="cell-process" data-label="${say.process}"><span class="card-text"><strong>${one.instance}</strong><small class="quiet">${say.version} ${one.version} · ${say.startedShort} ${ago(visit, one.startedAtMs)}</small></span></td>
          <td data-label="${say.state}">${processChip(visit, one)}</td>
          <td class="cell-wide" data-label="${say.roles}">${one.roles.map((role) => say.roleNames[role]).join(", ")}</td>
          <td class="number" data-label="${say.shards}">${count(one.shardsLive, language)} / ${count(one.shards, language)}</td>
          <td class="number" data-label="${say.open}">${count(one.open, language)}</td>
          <td class="number" data-label="${say.memoryShort}">${megabytes(one.memoryBytes, language)}</td>
          <td>${one.drainAskedAtMs === null && html`<a class="button button-quiet button-small" href="/operator/drain/${one.holder}" aria-label="${say.drainNamed(one.instance)}">${say.drain}</a>`}</td>
        </tr>`,
      )}</tbody>
    </table>
  </section>`;
}

function processChip(visit: PersonVisit, { silentMs, drainAskedAtMs, shards, open }: ProcessRow): Html {
  const say = operatorWords[visit.language];
  if (silentMs > SILENT_MS) return html`<span class="chip chip-red">${say.silent}</span>`;
  if (drainAskedAtMs === null) return html`<span class="chip chip-green">${say.works}</span>`;
  return shards + open > 0
    ? html`<span class="chip chip-amber">${say.drains}</span>`
    : html`<span class="chip chip-blue">${say.drained}</span>`;
}

/** Asks before a process gives away what it runs; says what then is done by nobody. */
export function drainPage(visit: PersonVisit, one: ProcessRow, others: readonly ProcessRow[]): Html {
  const say = operatorWords[visit.language];
  const nobodyElse = one.roles.filter((role) => !others.some(({ roles }) => roles.includes(role)));
  return page(visit, {
    title: say.drainAsk(one.instance),
    section: "operator",
    body: html`
      ${heading(say.drainAsk(one.instance), say.drainMeans)}
      <div class="stack">
      ${nobodyElse.map((role) => html`<p class="notice notice-warn">${icon("alert")}<span>${say.nobodyElse[role]}</span></p>`)}
      <form method="post" action="/operator/drain/${one.holder}" class="actions">
        <button class="button button-danger" type="submit">${say.drainYes}</button>
        <a class="button button-quiet" href="/operator">${say.drainNo}</a>
      </form>
      </div>`,
  });
}

function phaseChip(visit: PersonVisit, line: ShardLine): Html {
  const say = operatorWords[visit.language];
  if (line.here === null) {
    return line.holder === null
      ? html`<span class="chip chip-red">${say.free}</span>`
      : html`<span class="chip chip-blue">${say.elsewhere}</span>`;
  }
  const { phase } = line.here;
  const colour = phase === "live" ? "chip-green" : phase === "stopped" ? "chip-red" : "chip-amber";
  const known: Readonly<Record<string, string>> = say.phases;
  return html`<span class="chip ${colour}">${Object.hasOwn(known, phase) ? known[phase] : phase}</span>`;
}

function workers(visit: PersonVisit, gateway: NonNullable<Health["gateway"]>): Html {
  const { language } = visit;
  const say = operatorWords[visit.language];
  const workerStates: Readonly<Record<string, string>> = say.workerStates;
  return html`<section>
    <h2 class="section-title">${say.workers}</h2>
    <table class="list">
      <thead><tr><th scope="col">${say.worker}</th><th scope="col">${say.state}</th><th scope="col" class="number">${say.open}</th>
        <th scope="col" class="number">${say.lanes}</th><th scope="col" class="number">${say.shed}</th><th scope="col" class="number">${say.restarts}</th></tr></thead>
      <tbody>${gateway.workers.map(
        (worker) => html`<tr id="worker-${worker.worker}">
          <td data-label="${say.worker}"><strong>#${worker.worker}</strong></td>
          <td data-label="${say.state}"><span class="chip ${worker.state === "running" ? "chip-green" : "chip-amber"}">${Object.hasOwn(say.workerStates, worker.state) ? workerStates[worker.state] : worker.state}</span></td>
          <td class="number" data-label="${say.open}">${count(worker.held, language)}</td>
          <td class="number" data-label="${say.lanes}">${count(worker.lanes, language)}</td>
          <td class="number" data-label="${say.shed}">${count(worker.shedEvents, language)}</td>
          <td class="number" data-label="${say.restarts}">${count(worker.restarts, language)}</td>
        </tr>`,
      )}</tbody>
    </table>
  </section>`;
}

function outcomes(visit: PersonVisit, gateway: NonNullable<Health["gateway"]>): Html {
  const { language } = visit;
  const kinds = new Map<string, number>();
  for (const one of gateway.outcomes) kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + one.count);
  const most = Math.max(1, ...kinds.values());
  const known: Readonly<Record<string, string>> = words(visit.language).outcomes.kinds;
  return html`<section>
    <h2 class="section-title">${operatorWords[visit.language].outcomes(count(gateway.messagesIn, language))}</h2>
    <ul class="bars">${[...kinds]
      .sort((a, b) => b[1] - a[1])
      .map(
        ([kind, total]) => html`<li>
          <span>${Object.hasOwn(known, kind) ? known[kind] : kind}</span>
          <meter${attributes({ min: 0, max: most, value: total })}>${count(total, language)}</meter>
          <span class="number">${count(total, language)}</span>
        </li>`,
      )}</ul>
  </section>`;
}

function megabytes(bytes: number, language: Language): string {
  const format = { style: "unit", unit: "megabyte", maximumFractionDigits: 0 } as const;
  return numberFormat(language, format).format(bytes / 1_048_576);
}
