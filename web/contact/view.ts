/** A new key's secret once, the keys as a table, and how to ask with one. */
import type { ApiKey } from "../../src/store/ports/contact.ts";
import { type Html, html } from "../html.ts";
import { emptyState, heading } from "../parts/blocks.ts";
import { ago } from "../parts/times.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import type { ContactFacts } from "./routes.ts";
import { contactWords } from "./words.ts";

export function contactPage(visit: GuildVisit, facts: ContactFacts): Html {
  const say = contactWords[visit.language];
  return page(visit, {
    title: say.title,
    section: "contact",
    body: html`
      ${heading(say.title, say.lead)}
      <div class="stack">
        ${facts.saved && html`<p class="notice notice-good" role="status">${icon("check")}<span>${say.saved}</span></p>`}
        ${facts.problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${say.problems[facts.problem]}</span></p>`}
        ${
          facts.secret !== null &&
          html`<div class="notice notice-good" role="status">${icon("key")}<span>${facts.widget ? say.onceWidget : say.once}<br /><code>${facts.secret}</code></span></div>`
        }
        ${facts.secret !== null && facts.widget && snippet(visit, facts.secret)}
        ${facts.keys.length === 0 ? emptyState("key", say.none, say.noneNext) : keysTable(visit, facts.keys)}
        <form class="panel form" method="post" action="/guilds/${visit.guild.guild}/contact/keys">
          <div><h2>${say.add}</h2><p class="help">${say.addWhat}</p></div>
          <div class="row">
            <label class="label">${say.name}<input name="name" required maxlength="80" placeholder="${say.nameExample}" /></label>
          </div>
          <label class="label">${say.origins}<textarea name="origins" rows="2" placeholder="https://help.example"></textarea><small>${say.originsWhat}</small></label>
          <div class="save"><button class="button" type="submit">${icon("plus")}${say.make}</button></div>
        </form>
        <section class="panel stack">
          <h2>${say.how}</h2>
          <pre><code>curl ${visit.publicUrl}/api/v1/answers \\
  -H "Authorization: Bearer gh_…" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: 7f3a" \\
  -d '{"question": "${say.example}", "conversation": "42", "user": {"id": "ada"}}'</code></pre>
          <p class="help">${say.howWhat} <a href="/api/v1/openapi.json">openapi.json</a></p>
        </section>
      </div>
    `,
  });
}

/** The line for the admin's own pages, and the widget at work in this one. */
function snippet(visit: GuildVisit, secret: string): Html {
  const say = contactWords[visit.language];
  return html`<section class="panel stack">
    <h2>${say.snippet}</h2>
    <pre><code>${`<script src="${visit.publicUrl}/widget.js" data-key="${secret}" async></script>`}</code></pre>
    <p class="help">${say.snippetWhat}</p>
    <script src="/widget.js" data-key="${secret}" async></script>
  </section>`;
}

function keysTable(visit: GuildVisit, keys: readonly ApiKey[]): Html {
  const say = contactWords[visit.language];
  const path = `/guilds/${visit.guild.guild}/contact/keys`;
  return html`<table class="list">
    <thead><tr><th scope="col">${say.name}</th><th scope="col">${say.key}</th><th scope="col">${say.used}</th><th scope="col">${say.state}</th><th scope="col"><span class="visually-hidden">${say.revoke}</span></th></tr></thead>
    <tbody>${keys.map((key) => {
      const ended = key.endsAtMs !== null && key.endsAtMs <= visit.nowMs;
      return html`<tr>
        <td class="cell-wide" data-label="${say.name}"><span class="card-text"><strong dir="auto">${key.name}</strong><small class="quiet">${key.scopes.includes("widget") && `${key.origins.slice(0, -1).join(" ")} · `}${key.createdBy} · ${ago(visit, key.createdAtMs)}</small></span></td>
        <td data-label="${say.key}"><code>${key.hint}…</code></td>
        <td data-label="${say.used}">${key.lastUsedAtMs === null ? say.never : ago(visit, key.lastUsedAtMs)}</td>
        <td class="cell-wide" data-label="${say.state}">${
          ended
            ? html`<span class="chip chip-red">${say.ended}</span>`
            : key.endsAtMs === null
              ? html`<span class="chip chip-green">${say.works}</span>`
              : html`<span class="chip chip-amber">${say.replaced}</span> <span class="quiet">${ago(visit, key.endsAtMs)}</span>`
        }</td>
        <td class="cell-act cell-wide">${
          !ended &&
          html`<div class="row">
            ${key.endsAtMs === null && html`<form class="inline" method="post" action="${path}/${key.id}/rotate"><button class="button button-quiet button-small" type="submit">${say.rotate}</button></form>`}
            <details class="ask-first"><summary class="button button-danger button-small" aria-label="${say.revokeNamed(key.name)}">${icon("bin")}${say.revoke}</summary>
              <form method="post" action="${path}/${key.id}/delete"><p>${say.revokeAsk}</p><button class="button button-danger button-small" type="submit">${say.revokeYes}</button></form></details>
          </div>`
        }</td>
      </tr>`;
    })}</tbody>
  </table>`;
}
