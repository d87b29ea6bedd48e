/** Plans and accounts as tables, each row with its form behind it. */

import { type Account, FEATURES, type Plan } from "../../src/plans/plans.ts";
import { attributes, type Html, html, link } from "../html.ts";
import { accountName } from "../parts/account-name.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { formVersion } from "../parts/form-version.ts";
import { numberFormat } from "../parts/formats.ts";
import { count } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { PersonVisit } from "../visit.ts";
import type { AccountLine, AccountsFacts } from "./routes.ts";
import { accountsWords } from "./words.ts";

export function accountsPage(visit: PersonVisit, facts: AccountsFacts): Html {
  const say = accountsWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "accounts",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${accountsTable(visit, facts)}
        <details class="panel"${attributes({ open: typedInto(facts, "account", "") !== null })}><summary>${say.newAccount}</summary>${accountForm(visit, facts, null)}</details>
        ${moveForm(visit)}
        ${plansTable(visit, facts)}
        <details class="panel"${attributes({ open: typedInto(facts, "plan", "") !== null })}><summary>${say.newPlan}</summary>${planForm(visit, facts, null)}</details>
      </div>
    `,
  });
}

function accountsTable(visit: PersonVisit, facts: AccountsFacts): Html {
  const { accounts, plans, cursor } = facts;
  const { language } = visit;
  const say = accountsWords[language];
  if (accounts.length === 0) return emptyState("wallet", say.noAccounts, say.noAccountsNext);
  return html`<section>
    <h2 class="section-title">${say.accounts}</h2>
    <table class="list">
      <thead><tr><th scope="col">${say.account}</th><th scope="col">${say.plan}</th><th scope="col" class="number">${say.used}</th>
        <th scope="col" class="number">${say.servers}</th><th scope="col"><span class="visually-hidden">${say.edit}</span></th></tr></thead>
      <tbody>${accounts.map((account) => {
        const limit = plans.find(({ id }) => id === account.plan)?.messages ?? null;
        return html`<tr>
          <td class="cell-wide" data-label="${say.account}"><span class="card-text"><strong dir="auto">${accountName(visit, account)}</strong><small class="quiet">${account.id}</small></span></td>
          <td class="cell-wide" data-label="${say.plan}">${plans.find(({ id }) => id === account.plan)?.name ?? account.plan}</td>
          <td class="number cell-wide" data-label="${say.used}">${count(account.used, language)}${limit !== null && ` / ${count(limit, language)}`}</td>
          <td class="number cell-wide" data-label="${say.servers}">${count(account.guilds, language)}</td>
          <td class="cell-act cell-wide"><details class="ask-first"${attributes({ open: typedInto(facts, "account", account.id) !== null })}><summary class="button button-quiet button-small" aria-label="${say.editNamed(accountName(visit, account))}">${say.edit}</summary>${accountForm(visit, facts, account)}</details></td>
        </tr>`;
      })}</tbody>
    </table>
    ${cursor !== null && html`<p><a class="button button-quiet" href="${link("/accounts", { before: cursor })}">${say.more}</a></p>`}
  </section>`;
}

function accountForm(visit: PersonVisit, facts: AccountsFacts, line: AccountLine | null): Html {
  const say = accountsWords[visit.language];
  const account = line === null ? null : accountOf(line);
  const { text } = typedFields(typedInto(facts, "account", account?.id ?? ""));
  return html`<form class="form" method="post" action="/accounts"><input type="hidden" name="version" value="${formVersion(account)}" />
    <div class="row">
      ${
        account === null
          ? html`<label class="label">${say.id}<input name="id" required maxlength="64" pattern="[a-z0-9][a-z0-9\\-]*" placeholder="lumen" value="${text("id", "")}" /></label>`
          : html`<input type="hidden" name="id" value="${account.id}" />`
      }
      <label class="label">${say.name}<input name="name" required maxlength="100" value="${text("name", account?.name ?? "")}" /></label>
      <label class="label">${say.plan}<select name="plan">${facts.plans.map(
        (plan) =>
          html`<option value="${plan.id}"${attributes({ selected: plan.id === text("plan", account?.plan ?? "") })}>${plan.name}</option>`,
      )}</select></label>
    </div>
    <div class="row">
      <label class="label">${say.timeZone}<input name="timeZone" required maxlength="64" value="${text("timeZone", account?.timeZone ?? "UTC")}" placeholder="Europe/Istanbul" /></label>
      <label class="label">${say.owner}<input name="owner" inputmode="numeric" maxlength="20" value="${text("owner", account?.owner ?? "")}" placeholder="123456789012345678" /></label>
      <label class="label">${say.mail}<input name="mail" type="email" maxlength="200" value="${text("mail", account?.mail ?? "")}" /></label>
    </div>
    <p class="help">${say.accountHelp}</p>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}

/** This form's unsaved input. */
function typedInto({ typed }: AccountsFacts, kind: "account" | "plan", of: string): FormData | null {
  return typed?.kind === kind && typed.of === of ? typed.form : null;
}

function accountOf({ id, name, plan, timeZone, owner, mail }: AccountLine): Account {
  return { id, name, plan, timeZone, owner, mail };
}

function moveForm(visit: PersonVisit): Html {
  const say = accountsWords[visit.language];
  return html`<form class="panel form" method="post" action="/accounts/move">
    <div><h2>${say.move}</h2><p class="help">${say.moveWhat}</p></div>
    <div class="row">
      <label class="label">${say.serverId}<input name="server" required inputmode="numeric" maxlength="20" placeholder="123456789012345678" /></label>
      <label class="label">${say.toAccount}<input name="account" required maxlength="64" placeholder="default" /></label>
      <button class="button button-quiet" type="submit">${say.moveSubmit}</button>
    </div>
  </form>`;
}

function plansTable(visit: PersonVisit, facts: AccountsFacts): Html {
  const { plans } = facts;
  const { language } = visit;
  const say = accountsWords[language];
  const price = numberFormat(language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
  });
  return html`<section>
    <h2 class="section-title">${say.plans}</h2>
    <table class="list">
      <thead><tr><th scope="col">${say.plan}</th><th scope="col" class="number">${say.price}</th><th scope="col" class="number">${say.messages}</th>
        <th scope="col">${say.featuresLabel}</th><th scope="col"><span class="visually-hidden">${say.edit}</span></th></tr></thead>
      <tbody>${plans.map(
        (plan) => html`<tr>
          <td class="cell-wide" data-label="${say.plan}"><strong>${plan.name}</strong></td>
          <td class="number cell-wide" data-label="${say.price}">${price.format(plan.priceUsd)}</td>
          <td class="number cell-wide" data-label="${say.messages}">${plan.messages === null ? say.unlimited : count(plan.messages, language)}</td>
          <td class="cell-wide" data-label="${say.featuresLabel}">${plan.features.map((feature) => say.features[feature]).join(", ") || "–"}</td>
          <td class="cell-act cell-wide"><details class="ask-first"${attributes({ open: typedInto(facts, "plan", plan.id) !== null })}><summary class="button button-quiet button-small" aria-label="${say.editNamed(plan.name)}">${say.edit}</summary>${planForm(visit, facts, plan)}
            ${plan.id !== "unlimited" && html`<form method="post" action="/accounts/plans/${plan.id}/delete"><button class="button button-danger button-small" type="submit">${icon("bin")}${say.removePlan}</button></form>`}</details></td>
        </tr>`,
      )}</tbody>
    </table>
  </section>`;
}

function planForm(visit: PersonVisit, facts: AccountsFacts, plan: Plan | null): Html {
  const say = accountsWords[visit.language];
  const { text, isOn } = typedFields(typedInto(facts, "plan", plan?.id ?? ""));
  return html`<form class="form" method="post" action="/accounts/plans"><input type="hidden" name="version" value="${formVersion(plan)}" />
    <div class="row">
      ${
        plan === null
          ? html`<label class="label">${say.id}<input name="id" required maxlength="64" pattern="[a-z0-9][a-z0-9\\-]*" value="${text("id", "")}" /></label>`
          : html`<input type="hidden" name="id" value="${plan.id}" />`
      }
      <label class="label">${say.name}<input name="name" required maxlength="100" value="${text("name", plan?.name ?? "")}" /></label>
      <label class="label">${say.price}<input name="priceUsd" type="number" min="0" step="0.01" required value="${text("priceUsd", String(plan?.priceUsd ?? 0))}" /></label>
      <label class="label">${say.messages}<input name="messages" type="number" min="0" placeholder="${say.unlimited}" value="${text("messages", String(plan?.messages ?? ""))}" /></label>
      <input type="hidden" name="position" value="${plan?.position ?? 9}" />
    </div>
    <div>${FEATURES.map(
      (feature) => html`<label class="switch"><strong>${say.features[feature]}</strong>
        <input type="checkbox" role="switch" name="${feature}"${attributes({ checked: isOn(feature, plan?.features.includes(feature) ?? false) })} /></label>`,
    )}</div>
    <div class="save"><button class="button" type="submit">${say.save}</button></div>
  </form>`;
}
